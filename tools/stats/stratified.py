"""A labelling budget spread over bands of the score, never without a part that is drawn at random over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from tools.stats.histogram import BINS, Histogram, threshold_bin

BANDS = 5
FLOOR = 0.2  # of the labels are drawn at random over all scores: what the score does not see is still found
FEWEST = 2  # labels of a band: with one there is no telling how much the band varies
_CELLS = 100  # of the score, from whose edges those of the bands are chosen


@dataclass(frozen=True)
class Band:
    """Scores from `low` up to below `high` (the last one includes it), their volume, and the share expected positive.

    `volume` counts items, or is any number in proportion to them.
    """

    low: float
    high: float
    volume: float
    rate: float

    @property
    def spread(self) -> float:
        """Volume times the standard deviation of one label: what the best allocation is proportional to."""
        return float(self.volume * (self.rate * (1 - self.rate)) ** 0.5)


@dataclass(frozen=True)
class Stratum:
    """A band with the labels it gets; `random` of them are its part of the random floor."""

    band: Band
    sample: int
    random: int

    @property
    def probability(self) -> float:
        """The inclusion probability of an item of the band."""
        return self.sample / self.band.volume

    @property
    def weight(self) -> float:
        """The inverse-probability weight: how many items of the band a labelled one stands for."""
        return self.band.volume / self.sample


@dataclass(frozen=True)
class Allocation:
    """A labelling budget over strata, with what it is expected to tell of the share of positives."""

    strata: tuple[Stratum, ...]
    finite: bool

    @property
    def labels(self) -> int:
        """The whole budget."""
        return sum(stratum.sample for stratum in self.strata)

    @property
    def random(self) -> int:
        """Labels of the random floor."""
        return sum(stratum.random for stratum in self.strata)

    @property
    def rate(self) -> float:
        """The expected share of positives of the population."""
        return sum(s.band.volume * s.band.rate for s in self.strata) / self._volume

    @property
    def standard_error(self) -> float:
        """The expected standard error of the weighted share of positives."""
        variance = sum(s.band.spread**2 / s.sample * (1 - s.probability if self.finite else 1) for s in self.strata)
        return float(variance**0.5 / self._volume)

    @property
    def simple_error(self) -> float:
        """The standard error of as many labels drawn at random from everything, without regard to the score."""
        unknown = 1 - self.labels / self._volume if self.finite else 1.0
        return float((self.rate * (1 - self.rate) / self.labels * unknown) ** 0.5)

    @property
    def worth(self) -> float:
        """How many labels drawn at random from everything would tell as much."""
        return self.rate * (1 - self.rate) / self.standard_error**2

    @property
    def _volume(self) -> float:
        return sum(stratum.band.volume for stratum in self.strata)


def score_bands(
    histogram: Histogram, threshold: float, prevalence: float | None = None, bands: int = BANDS
) -> tuple[Band, ...]:
    """Bands of the score, their volumes per item and their expected rates, from the scores of a labelled set.

    The edges follow the cumulated square root of the frequency (Dalenius and Hodges 1959); the threshold is one of
    them, so that what is flagged and what is not can be told apart afterwards. With a `prevalence`, positives and
    negatives are weighted to it. Half an item is added to each class of a band, so that no band is taken for certain.

    Raises:
        ValueError: no positives or no negatives, whose scores are then unknown.
    """
    positives, negatives = int(histogram.positives.sum()), int(histogram.negatives.sum())
    if not positives or not negatives:
        raise ValueError("without positives and negatives no rate by score is known")
    share = positives / (positives + negatives) if prevalence is None else prevalence
    density = share * histogram.positives / positives + (1 - share) * histogram.negatives / negatives
    edges = _edges(density, threshold_bin(threshold), bands)
    found = []
    for low, high in pairwise(edges):
        within = slice(low, high if high < BINS else None)
        pos = share * (float(histogram.positives[within].sum()) + 0.5) / positives
        neg = (1 - share) * (float(histogram.negatives[within].sum()) + 0.5) / negatives
        found.append(Band(low / BINS, high / BINS, float(density[within].sum()), pos / (pos + neg)))
    return tuple(found)


def allocate(bands: Sequence[Band], labels: int, floor: float = FLOOR, *, finite: bool = True) -> Allocation:
    """Spread a budget: the random floor in proportion to the volumes, the rest where it lowers the error most.

    The rest follows Neyman (1934): in proportion to volume times standard deviation. `finite`: the volumes are counts,
    no band gets more labels than it has items; else the population has no end. Bands without volume are left out.

    Raises:
        ValueError: a floor outside (0, 1), a budget too small for it and two labels a band, or one above the items.
    """
    if not 0 < floor < 1:
        raise ValueError(f"a random floor of {floor:g} is no share of a budget")
    held = [band for band in bands if band.volume > 0]
    volume = sum(band.volume for band in held)
    room = [int(band.volume) if finite else labels for band in held]
    random = _apportion(ceil(floor * labels - 1e-9), [band.volume for band in held], room)
    least = [max(0, min(FEWEST, most) - given) for most, given in zip(room, random, strict=True)]
    if not held or sum(random) + sum(least) > labels or labels > sum(room):
        raise ValueError(f"{labels} labels do not fit {len(held)} bands of {volume:g} items")
    left = [most - given - more for most, given, more in zip(room, random, least, strict=True)]
    best = _apportion(labels - sum(random) - sum(least), [band.spread for band in held], left)
    strata = (
        Stratum(band, given + more + most, given)
        for band, given, more, most in zip(held, random, least, best, strict=True)
    )
    return Allocation(tuple(strata), finite)


def _apportion(whole: int, sizes: Sequence[float], room: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to sizes, none above its room: largest remainders; what is over goes to the rest."""
    given = [0] * len(sizes)
    while (left := whole - sum(given)) > 0:
        open_ = [at for at in range(len(sizes)) if given[at] < room[at]]
        if not open_:
            break
        size = sum(sizes[at] for at in open_)
        exact = {at: left * sizes[at] / size if size else left / len(open_) for at in open_}
        parts = {at: min(int(exact[at]), room[at] - given[at]) for at in open_}
        for at in sorted(open_, key=lambda at: parts[at] - exact[at])[: left - sum(int(e) for e in exact.values())]:
            parts[at] = min(parts[at] + 1, room[at] - given[at])
        for at, part in parts.items():
            given[at] += part
    return given


def _edges(density: NDArray[np.float64], threshold: int, bands: int) -> list[int]:
    """Bin numbers of the edges, from 0 to BINS, the threshold among them where it lies between."""
    width = BINS // _CELLS
    cells = density[:BINS].reshape(_CELLS, width).sum(axis=1)
    cells[-1] += density[BINS]
    cumulated = np.cumsum(np.sqrt(cells))
    wanted = cumulated[-1] * np.arange(1, bands) / bands
    edges = sorted({int(cell + 1) * width for cell in np.searchsorted(cumulated, wanted)} - {BINS})
    if 0 < threshold < BINS and threshold not in edges:
        if len(edges) >= bands - 1:
            edges.remove(min(edges, key=lambda edge: abs(edge - threshold)))
        edges = sorted([*edges, threshold])
    return [0, *edges, BINS]
