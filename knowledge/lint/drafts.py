"""Drafts: guidelines as their authors wrote them, read for the lint with the line each section stands on."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from knowledge.lint.findings import Finding, Severity
from knowledge.lint.prose import prose
from knowledge.sources.documents import Document
from knowledge.sources.extracts import Unreadable
from knowledge.sources.sections import split
from knowledge.versions import Standing

LONG = 400  # words of a section from which on nobody reads to its end
_COPY = re.compile(r"~\d+$")  # what the reader adds to an id that is taken
_WRITTEN = (".md", ".markdown")  # of other formats the lines are not the author's
_LOOK_AHEAD = 200  # lines between a heading and its text, marks included
_LOST = 20  # headings that may be missed before their lines are given up


@dataclass(frozen=True)
class Limits:
    """What a team may set: the longest section in words, and how old a legal fact may be in days (R19)."""

    words: int = LONG
    legal_days: int = 90
    ahead_days: int = 180


@dataclass(frozen=True)
class Part:
    """One section of a draft. `line` is its heading's and `text_line` its text's in the file, None where unknown."""

    draft: "Draft"
    section: str
    number: str
    path: tuple[str, ...]
    text: str
    marks: Mapping[str, str] = field(hash=False)
    line: int | None
    text_line: int | None

    @property
    def name(self) -> str:
        """The heading, with its number."""
        return self.path[-1]

    @property
    def heading(self) -> str:
        """The heading without its number."""
        return self.name.removeprefix(self.number).strip(" .):") or self.name

    @property
    def document_id(self) -> str:
        return self.draft.id

    @property
    def version(self) -> str:
        return self.draft.version

    @property
    def standing(self) -> str:
        return self.draft.standing

    @property
    def collection(self) -> str:
        return self.draft.collection

    @property
    def bare(self) -> bool:
        """Nothing but a heading (its own line is its text then)."""
        return " ".join(self.text.strip("#=- \t\n").split()) in ("", " ".join(self.name.split()))

    @cached_property
    def prose(self) -> str:
        """The text without code and comments, every other character at its place."""
        return prose(self.text)

    def finding(self, rule: str, severity: Severity, says: str, at: int | None = None) -> Finding:
        """A finding in this section, at a place in its text or at its heading."""
        line = self.line
        if at is not None and self.text_line is not None:
            line = self.text_line + self.text.count("\n", 0, at)
        return Finding(rule, severity, self.draft.path, self.section, line, says)


@dataclass(frozen=True, eq=False)
class Draft:
    """One version of one document. `path` is shown, `source` is what was read, `first` the file's line of the body."""

    collection: str
    path: str
    folder: Path
    source: Document
    title: str
    standing: Standing
    first: int | None
    linted: bool = True

    @property
    def id(self) -> str:
        return self.source.id

    @property
    def claimed(self) -> str:
        """The id that the author gave, also where another document had it."""
        return _COPY.sub("", self.source.id)

    @property
    def version(self) -> str:
        return self.source.version

    @property
    def effective(self) -> date | None:
        return self.source.effective

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The sections, in order."""
        lines = self.source.body.split("\n") if self.first is not None else []
        sections = split(self.source.id, self.source.title, self.source.body)[1]
        places = _places([section.path[-1] for section in sections], [section.text for section in sections], lines)
        first = self.first or 0
        return tuple(
            Part(
                self, one.id, one.number, one.path, one.text, one.marks,
                None if line is None else first + line, None if text is None else first + text,
            )
            for one, (line, text) in zip(sections, places, strict=True)
        )  # fmt: skip

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of its sections."""
        return frozenset(part.number for part in self.parts if part.number)

    def finding(self, rule: str, severity: Severity, says: str, line: int | None = None) -> Finding:
        """A finding about the document as a whole."""
        return Finding(rule, severity, self.path, "", line, says)


@dataclass(frozen=True, eq=False)
class Drafts:
    """All that is known when a folder is linted: its documents and those they may refer to.

    `questions` are, by the path of their file, the section ids that questions are kept for.
    """

    every: tuple[Draft, ...]
    unreadable: tuple[Unreadable, ...]
    questions: Mapping[str, Sequence[str]]
    today: date
    limits: Limits

    @property
    def linted(self) -> Iterator[Draft]:
        """The documents to find faults in."""
        return (draft for draft in self.every if draft.linted)

    @cached_property
    def current(self) -> tuple[Draft, ...]:
        """The linted documents an author can still mend: a superseded version is history and stays as it is."""
        return tuple(draft for draft in self.linted if draft.standing != "superseded")

    @cached_property
    def in_force(self) -> tuple[Draft, ...]:
        """Every version in force, linted or not."""
        return tuple(draft for draft in self.every if draft.standing == "in force")

    @cached_property
    def versions(self) -> Mapping[str, tuple[Draft, ...]]:
        """The versions of each document, linted or not, by the id its author gave."""
        found: dict[str, list[Draft]] = {}
        for draft in self.every:
            found.setdefault(draft.claimed, []).append(draft)
        return {name: tuple(drafts) for name, drafts in found.items()}

    @property
    def parts(self) -> Iterator[Part]:
        """The sections of what can be mended."""
        return (part for draft in self.current for part in draft.parts)


def first_line(folder: Path, document: Document) -> int | None:
    """The line of the file that the body begins on; None where the file is no Markdown or cannot be read."""
    if not document.path.lower().endswith(_WRITTEN):
        return None
    try:
        text = (folder / document.path).read_text("utf-8-sig")
    except (OSError, ValueError):
        return None
    return text.count("\n") - document.body.count("\n") + 1


def _places(
    names: Sequence[str], texts: Sequence[str], lines: Sequence[str]
) -> Iterable[tuple[int | None, int | None]]:
    """For each section the index of its heading's line and of its text's first line."""
    at, lost = 0, 0
    for name, text in zip(names, texts, strict=True):
        heading = _plain(name)
        found = None
        if lost < _LOST:
            found = next((n for n in range(at, len(lines)) if lines[n] and _plain(lines[n]) == heading), None)
        first = text.split("\n", 1)[0]
        if found is None:
            lost += 1
            begin = next((n for n in range(at, min(at + _LOOK_AHEAD, len(lines))) if lines[n] == first), None)
            yield begin, begin
            continue
        ahead = range(found, min(found + _LOOK_AHEAD, len(lines)))
        yield found, next((n for n in ahead if lines[n] == first), None)
        at = found + 1


def _plain(line: str) -> str:
    return " ".join(line[:400].strip("#=- \t").replace("*", "").replace("_", "").replace("`", "").split())[:300]
