"""Shares of a whole population from a sample that was drawn unevenly over bands of the score.

Each band is a simple random sample of its own, so an item stands for volume / sampled others: the inverse of its
inclusion probability (Horvitz and Thompson 1952).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.stats.intervals import wilson

# Half the 5 % quantile of chi squared with 2, 4 and 6 degrees of freedom: lower Poisson bounds of 1, 2 and 3 events.
_FEW = {1: 0.051293, 2: 0.355362, 3: 0.817691}
_MANY_TRIALS = 50  # from here on the third of them is used as well


@dataclass(frozen=True)
class Drawn:
    """One band: items in it (or any number in proportion to them), how many were labelled, how many are positive."""

    volume: float
    sampled: int
    positives: int

    @property
    def weight(self) -> float:
        """How many items of the band one labelled item stands for."""
        return self.volume / self.sampled


@dataclass(frozen=True)
class Weighted:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


def weighted_share(drawn: Sequence[Drawn], *, finite: bool = True) -> Weighted:
    """The share of positives in the whole population: the Horvitz-Thompson total over the known volume.

    Without bias whatever the volumes and sample sizes. The interval joins the bands' own score intervals by squares
    (Zou and Donner 2008), since a variance estimated from bands without a positive is zero and covers far too rarely.
    `finite`: the volumes are counts, and what a band was labelled of is known without error.

    Raises:
        ValueError: no band, a band that nobody sampled, or counts that do not fit.
    """
    total, low, high = _total(drawn, finite)
    volume = sum(band.volume for band in drawn)
    return Weighted(total / volume, max(0.0, low / volume), min(1.0, high / volume))


def weighted_recall(flagged: Sequence[Drawn], left: Sequence[Drawn], *, finite: bool = True) -> Weighted:
    """The share of all positives that lie in the flagged bands: recall where the threshold is an edge between bands.

    Hajek's ratio of two weighted totals, nearly without bias (of the order of one over the sampled positives). Its
    interval joins those of the two independent totals in the same way (Donner and Zou 2012); without a positive
    anywhere it is 0 to 1.

    Raises:
        ValueError: as `weighted_share`, for either side.
    """
    found, found_low, found_high = _total(flagged, finite)
    missed, missed_low, missed_high = _total(left, finite)
    if found + missed == 0:
        return Weighted(0.0, 0.0, 1.0)
    value = found / (found + missed)
    below = (value - _ratio(found_low, missed)) ** 2 + (value - _ratio(found, missed_high)) ** 2
    above = (_ratio(found_high, missed) - value) ** 2 + (_ratio(found, missed_low) - value) ** 2
    return Weighted(value, max(0.0, value - below**0.5), min(1.0, value + above**0.5))


def _total(drawn: Sequence[Drawn], finite: bool) -> tuple[float, float, float]:
    """The weighted number of positives with its bounds."""
    if not drawn:
        raise ValueError("no band was sampled")
    total = below = above = 0.0
    for band in drawn:
        if band.volume <= 0 or band.sampled < 1 or not 0 <= band.positives <= band.sampled:
            raise ValueError(f"{band.positives} of {band.sampled} from a volume of {band.volume:g} do not fit")
        if finite and band.sampled > band.volume:
            raise ValueError(f"{band.sampled} were sampled from a volume of {band.volume:g}")
        share = band.positives / band.sampled
        low, high = _bounds(band.positives, band.sampled)
        unknown = 1 - band.sampled / band.volume if finite else 1.0
        total += band.volume * share
        below += unknown * (band.volume * (share - low)) ** 2
        above += unknown * (band.volume * (high - share)) ** 2
    return total, max(0.0, total - below**0.5), total + above**0.5


def _bounds(k: int, n: int) -> tuple[float, float]:
    """The modified Wilson interval (Brown, Cai and DasGupta 2001): Wilson's own lower bound is too high for 1 to 3.

    In rare bands just that happens: a single positive of a band with a large weight would move the lower bound too far
    up, and the whole interval would cover 93 % only.
    """
    low, high = wilson(k, n)
    few = 3 if n > _MANY_TRIALS else 2
    if 1 <= k <= few:
        low = min(low, _FEW[k] / n)
    if 1 <= n - k <= few:
        high = max(high, 1 - _FEW[n - k] / n)
    return low, high


def _ratio(found: float, missed: float) -> float:
    return found / (found + missed) if found + missed else 0.0
