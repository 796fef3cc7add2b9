"""Consequences: what a rule change asks for by the guidelines themselves, and which sets and models it touches."""

import re
from collections.abc import Sequence
from datetime import date

from knowledge import Knowledge, Passage
from knowledge.changes import DocumentChange
from knowledge.search.quotes import sentences, shortened
from tools.guidelines.changes.asker import Asker
from tools.guidelines.changes.entries import Entry
from tools.guidelines.changes.touched import Touched, listed, releases, touched
from tools.guidelines.citing import cite, may_read
from tools.results import Citation

NOT_KEPT = "Batches, cards and people are not kept here yet, so none are listed."
_ASKED = "rule change certificate suspended delta set effective date"
_RULE = re.compile(r"\s*rule changes?\s*:", re.IGNORECASE)


def by_rule(knowledge: Knowledge, roles: frozenset[str], today: date) -> Citation | None:
    """What the guidelines say follows from a rule change, quoted; None where they say nothing readable."""
    for hit in knowledge.search(_ASKED, limit=8, today=today):
        said = [one for one in sentences(hit.text) if _RULE.match(one) and "certificate" in one.lower()]
        if said and may_read(hit, roles):
            return cite(hit, shortened(said[0]))
    return None


def touches(found: Sequence[DocumentChange], asker: Asker) -> list[Touched]:
    """What each change touches."""
    if not found:
        return []
    known = releases(_standards(asker))
    return [touched(change, asker.call.catalog, known) for change in found]


def in_words(touched: Sequence[Touched], *, names: bool = True) -> list[str]:
    """A line a group of documents that touch the same (`names`: say what); and where comparisons need care (R16)."""
    lines = []
    groups: dict[str, list[str]] = {}
    for one in touched:
        if names or not one.sets:
            groups.setdefault(_one(one), []).append(one.change.edition.title)
    lines = [line.format(joined(titles)) for line, titles in groups.items()]
    older = sorted({item.guideline_version for one in touched for item in one.sets})
    newer = sorted({one.release for one in touched if one.sets})
    if older:
        lines.append(
            f"Comparisons across guideline {joined([*older, *newer])} need care: only items in both sets whose label"
            " stayed are comparable (R16)."
        )
    return lines


def _one(touched: Touched) -> str:
    if not touched.registered:
        return "No registered dataset, label set or model is of {}."
    if not touched.release:
        return "No text says which release takes this version of {} in, so what was made before it is not assessed."
    if not touched.sets:
        return f"Everything registered of {{}} was made under guideline {touched.release} or later."
    return f"Touches what was made under a guideline older than {touched.release}, of {{}}: {listed(touched.sets)}."


def rule_changed(found: Sequence[Entry]) -> list[DocumentChange]:
    """The documents with a rule change among these sections."""
    return list({id(one.change): one.change for one in found if one.section.given == "rule change"}.values())


def _standards(asker: Asker) -> list[Passage]:
    """The sections of standards: one of them says which versions a release consists of (glossary: Release)."""
    named = [one for one in asker.editions if "standard" in f"{one.title} {one.id}".lower()]
    return [part for one in named for part in asker.knowledge.sections(one.id, one.version, asker.today)]


def joined(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
