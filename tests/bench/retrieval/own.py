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
FLOORS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


def own() -> Collection:
    """The questions of `tune.yaml` and `report.yaml`."""
    return Collection("own", LIBRARY, [*read("tune", "tune"), *read("report", "report")])


@dataclass(frozen=True)
class Judged:
    """One question at the floor: whether search says that it found something, the first hit's score and cosine, and
    whether a governing section is among the first five."""

    asked: Asked
    answered: bool
    score: float
    cosine: float
    right: bool


def judged(knowledge: Knowledge, asked: Sequence[Asked]) -> list[Judged]:
    """Ask each question."""
    return [_judged(knowledge, one) for one in asked]


def floors(good: Sequence[Judged], bad: Sequence[Judged]) -> Iterable[tuple[str, ...]]:
    """What each floor gives: questions without an answer that get one, and right answers that are lost.

    The first line is the judgement of search itself, the others the score or the cosine of the first hit alone.
    """
    rows = [("as shipped", [one.answered for one in good], [one.answered for one in bad])]
    for what in ("score", "cosine"):
        for floor in FLOORS:
            over = [[getattr(one, what) >= floor for one in part] for part in (good, bad)]
            rows.append((f"{what} {floor:.2f}", over[0], over[1]))
    right = [one.right for one in good]
    for name, of_good, of_bad in rows:
        lost = sum(r and not a for r, a in zip(right, of_good, strict=True))
        yield name, _share(sum(of_bad), len(bad)), _share(lost, sum(right)), _share(sum(of_good), len(good))


def falsely_answered(bad: Sequence[Judged]) -> list[str]:
    """The questions without an answer that were given one."""
    return [f"{one.asked.ask} ({one.score:.2f})" for one in bad if one.answered]


def _judged(knowledge: Knowledge, one: Asked) -> Judged:
    found = knowledge.find(one.ask, COLLECTION, limit=DEPTH)
    score, cosine = next(((first.score, first.similarity or 0.0) for first in found.hits), (0.0, 0.0))
    right = bool(hit([section.section for section in found.hits], one.grades))
    return Judged(one, found.answered, score, cosine, right)


def _share(part: int, of: int) -> str:
    return f"{part} of {of} ({part / of:.1%})" if of else "none"
