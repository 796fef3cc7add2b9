"""Gap candidates: the slices that may be weak, and how unlikely each looks against what it should be like."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tools.catalog import Filters
from tools.datasets.slice_codes import Ints, Mask, SliceCodes
from tools.gaps.cells import Decisions, Metric
from tools.stats.one_sided import fewer

Value = tuple[str, tuple[str, ...]]  # a dimension and its values
Values = tuple[Value, ...]  # what a slice is made of
ALPHA = 0.05
FEWEST = 10  # items of the metric's label; under ten a single miss moves a rate by more than ten points
MOST = 4_000  # crossings at most, the largest: more would take seconds and leave no p-value standing
SAME = 0.9  # a crossing with more of its parent's items than this is that parent


@dataclass(frozen=True, eq=False)
class Grid:
    """Slices as masks over cells, bool (slices, cells); a crossing's `parents` are the slices it crosses.

    `candidates` are the places of those that are looked at.
    """

    names: tuple[Values, ...]
    masks: Mask
    parents: tuple[tuple[int, ...], ...]
    candidates: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Field:
    """One metric on one set: its slices, its decisions, and the least items and gap that count.

    With a `reference` each slice is compared with those cells, as a perturbed variant with the plain items; without,
    with all other cells. `origin` names the set where it is not the one that was asked about. `effect` is the design
    effect of items that depend on each other: tests and intervals are those of so many times fewer items.
    """

    metric: Metric
    grid: Grid
    decisions: Decisions
    floor: int
    margin: float
    reference: Mask | None = None
    origin: str = ""
    effect: float = 1.0

    def effective(self, right: int, n: int) -> tuple[int, int]:
        """The counts of independent items that tell as much."""
        fewer_items = max(1, round(n / self.effect)) if n else 0
        return (round(right / n * fewer_items) if n else 0), fewer_items

    def removed(self) -> Mask:
        """No cell at all: what nothing has been found in yet."""
        return np.zeros(self.decisions.codes.size, bool)

    def sizes(self, removed: Mask) -> Ints:
        """Items of each slice outside the removed cells."""
        return np.asarray((self.grid.masks & ~removed) @ self.decisions.n, np.int64)


def crossed(codes: SliceCodes, dimensions: Sequence[str], items: Ints, asked: Filters | None = None) -> Grid:
    """Every value of every dimension and every crossing of two, but for those with hardly any items.

    A slice that was asked about is one of them even if it is made of more values.
    """
    names: list[Values] = [((name, (value,)),) for name in dimensions for value in codes.values[name]]
    places = {slice_[0]: place for place, slice_ in enumerate(names)}
    masks = [codes.within({name: list(values) for name, values in slice_}) for slice_ in names]
    parents: list[tuple[int, ...]] = [() for _ in names]
    sizes = [int(items[mask].sum()) for mask in masks]
    candidates = [place for place, n in enumerate(sizes) if n]
    pairs = [pair for one, other in combinations(dimensions, 2) for pair in _pairs(codes, one, other, items)]
    for n, *values in sorted(pairs, reverse=True)[:MOST]:
        one, other = (places[value] for value in values)
        if n <= SAME * min(sizes[one], sizes[other]):
            candidates.append(len(names))
            names.append((*names[one], *names[other]))
            masks.append(masks[one] & masks[other])
            parents.append((one, other))
    if asked and sorted(asked.items()) not in [sorted((name, list(v)) for name, v in slice_) for slice_ in names]:
        candidates.append(len(names))
        names.append(tuple((name, tuple(values)) for name, values in asked.items()))
        masks.append(codes.within(asked))
        parents.append(())
    shape = (len(masks), codes.size)
    return Grid(tuple(names), np.array(masks, bool).reshape(shape), tuple(parents), tuple(candidates))


def p_values(field: Field, removed: Mask) -> list[float]:
    """For each candidate, how likely so few right decisions are if it were like the rest; 1 where it is not tested.

    A single value is compared with everything else. A crossing is compared with everything else and with the rest of
    each of its parents, and the largest of these counts (Berger 1982): it must add to both. Removed cells are left out
    on either side; a crossing that lies in them as a whole is compared as before, so that it can still add to its
    parent. Where a comparison is over .05 the others are not made: no such value is ever significant.
    """
    found = []
    before = _Compared(field, field.removed())
    after = _Compared(field, removed) if removed.any() else before
    for place in field.grid.candidates:
        if before.n[place] < field.floor:
            found.append(1.0)
        elif after.n[place]:
            found.append(after.p(place) if after.n[place] >= field.floor else 1.0)
        else:
            found.append(before.p(place) if field.grid.parents[place] else 1.0)
    return found


def looks_weak(field: Field, removed: Mask) -> list[float]:
    """The same p-values for candidates of any size, the ones with too few items for a test among them."""
    compared = _Compared(field, removed)
    return [compared.p(place) if compared.n[place] else 1.0 for place in field.grid.candidates]


class _Compared:
    """Counts of all slices of a field outside the removed cells, and their comparisons."""

    def __init__(self, field: Field, removed: Mask) -> None:
        masks = field.grid.masks & ~removed
        self._parents, self._effective = field.grid.parents, field.effective
        self.right, self.n = masks @ field.decisions.right, masks @ field.decisions.n
        kept = ~removed if field.reference is None else field.reference & ~removed
        self._outside = field.reference is not None  # a reference shares no item with the slices
        self._right, self._n = field.decisions.count(kept)

    def p(self, place: int) -> float:
        """The largest p-value of a slice against the whole and against each parent."""
        right, n = int(self.right[place]), int(self.n[place])
        wholes = [(self._right, self._n), *((int(self.right[at]), int(self.n[at])) for at in self._parents[place])]
        largest = 0.0
        for whole_right, whole_n in wholes:
            rest = (whole_right, whole_n) if self._outside else (whole_right - right, whole_n - n)
            # Not below the rest: one half at least, whatever the exact value.
            if not rest[1] or right * rest[1] >= rest[0] * n:
                p = 1.0
            else:
                p = fewer(*self._effective(right, n), *self._effective(*rest))
            largest = max(largest, p)
            if largest >= ALPHA:
                break
        return largest


def _pairs(codes: SliceCodes, one: str, other: str, items: Ints) -> list[tuple[int, Value, Value]]:
    """The crossings of two dimensions that have enough items to be looked at: items, and the two values."""
    first, second = codes.values[one], codes.values[other]
    size = len(first) * len(second)
    counts = np.bincount(codes.codes[one] * len(second) + codes.codes[other], items, size)
    return [
        (int(counts[at]), (one, (first[at // len(second)],)), (other, (second[at % len(second)],)))
        for at in np.flatnonzero(counts >= FEWEST).tolist()
    ]
