"""The area under the ROC curve, from a score histogram or from raw scores, with DeLong's interval."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tools.stats.histogram import Histogram
from tools.stats.intervals import logit_interval, steadied, wilson

Tallies = NDArray[np.int64]  # how many at each score, in ascending order of the scores


def auc(histogram: Histogram, design_effect: float = 1.0) -> tuple[float, float, float] | None:
    """AUC, lower and upper bound (95 %); None without a positive or without a negative.

    Ties within a bin count one half, as Mann and Whitney do. The variance is DeLong's (1988), steadied (see
    `intervals.steadied`) and multiplied by the design effect where items depend on each other; the interval is taken
    on the logit scale, so that it stays within (0, 1). A perfect separation has no variance: its lower bound is then
    Wilson's for the smaller class without an error. Nor has one score for everything: its variance is then Mann and
    Whitney's (1947), where nothing separates the classes.
    """
    filled = np.flatnonzero(histogram.positives + histogram.negatives)
    return _bounded(histogram.positives[filled], histogram.negatives[filled], design_effect)


def exact_auc(scores: ArrayLike, labels: ArrayLike) -> tuple[float, float, float] | None:
    """The same from raw scores and labels (1 positive), one by one: no bins, equal to scikit-learn to 1e-12."""
    return _bounded(*tallied(scores, labels), 1.0)


def tallied(scores: ArrayLike, labels: ArrayLike) -> tuple[Tallies, Tallies]:
    """Positives and negatives at each different score, in ascending order of the scores.

    Raises:
        ValueError: as many labels as scores are needed, none of them NaN.
    """
    score, label = np.asarray(scores), np.asarray(labels) == 1
    if score.shape != label.shape or np.isnan(score).any():
        raise ValueError(f"{score.size} scores and {label.size} labels do not fit, or a score is NaN")
    levels, place = np.unique(score, return_inverse=True)
    positives = np.bincount(place[label], minlength=levels.size).astype(np.int64)
    return positives, np.bincount(place[~label], minlength=levels.size).astype(np.int64)


def delong(positives: Tallies, negatives: Tallies) -> tuple[float, float]:
    """AUC and its variance by DeLong, DeLong and Clarke-Pearson (1988), from at least two items of each label.

    Their placement values depend on the score alone, so all of it costs O(scores).
    """
    m, n = int(positives.sum()), int(negatives.sum())
    below = np.cumsum(negatives) - negatives / 2
    value = _product(positives, below) / (m * n)
    of_positive, of_negative = below / n, (m - np.cumsum(positives) + positives / 2) / m
    first = _product(positives, (of_positive - value) ** 2) / (m - 1) / m
    return value, first + _product(negatives, (of_negative - value) ** 2) / (n - 1) / n


def _bounded(positives: Tallies, negatives: Tallies, design_effect: float) -> tuple[float, float, float] | None:
    m, n = int(positives.sum()), int(negatives.sum())
    if not m or not n:
        return None
    if m < 2 or n < 2:
        return _product(positives, np.cumsum(negatives) - negatives / 2) / (m * n), 0.0, 1.0
    value, variance = delong(positives, negatives)
    smaller = min(m, n) / design_effect
    if value in (0.0, 1.0):
        return value, *wilson(value * smaller, smaller)
    if variance == 0:
        variance = (m + n + 1) / (12 * m * n)
    spread = steadied(variance * design_effect, value * (1 - value) / smaller, smaller)
    return value, *logit_interval(value, spread)


def _product(counts: Tallies, values: NDArray[np.float64]) -> float:
    # Not `@`: OpenBLAS takes threads for more than 10,000 numbers, and 20 ms instead of 20 us where cores are busy.
    return float((counts * values).sum())
