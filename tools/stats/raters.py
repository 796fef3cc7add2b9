"""Two raters of the same items: Cohen's kappa (1960), weighted (1968) for ordered classes, and what they confuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.stats.agreement import DOMINANT, FEW, HIGH_CHANCE, Coefficient
from tools.stats.intervals import DRAWS, wilson
from tools.stats.ratings import Numbers, Ratings
from tools.stats.resampling import bounds, resampled

Weights = Literal["none", "linear", "quadratic"]
SANE_MARGINS = 0.2  # total variation distance between two raters' class shares up to which their margins agree
AT_CHANCE = 0.2  # a kappa below this whose interval holds 0 is no better than chance
ENOUGH = 30


@dataclass(frozen=True)
class Pair:
    """How far two raters agree: `n` items that both labelled, chance agreement by their margins, Cohen's kappa."""

    n: int
    percent: Coefficient
    chance: float | None
    kappa: Coefficient


@dataclass(frozen=True)
class Confusion:
    """`k` of the `n` labels (or items) of class `of` say `taken_for` (indexes); the bounds are those of k/n."""

    of: int
    taken_for: int
    k: int
    n: int
    low: float
    high: float


def cohen(table: Numbers, *, weights: Weights = "none", draws: int = DRAWS) -> Pair:
    """Cohen's kappa of a table (classes, classes) of one rater's labels by the other's, by bootstrap of items.

    Weights are those of disagreement: none, the distance of the classes, or its square. Kappa is not defined where both
    use one and the same class only.
    """
    n = int(table.sum())
    if not n:
        return Pair(0, Coefficient(None), None, Coefficient(None))
    costs = _costs(table.shape[0], weights)
    agreed = int(np.trace(table))
    percent = Coefficient(agreed / n, *wilson(agreed, n))
    chance = float(table.sum(axis=0) / n @ (table.sum(axis=1) / n))
    filled = np.flatnonzero(table.ravel())
    drawn = np.zeros((table.size, draws))
    drawn[filled] = resampled(table.ravel()[filled], draws)
    value = float(_kappa(table.astype(float)[..., None], costs)[0])
    if np.isnan(value) or percent.low is None or percent.high is None:
        return Pair(n, percent, chance, Coefficient(None))
    low, high = bounds(_kappa(drawn.reshape(*table.shape, draws), costs))
    if min(agreed, n - agreed) < FEW and chance < 1:
        low, high = min(low, 1 - (1 - percent.low) / (1 - chance)), max(high, 1 - (1 - percent.high) / (1 - chance))
    return Pair(n, percent, chance, Coefficient(value, min(max(-1.0, low), value), max(high, value)))


def misaligned(table: Numbers) -> bool:
    """Whether two raters agree by chance only although both use the classes alike: rows joined to the wrong items.

    At least 30 items, kappa below .2 with 0 in its interval, margins within .2 of each other, and no dominant class:
    where one rules, independent slips alone bring kappa to 0.
    """
    n = int(table.sum())
    if n < ENOUGH:
        return False
    rows, columns = table.sum(axis=1) / n, table.sum(axis=0) / n
    if max(rows.max(), columns.max()) > DOMINANT or float(np.abs(rows - columns).sum()) / 2 > SANE_MARGINS:
        return False
    if float(rows @ columns) > HIGH_CHANCE or np.trace(table) / n - rows @ columns > AT_CHANCE:
        return False  # kappa is above .2 for certain, which spares most tables the draws
    kappa = cohen(table).kappa
    return kappa.value is not None and kappa.low is not None and kappa.low <= 0 and kappa.value < AT_CHANCE


def confusions(by_gold: Sequence[Ratings]) -> list[Confusion]:
    """Which gold class single labels take for which, the most labels first; pairs that never occur are left out.

    The labels of one item depend on each other, so the interval is Wilson's at their effective number: that of a ratio
    of sums over items (Korn and Graubard 1998).
    """
    found = []
    for gold, ratings in enumerate(by_gold):
        n = ratings.labels
        for other, k in enumerate(ratings.by_class.tolist()):
            if k and other != gold:
                share = k / n
                variance = float(ratings.items @ (ratings.counts[:, other] - share * ratings.raters) ** 2) / n**2
                effective = min(n, share * (1 - share) / variance) if variance else ratings.n
                found.append(Confusion(gold, other, int(k), n, *wilson(share * effective, effective)))
    return sorted(found, key=lambda one: (-one.k, one.of, one.taken_for))


def disputes(ratings: Ratings) -> list[Confusion]:
    """Without gold: of the items where class `of` was used, those where `taken_for` was used too, most items first.

    Each pair of classes once, the rarer one as `of`.
    """
    pairable = ratings.pairable
    touched = pairable.counts > 0
    items = np.array([int(pairable.items[column].sum()) for column in touched.T], np.int64)
    found = []
    for first in range(touched.shape[1]):
        for second in range(first + 1, touched.shape[1]):
            k = int(pairable.items[touched[:, first] & touched[:, second]].sum())
            of, other = (first, second) if items[first] <= items[second] else (second, first)
            if k:
                found.append(Confusion(of, other, k, int(items[of]), *wilson(k, int(items[of]))))
    return sorted(found, key=lambda one: (-one.k, one.of, one.taken_for))


def _costs(classes: int, weights: Weights) -> NDArray[np.float64]:
    steps = np.abs(np.subtract.outer(np.arange(classes), np.arange(classes))).astype(float)
    return np.asarray({"none": steps > 0, "linear": steps, "quadratic": steps**2}[weights], float)


def _kappa(tables: NDArray[np.float64], costs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kappa of tables (classes, classes, draws); NaN where chance leaves nothing to disagree on."""
    n = tables.sum(axis=(0, 1))
    observed = np.einsum("ij,ijd->d", costs, tables) * n
    expected = np.einsum("ij,id,jd->d", costs, tables.sum(axis=1), tables.sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(expected > 0, 1 - observed / expected, np.nan), float)
