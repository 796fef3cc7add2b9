"""The bootstrap of independent items from their counts: Multinomial(n, counts / n), whatever n.

NumPy draws a binomial count in about 100 ns, which for 40 slices of four kinds x 2,000 draws is 25 ms; what is here
takes 4 ms. Draws are the same for the same counts, today and tomorrow. All slices share their random numbers, so each
interval stands alone: draws of two slices must not be subtracted.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tools.stats.intervals import DRAWS, SEED

SMALL = 255  # up to here items are drawn one by one; counts then fit a byte, which is what makes it fast
_SMOOTH = 9.0  # variance of a binomial count from which on the normal with its skewness is as good (error < .003)
Draws = NDArray[np.float64]


def resampled(counts: NDArray[np.int64], draws: int = DRAWS) -> Draws:
    """Bootstrap counts: whole float64 (kinds, draws); a column adds up to the sum of `counts` (kinds,).

    Up to `SMALL` items the draws are exact. Above, a frequent kind is drawn as a normal with the term of Cornish and
    Fisher (1938) for the skewness, rounded; a rare one as an exact binomial.
    """
    n = int(counts.sum())
    if not n:
        return np.zeros((counts.size, draws))
    return _one_by_one(counts, n, draws) if n <= SMALL else _kind_by_kind(counts, n, draws)


def bounds(sample: NDArray[np.float64]) -> tuple[float, float]:
    """The 2.5 and 97.5 % points of a coefficient's draws, without interpolation.

    NaN is a draw in which nothing varied, which says nothing: it counts as -1 below and as 1 above.
    """
    undefined, tail = int(np.isnan(sample).sum()), int(0.025 * sample.size)
    below, above = tail - undefined, sample.size - 1 - tail
    ordered = np.partition(sample, [max(0, below), above])  # NaN sorts last
    low = -1.0 if below < 0 else float(ordered[below])
    return low, 1.0 if above >= sample.size - undefined else float(ordered[above])


@cache
def _uniforms(draws: int) -> NDArray[np.float32]:
    return np.random.default_rng(SEED).random((SMALL, draws), dtype=np.float32)


def _one_by_one(counts: NDArray[np.int64], n: int, draws: int) -> Draws:
    """An item is of kind j when its uniform number lies between the cumulated shares of j - 1 and j."""
    uniforms = _uniforms(draws)[:n]
    found = np.empty((counts.size, draws))
    before = np.zeros(draws)
    for kind, edge in enumerate(np.cumsum(counts)[:-1] / n):
        below = np.add.reduce((uniforms < np.float32(edge)).view(np.uint8), axis=0, dtype=np.uint8).astype(float)
        found[kind] = below - before
        before = below
    found[-1] = n - before
    return found


def _kind_by_kind(counts: NDArray[np.int64], n: int, draws: int) -> Draws:
    """Each kind is a binomial of what the kinds before it left; the rarest kinds first."""
    random = np.random.default_rng(SEED)
    found = np.empty((counts.size, draws))
    left, items = np.full(draws, float(n)), n
    order = np.argsort(counts, kind="stable")
    for kind in order[:-1]:
        share = counts[kind] / items if items else 0.0
        if items * share * (1 - share) < _SMOOTH:
            drawn = random.binomial(left.astype(np.int64), share).astype(float)
        else:
            z = random.standard_normal(draws)
            drawn = left * share + z * np.sqrt(left * (share * (1 - share))) + (1 - 2 * share) * (z * z - 1) / 6
            drawn = np.clip(np.rint(drawn), 0, left)
        found[kind] = drawn
        left = left - drawn
        items -= int(counts[kind])
    found[order[-1]] = left
    return found
