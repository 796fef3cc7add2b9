"""Krippendorff's alpha from coincidences (Krippendorff 2011, Computing Krippendorff's alpha-reliability)."""

import numpy as np
from numpy.typing import NDArray

from tools.stats.ratings import Ratings

Floats = NDArray[np.float64]


def coincidences(ratings: Ratings) -> Floats:
    """What one item of each pattern adds to the coincidence matrix, float64 (classes, classes, patterns).

    Ordered pairs of labels of an item over its labels less one; items with one label add nothing. Missing labels are
    simply not there.
    """
    counts = ratings.counts.T.astype(float)
    pairs = counts[:, None] * counts[None, :]
    index = np.arange(counts.shape[0])
    pairs[index, index] -= counts
    return np.asarray(pairs / np.maximum(ratings.raters - 1, 1))


def krippendorff(matrix: Floats, *, ordinal: bool) -> Floats:
    """Alpha of coincidence matrices, (classes, classes, ...) -> (...); NaN where only one class occurs.

    Ordinal distances are those of Krippendorff: the labels between two classes, half of both included. That is the
    difference of the classes' mid-ranks, so they follow from each matrix itself.
    """
    by_class = matrix.sum(axis=0)
    n = by_class.sum(axis=0)
    if ordinal:
        # As shares of all labels, so that the rounding of large sums stays small beside their difference.
        ranks = (np.cumsum(by_class, axis=0) - by_class / 2) / np.maximum(n, 1)
        observed = (matrix * (ranks[:, None] - ranks[None, :]) ** 2).sum(axis=(0, 1))
        expected = 2 * (n * (by_class * ranks**2).sum(axis=0) - (by_class * ranks).sum(axis=0) ** 2)
    else:
        observed = n - np.trace(matrix)
        expected = n * n - (by_class**2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 1 - (n - 1) * observed / expected
    return np.asarray(np.where(expected > 1e-9 * n * n, value, np.nan), float)  # below is rounding, not variation
