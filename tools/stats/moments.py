"""Sums of scores: what calibration needs beside the histogram, whatever a score's place within its bin."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BANDS = 20  # of width 1/20: calibration by 10 or by 20 bands is exact


@dataclass(frozen=True)
class Moments:
    """`sums`: the scores of all items, summed by band of the score, float64 of shape (BANDS,), the last band closed.

    `squared_error` is the sum over items of (score - label) ** 2, the Brier score's numerator.
    """

    sums: NDArray[np.float64]
    squared_error: float

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.sums + other.sums, self.squared_error + other.squared_error)

    def pack(self) -> bytes:
        """The moments as bytes; `unpack` is the inverse."""
        return np.append(self.sums, self.squared_error).astype("<f8").tobytes()

    @classmethod
    def unpack(cls, packed: bytes) -> "Moments":
        """The moments that `pack` wrote."""
        numbers = np.frombuffer(packed, "<f8")
        return cls(numbers[:BANDS].copy(), float(numbers[BANDS]))


def summed(parts: Iterable[Moments | None]) -> Moments | None:
    """The sum of moments; None as soon as one part has none, for a sum of some would pass for a sum of all."""
    total = Moments(np.zeros(BANDS), 0.0)
    for part in parts:
        if part is None:
            return None
        total = total + part
    return total
