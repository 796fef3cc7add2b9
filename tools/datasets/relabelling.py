"""Relabelling: items that two versions of a dataset share, and how many of them carry another label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tools.catalog import DatasetEntry
from tools.datasets.item_differences import ItemJoin
from tools.datasets.slice_codes import Mask
from tools.stats.tails import hypergeometric

FEWEST = 5  # relabelled items a slice needs before it is called their place
ALPHA = 0.05


@dataclass(frozen=True)
class Relabelled:
    """Shared items of a slice: all of them, and those whose label changed, by (class before, class after)."""

    shared: int
    changes: tuple[tuple[str, str, int], ...]

    @property
    def changed(self) -> int:
        """Items that carry another label."""
        return sum(n for _, _, n in self.changes)

    def into(self, label: str) -> int:
        """Items that became this class."""
        return sum(n for _, after, n in self.changes if after == label)


@dataclass(frozen=True)
class Place:
    """Where relabelled items lie closest: `changed` of `shared` items of the slice `values`."""

    values: dict[str, str]
    changed: int
    shared: int


def comparable(before: DatasetEntry, after: DatasetEntry) -> bool:
    """Whether the two label vocabularies have at least two classes in common."""
    return len(set(before.classes) & set(after.classes)) > 1


def relabelled(shared: ItemJoin, before: DatasetEntry, after: DatasetEntry) -> Relabelled:
    """The labels of shared items; classes are told by name, so that another order of them is no change."""
    changes: Counter[tuple[str, str]] = Counter()
    mask = _changed(shared, before, after)
    for old, new, n in zip(shared.before[mask], shared.after[mask], shared.n[mask], strict=True):
        changes[before.classes[old], after.classes[new]] += int(n)
    ordered = sorted(changes.items(), key=lambda item: (-item[1], item[0]))
    return Relabelled(shared.items, tuple((*pair, n) for pair, n in ordered))


def place(shared: ItemJoin, before: DatasetEntry, after: DatasetEntry, dimensions: Sequence[str]) -> Place | None:
    """The value or crossing of two values in which relabelled items are densest, beyond chance; None without one.

    For each slice the chance that as many of all relabelled items would fall into it (Fisher's exact test, one-sided);
    the least likely slice is told if it stays under 5 % times the number of slices (Bonferroni).
    """
    mask = _changed(shared, before, after)
    total, marked = shared.items, int(shared.n[mask].sum())
    best: tuple[float, Place] | None = None
    looked = 0
    for crossing in [*((name,) for name in dimensions), *combinations(dimensions, 2)]:
        names = [shared.slices.values[name] for name in crossing]
        codes = np.zeros(shared.n.size, np.int64)
        for name in crossing:
            codes = codes * len(shared.slices.values[name]) + shared.slices.codes[name]
        size = int(np.prod([len(values) for values in names]))
        n = np.bincount(codes, shared.n, size).astype(np.int64)
        k = np.bincount(codes[mask], shared.n[mask], size).astype(np.int64)
        looked += int((n > 0).sum())
        for at in np.flatnonzero((k >= FEWEST) & (n < total) & (k * total > n * marked)).tolist():
            p = _at_least(int(k[at]), total, marked, int(n[at]))
            if best is None or p < best[0]:
                places = np.unravel_index(at, [len(values) for values in names])
                values = {name: known[int(i)] for name, known, i in zip(crossing, names, places, strict=True)}
                best = p, Place(values, int(k[at]), int(n[at]))
    return best[1] if best and best[0] * looked < ALPHA else None


def _changed(shared: ItemJoin, before: DatasetEntry, after: DatasetEntry) -> Mask:
    """Where the classes before and after differ, by name."""
    known = {name: at for at, name in enumerate(dict.fromkeys([*before.classes, *after.classes]))}
    old, new = (np.array([known[name] for name in entry.classes], np.int64) for entry in (before, after))
    differs: Mask = old[shared.before] != new[shared.after]
    return differs


def _at_least(k: int, total: int, marked: int, n: int) -> float:
    """P(X >= k) marked items among n drawn."""
    summed = 0.0
    for found in range(k, min(n, marked) + 1):
        term = hypergeometric(found, total, marked, n)
        summed += term
        if term < 1e-12 * summed:
            break
    return summed
