"""Clusters and weights: intervals of counts whose rows depend on each other, or do not all count the same.

Rows of one cluster (variants of an item, items of one author) fall into one bucket, and buckets are what is
independent. How a metric varies when one bucket after the other is left out, against how it would if rows were
independent, is its design effect (Kish 1965); the counts divided by it are the effective ones, from which the ordinary
interval is made. Weighted counts need nothing else: their design effect brings them to the scale of items.
"""

from dataclasses import dataclass

import numpy as np

from tools.stats.intervals import Z, drawn_interval, student, wilson
from tools.stats.rates import Cells, Share, Statistic, gradient


@dataclass(frozen=True, eq=False)
class ClusterCounts:
    """The four counts by bucket, float64 of shape (buckets, 4): TP, FP, FN, TN, each a sum of weights; `+` merges."""

    counts: Cells

    def __add__(self, other: "ClusterCounts") -> "ClusterCounts":
        return ClusterCounts(self.counts + other.counts)

    @property
    def totals(self) -> Cells:
        """The four counts of all buckets, float64 (4,)."""
        totals: Cells = self.counts.sum(axis=0)
        return totals

    @property
    def weighted(self) -> bool:
        """Whether there are parts of an item."""
        return bool((self.counts != np.rint(self.counts)).any())

    def share(self, share: Share) -> tuple[float, float, float, float] | None:
        """A proportion: value, lower and upper bound (95 %) and the effective n; None of nothing.

        Wilson's interval of the effective counts.
        """
        n = float(self.totals @ np.array(share.n))
        if n <= 0:
            return None
        value = min(1.0, float(self.totals @ np.array(share.k)) / n)
        effective = n / self.design_effect(share.rate, share)
        return value, *wilson(value * effective, effective), effective

    def interval(self, statistic: Statistic) -> tuple[float, float, float] | None:
        """Any function of the counts: value, lower and upper bound (95 %); None where it is not defined.

        Drawn from the effective counts, as `intervals.drawn_interval` does.
        """
        value = float(statistic(self.totals))
        if value != value:
            return None
        effective = self.totals / self.design_effect(statistic)
        low, high = drawn_interval(effective, statistic)
        return value, min(low, value), max(high, value)

    def design_effect(self, statistic: Statistic, share: Share | None = None) -> float:
        """How much larger the variance of a metric is than of independent rows; at least 1 for whole counts.

        Where few buckets carry the variance it is mostly underestimated, so that one more is imagined whose rows all
        depend on each other; and Student's t for as many buckets as there are takes the place of the normal.
        """
        filled = self.counts[self.counts.any(axis=1)]
        sizes = filled.sum(axis=1) if share is None else filled @ np.array(share.n, dtype=float)
        sizes = sizes[sizes > 0]
        if not sizes.size:
            return 1.0
        dependent = float(sizes @ sizes / sizes.sum())
        slopes = gradient(statistic, self.totals)
        alone = float(self.totals @ slopes**2)
        found = dependent
        if np.isfinite(alone) and alone > 0:
            moves = filled @ slopes  # adds up to nought: a metric does not change when all counts double
            together = float(moves @ moves) * _corrected(len(self.counts))
            carriers = float((moves @ moves) ** 2 / np.sum(moves**4)) if together > 0 else 0.0
            found = (carriers * together / alone + dependent) / (carriers + 1)
        least = 0.0 if self.weighted else 1.0
        return max(found, least) * (student(sizes.size - 1) / Z) ** 2


def _corrected(buckets: int) -> float:
    return buckets / (buckets - 1) if buckets > 1 else 1.0
