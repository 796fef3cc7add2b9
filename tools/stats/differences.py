"""The difference of a metric between two models on the same items, by the method that fits the metric."""

from collections.abc import Callable
from dataclasses import dataclass

from tools.stats.joint_counts import CELLS, Array, JointCounts, interval, randomisation_test, sides, statistic
from tools.stats.joint_scores import JointScores, ScoreDifference, paired_auc, paired_brier
from tools.stats.joint_units import clustered_mcnemar, clustered_randomisation, effective
from tools.stats.paired import mcnemar, newcombe
from tools.stats.rates import Statistic

# A share of items: which of the eight cells are items that both, only a, only b, neither decide the way it counts.
_SHARES: dict[str, tuple[list[int], list[int], list[int], list[int]]] = {
    "recall": ([0], [1], [2], [3]),
    "fnr": ([3], [2], [1], [0]),
    "fpr": ([4], [5], [6], [7]),
    "specificity": ([7], [6], [5], [4]),
    "accuracy": ([0, 7], [1, 6], [2, 5], [3, 4]),
    "flagged_rate": ([0, 4], [1, 5], [2, 6], [3, 7]),
}
_ALL = list(range(CELLS))
_SCORES: dict[str, Callable[[JointScores], ScoreDifference | None]] = {"auc": paired_auc, "brier": paired_brier}


@dataclass(frozen=True)
class Difference:
    """a against b: both values, their difference with its 95 % interval, and a two-sided p-value.

    `n` items stand behind the metric (the smaller number where the sides differ), in `units` clusters where there are
    any. `a_k` of `a_n` and `b_k` of `b_n` where it is a share; `only_a`, `only_b` are the discordant items.
    """

    a: float
    b: float
    low: float
    high: float
    p: float
    n: int
    units: int | None = None
    a_k: int | None = None
    a_n: int | None = None
    b_k: int | None = None
    b_n: int | None = None
    only_a: int | None = None
    only_b: int | None = None

    @property
    def value(self) -> float:
        """a - b."""
        return self.a - self.b

    @property
    def support(self) -> int:
        """What a floor is held against: independent units, that is clusters where there are any, else items."""
        return self.n if self.units is None else min(self.n, self.units)


def has_paired_test(name: str) -> bool:
    """Whether the difference of a metric can be tested on the same items."""
    return needs_scores(name) or statistic(name) is not None


def needs_scores(name: str) -> bool:
    """Whether it needs the score of every item, and not only the counts of decisions."""
    return name in _SCORES


def composition_matters(name: str) -> bool:
    """Whether the whole can move against its slices on the very same items (Simpson's paradox).

    A rate over gold positives, over negatives or over all items weighs the slices alike for both models, so its whole
    is a mean of them. The others weigh slices by what each model flags, or mix two rates.
    """
    return name not in _SHARES and name != "brier"


def difference(
    name: str, joint: JointCounts, units: Array | None = None, scores: JointScores | None = None
) -> Difference | None:
    """The difference of a metric; None where it is not defined for one of the two.

    Shares of gold positives, of gold negatives or of all items: exact McNemar, and Newcombe's interval (1998). Ratios
    of counts (precision, F-beta, balanced accuracy, MCC): the interval and randomisation test of `joint_counts`. AUC
    and Brier score: `joint_scores`. With `units` the tests toss whole clusters and the intervals count effective items
    (`joint_units`).

    Raises:
        ValueError: there is no paired test for this metric, or its scores are missing.
    """
    if name in _SCORES:
        if scores is None:
            raise ValueError(f"{name} needs the scores of every item")
        found = _SCORES[name](scores)
        n = joint.n if name == "brier" else min(joint.positives.n, joint.negatives.n)
        count = None if units is None else _count(units, _ALL)
        return Difference(found.a, found.b, found.low, found.high, found.p, n, count) if found else None
    of = statistic(name)
    if of is None:
        raise ValueError(f"{name} has no paired test")
    a, b = (float(of(side)) for side in sides(joint.cells if units is None else units.sum(axis=0)))
    if a != a or b != b:
        return None
    return (_of_share if name in _SHARES else _of_ratio)(name, of, a, b, joint, units)


def _of_share(
    name: str, of: Statistic, a: float, b: float, joint: JointCounts, units: Array | None
) -> Difference:  # fmt: skip
    both, only_a, only_b, neither = _four(joint.cells, name)
    n, count = int(both + only_a + only_b + neither), None
    if units is None:
        p = mcnemar(int(only_a), int(only_b))
        low, high = newcombe(both, only_a, only_b, neither)
    else:
        places = _SHARES[name]
        scope = [cell for cells in places for cell in cells]
        p = clustered_mcnemar(units[:, places[1]].sum(axis=1) - units[:, places[2]].sum(axis=1))
        count = _count(units, scope)
        low, high = newcombe(*_four(effective(of, units, scope), name))
    k_a, k_b = int(both + only_a), int(both + only_b)
    return Difference(a, b, low, high, p, n, count, k_a, n, k_b, n, int(only_a), int(only_b))


def _of_ratio(
    name: str, of: Statistic, a: float, b: float, joint: JointCounts, units: Array | None
) -> Difference:  # fmt: skip
    count = None
    if units is None:
        p = randomisation_test(of, joint)
        low, high = interval(of, joint.cells)
    else:
        p, count = clustered_randomisation(of, units), _count(units, _ALL)
        low, high = interval(of, effective(of, units, _ALL))
        low, high = min(low, a - b), max(high, a - b)
    if name == "precision":
        flagged = joint.a.tp + joint.a.fp, joint.b.tp + joint.b.fp
        return Difference(
            a, b, low, high, p, min(flagged), count, joint.a.tp, flagged[0], joint.b.tp, flagged[1]
        )  # fmt: skip
    n = joint.positives.n if name.startswith("f") else min(joint.positives.n, joint.negatives.n)
    return Difference(a, b, low, high, p, n, count)


def _four(cells: Array, name: str) -> tuple[float, float, float, float]:
    both, only_a, only_b, neither = (float(cells[places].sum()) for places in _SHARES[name])
    return both, only_a, only_b, neither


def _count(units: Array, scope: list[int]) -> int:
    return int((units[:, scope].sum(axis=1) > 0).sum())
