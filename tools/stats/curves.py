"""The area under the ROC curve from a score histogram, with DeLong's interval."""

from math import exp, log

import numpy as np

from tools.stats.histogram import Histogram
from tools.stats.intervals import Z, wilson


def auc(histogram: Histogram) -> tuple[float, float, float] | None:
    """AUC, lower and upper bound (95 %); None without a positive or without a negative.

    Ties within a bin count one half, as Mann and Whitney do. The variance is DeLong's (1988), whose placement values
    depend on the score alone and so come from the histogram in O(bins); the interval is taken on the logit scale, so
    that it stays within (0, 1). A perfect separation has no variance: its lower bound is then Wilson's for the smaller
    class without an error. Nor has one score for everything: its variance is then Mann and Whitney's (1947), where
    nothing separates the classes.
    """
    pos, neg = histogram.positives, histogram.negatives
    m, n = int(pos.sum()), int(neg.sum())
    if not m or not n:
        return None
    negatives_below = np.cumsum(neg) - neg / 2
    positives_above = m - np.cumsum(pos) + pos / 2
    of_positive, of_negative = negatives_below / n, positives_above / m
    value = float(pos @ of_positive / m)
    if m < 2 or n < 2:
        return value, 0.0, 1.0
    variance = float(pos @ (of_positive - value) ** 2 / (m - 1) / m + neg @ (of_negative - value) ** 2 / (n - 1) / n)
    if value in (0.0, 1.0):
        smaller = min(m, n)
        return value, *(wilson(smaller, smaller) if value == 1 else wilson(0, smaller))
    if variance == 0:
        variance = (m + n + 1) / (12 * m * n)
    half = Z * variance**0.5 / (value * (1 - value))
    logit = log(value / (1 - value))
    return value, 1 / (1 + exp(half - logit)), 1 / (1 + exp(-half - logit))
