"""Counts of decisions against gold labels, and the proportions they define."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """True and false positives and negatives; integers, `+` merges slices."""

    tp: int
    fp: int
    fn: int
    tn: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.tn + other.tn)

    @property
    def n(self) -> int:
        """All items."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def positives(self) -> int:
        """Items with a positive gold label."""
        return self.tp + self.fn

    @property
    def negatives(self) -> int:
        """Items with a negative gold label."""
        return self.fp + self.tn
