"""Scored items as arrays, and the histogram that NumPy alone makes of them."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tools.stats.histogram import BINS, SIZE, Bins, Histogram, Tally

Labels = NDArray[np.int8]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Scored:
    """Gold labels and scores of the same items."""

    label: Labels
    score: Scores

    @property
    def histogram(self) -> Histogram:
        """Counted by NumPy, without anything of ours."""
        return Histogram(_bins(self.score[self.label == 1]), _bins(self.score[self.label == 0]))

    @property
    def tally(self) -> Tally:
        """The same, filled bins only."""
        return tally(self.histogram)

    def part(self, which: NDArray[np.bool_]) -> "Scored":
        """Some of the items."""
        return Scored(self.label[which], self.score[which])


def tally(histogram: Histogram) -> Tally:
    """The filled bins of a histogram."""
    positive, negative = np.flatnonzero(histogram.positives), np.flatnonzero(histogram.negatives)
    return Tally(positive, histogram.positives[positive], negative, histogram.negatives[negative])


def drawn(n: int, seed: int, *, decimals: int | None = None, share: float = 0.3) -> Scored:
    """Random items whose scores lean to their labels; with few decimals most of them are ties."""
    draw = np.random.default_rng(seed)
    label = (draw.random(n) < share).astype(np.int8)
    score = np.clip(0.3 + 0.3 * label + draw.normal(0, 0.2, n), 0, 1)
    return Scored(label, (score if decimals is None else np.round(score, decimals)).astype(np.float32))


def _bins(scores: Scores) -> Bins:
    numbers = np.minimum(np.floor(scores.astype(np.float64) * BINS), BINS).astype(np.int64)
    return np.bincount(numbers, minlength=SIZE).astype(np.int64)


_grid = st.integers(0, BINS).map(lambda bin_: np.float32(bin_ / BINS))
_beside = st.tuples(_grid, st.sampled_from([np.float32(0), np.float32(1)])).map(lambda pair: np.nextafter(*pair))
_anywhere = st.floats(0, 1, width=32).map(np.float32)
items = st.lists(st.tuples(st.integers(0, 1), _grid | _beside | _anywhere), max_size=60).map(
    lambda pairs: Scored(
        np.array([label for label, _ in pairs], np.int8), np.array([score for _, score in pairs], np.float32)
    )
)
thresholds = st.integers(0, BINS).map(lambda bin_: bin_ / BINS)
