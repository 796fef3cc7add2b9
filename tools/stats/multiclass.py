"""More than two classes: precision, recall and F1 of each, their macro and weighted means, from confusion counts."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.stats.counts import Counts
from tools.stats.intervals import logit_interval, wilson

Part = Literal["precision", "recall", "f1"]
PARTS: tuple[Part, ...] = ("precision", "recall", "f1")
Floats = NDArray[np.float64]
Bounded = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Confusion:
    """How often each class was called which: int64 of shape (classes, classes), gold by row, called by column."""

    counts: NDArray[np.int64]

    @property
    def n(self) -> int:
        """All items."""
        return int(self.counts.sum())

    @property
    def right(self) -> int:
        """Items that were called what they are: accuracy is right / n, and so are micro precision, recall and F1."""
        return int(np.trace(self.counts))

    @cached_property
    def classes(self) -> NDArray[np.int64]:
        """The classes that occur, in gold or in what was called; means are over these, as in scikit-learn."""
        found: NDArray[np.int64] = np.flatnonzero(self._gold + self._called)
        return found

    def of(self, class_: int) -> Counts:
        """One class against all others."""
        tp = int(self.counts[class_, class_])
        gold, called = int(self._gold[class_]), int(self._called[class_])
        return Counts(tp, called - tp, gold - tp, self.n - gold - called + tp)

    def confused(self) -> list[tuple[int, int, int]]:
        """Every confusion that happened: gold class, class it was called, how often; the most frequent first."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        pairs = [(int(gold), int(called), int(wrong[gold, called])) for gold, called in np.argwhere(wrong)]
        return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))

    def macro(self, part: Part) -> Bounded | None:
        """The plain mean over the classes, each counting the same: value and bounds; None of nothing.

        A class that was never called has precision 0, one without a gold item recall 0 (zero division as in
        scikit-learn's default). The variance is the delta method's over the multinomial counts (Takahashi et al. 2022),
        steadied class by class, for a small class without an error has no variance of its own; on the logit scale.
        Where nothing is wrong, the bounds of the classes are joined by squares.
        """
        return self._mean(part, np.full(len(self.classes), 1 / max(1, len(self.classes))))

    def weighted(self, part: Part) -> Bounded | None:
        """The mean over the classes by their share of the gold items, which is left to chance as well."""
        return self._mean(part, self._gold[self.classes] / max(1, self.n), by_gold=True)

    def _mean(self, part: Part, weights: Floats, *, by_gold: bool = False) -> Bounded | None:
        if not self.n:
            return None
        if self.right in (0, self.n):
            return float(self.right > 0), *self._certain(part, weights)
        kept = self.counts[np.ix_(self.classes, self.classes)].astype(float)
        value = float((weights * _each(part, kept)).sum())
        slopes = _slopes(part, weights, kept) + (_each(part, kept)[:, None] / self.n if by_gold else 0.0)
        variance = float((kept * slopes**2).sum() - (kept * slopes).sum() ** 2 / self.n)
        items = _below(part, kept) / (2 if part == "f1" else 1)
        spread = np.divide(value * (1 - value), items * (items + 1), out=np.zeros(len(items)), where=items > 0)
        unseen = float((weights**2 * spread).sum())
        return value, *logit_interval(value, variance + unseen)

    def _certain(self, part: Part, weights: Floats) -> tuple[float, float]:
        """Bounds where every class is all right or all wrong: resampling would feign certainty (R18)."""
        value, short = self.right > 0, 0.0
        for weight, class_ in zip(weights, self.classes, strict=True):
            own = self.of(int(class_))
            n = own.tp + (own.fn if part == "recall" else own.fp if part == "precision" else own.fn + own.fp)
            low, high = wilson(n if value else 0, n)
            bound = 1 - low if value else high
            short += (weight * (2 * bound / (1 + bound) if part == "f1" and not value else bound)) ** 2
        return (max(0.0, 1 - short**0.5), 1.0) if value else (0.0, min(1.0, short**0.5))

    @cached_property
    def _gold(self) -> NDArray[np.int64]:
        gold: NDArray[np.int64] = self.counts.sum(axis=1)
        return gold

    @cached_property
    def _called(self) -> NDArray[np.int64]:
        called: NDArray[np.int64] = self.counts.sum(axis=0)
        return called


def _below(part: Part, counts: Floats) -> Floats:
    """The denominators: gold items for recall, called ones for precision, both for F1."""
    gold, called = counts.sum(axis=1), counts.sum(axis=0)
    below: Floats = gold if part == "recall" else called if part == "precision" else gold + called
    return below


def _each(part: Part, counts: Floats) -> Floats:
    """Precision, recall or F1 of each class, 0 where it is not defined."""
    below = _below(part, counts)
    hits = np.diagonal(counts) * (2 if part == "f1" else 1)
    return np.divide(hits, below, out=np.zeros(len(below)), where=below > 0)


def _slopes(part: Part, weights: Floats, counts: Floats) -> Floats:
    """The derivative of the weighted mean by each cell of the table (gold by row, called by column)."""
    each, below = _each(part, counts), _below(part, counts)
    per_item = np.divide(weights, below, out=np.zeros(len(below)), where=below > 0)
    slopes = np.diag(per_item * (2 if part == "f1" else 1))
    if part in ("recall", "f1"):
        slopes = slopes - (per_item * each)[:, None]
    if part in ("precision", "f1"):
        slopes = slopes - (per_item * each)[None, :]
    return slopes
