"""Two models on the same items of both labels: every metric of counts, its difference, interval and test.

The eight joint cells (label x both, only a, only b, neither) are sufficient for all of it, so nothing here depends on
how many items there are.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tools.stats.counts import Counts
from tools.stats.intervals import DRAWS, HALF, SEED, percentiles
from tools.stats.paired import Joint
from tools.stats.rates import Share, Statistic, balanced_accuracy, f_beta, gradient, mcc

Array = NDArray[np.float64]
CELLS = 8
_GRID = 10_000  # outcomes that are listed one by one; more are drawn
_KEPT = 64  # of 128 kB each: the cells of a slice are drawn once for all its metrics
_F_BETA = re.compile(r"f(\d+(?:\.\d+)?)")
_STATISTICS: dict[str, Statistic] = {
    "recall": Share((1, 0, 0, 0), (1, 0, 1, 0)).rate,
    "fnr": Share((0, 0, 1, 0), (1, 0, 1, 0)).rate,
    "fpr": Share((0, 1, 0, 0), (0, 1, 0, 1)).rate,
    "specificity": Share((0, 0, 0, 1), (0, 1, 0, 1)).rate,
    "accuracy": Share((1, 0, 0, 1), (1, 1, 1, 1)).rate,
    "flagged_rate": Share((1, 1, 0, 0), (1, 1, 1, 1)).rate,
    "precision": Share((1, 0, 0, 0), (1, 1, 0, 0)).rate,
    "balanced_accuracy": balanced_accuracy,
    "mcc": mcc,
}


@dataclass(frozen=True)
class JointCounts:
    """The decisions of a and b on the items with a positive and on those with a negative gold label."""

    positives: Joint = field(default_factory=Joint)
    negatives: Joint = field(default_factory=Joint)

    def __add__(self, other: "JointCounts") -> "JointCounts":
        return JointCounts(self.positives + other.positives, self.negatives + other.negatives)

    @property
    def n(self) -> int:
        """All items."""
        return self.positives.n + self.negatives.n

    @property
    def cells(self) -> Array:
        """float64 of shape (8,): both, only a, only b, neither of the positives, then of the negatives."""
        pairs = (self.positives, self.negatives)
        return np.array([n for j in pairs for n in (j.both, j.only_a, j.only_b, j.neither)], dtype=float)

    @property
    def a(self) -> Counts:
        """The counts of a alone."""
        return Counts(*(int(count) for count in sides(self.cells)[0]))

    @property
    def b(self) -> Counts:
        """The counts of b alone."""
        return Counts(*(int(count) for count in sides(self.cells)[1]))


def statistic(name: str) -> Statistic | None:
    """A metric as a function of the four counts, by its short name (`f2` is F-beta with beta 2).

    None for a metric that counts at one threshold do not define.
    """
    found = _F_BETA.fullmatch(name)
    return f_beta(float(found.group(1))) if found else _STATISTICS.get(name)


def sides(cells: Array) -> tuple[Array, Array]:
    """The four counts of a and of b (..., 4), from joint cells (..., 8)."""
    both, only_a, only_b, neither, alarm, alarm_a, alarm_b, quiet = np.moveaxis(cells, -1, 0)
    a = (both + only_a, alarm + alarm_a, only_b + neither, alarm_b + quiet)
    b = (both + only_b, alarm + alarm_b, only_a + neither, alarm_a + quiet)
    return np.stack(a, axis=-1), np.stack(b, axis=-1)


def gap(of: Statistic, cells: Array) -> Array:
    """a - b of a metric over joint cells (..., 8); not a number where one of them is not defined."""
    a, b = sides(cells)
    return of(a) - of(b)


def interval(of: Statistic, cells: Array) -> tuple[float, float]:
    """The 95 % interval of the difference a - b from the joint cells, counts or effective counts.

    The bootstrap of independent rows makes the cells multinomial. Drawn from the counts as they are it covers 70 to
    93 % where a cell is small or empty, and feigns certainty where no item is discordant (R18). So its smooth form is
    taken, as in `intervals.drawn_interval`: Dirichlet(counts + 1/2). `tests/bench/paired_coverage.py` has the figures.
    """
    low, high = percentiles(gap(of, _drawn(tuple(cells.tolist()))))
    point = float(gap(of, cells))
    return (min(low, point), max(high, point)) if point == point else (low, high)


def randomisation_test(of: Statistic, joint: JointCounts, draws: int = 9_999) -> float:
    """The two-sided p-value of a difference: the models change places on each discordant item by the toss of a coin.

    Only two binomial counts vary then, how many of the discordant positives and of the discordant negatives fall to a
    (Yeh 2000, by counts instead of items). Where there are few outcomes all are listed and the test is exact, else
    they are drawn. An outcome for which the metric is not defined counts as extreme; without a discordant item p is 1.
    """
    observed = abs(float(gap(of, joint.cells)))
    first, second = joint.positives, joint.negatives
    tosses = (first.only_a + first.only_b, second.only_a + second.only_b)
    if not sum(tosses) or observed != observed:
        return 1.0
    if (tosses[0] + 1) * (tosses[1] + 1) <= _GRID:
        mine, other = (x.ravel() for x in np.meshgrid(*(np.arange(t + 1.0) for t in tosses), indexing="ij"))
        chance = np.outer(*(_binomial(t) for t in tosses)).ravel()
        return min(1.0, float(chance[extreme(of, joint.cells, mine, other, observed)].sum()))
    generator = np.random.default_rng(SEED)
    mine, other = (generator.binomial(t, 0.5, draws).astype(float) for t in tosses)
    return float((1 + extreme(of, joint.cells, mine, other, observed).sum()) / (1 + draws))


def extreme(of: Statistic, cells: Array, mine: Array, other: Array, observed: float) -> NDArray[np.bool_]:
    """Which outcomes are at least as far from no difference as the observed one.

    An outcome is how many of the discordant positives (`mine`) and negatives (`other`) fall to a.
    """
    tossed = np.tile(cells, (mine.size, 1))
    tossed[:, 2] = tossed[:, 1] + tossed[:, 2] - mine
    tossed[:, 1] = mine
    tossed[:, 6] = tossed[:, 5] + tossed[:, 6] - other
    tossed[:, 5] = other
    # Outcomes that are equal on paper differ in the last digits; they must fall on the same side.
    return np.logical_not(np.abs(gap(of, tossed)) < observed - 1e-12)


def influence(of: Statistic, cells: Array) -> Array:
    """What one more item of each joint cell does to the difference a - b, float64 (8,); not a number if undefined."""
    a, b = sides(cells)
    (tp, fp, fn, tn), (tp_b, fp_b, fn_b, tn_b) = gradient(of, a), gradient(of, b)
    positives = [tp - tp_b, tp - fn_b, fn - tp_b, fn - fn_b]
    return np.array([*positives, fp - fp_b, fp - tn_b, tn - fp_b, tn - tn_b])


@lru_cache(maxsize=_KEPT)
def _drawn(cells: tuple[float, ...]) -> Array:
    drawn = np.random.default_rng(SEED).standard_gamma(np.array(cells) + HALF, size=(DRAWS, CELLS))
    drawn.setflags(write=False)
    return drawn


def _binomial(n: int) -> Array:
    """The chance of 0 to n heads of n tosses, float64 (n + 1,)."""
    steps = np.log(np.arange(n, 0, -1)) - np.log(np.arange(1, n + 1))
    logs = np.concatenate([[0.0], np.cumsum(steps)]) - n * np.log(2)
    return np.asarray(np.exp(logs))
