"""Agreement of raters from pattern counts: percent agreement, Fleiss' kappa, Krippendorff's alpha, Gwet's AC1 and AC2.

Items may have different numbers of raters. Percent agreement is the mean over items with two or more labels of the
share of agreeing pairs, so that each item counts once; the chance agreement of Fleiss and Gwet comes from the mean over
all items of each class's share of the item's labels (Gwet 2014, Handbook of Inter-Rater Reliability, chapters 2 and 3).
With equal numbers both are the formulas of Fleiss (1971) and Gwet (2008).

All of these are functions of sums over items, so a bootstrap of items is one matrix product.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.stats.alpha import coincidences, krippendorff
from tools.stats.intervals import DRAWS, wilson
from tools.stats.ratings import Ratings
from tools.stats.resampling import bounds, resampled

DOMINANT = 0.9  # share of one class from which on kappa and alpha have no room (domain.md)
HIGH_CHANCE = 0.8
FEW = 10  # items' worth of disagreement (or of agreement) below which a bootstrap varies too little
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficient:
    """A value with its 95 % interval; None where it is not defined: nothing to pair, or no variation."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Agreement:
    """How far raters agree. `shares` are the classes' shares of the labels, `chance` is Fleiss' chance agreement.

    `ac` is AC1, or AC2 with Gwet's ordinal weights where the classes are ordered; so is alpha ordinal there.
    """

    items: int
    lone: int
    labels: int
    shares: tuple[float, ...]
    chance: float | None
    percent: Coefficient
    fleiss: Coefficient
    alpha: Coefficient
    ac: Coefficient

    @property
    def dominant(self) -> int:
        """The most frequent class."""
        return max(range(len(self.shares)), key=self.shares.__getitem__)

    @property
    def one_class(self) -> bool:
        """Whether one class leaves kappa and alpha no room: percent agreement and AC1 are then read first."""
        chance = self.chance is not None and self.chance > HIGH_CHANCE
        return bool(self.shares) and (self.shares[self.dominant] > DOMINANT or chance)


class _Values(NamedTuple):
    """Each of shape (draws,); NaN where not defined."""

    percent: Floats
    chance: Floats
    fleiss: Floats
    alpha: Floats
    ac: Floats
    accident: Floats  # Gwet's chance agreement


def agreement(ratings: Ratings, *, ordinal: bool = False, draws: int = DRAWS) -> Agreement:
    """All coefficients with intervals by bootstrap of items; percent agreement has a score interval.

    Raises:
        ValueError: fewer than two classes.
    """
    if ratings.counts.shape[1] < 2:
        raise ValueError("agreement needs at least two classes")
    pairable = ratings.pairable
    labels = ratings.labels
    shares = tuple(float(share) for share in ratings.by_class / max(1, labels))
    nothing = Coefficient(None)
    if not pairable.n:
        return Agreement(0, ratings.n, labels, shares, None, nothing, nothing, nothing, nothing)
    terms = _Terms(ratings, ordinal)
    # The first column is the items as they are, the others are their draws.
    found = terms.values(np.column_stack([ratings.items.astype(float), resampled(ratings.items, draws)]))
    value, chance = float(found.percent[0]), float(found.chance[0])
    percent = _percent(ratings, value, terms.agreeing)
    few = pairable.n * min(value, 1 - value) < FEW
    room, ac_room = (1 - chance, 1 - float(found.accident[0])) if few else (None, None)
    return Agreement(
        pairable.n, ratings.n - pairable.n, labels, shares, chance, percent,
        fleiss=_coefficient(found.fleiss, room, percent),
        alpha=_coefficient(found.alpha, room, percent),
        ac=_coefficient(found.ac, ac_room, percent),
    )  # fmt: skip


@dataclass(frozen=True)
class _Terms:
    """What one item of each pattern adds to the sums that the coefficients are made of."""

    ratings: Ratings
    ordinal: bool

    @cached_property
    def agreeing(self) -> Floats:
        """The share of an item's pairs of labels that agree; 0 where there is no pair."""
        return self._weighted(np.eye(self.ratings.counts.shape[1]))

    def values(self, items: Floats) -> _Values:
        """The coefficients of draws of items, float64 (patterns, draws)."""
        counts, raters = self.ratings.counts, self.ratings.raters
        classes = counts.shape[1]
        weights = ordinal_weights(classes) if self.ordinal else np.eye(classes)
        agreeing = self._weighted(weights) if self.ordinal else self.agreeing
        each = np.stack([raters >= 2, self.agreeing, agreeing, np.ones(raters.size), *(counts / raters[:, None]).T])
        pairable, agreed, agreed_weighted, rated, *shared = each @ items
        matrix = (coincidences(self.ratings).reshape(-1, raters.size) @ items).reshape(classes, classes, -1)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.stack(shared) / rated
            chance = (shares**2).sum(axis=0)
            accident = weights.sum() / (classes * (classes - 1)) * (1 - chance)
            percent = agreed / pairable
            fleiss = np.where(chance < 1 - 1e-12, (percent - chance) / (1 - chance), np.nan)
            ac = (agreed_weighted / pairable - accident) / (1 - accident)
        return _Values(percent, chance, fleiss, krippendorff(matrix, ordinal=self.ordinal), ac, accident)

    def _weighted(self, weights: Floats) -> Floats:
        counts, raters = self.ratings.counts, self.ratings.raters
        agreeing = (counts * (counts @ weights - 1)).sum(axis=1)
        return np.asarray(agreeing / np.maximum(raters * (raters - 1), 1), float)


def ordinal_weights(classes: int) -> Floats:
    """Gwet's ordinal weights (2014): one less the pairs of classes from k to l over all pairs from first to last."""
    steps = np.abs(np.subtract.outer(np.arange(classes), np.arange(classes)))
    return np.asarray(1 - steps * (steps + 1) / (classes * (classes - 1)), float)


def _percent(ratings: Ratings, value: float, agreeing: Floats) -> Coefficient:
    """Wilson's interval at the effective number of items: the mean of shares varies less than a proportion does.

    n * p (1 - p) / variance (Korn and Graubard 1998), which is n itself for two raters an item; at most the labels.
    """
    pairable = ratings.raters >= 2
    items, n = ratings.items[pairable], ratings.pairable.n
    if value in (0.0, 1.0):
        return Coefficient(value, *wilson(round(value * n), n))
    variance = float(items @ (agreeing[pairable] - value) ** 2) / n
    most = float(ratings.pairable.labels)
    effective = min(most, n * value * (1 - value) / variance) if variance else most
    return Coefficient(value, *wilson(value * effective, effective))


def _coefficient(values: Floats, room: float | None, percent: Coefficient) -> Coefficient:
    """The first of the values with the percentile interval of the others.

    With `room` it is at least as wide as that of percent agreement with the chance held fixed: one less a coefficient
    is one less the agreement, over the room that chance leaves. Where few items disagree the draws vary too little, and
    where none does they would feign certainty (R18).
    """
    value = float(values[0])
    if np.isnan(value) or percent.low is None or percent.high is None:
        return Coefficient(None)
    low, high = bounds(values[1:])
    if room:
        low, high = min(low, 1 - (1 - percent.low) / room), max(high, 1 - (1 - percent.high) / room)
    return Coefficient(value, min(max(-1.0, low), value), max(high, value))
