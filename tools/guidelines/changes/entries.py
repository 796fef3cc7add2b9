"""Entries: the changed sections that an answer is about, the gravest first, and who may read them (R6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge import Hit, Passage
from knowledge.changes import CLASSES, DocumentChange, SectionChange
from knowledge.search.quotes import sentences, shortened
from knowledge.search.words import stem, words
from tools.guidelines.citing import may_read


@dataclass(frozen=True)
class Entry:
    """A changed section of a document; of one that the asker may not read, number and heading alone are told."""

    change: DocumentChange
    section: SectionChange
    readable: bool

    @property
    def name(self) -> str:
        """Number and heading, as they are now or last were."""
        return self.section.section.name

    @property
    def kind(self) -> str:
        """`changed`, `moved from 3.4`, `changed, moved from 3.4` …"""
        moved = f"moved from {self.section.origin}" if self.section.origin else ""
        return moved if self.section.kind == "moved" else ", ".join(filter(None, (self.section.kind, moved)))

    @property
    def given(self) -> str:
        """`rule change, by its author` or `rule change, proposed`."""
        return f"{self.section.given}, {'by its author' if self.section.by_author else 'proposed'}"


def entries(found: Iterable[DocumentChange], roles: frozenset[str]) -> list[Entry]:
    """Every changed section, a document after the other; in each the gravest first, the author's word before ours."""
    every: list[Entry] = []
    for change in found:
        own = [Entry(change, section, _readable(section, roles)) for section in change.sections]
        every += sorted(own, key=lambda one: (-CLASSES.index(one.section.given), not one.section.by_author))
    return every


def about(found: Sequence[Entry], topic: Sequence[str]) -> list[Entry]:
    """Those whose heading speaks of the topic: all of its words, else any."""
    wanted = {stem(word) for word in topic}
    headings = [(one, {stem(word) for side in _sides(one) for word in words(side.name)}) for one in found]
    whole = [one for one, said in headings if wanted <= said]
    return whole or [one for one, said in headings if wanted & said]


def mentioning(found: Sequence[Entry], topic: Sequence[str]) -> list[Entry]:
    """Those in which words that went or came, or the author's note, hold all of the topic."""
    wanted = {stem(word) for word in topic}
    kept = []
    for one in found:
        moved = " ".join(run.text for run in one.section.runs if run.part != "same")
        if one.readable and wanted <= {stem(word) for word in words(f"{moved} {one.section.note}")}:
            kept.append(one)
    return kept


def speaks_of(hit: Hit, topic: Sequence[str]) -> bool:
    """Whether a section that was found shares a word with the topic, or most of its meaning."""
    wanted = {stem(word) for word in topic}
    said = {stem(word) for word in words(f"{hit.name} {hit.text}")}
    return len(wanted & said) * 2 > len(wanted) or (hit.similarity or 0) >= 0.45


def clause(section: SectionChange) -> str:
    """The first sentence of the section that the version before did not have, verbatim; empty where there is none."""
    if section.after is None:
        return ""
    old = {" ".join(one.split()) for one in sentences(section.before.text)} if section.before else set()
    new = [one for one in sentences(section.after.text) if " ".join(one.split()) not in old]
    return shortened(new[0]) if new else ""


def _readable(section: SectionChange, roles: frozenset[str]) -> bool:
    """Both versions must be: the differences show words of either."""
    return all(may_read(one, roles) for one in (section.before, section.after) if one)


def _sides(one: Entry) -> list[Passage]:
    return [side for side in (one.section.before, one.section.after) if side]
