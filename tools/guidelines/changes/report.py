"""Report: changes in words: how many, of which class, the gravest word by word, and what to doubt."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from knowledge import Edition
from knowledge.changes import CLASSES, Asked, DocumentChange, snippet
from knowledge.changes.snippets import RUNS
from tools.guidelines.changes.entries import Entry
from tools.results import Column
from tools.stats.formats import count

SHOWN = 2  # sections shown word by word; the table has them all

_COLUMNS = (
    Column(key="section", label="section"),
    Column(key="change", label="change"),
    Column(key="class", label="class"),
    Column(key="by", label="by"),
    Column(key="why", label="the text shows"),
)
COLUMNS = {False: _COLUMNS, True: (Column(key="document", label="document"), *_COLUMNS)}  # True: of several documents


def counted(found: Sequence[Entry]) -> str:
    """`5 sections changed, 1 added, none removed`; moved ones only where there are any."""
    kinds = Counter(one.section.kind for one in found)
    first = kinds["changed"]
    parts = [f"{_or_no(first)} section{'' if first == 1 else 's'} changed"]
    parts += [f"{_or_none(kinds[kind])} {kind}" for kind in ("added", "removed")]
    return ", ".join([*parts, *([f"{count(kinds['moved'])} moved"] if kinds["moved"] else [])])


def ruled(found: Sequence[Entry]) -> str:
    """How many rule changes, by whose word; one author's mark is worth more than ours."""
    rules = [one for one in found if one.readable and one.section.given == "rule change"]
    marked = [one for one in rules if one.section.by_author]
    proposed = [one for one in rules if not one.section.by_author]
    if not rules:
        return "No rule change among them."
    parts = [f"{count(len(marked))} by the author's mark ({_places(marked)})"] if marked else []
    parts += [f"{count(len(proposed))} proposed from the text ({_places(proposed)})"] if proposed else []
    return f"Rule changes: {', '.join(parts)}."


def versions(change: DocumentChange) -> str:
    """`Bullying 4.2 → 4.3`; a document with one side says so."""
    if change.before and change.after:
        return f"{change.edition.title} {change.before.version} → {change.after.version}"
    return f"{change.edition.title} {change.edition.version}"


def standing(edition: Edition) -> str:
    """`in force since 2026-10-01`, `superseded`, `not yet in force, effective 2027-01-01`."""
    day = edition.effective.isoformat() if edition.effective else ""
    if edition.standing == "in force":
        return f"in force since {day}" if day else "in force"
    return f"{edition.standing}, effective {day}" if edition.standing == "not yet in force" else "superseded"


def compared(change: DocumentChange) -> str:
    """Both versions with their standing (R17), as the source at the end of an answer."""
    sides = [f"{one.title} {one.version}, {standing(one)}" for one in (change.after, change.before) if one]
    return f"`{' · '.join(sides)}`"


def period(asked: Asked, today: date) -> str:
    """`since 2026-10-01`, `from 2026-10-01 to 2026-10-31`, `until …`."""
    if asked.since and asked.since > today:
        return "not yet in force"
    until = asked.until.isoformat() if asked.until else ""
    if asked.since:
        return f"from {asked.since.isoformat()} to {until}" if until else f"since {asked.since.isoformat()}"
    return f"until {until}" if until else ""


def gravest(found: Sequence[Entry]) -> list[Entry]:
    """The readable sections that are shown word by word: of all documents the gravest, the author's word first."""
    kept = [one for one in found if one.readable and one.section.kind != "moved"]
    return sorted(kept, key=lambda one: (-CLASSES.index(one.section.given), not one.section.by_author))[:SHOWN]


def word_by_word(found: Sequence[Entry], *, several: bool) -> str:
    """The gravest sections with what went and what came; of one section alone, more of it."""
    shown = gravest(found)
    if len(found) == 1 and shown:
        return snippet(shown[0].section.runs, most=3 * RUNS)
    blocks = []
    for one in shown:
        where = f"{one.change.edition.title}, section {one.name}" if several else one.name
        blocks.append(f"**{where}** ({one.kind}; {one.given})\n{snippet(one.section.runs)}")
    return "\n\n".join(blocks)


def row(one: Entry) -> dict[str, Any]:
    """One line of the table; of a restricted section its number and heading (R6)."""
    section = one.section
    told = {
        "class": section.given,
        "by": "author" if section.by_author else "proposed",
        "why": section.why,
        "note": section.note,
        "words": [{"part": run.part, "text": run.text} for run in section.runs],
    }
    return {
        "document": versions(one.change),
        "section": one.name,
        "id": section.section.section,
        "change": one.kind,
        **(told if one.readable else {"class": "restricted"}),
    }


def doubts(found: Sequence[Entry], changes: Sequence[DocumentChange], *, whole: bool) -> list[str]:
    """Where the author's mark and the text disagree, and what may not be read."""
    lines = []
    for one in found:
        if one.readable and one.section.doubt:
            owner = one.section.section.owner
            ask = f" Ask {owner}." if owner else ""
            lines.append(f"Section {one.name} is {one.section.doubt}.{ask}")
    if whole:
        lines += [
            f"The author writes “{said}”, yet that section did not change." for c in changes for said in c.unfounded
        ]
    hidden = [one for one in found if not one.readable]
    if hidden:
        owners = ", ".join(dict.fromkeys(one.section.section.owner for one in hidden if one.section.section.owner))
        lines.append(f"Restricted sections are named only{f'; ask {owners}' if owners else ''}.")
    return lines


def firsts(found: Sequence[DocumentChange]) -> list[str]:
    """Versions that came into force and have none before them here."""
    names = [f"{versions(one)} ({one.edition.effective})" for one in found if one.before is None]
    shown = names if len(names) <= 8 else [*names[:7], f"{len(names) - 7} more"]
    return [f"First version held here, so what it changed is not compared: {', '.join(shown)}."] if names else []


def _places(found: Sequence[Entry]) -> str:
    documents: dict[str, list[str]] = {}
    for one in found:
        documents.setdefault(one.change.edition.title, []).append(one.section.section.number or one.name)
    lists = {title: ", ".join([*names[:5], *(["…"] if len(names) > 5 else [])]) for title, names in documents.items()}
    return "; ".join(f"{title} {names}" if len(lists) > 1 else names for title, names in lists.items())


def _or_none(n: int) -> str:
    return count(n) if n else "none"


def _or_no(n: int) -> str:
    return count(n) if n else "no"
