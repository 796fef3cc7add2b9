"""Simpson's reversals: the whole goes one way, its slices the other.

On the same items a rate over gold positives, over negatives or over all items weighs the slices alike for both models,
so its whole is a mean of its slices and cannot go against them all; a small slice can still hide in it. A ratio whose
denominator depends on the model (precision, F-beta) or that mixes two rates (MCC, balanced accuracy, AUC) can reverse,
and so can any metric of two runs whose items differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.stats.intervals import Z

MOST = 0.5  # of the weight: at least this much must go against the whole


@dataclass(frozen=True)
class Part:
    """The difference within one slice, its 95 % bounds, and how much the slice weighs (items behind the metric)."""

    difference: float
    low: float
    high: float
    weight: float


@dataclass(frozen=True)
class Reversal:
    """`within` is the mean difference within slices, weighted alike for both sides, with its 95 % bounds.

    `against` of `parts` slices go against the whole.
    """

    within: float
    low: float
    high: float
    against: int
    parts: int


def reversal(whole: float, *, shown: bool, parts: Sequence[Part]) -> Reversal | None:
    """The reversal, None where there is none: at least half of the weight and the mean go against the whole.

    `shown`: the difference of the whole is beyond chance. Where it is not, the mean within slices must be, since two
    differences of nothing have opposite signs every other time.
    """
    total = sum(part.weight for part in parts)
    if not total or not whole:
        return None
    within = sum(part.weight * part.difference for part in parts) / total
    # Slices share no item, so their errors add up as squares.
    error = sum((part.weight * (part.high - part.low) / (2 * Z)) ** 2 for part in parts) ** 0.5 / total
    low, high = within - Z * error, within + Z * error
    against = [part for part in parts if part.difference * whole < 0]
    if within * whole >= 0 or sum(part.weight for part in against) < MOST * total:
        return None
    return Reversal(within, low, high, len(against), len(parts)) if shown or low > 0 or high < 0 else None
