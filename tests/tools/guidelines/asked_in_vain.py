"""Questions that the guidelines do not answer, asked by people on days, as the search would have them counted."""

from dataclasses import replace

from knowledge import Passage
from tests.clock import Clock
from tools.guidelines.unanswered import Outcome, record_unanswered
from tools.workspace import Call, Caller

NAMES = ("ana", "Ana Lopez", "Bruno")


def asked(
    call: Call, query: str, people: str = "a", section: str = "bullying/2.1", outcome: Outcome = "not found"
) -> None:
    """One question by each of these people (a letter a person); `section` came nearest, or none if empty."""
    found = call.workspace.knowledge().section(section) if section else None
    nearest: list[Passage] = [found] if found else []
    for person in people:
        by = replace(call, caller=Caller(person, frozenset({"annotator"})))
        record_unanswered(by, query, nearest, outcome, names=NAMES)


def asked_on_three_days(call: Call, clock: Clock, query: str, section: str = "bullying/2.1") -> None:
    """The same question by another person on each of three days."""
    for person in "abc":
        asked(call, query, person, section)
        clock.forward(days=1)
