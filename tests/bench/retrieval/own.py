"""The sample guidelines: questions of our own with their sections, and questions that nothing there answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import knowledge
from knowledge.knowledge import Knowledge
from tests.bench.retrieval.arms import COLLECTION
from tests.bench.retrieval.measures import DEPTH, hit
from tests.bench.retrieval.questions import Asked, Collection, read

LIBRARY = Path(knowledge.__file__).parent / "library"
FLOORS = (0.4, 0.5, 0.6, 0.7, 0.765, 0.8, 0.85)  # of the confidence; .4 is from where the nearest is quoted


def own() -> Collection:
    """The questions of `tune.yaml` and `report.yaml`."""
    return Collection("own", LIBRARY, [*read("tune", "tune"), *read("report", "report")])


@dataclass(frozen=True)
class Judged:
    """One question at the floor: whether search says that it found something, how confident it is, and whether a
    governing section is among the first five."""

    asked: Asked
    answered: bool
    confidence: float
    right: bool


def judged(knowledge: Knowledge, asked: Sequence[Asked]) -> list[Judged]:
    """Ask each question."""
    return [_judged(knowledge, one) for one in asked]


def floors(good: Sequence[Judged], bad: Sequence[Judged]) -> Iterable[tuple[str, ...]]:
    """What each floor gives: questions without an answer that get one, and right answers that are lost.

    The first line is the judgement of search itself.
    """
    rows = [("as shipped", [one.answered for one in good], [one.answered for one in bad])]
    for floor in FLOORS:
        over = [[one.confidence >= floor for one in part] for part in (good, bad)]
        rows.append((f"{floor:g}", over[0], over[1]))
    right = [one.right for one in good]
    for name, of_good, of_bad in rows:
        lost = sum(r and not a for r, a in zip(right, of_good, strict=True))
        yield name, _share(sum(of_bad), len(bad)), _share(lost, sum(right)), _share(sum(of_good), len(good))


def falsely_answered(bad: Sequence[Judged]) -> list[str]:
    """The questions without an answer that were given one."""
    return [f"{one.asked.ask} ({one.confidence:.2f})" for one in bad if one.answered]


def _judged(knowledge: Knowledge, one: Asked) -> Judged:
    found = knowledge.find(one.ask, COLLECTION, limit=DEPTH)
    right = bool(hit([section.section for section in found.hits], one.grades))
    return Judged(one, found.answered, found.confidence, right)


def _share(part: int, of: int) -> str:
    return f"{part} of {of} ({part / of:.1%})" if of else "none"
