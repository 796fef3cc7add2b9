"""Calibration, whether a score of .8 means 80 %: Brier score, calibration error, and what chance makes of it."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tools.stats.histogram import BINS, SIZE, Histogram
from tools.stats.intervals import DRAWS, SEED, logit_interval, percentiles, steadied, wilson

BANDS = 10  # of equal width, the last one closed
Floats = NDArray[np.float64]
Bounded = tuple[float, float, float]


def brier(histogram: Histogram, design_effect: float = 1.0) -> Bounded | None:
    """The Brier score (1950), mean of (score - label)^2, lower and upper bound (95 %); None without an item.

    Exact where the moments were stored, else a score counts as the middle of its bin (an error below 1e-4). The
    variance of the squared errors is steadied by one imagined item that knows nothing and two that vary as the scores
    claim, if that is more than what was seen; the interval is taken on the logit scale. Squared errors are skewed: with
    5 positives among 50 items a plain interval covers 79 %, this one 93 % or more.
    """
    filled = np.flatnonzero(histogram.positives + histogram.negatives)
    positives, negatives, middles = histogram.positives[filled], histogram.negatives[filled], _middles()[filled]
    n = int(positives.sum() + negatives.sum())
    if not n:
        return None
    errors = (1 - middles) ** 2, middles**2
    mean = float((positives * errors[0] + negatives * errors[1]).sum()) / n
    value = mean if histogram.moments is None else histogram.moments.squared_error / n
    squares = float((positives * errors[0] ** 2 + negatives * errors[1] ** 2).sum()) / n
    support = n / design_effect
    if not 0 < value < 1:
        return value, *wilson(value * support, support)
    rarer = min(int(positives.sum()), int(negatives.sum())) / design_effect
    seen, claimed = max(0.0, squares - mean * mean) / max(1, n - 1), _claimed(positives + negatives, middles) / n
    mixed = (rarer * seen + 2 * max(seen, claimed)) / (rarer + 2) * design_effect
    return value, *logit_interval(value, steadied(mixed, value * (1 - value) / support, rarer + 2))


def calibration_error(histogram: Histogram, design_effect: float = 1.0) -> Bounded | None:
    """Expected calibration error, lower and upper bound (95 %); None without an item.

    The gaps between mean score and share of positives of ten bands, weighed by their items (Naeini et al. 2015); exact
    where the moments were stored. Chance alone makes gaps, so the value is too high, and resampled ones are higher
    still: the lower bound is the mirror image of the resampled upper point, and nought where a perfectly calibrated
    model would show as much. The upper bound is the resampled upper point, which is cautious: 96 % or more.
    """
    bands = _bands(histogram)
    if bands is None:
        return None
    value = min(1.0, float(np.abs(bands.gaps).sum()))
    own, perfect = bands.seen * design_effect, bands.claimed * design_effect
    normals = _normals()
    upper = percentiles(np.abs(bands.gaps + normals * np.sqrt(np.maximum(own, perfect))).sum(axis=1))[1]
    chance = percentiles(np.abs(normals) @ np.sqrt(perfect))[1]
    low = 0.0 if value <= chance else max(0.0, min(value, 2 * value - upper))
    return value, low, min(1.0, max(value, upper))


def chance_error(histogram: Histogram) -> float | None:
    """The calibration error that a perfectly calibrated model with these scores would show on as many items."""
    bands = _bands(histogram)
    return None if bands is None else float(np.sqrt(2 / np.pi) * np.sqrt(bands.claimed).sum())


@dataclass(frozen=True)
class _Bands:
    """Of each band the signed gap, sum of (score - label) / n, and its variance.

    `seen` follows from the errors there are, `claimed` from the scores, if they were the chances that they claim to be.
    """

    gaps: Floats
    seen: Floats
    claimed: Floats


def _bands(histogram: Histogram) -> _Bands | None:
    filled = np.flatnonzero(histogram.positives + histogram.negatives)
    positives, negatives, middles = histogram.positives[filled], histogram.negatives[filled], _middles()[filled]
    items = positives + negatives
    n = int(items.sum())
    if not n:
        return None
    # The last bin holds scores of exactly 1 and belongs to the last band.
    band = np.minimum(filled // (BINS // BANDS), BANDS - 1)

    def summed(values: NDArray[np.generic]) -> Floats:
        return np.bincount(band, np.asarray(values, dtype=float), BANDS).astype(np.float64)

    sums = summed(items * middles) if histogram.moments is None else histogram.moments.sums.reshape(BANDS, -1).sum(1)
    gaps = (sums - summed(positives)) / n
    in_band = summed(items)
    squares = summed(positives * (1 - middles) ** 2 + negatives * middles**2)
    seen = squares - np.divide((gaps * n) ** 2, in_band, out=np.zeros(BANDS), where=in_band > 0)
    claimed = summed(items * middles * (1 - middles))
    return _Bands(gaps, np.maximum(0.0, seen) / n**2, claimed / n**2)


def _claimed(items: NDArray[np.int64], scores: Floats) -> float:
    """The variance of a squared error, if each score were the chance that it claims to be."""
    chance = scores * (1 - scores)
    n = float(items.sum())
    mean = float((items * chance).sum()) / n
    return float((items * (chance * (1 - 2 * scores) ** 2 + chance**2)).sum()) / n - mean * mean


@cache
def _middles() -> Floats:
    middles = np.minimum((np.arange(SIZE) + 0.5) / BINS, 1.0)
    middles.setflags(write=False)
    return middles


@cache
def _normals() -> Floats:
    normals = np.random.default_rng(SEED).standard_normal((DRAWS, BANDS))
    normals.setflags(write=False)
    return normals
