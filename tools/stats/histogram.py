"""Score histograms: 10,000 equal bins on [0, 1], so that every threshold of up to four decimals is exact.

Bin b holds scores s with b/10,000 <= s < (b+1)/10,000; bin 10,000 holds scores of exactly 1. Stored sparsely, because
a slice cell holds far fewer scores than there are bins.
"""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.stats.counts import Counts

BINS = 10_000
SIZE = BINS + 1
Bins = NDArray[np.int64]


@dataclass(frozen=True)
class Histogram:
    """Scores of the positives and of the negatives of one cell; both arrays int64 of shape (SIZE,)."""

    positives: Bins
    negatives: Bins

    @classmethod
    def empty(cls) -> "Histogram":
        """A histogram of nothing: the neutral element of `+`."""
        return cls(np.zeros(SIZE, np.int64), np.zeros(SIZE, np.int64))

    def __add__(self, other: "Histogram") -> "Histogram":
        return Histogram(self.positives + other.positives, self.negatives + other.negatives)

    def at(self, threshold: float) -> Counts:
        """The counts when `score >= threshold` is positive; exact for thresholds of up to four decimals."""
        edge = threshold_bin(threshold)
        tp, fp = int(self.positives[edge:].sum()), int(self.negatives[edge:].sum())
        return Counts(tp, fp, int(self.positives.sum()) - tp, int(self.negatives.sum()) - fp)

    def pack(self) -> bytes:
        """Compressed (bin, count) pairs of both arrays; `unpack` is the inverse."""
        parts = []
        for bins in (self.positives, self.negatives):
            filled = np.flatnonzero(bins)
            parts += [np.array([filled.size], "<i8"), filled.astype("<i8"), bins[filled].astype("<i8")]
        return zlib.compress(np.concatenate(parts).tobytes(), 6)

    @classmethod
    def unpack(cls, packed: bytes) -> "Histogram":
        """The histogram that `pack` wrote."""
        data = np.frombuffer(zlib.decompress(packed), "<i8")
        arrays, at = [], 0
        for _ in range(2):
            size = int(data[at])
            bins = np.zeros(SIZE, np.int64)
            bins[data[at + 1 : at + 1 + size]] = data[at + 1 + size : at + 1 + 2 * size]
            arrays.append(bins)
            at += 1 + 2 * size
        return cls(arrays[0], arrays[1])


def threshold_bin(threshold: float) -> int:
    """The first bin at or above the threshold.

    Raises:
        ValueError: the threshold is outside [0, 1].
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"a threshold lies between 0 and 1, not {threshold:g}")
    return round(threshold * BINS)
