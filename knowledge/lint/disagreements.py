"""Conflicting numbers and labels: two sections in force that say different things about the same (R17)."""

from collections.abc import Iterator

from knowledge.lint.drafts import Drafts
from knowledge.lint.findings import Finding
from knowledge.search.conflicts import conflicts, marked
from knowledge.search.quotes import shortened

RULE = "conflicting-numbers"


def conflicting_numbers(drafts: Drafts) -> Iterator[Finding]:
    """Pairs of sections in conflict, reported at the second; what the authors have marked themselves is a note."""
    parts = [part for draft in drafts.in_force for part in draft.parts]
    for conflict in conflicts(parts):
        first, second = conflict.first, conflict.second
        if second.draft.linted:
            here, there = second, first
            here_says, there_says = conflict.second_says, conflict.first_says
        elif first.draft.linted:
            here, there = first, second
            here_says, there_says = conflict.first_says, conflict.second_says
        else:
            continue
        if there.section in marked(here.marks) or here.section in marked(there.marks):
            says = f"It is marked as in conflict with {there.section}; answers show both until the owners agree (R17)."
            yield here.finding(RULE, "note", says)
            continue
        says = (
            f"It says {shortened(here_says)!r}, and {there.section} says {shortened(there_says)!r}; make them one, or"
            f" mark it `<!-- conflicts: {there.section} -->`."
        )
        at = here.text.find(here_says)
        yield here.finding(RULE, "warning", says, at if at >= 0 else None)
