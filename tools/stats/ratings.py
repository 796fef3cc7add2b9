"""Ratings: items by how many raters chose each class. Who chose what is not known here, and agreement needs no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Ratings:
    """`counts` (patterns, classes): labels of one item by class; `items` (patterns,): how many items have them."""

    counts: Numbers
    items: Numbers

    @cached_property
    def raters(self) -> Numbers:
        """Labels an item, by pattern."""
        return np.asarray(self.counts.sum(axis=1), np.int64)

    @property
    def n(self) -> int:
        """Items with at least one label."""
        return int(self.items.sum())

    @property
    def labels(self) -> int:
        """All labels."""
        return int(self.items @ self.raters)

    @property
    def by_class(self) -> Numbers:
        """Labels by class."""
        return np.asarray(self.items @ self.counts, np.int64)

    @cached_property
    def pairable(self) -> "Ratings":
        """The items with two or more labels, of which alone agreement can speak."""
        kept = self.raters >= 2
        return Ratings(self.counts[kept], self.items[kept])


@dataclass(frozen=True)
class Share:
    """k of n."""

    k: int
    n: int


@dataclass(frozen=True)
class Majority:
    """`table` (gold classes, classes): items by gold label and majority; `ties` have no majority."""

    table: Numbers
    ties: int

    @property
    def right(self) -> Share:
        """Items whose majority is the gold label, of those with a majority."""
        return Share(int(np.trace(self.table)), int(self.table.sum()))


def tally(found: Iterable[tuple[Sequence[int], int]], classes: int) -> Ratings:
    """Ratings from patterns and the items that have them; equal patterns are summed, empty ones left out.

    Raises:
        ValueError: a pattern does not have `classes` counts, or a count is negative.
    """
    merged: dict[tuple[int, ...], int] = {}
    for pattern, n in found:
        key = tuple(int(count) for count in pattern)
        if len(key) != classes or min(key, default=0) < 0 or n < 0:
            raise ValueError(f"a pattern has {classes} counts, none of them negative")
        if n and any(key):
            merged[key] = merged.get(key, 0) + int(n)
    ordered = sorted(merged)
    counts = np.array(ordered, np.int64).reshape(len(ordered), classes)
    return Ratings(counts, np.array([merged[key] for key in ordered], np.int64))


def unanimous(ratings: Ratings) -> Share:
    """Items on which all raters agree, of those with two or more labels."""
    pairable = ratings.pairable
    agreed = pairable.counts.max(axis=1, initial=0) == pairable.raters
    return Share(int(pairable.items[agreed].sum()), pairable.n)


def used(ratings: Ratings) -> tuple[Share, ...]:
    """By class: of the items where anyone used it, those where everyone did; items with two or more labels only."""
    pairable = ratings.pairable
    touched, full = pairable.counts > 0, pairable.counts == pairable.raters[:, None]
    return tuple(
        Share(int(pairable.items[full[:, index]].sum()), int(pairable.items[touched[:, index]].sum()))
        for index in range(ratings.counts.shape[1])
    )


def majorities(by_gold: Sequence[Ratings]) -> Majority:
    """The majority label against gold; `by_gold` has the ratings of each gold class in turn. A lone label counts."""
    classes = len(by_gold)
    table, ties = np.zeros((classes, classes), np.int64), 0
    for gold, ratings in enumerate(by_gold):
        for pattern, n in zip(ratings.counts, ratings.items, strict=True):
            first = int(pattern.argmax())
            if int((pattern == pattern[first]).sum()) > 1:
                ties += int(n)
            else:
                table[gold, first] += n
    return Majority(table, ties)
