"""Focus: of all that changed, the sections a question is about; or the section it is about, which did not change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge import Knowledge, Passage
from knowledge.changes import DocumentChange
from tools.guidelines.changes.entries import Entry, about, mentioning, speaks_of
from tools.guidelines.changes.wanted import Wanted


@dataclass(frozen=True)
class Focus:
    """`entries` are told; `same` was asked for and reads as before; `missed` is a topic that nothing is of."""

    entries: tuple[Entry, ...]
    narrowed: bool = False
    same: Passage | None = None
    missed: str = ""


def focus(
    read: Wanted, every: Sequence[Entry], found: Sequence[DocumentChange], knowledge: Knowledge, today: date
) -> Focus:
    """The changed sections of a number, else of a topic, else all; then those of a class."""
    if read.section:
        return _by_number(read.section, every, found, knowledge, today)
    if read.topic:
        return _by_topic(read, every, found, knowledge, today)
    kept = [one for one in every if read.only in (None, one.section.given if one.readable else None)]
    return Focus(tuple(kept), narrowed=False)


def _by_number(
    number: str, every: Sequence[Entry], found: Sequence[DocumentChange], knowledge: Knowledge, today: date
) -> Focus:
    kept = [
        one
        for one in every
        for side in (one.section.before, one.section.after)
        if side and (side.number == number or side.number.startswith(f"{number}."))
    ]
    if kept:
        return Focus(tuple(dict.fromkeys(kept)), narrowed=True)
    for change in found:
        sections = knowledge.sections(change.edition.id, change.edition.version, today)
        same = next((one for one in sections if one.number == number), None)
        if same:
            return Focus((), narrowed=True, same=same)
    return Focus((), narrowed=True, missed=f"section {number}")


def _by_topic(
    read: Wanted, every: Sequence[Entry], found: Sequence[DocumentChange], knowledge: Knowledge, today: date
) -> Focus:
    named = about(every, read.topic)
    if named:
        return Focus(tuple(named), narrowed=True)
    hits = knowledge.search(" ".join(read.topic), limit=3, document=read.document or None, today=today)
    documents = {change.edition.id for change in found if change.before is not change.after}
    hit = next((one for one in hits if one.document_id in documents and speaks_of(one, read.topic)), None)
    if hit:
        kept = [one for one in every if one.section.after and one.section.after.section == hit.section]
        if kept:
            return Focus(tuple(kept), narrowed=True)
    spoken = mentioning(every, read.topic)
    if spoken:
        return Focus(tuple(spoken), narrowed=True)
    if hit and hit.version in {change.edition.version for change in found if change.edition.id == hit.document_id}:
        return Focus((), narrowed=True, same=hit)
    return Focus(tuple(every), missed=" ".join(read.topic))
