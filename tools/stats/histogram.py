"""Score histograms: 10,000 equal bins on [0, 1], so that every threshold of up to four decimals is exact.

Bin b holds scores s with b/10,000 <= s < (b+1)/10,000; bin 10,000 holds scores of exactly 1. A slice cell keeps only
the bins that are filled (`Tally`), because it holds far fewer scores than there are bins; a question sums tallies into
one dense `Histogram`.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tools.stats.counts import Counts
from tools.stats.moments import Moments, summed

BINS = 10_000
SIZE = BINS + 1
Bins = NDArray[np.int64]
_RAW, _COMPRESSED = b"r", b"z"
_WORTH_COMPRESSING = 128  # bytes; below, zlib saves nothing and costs more than the rest of reading a cell


@dataclass(frozen=True)
class Histogram:
    """Scores of the positives and of the negatives of a slice; both arrays int64 of shape (SIZE,).

    `moments` are the sums of the same scores; None where they were not stored.
    """

    positives: Bins
    negatives: Bins
    moments: Moments | None = None

    def __add__(self, other: "Histogram") -> "Histogram":
        moments = summed([self.moments, other.moments])
        return Histogram(self.positives + other.positives, self.negatives + other.negatives, moments)

    def at(self, threshold: float) -> Counts:
        """The counts when `score >= threshold` is positive; exact for thresholds of up to four decimals."""
        edge = threshold_bin(threshold)
        tp, fp = int(self.positives[edge:].sum()), int(self.negatives[edge:].sum())
        return Counts(tp, fp, int(self.positives.sum()) - tp, int(self.negatives.sum()) - fp)


@dataclass(frozen=True)
class Tally:
    """The filled bins of one cell: bin numbers and counts (int64, equal length) of the positives and the negatives."""

    positive_bins: Bins
    positive_counts: Bins
    negative_bins: Bins
    negative_counts: Bins

    @property
    def positives(self) -> int:
        """Items with a positive label."""
        return int(self.positive_counts.sum())

    @property
    def negatives(self) -> int:
        """Items with a negative label."""
        return int(self.negative_counts.sum())

    def pack(self) -> bytes:
        """The tally as bytes, compressed where that is worth it; `unpack` is the inverse.

        Steps between bins and counts are mostly below 256, so their low bytes stand together and compress well.
        """
        steps = [np.diff(bins, prepend=0) for bins in (self.positive_bins, self.negative_bins)]
        numbers = np.concatenate([*steps, self.positive_counts, self.negative_counts])
        # Counts of up to 2**31 fit four bytes; a cell with more in one bin is refused rather than wrapped around.
        if numbers.size and numbers.max() >= 2**31:
            raise ValueError("more than two billion items in one bin of one cell")
        width = 1 if not numbers.size or numbers.max() < 2**8 else 2 if numbers.max() < 2**16 else 4
        planes = numbers.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :width].T.tobytes()
        data = np.array([width, self.positive_bins.size], "<i4").tobytes() + planes
        return _COMPRESSED + zlib.compress(data, 9) if len(data) >= _WORTH_COMPRESSING else _RAW + data

    @classmethod
    def unpack(cls, packed: bytes) -> "Tally":
        """The tally that `pack` wrote."""
        data = zlib.decompress(packed[1:]) if packed[:1] == _COMPRESSED else packed[1:]
        width, k = (int(number) for number in np.frombuffer(data, "<i4", 2))
        planes = np.frombuffer(data, np.uint8, offset=8).reshape(width, -1)
        padded = np.zeros((planes.shape[1], 4), np.uint8)
        padded[:, :width] = planes.T
        numbers: Bins = padded.view("<i4").ravel().astype(np.int64)
        m = numbers.size // 2 - k
        ends = np.cumsum([0, k, m, k, m])
        parts = [numbers[start:end] for start, end in pairwise(ends)]
        return cls(np.cumsum(parts[0]), parts[2], np.cumsum(parts[1]), parts[3])


def total(tallies: Iterable[Tally]) -> Histogram:
    """The sum of tallies; of none, a histogram of nothing."""
    pieces = list(tallies)
    return Histogram(
        _dense([t.positive_bins for t in pieces], [t.positive_counts for t in pieces]),
        _dense([t.negative_bins for t in pieces], [t.negative_counts for t in pieces]),
    )


def merged(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies, as a tally; one alone is returned as it is."""
    pieces = list(tallies)
    if len(pieces) == 1:
        return pieces[0]
    whole = total(pieces)
    positive, negative = np.flatnonzero(whole.positives), np.flatnonzero(whole.negatives)
    return Tally(positive, whole.positives[positive], negative, whole.negatives[negative])


def threshold_bin(threshold: float) -> int:
    """The first bin at or above the threshold.

    Raises:
        ValueError: the threshold is outside [0, 1].
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"a threshold lies between 0 and 1, not {threshold:g}")
    return round(threshold * BINS)


def _dense(bins: list[Bins], counts: list[Bins]) -> Bins:
    dense = np.zeros(SIZE, np.int64)
    if bins:
        np.add.at(dense, np.concatenate(bins), np.concatenate(counts))
    return dense
