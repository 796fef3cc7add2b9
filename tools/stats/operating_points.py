"""Operating points: which threshold meets a demand, and what it costs, from a score histogram alone.

Every threshold of the 10,000-step grid is tried at once: at threshold t the flagged items are those with a score of at
least t, so true and false positives are the sums of the histogram from t up. Nothing here reads or writes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.stats.counts import Counts
from tools.stats.histogram import BINS, Bins, Histogram, threshold_bin
from tools.stats.intervals import wilson

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_STEPS = (BINS // 100, BINS // 1_000, 1)  # two decimals, three, four


@dataclass(frozen=True)
class Demand:
    """What an operating point must keep, and what it is to be best at; every rate in 0..1.

    `max_flagged` is the share of traffic that may be flagged. `prevalence` is that of the traffic; None: of the set.
    With a `cost_ratio` (false alarms that one miss costs) the best point is the cheapest; else with `min_recall` the
    one with the fewest false alarms; else the one with the highest recall.
    """

    max_fpr: float | None = None
    min_precision: float | None = None
    min_recall: float | None = None
    max_flagged: float | None = None
    prevalence: float | None = None
    cost_ratio: float | None = None


@dataclass(frozen=True)
class Point:
    """A threshold and the counts there."""

    threshold: float
    counts: Counts


@dataclass(frozen=True)
class Choice:
    """The best point for a demand; not `met`: no threshold keeps all of it, and this one comes nearest."""

    point: Point
    met: bool


class Curve:
    """The true and false positives at every threshold of one histogram.

    `bins` are the filled ones, ascending: all thresholds above one of them and up to the next flag the same items. `tp`
    and `fp` (int64, one longer) are the counts up to each of them, and above the last.
    """

    def __init__(self, histogram: Histogram) -> None:
        self.bins = np.flatnonzero(histogram.positives + histogram.negatives)
        self.tp, self.fp = (
            from_above(np.append(bins[self.bins], 0)) for bins in (histogram.positives, histogram.negatives)
        )
        self.positives, self.negatives = int(self.tp[0]), int(self.fp[0])

    def at(self, threshold: float) -> Point:
        """The point at a threshold of up to four decimals."""
        return self._point(threshold_bin(threshold))

    def best(self, demand: Demand, *, keep: float | None = None) -> Choice:
        """The best point for a demand, or where none keeps it, the nearest (see `optimal`).

        Several thresholds often give the same counts: `keep` (such as the one in force) is taken if it is among them,
        else the roundest, nearest the middle of them.

        Raises:
            ValueError: there are no positives or no negatives, so that there is nothing to choose between.
        """
        if not self.positives or not self.negatives:
            raise ValueError("a threshold is chosen between positives and negatives; one of them is missing")
        steps = self._steps
        ties, met = optimal(self.tp[:steps], self.fp[:steps], self.positives, self.negatives, demand)
        first, last = self._same(int(ties.argmax()))
        kept = keep is not None and first <= threshold_bin(keep) <= last
        return Choice(self.at(keep) if keep is not None and kept else self._point(roundest(first, last)), bool(met))

    def safest(self, max_fpr: float) -> Point | None:
        """The lowest threshold whose FPR keeps a budget at the upper bound of its interval too; None without one."""
        # Wilson's upper bound grows with k, so the largest k that keeps the budget is found by halving.
        low, high = -1, self.negatives
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if wilson(middle, self.negatives)[1] <= max_fpr else (low, middle - 1)
        kept = np.flatnonzero(self.fp[: self._steps] <= low)
        return self._point(roundest(*self._same(int(kept[0])))) if kept.size else None

    def lowest(self, max_fpr: float) -> Point | None:
        """The very lowest threshold that keeps a FPR budget, whatever the positives do; None: none keeps it."""
        kept = np.flatnonzero(self.fp[: self._steps] / max(self.negatives, 1) <= max_fpr)
        return self._point(self._same(int(kept[0]))[0]) if kept.size and self.negatives else None

    @property
    def _steps(self) -> int:
        """How many different points there are: flagging nothing is one, unless a score of 1 is flagged always."""
        return self.bins.size + (not self.bins.size or self.bins[-1] < BINS)

    def _same(self, step: int) -> tuple[int, int]:
        """The first and the last bin whose thresholds flag the same items."""
        first = 0 if step == 0 else int(self.bins[step - 1]) + 1
        return first, BINS if step == self.bins.size else int(self.bins[step])

    def rounded(self, demand: Demand, point: Point) -> Point | None:
        """The threshold of two decimals next to a point that keeps the demand too; None: it is one, or none keeps it.

        The one above comes first: it raises no false alarm.
        """
        bin_ = threshold_bin(point.threshold)
        if bin_ % _STEPS[0] == 0:
            return None
        for beside in (bin_ - bin_ % _STEPS[0] + _STEPS[0], bin_ - bin_ % _STEPS[0]):
            if keeps(self._point(beside), demand):
                return self._point(beside)
        return None

    def _point(self, bin_: int) -> Point:
        step = int(np.searchsorted(self.bins, bin_))
        tp, fp = int(self.tp[step]), int(self.fp[step])
        return Point(bin_ / BINS, Counts(tp, fp, self.positives - tp, self.negatives - fp))


def keeps(point: Point, demand: Demand) -> bool:
    """Whether a point keeps every bound of a demand."""
    counts = point.counts
    tp, fp = np.array([counts.tp]), np.array([counts.fp])
    return bool(optimal(tp, fp, counts.positives, counts.negatives, demand)[1])


def roundest(first: int, last: int) -> int:
    """The bin from first to last whose threshold has the fewest decimals (two are enough), nearest the middle."""
    for step in _STEPS:
        low, high = -(-first // step), last // step
        if low <= high:
            return min(max(round((first + last) / 2 / step), low), high) * step
    raise ValueError("there is no bin between these")


def cost(counts: Counts, demand: Demand) -> float:
    """What an item of traffic costs on average in misses and false alarms; the unit is one false alarm.

    Raises:
        ValueError: the demand names no cost ratio.
    """
    if demand.cost_ratio is None:
        raise ValueError("a cost needs a ratio of misses to false alarms")
    total = _cost(counts.fn, counts.fp, counts.positives, counts.negatives, demand)
    return float(total) / (counts.n if demand.prevalence is None else 1)


def optimal(tp: Bins, fp: Bins, positives: int | Bins, negatives: int | Bins, demand: Demand) -> tuple[Mask, Mask]:
    """Where the best points of curves lie, and whether they keep the demand.

    `tp` and `fp` hold a curve along the last axis, many of them along leading axes; `positives` and `negatives` must
    broadcast against them. Returns a mask of the same shape, and the verdicts without the last axis. Where recall
    cannot be kept together with the other bounds, those are kept and recall comes as near as it can.
    """
    fn = positives - tp
    missing = _missing(tp, fp, positives, negatives, demand)
    missing_recall = np.maximum(0.0, (demand.min_recall or 0.0) - tp / np.maximum(positives, 1))
    losses: tuple[Any, Any] = (fn, fp)
    if demand.cost_ratio is not None:
        losses = _cost(fn, fp, positives, negatives, demand), fn
    elif demand.min_recall is not None:
        losses = fp, fn
    ties = np.ones(tp.shape, bool)
    for loss in (missing, missing_recall, *losses):
        left = np.where(ties, loss, np.inf)
        ties = left == left.min(axis=-1, keepdims=True)
    met = (ties & (missing == 0) & (missing_recall == 0)).any(axis=-1)
    return ties, met


def _missing(tp: Bins, fp: Bins, positives: Any, negatives: Any, demand: Demand) -> Floats:
    """How far each point is from each bound but recall's, summed; 0 where all of them are kept."""
    missing = np.zeros(tp.shape)
    if demand.max_fpr is not None:
        missing += np.maximum(0.0, fp / np.maximum(negatives, 1) - demand.max_fpr)
    if demand.min_precision is None and demand.max_flagged is None:
        return missing
    at = demand.prevalence
    right, wrong = tp, fp
    if at is not None:  # re-weighted by Bayes
        right, wrong = at * (tp / np.maximum(positives, 1)), (1 - at) * (fp / np.maximum(negatives, 1))
    flagged = right + wrong
    if demand.min_precision is not None:
        precision = np.divide(right, flagged, out=np.zeros(tp.shape), where=flagged > 0)
        missing += np.maximum(0.0, demand.min_precision - precision)
    if demand.max_flagged is not None:
        share = flagged if at is not None else flagged / np.maximum(positives + negatives, 1)
        missing += np.maximum(0.0, share - demand.max_flagged)
    return missing


def _cost(fn: Any, fp: Any, positives: Any, negatives: Any, demand: Demand) -> Any:
    """Of the whole set where no prevalence is stated (whole numbers, so that ties are ties), else of one item."""
    assert demand.cost_ratio is not None
    if demand.prevalence is None:
        return demand.cost_ratio * fn + fp
    of_misses = demand.cost_ratio * demand.prevalence * (fn / np.maximum(positives, 1))
    return of_misses + (1 - demand.prevalence) * (fp / np.maximum(negatives, 1))


def from_above(bins: Bins) -> Bins:
    """Sums from each bin up, along the last axis."""
    sums: Bins = np.cumsum(bins[..., ::-1], axis=-1)[..., ::-1]
    return sums
