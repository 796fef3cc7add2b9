"""Notes: what authors say of their own changes, in a section “Changes in this version” or by a mark on a section."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from knowledge.changes.pairs import named
from knowledge.passages import Passage

Class = Literal["editorial", "clarification", "rule change"]
CLASSES: tuple[Class, ...] = get_args(Class)  # the mildest first

_HEADING = re.compile(
    r"(?:changes?|what(?: has|'s|’s)? (?:changed|new)|change ?log|revision history|change history)"
    r"(?: (?:in|of|since|to|with|from) .*)?",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"\b(?P<mark>rule changes?|changed rules?|editorial(?: changes?)?|clarifications?|clarified|added|new|removed"
    r"|withdrawn|deleted|moved|renumbered)\s*:[\s*_]*",
    re.IGNORECASE,
)
_CLASS: dict[str, Class] = {  # by the first four letters of the mark
    "rule": "rule change",
    "chan": "rule change",
    "edit": "editorial",
    "clar": "clarification",
}
_NUMBER = r"\d{1,3}(?:\.\d{1,3})*"
_JOIN = r"\s*(?:,\s*and|,\s*or|,|and|or|to|through|[-–—])\s*"
_REFERENCE = re.compile(
    rf"(?:\bsections?|\bsecs?\.?|§§?)\s*(?P<list>{_NUMBER}(?:{_JOIN}(?:sections?\s+|§\s*)?{_NUMBER}(?![\w%]))*)",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"({_NUMBER})(?:\s*(?:to|through|[-–—])\s*(?:sections?\s+|§\s*)?({_NUMBER}))?", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?;])\s+(?=\W*[A-Z])|\n")


@dataclass(frozen=True)
class Note:
    """An author's word on one section: `sentence` verbatim, `given` the class, None where the mark says only
    added, removed or moved."""

    number: str
    given: Class | None
    sentence: str


def is_notes(section: Passage) -> bool:
    """Whether a section tells what changed and so is none of the changes itself."""
    return _HEADING.fullmatch(named(section)) is not None


def notes(text: str, others: Collection[str] = ()) -> list[Note]:
    """The marked sections of such a text; a reference into another document (`others`: their titles) is none."""
    marks = list(_MARK.finditer(text))
    found = []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        end = following.start() if following else len(text)
        if stop := _END.search(text, mark.end(), end):
            end = stop.start()
        sentence = " ".join(text[mark.start() : end].replace("*", "").split())
        given = _CLASS.get(mark["mark"][:4].lower())
        for number in _numbers(text[mark.end() : end], others):
            found.append(Note(number, given, sentence))
    return found


def mark_of(section: Passage) -> Class | None:
    """The class that the author wrote on the section itself (`<!-- change: editorial -->`), None where none is."""
    marks: dict[str, str] = getattr(section, "marks", None) or {}
    given = marks.get("change", "").strip().lower()
    return next((one for one in CLASSES if one == given), None)


def severest(classes: Iterable[Class]) -> Class:
    """The one with the most consequences."""
    return max(classes, key=CLASSES.index)


def _numbers(sentence: str, others: Collection[str]) -> Iterator[str]:
    """The sections named first, if of this document: what stands after them is what they are compared with."""
    match = _REFERENCE.search(sentence)
    ahead = sentence[: match.start()].rstrip(" ,").lower() if match else ""
    if match is None or any(ahead.endswith(title.lower()) for title in others if title):
        return
    for first, last in _RANGE.findall(match["list"]):
        yield from _range(first, last)


def _range(first: str, last: str) -> Iterator[str]:
    """`3.2`, or `3.2` to `3.5` where both stand under one heading."""
    *above, low = first.split(".")
    *other, high = (last or first).split(".")
    if above == other and int(low) <= int(high) <= int(low) + 200:
        yield from (".".join([*above, str(n)]) for n in range(int(low), int(high) + 1))
    else:
        yield from (first, last)
