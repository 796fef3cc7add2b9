"""Drift: how far the composition of two sets of items lies apart, and how far chance alone would put it.

Population stability index and Jensen-Shannon distance from counts by value; the test of homogeneity from the same
counts. Items that are in both sets do not vary between them: they shrink what chance explains, and are accounted for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.stats.chi_square import quantile, upper_tail
from tools.stats.intervals import SEED

SMOOTHING = 0.5  # added to every count before a PSI: a value that one set lacks would otherwise make it infinite
DRAWS = 2_000
_WORK = 400_000  # values drawn at most, so that a dimension of many values takes no longer than one of two hundred
_LARGEST = 10**9  # what NumPy's hypergeometric draws hold
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Drift:
    """Two compositions compared; `moved` is the position of the value whose share changed most.

    `chance` is the PSI that two random samples of these sizes show on average, `ceiling` what 95 % of such pairs stay
    below; `p` is the homogeneity test's, `simulated` when counts are too small for the chi-square distribution.
    """

    psi: float
    chance: float
    ceiling: float
    js: float
    p: float
    moved: int
    simulated: bool


def drift(
    before: Counts, after: Counts, shared: Counts | None = None, inflation: tuple[float, float] = (1.0, 1.0)
) -> Drift:
    """Compare two vectors of counts over the same values, int64 of equal length.

    Args:
        shared: of each value, the items that are in both sets with this very value; None: the sets are independent.
        inflation: of each set, items for each cluster where they come in clusters: so much larger is the variance at
            most (Kish 1965, items of a cluster being all alike), and so few items it is worth.

    With sizes a and b, s of them shared, the shares of a value differ by chance with variance p (1 - p) times
    1/a + 1/b - 2s/(ab). The squared differences over p, summed and divided by that factor, are chi-square with one
    degree less than there are values (Pearson 1900; for s = 0 the usual test of a two-row table), and PSI is the same
    sum to first order, so its chance level is factor times the degrees (Yurdakul 2018). Where a count that is expected
    is under 1, or more than a fifth of them under 5 (Cochran 1954), the items are dealt out anew at random instead;
    not those in clusters, for which the chi-square distribution stands (Rao and Scott 1981, first order).

    Raises:
        ValueError: vectors of unequal length, a negative count, more shared than there are, or a set without items.
    """
    common = np.zeros_like(before) if shared is None else shared
    if not before.shape == after.shape == common.shape or before.ndim != 1:
        raise ValueError("compositions must be counted over the same values")
    if (common < 0).any() or (common > before).any() or (common > after).any():
        raise ValueError("a count is negative, or more items are shared than there are")
    a, b, s = int(before.sum()), int(after.sum()), int(common.sum())
    if not a or not b:
        raise ValueError("a set without items has no composition")
    moved = int(np.argmax(np.abs(after / b - before / a)))
    here = before + after > 0
    parts = np.stack([common, before - common, after - common])[:, here]
    degrees = int(here.sum()) - 1
    alone = inflation == (1.0, 1.0)
    factor = inflation[0] / a + inflation[1] / b - 2 * (inflation[0] * inflation[1]) ** 0.5 * s / (a * b)
    found = float(psi(before, after))
    if not degrees or factor <= 0:
        return Drift(found, 0.0, 0.0, jensen_shannon(before, after), 1.0, moved, simulated=False)
    statistic = float(_statistic(parts[None], factor)[0])
    js = jensen_shannon(before, after)
    if alone and _too_small(parts) and int(parts.sum()) < _LARGEST:
        dealt = _dealt(parts)
        by_chance = psi(dealt[:, 0] + dealt[:, 1], dealt[:, 0] + dealt[:, 2])
        # Of a draw that ties with what was found, the last digit may differ.
        p = (1 + int((_statistic(dealt, factor) >= statistic * (1 - 1e-9)).sum())) / (1 + len(dealt))
        mean, ceiling = float(by_chance.mean()), float(np.quantile(by_chance, 0.95))
        return Drift(found, mean, ceiling, js, p, moved, simulated=True)
    p = upper_tail(statistic, degrees)
    return Drift(found, factor * degrees, factor * quantile(0.95, degrees), js, p, moved, simulated=False)


def psi(before: Counts, after: Counts) -> NDArray[np.float64]:
    """The population stability index, natural logarithm; counts along the last axis, one index for each row.

    The sum over values of (q - p) ln(q / p), where p and q are the shares before and after with one half added to every
    count. Values that neither row has are left out.
    """
    kept = (before + after > 0).reshape(-1, before.shape[-1]).any(axis=0)
    p, q = (counts[..., kept] + SMOOTHING for counts in (before, after))
    p, q = p / p.sum(axis=-1, keepdims=True), q / q.sum(axis=-1, keepdims=True)
    summed: NDArray[np.float64] = ((q - p) * np.log(q / p)).sum(axis=-1)
    return summed


def jensen_shannon(before: Counts, after: Counts) -> float:
    """The Jensen-Shannon distance: the root of the divergence in base 2, from 0 (the same) to 1 (nothing in common).

    Lin 1991; the root is a metric (Endres and Schindelin 2003). Nothing is smoothed: it is finite as it is.
    """
    p, q = before / before.sum(), after / after.sum()
    middle = (p + q) / 2
    divergence = 0.0
    for side in (p, q):
        there = side > 0
        divergence += float((side[there] * np.log2(side[there] / middle[there])).sum()) / 2
    return float(min(1.0, max(0.0, divergence)) ** 0.5)


def _statistic(parts: Counts, factor: float) -> NDArray[np.float64]:
    """The chi-square statistic of each draw; `parts` is (draws, 3, values): in both, only before, only after."""
    before, after = parts[:, 0] + parts[:, 1], parts[:, 0] + parts[:, 2]
    difference = before / before.sum(axis=1, keepdims=True) - after / after.sum(axis=1, keepdims=True)
    pooled = parts.sum(axis=1) / parts.sum(axis=(1, 2), keepdims=False)[:, None]
    summed: NDArray[np.float64] = (difference**2 / pooled).sum(axis=1) / factor
    return summed


def _too_small(parts: Counts) -> bool:
    """Cochran's rule on the groups of items that vary independently."""
    groups = parts.sum(axis=1)
    expected = groups[groups > 0][:, None] * (parts.sum(axis=0) / parts.sum())
    return bool(expected.min() < 1 or (expected < 5).mean() > 0.2)


def _dealt(parts: Counts) -> Counts:
    """The items dealt out anew among the three groups, whose sizes stay: (draws, 3, values)."""
    values = parts.shape[1]
    draws = max(200, min(DRAWS, _WORK // values))
    draw = np.random.default_rng(SEED)
    pool = np.broadcast_to(parts.sum(axis=0), (draws, values)).copy()
    first = _deal(draw, pool, int(parts[1].sum()))
    second = _deal(draw, pool - first, int(parts[2].sum()))
    return np.stack([pool - first - second, first, second], axis=1)


def _deal(draw: np.random.Generator, pool: Counts, size: int) -> Counts:
    """`size` items out of each row of the pool, without replacement: value after value, each hypergeometric."""
    taken = np.zeros_like(pool)
    left = pool.sum(axis=1)
    wanted = np.full(len(pool), size)
    for value in range(pool.shape[1]):
        left = left - pool[:, value]
        taken[:, value] = draw.hypergeometric(pool[:, value], left, wanted)
        wanted = wanted - taken[:, value]
    return taken
