"""Changes of a document: its sections in two versions, what became of each, and how severe that is."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from knowledge.changes.classes import Proposal, contradiction, proposed
from knowledge.changes.differences import Run, differences, same_words
from knowledge.changes.notes import Class, Note, is_notes, mark_of, notes, severest
from knowledge.changes.pairs import Pair, named, pairs
from knowledge.changes.periods import Asked, spans
from knowledge.passages import Passage
from knowledge.versions import Edition

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class SectionChange:
    """What became of one section.

    `runs` are its words; `given` is the class by the author's mark, else the one proposed, with `by_author` to tell;
    `why` is what of the text speaks for the class proposed; `note` the author's sentence; `doubt` says where the mark
    contradicts the text. `moved` has the same words under another number or heading; a changed one may have moved too.
    """

    kind: Kind
    before: Passage | None
    after: Passage | None
    runs: tuple[Run, ...]
    given: Class
    by_author: bool
    why: str
    note: str
    doubt: str

    @property
    def section(self) -> Passage:
        """The section as it is now, or as it last was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def origin(self) -> str:
        """The number or, without one, the heading that a moved section had; empty where it did not move."""
        if not (self.before and self.after) or _place(self.before) == _place(self.after):
            return ""
        return _place(self.before)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "section": self.section.section,
            "heading": self.section.name,
            "change": self.kind,
            "class": self.given,
            "by": "author" if self.by_author else "proposed",
            "why": self.why,
            "note": self.note,
            "doubt": self.doubt,
            "moved_from": self.origin,
            "words": [{"part": run.part, "text": run.text} for run in self.runs],
        }


@dataclass(frozen=True)
class DocumentChange:
    """What changed from one version of a document to a later one.

    `before` is None where no earlier version is held, `after` where the document ended. `unchanged` counts sections
    with the same words in the same place; `unfounded` are author's sentences about sections that did not change;
    `notes` the section in which the author of the later version tells the changes.
    """

    before: Edition | None
    after: Edition | None
    sections: tuple[SectionChange, ...]
    unchanged: int
    unfounded: tuple[str, ...] = ()
    notes: Passage | None = None

    @property
    def edition(self) -> Edition:
        """The later version, or the last one of a document that ended."""
        found = self.after or self.before
        assert found is not None
        return found

    def of(self, *kinds: Kind) -> list[SectionChange]:
        """The changes of these kinds, in order."""
        return [one for one in self.sections if one.kind in kinds]


def compare(
    before: Edition | None,
    after: Edition | None,
    texts: Mapping[str, Sequence[Passage]],
    between: Sequence[str] = (),
    others: Collection[str] = (),
) -> DocumentChange:
    """Compare two versions of a document.

    Args:
        texts: the sections of each version, by version.
        between: the versions after `before` up to `after`, the oldest first: the author's notes of all of them count.
        others: titles of other documents, into which a note may refer.
    """
    old = [one for one in texts[before.version] if not is_notes(one)] if before else []
    new = [one for one in texts[after.version] if not is_notes(one)] if after else []
    told = next((one for one in texts[after.version] if is_notes(one)), None) if after else None
    if before is None:
        return DocumentChange(None, after, (), len(new), notes=told)
    steps = [one for version in between for one in texts.get(version, ()) if is_notes(one)]
    written = [note for one in steps for note in notes(one.text, others)]
    found, unchanged = [], 0
    for pair in pairs(old, new):
        change = _change(pair, written)
        if change:
            found.append(change)
        elif pair.after and pair.after.text:
            unchanged += 1
    touched = {number for one in found for number in _numbers(one)}
    there = {one.number for one in (*old, *new)}
    unfounded = dict.fromkeys(n.sentence for n in written if n.number in there and not _under(n.number, touched))
    return DocumentChange(before, after, tuple(found), unchanged, tuple(unfounded), told)


def changed(
    asked: Asked,
    editions: Sequence[Edition],
    sections: Callable[[str, str], Sequence[Passage]],
    today: date,
    document: str | None = None,
) -> list[DocumentChange]:
    """The changes that are asked for, a document each, the one that changed last first.

    Args:
        editions: every version that is held, the oldest of each document first.
        sections: those of a document's id and version.
        document: the id of the one document to answer for.
    """
    inside = [one for one in editions if document in (None, one.id)]
    found = []
    for span in spans(inside, asked, today, named=document is not None):
        name = span.after.id
        versions = dict.fromkeys([*([span.before.version] if span.before else []), *span.between, span.after.version])
        texts = {version: sections(name, version) for version in versions}
        others = {one.title for one in editions if one.id != name}
        found.append(compare(span.before, span.after, texts, span.between, others))
    return found


def _change(pair: Pair, written: Sequence[Note]) -> SectionChange | None:
    before, after = pair.before, pair.after
    old, new = (_text(one, other) for one, other in ((before, after), (after, before)))
    same = before is not None and after is not None and same_words(old, new)
    if same and before and after and (_place(before) == _place(after) or not after.text):
        return None
    if not any(one.text for one in (before, after) if one) and not (before and after):
        return None  # a heading above others came or went: the sections below it tell
    kind: Kind = "added" if before is None else "removed" if after is None else "moved" if same else "changed"
    shown = Proposal("editorial", "the same words in another place") if same else proposed(old, new)
    numbers = {one.number for one in (before, after) if one and one.number}
    own = [note for note in written if note.number in numbers]
    own = own or [note for note in written if any(one.startswith(f"{note.number}.") for one in numbers)]
    given = [note.given for note in own if note.given]
    mark = mark_of(after) if after else None
    author = mark or (severest(given) if given else None)
    return SectionChange(
        kind=kind,
        before=before,
        after=after,
        runs=differences(old, new),
        given=author or shown.given,
        by_author=author is not None,
        why=shown.why,
        note=" ".join(dict.fromkeys(note.sentence for note in own)),
        doubt=contradiction(author, shown) if author else "",
    )


def _text(one: Passage | None, other: Passage | None) -> str:
    """The words of a section; with its heading where that is another one now, or where there is no other."""
    if one is None:
        return ""
    if other is not None and named(one) == named(other):
        return one.text
    return f"{named(one)}.\n\n{one.text}" if one.text else named(one)


def _place(section: Passage) -> str:
    return section.number or section.heading


def _numbers(change: SectionChange) -> set[str]:
    return {one.number for one in (change.before, change.after) if one and one.number}


def _under(number: str, touched: Collection[str]) -> bool:
    """Whether the section or one below it changed."""
    return any(one == number or one.startswith(f"{number}.") for one in touched)
