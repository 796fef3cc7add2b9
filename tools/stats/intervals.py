"""95 % intervals from counts alone.

Proportions: Wilson (1927), score interval. Ratios of several counts (F1): the bootstrap of independent rows makes the
counts Multinomial(n, counts/n), so resampling costs O(draws), whatever n.
"""

from statistics import NormalDist

import numpy as np

from tools.stats.counts import Counts

Z = NormalDist().inv_cdf(0.975)
DRAWS = 2_000
SEED = 20_261_101  # one seed for every interval: the same counts give the same interval, today and tomorrow


def wilson(k: int, n: int, z: float = Z) -> tuple[float, float]:
    """The Wilson score interval of k successes in n trials; (0, 1) when n is 0.

    Raises:
        ValueError: not 0 <= k <= n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no proportion")
    if n == 0:
        return 0.0, 1.0
    p, zz = k / n, z * z
    centre = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * (p * (1 - p) / n + zz / (4 * n * n)) ** 0.5
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if k == n else min(1.0, centre + half)
    return low, high


def f1_interval(counts: Counts, draws: int = DRAWS) -> tuple[float, float]:
    """The count-multinomial percentile interval of F1; (0, 1) where F1 is not defined.

    Without a true positive, or without an error, every draw is the same and would feign certainty (R18). F1 is
    2s / (1 + s) of the share s of true positives among all that are positive or flagged, so Wilson's bounds of s serve.
    """
    if not 2 * counts.tp + counts.fp + counts.fn:
        return 0.0, 1.0
    if not counts.tp or not counts.fp + counts.fn:
        low, high = wilson(counts.tp, counts.tp + counts.fp + counts.fn)
        return 2 * low / (1 + low), 2 * high / (1 + high)
    cells = np.array([counts.tp, counts.fp, counts.fn, counts.tn], dtype=float)
    drawn = np.random.default_rng(SEED).multinomial(counts.n, cells / counts.n, size=draws)
    tp, fp, fn = drawn[:, 0], drawn[:, 1], drawn[:, 2]
    below = 2 * tp + fp + fn
    values = np.divide(2.0 * tp, below, out=np.zeros(draws), where=below > 0)
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
