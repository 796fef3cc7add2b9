"""Held out: what a rule for picking thresholds gives on items it did not see, estimated from counts alone.

A threshold that is picked and measured on the same items flatters itself. Items of one bin are alike, so a random
split into folds is a multinomial draw for each bin: a threshold is picked on all folds but one and counted on that one,
each item once a draw (cross-fitting). The same seed gives the same estimate, today and tomorrow.
"""

from dataclasses import dataclass

import numpy as np

from tools.stats.histogram import SIZE, Bins, Histogram
from tools.stats.intervals import SEED
from tools.stats.operating_points import Demand, from_above, optimal

FOLDS, DRAWS = 5, 4
_MOST_BINS = 2_000  # more are joined: with so many items a pick is as good to a wider step, and the cost stays small


@dataclass(frozen=True)
class HeldOut:
    """Mean true and false positives over the draws, of so many positives and negatives."""

    tp: float
    fp: float
    positives: int
    negatives: int

    @property
    def recall(self) -> float:
        """0 where there are no positives."""
        return self.tp / self.positives if self.positives else 0.0

    @property
    def fpr(self) -> float:
        """0 where there are no negatives."""
        return self.fp / self.negatives if self.negatives else 0.0

    def precision(self, prevalence: float | None = None) -> float | None:
        """On the set as it is, or at a prevalence; None where nothing was flagged."""
        right, wrong = self.tp, self.fp
        if prevalence is not None:
            right, wrong = prevalence * self.recall, (1 - prevalence) * self.fpr
        return right / (right + wrong) if right + wrong else None


def held_out(histogram: Histogram, demand: Demand, draws: int = DRAWS) -> HeldOut:
    """What picking by a demand gives on items that were not picked on."""
    positives, negatives = _compact(histogram)
    draw = np.random.default_rng(SEED)
    held = [_folds(bins, draws, draw) for bins in (positives, negatives)]
    tp, fp = (from_above(bins - fold) for bins, fold in zip((positives, negatives), held, strict=True))
    ties, _ = optimal(tp, fp, tp[..., :1], fp[..., :1], demand)
    first, last = ties.argmax(axis=-1), ties.shape[-1] - 1 - ties[..., ::-1].argmax(axis=-1)
    picked = ((first + last) // 2)[..., None]
    found = [float(np.take_along_axis(from_above(fold), picked, axis=-1).sum()) / draws for fold in held]
    return HeldOut(found[0], found[1], int(positives.sum()), int(negatives.sum()))


def _folds(bins: Bins, draws: int, draw: np.random.Generator) -> Bins:
    """Each bin's items dealt at random to folds: int64 of shape (draws, FOLDS, bins)."""
    dealt = draw.multinomial(bins, [1 / FOLDS] * FOLDS, size=(draws, bins.size))
    return np.ascontiguousarray(dealt.transpose(0, 2, 1))


def _compact(histogram: Histogram) -> tuple[Bins, Bins]:
    """The filled bins, joined to at most so many, and an empty one above them: flagging nothing is a choice too."""
    filled = np.flatnonzero(histogram.positives + histogram.negatives)
    if filled.size > _MOST_BINS:
        starts = filled[np.linspace(0, filled.size, _MOST_BINS, endpoint=False).astype(np.int64)]
        pieces = [np.add.reduceat(bins, starts) for bins in (histogram.positives, histogram.negatives)]
    else:
        pieces = [bins[filled] for bins in (histogram.positives, histogram.negatives)]
    if not filled.size or filled[-1] < SIZE - 1:  # a score of exactly 1 is flagged at every threshold
        pieces = [np.append(bins, 0) for bins in pieces]
    return pieces[0], pieces[1]
