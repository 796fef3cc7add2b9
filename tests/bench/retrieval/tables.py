"""Tables of the retrieval part of the bench: figures with intervals, differences, and the worst misses."""

from collections.abc import Iterable

from tests.bench.retrieval.arms import FTS5, PLAIN, SHIPPED, Measured
from tests.bench.retrieval.measures import MEASURES

FIGURES = ("set", "questions / sections", "arm", *MEASURES)
DIFFERENCES = ("set", "search less", *MEASURES, "")


def figures(measured: Measured) -> Iterable[tuple[str, ...]]:
    """A line an arm."""
    size = f"{len(measured.asked)} / {measured.sections}"
    for place, arm in enumerate(measured.scores):
        values = (measured.of(arm, measure).shown() for measure in MEASURES)
        yield ("" if place else measured.name, "" if place else size, arm, *values)


def differences(measured: Measured, arm: str = SHIPPED) -> Iterable[tuple[str, ...]]:
    """The arm against plain fusion and FTS5, and whether nDCG's or hit@5's interval leaves zero out."""
    for place, other in enumerate((PLAIN, FTS5)):
        found = [measured.difference(arm, other, measure) for measure in MEASURES]
        verdict = "below" if any(one.high < 0 for one in found) else "above" if found[0].low > 0 else ""
        yield ("" if place else measured.name, other, *(one.shown(signed=True) for one in found), verdict)


def worst(measured: Measured, count: int, arm: str = SHIPPED) -> Iterable[tuple[str, str, str]]:
    """The questions with the lowest nDCG: what was asked, what answers it, and what was found instead."""
    order = sorted(range(len(measured.asked)), key=lambda place: float(measured.scores[arm]["nDCG@10"][place]))
    for place in order[:count]:
        one, ranking = measured.asked[place], list(measured.rankings[arm][place])
        wanted = [section for section, grade in one.grades.items() if grade == 2]
        at = next((f"#{rank} " for rank, section in enumerate(ranking, 1) if section in wanted), "not in ten ")
        yield one.ask, at + ", ".join(wanted), ", ".join(ranking[:3])
