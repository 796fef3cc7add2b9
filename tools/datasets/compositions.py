"""Compositions: how the share of each value changes from one set of items to another, dimension by dimension."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.stats.corrections import benjamini_hochberg
from tools.stats.drift import Drift, drift

FLOOR = 20  # items a side needs before its composition is compared
ALPHA = 0.05
# Siddiqi 2006: under .1 little, over .25 much. A convention, so the word is only said beside the index.
SIZES = ((0.25, "large change"), (0.1, "moderate change"), (0.0, "small change"))
NOT_ASSESSED, NO_CHANGE = "not assessed", "no change shown"


@dataclass(frozen=True)
class Composition:
    """One dimension, or a crossing, of two sets: counts by value, and what they come to.

    `found` is None where a side has fewer than 20 items; `p` is adjusted for the number of dimensions
    (Benjamini-Hochberg).
    """

    name: str
    values: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    found: Drift | None
    p: float | None = None
    verdict: str = NOT_ASSESSED

    def shares(self, at: int) -> tuple[float, float]:
        """The share of one value before and after."""
        return self.before[at] / max(1, sum(self.before)), self.after[at] / max(1, sum(self.after))


def composition(
    name: str,
    before: Mapping[str, int],
    after: Mapping[str, int],
    shared: Mapping[str, int],
    inflation: tuple[float, float],
) -> Composition:
    """Compare two counts by value; `shared` are the items in both sets under the same value."""
    values = tuple(dict.fromkeys([*before, *after]))
    old, new, both = (tuple(side.get(value, 0) for value in values) for side in (before, after, shared))
    found = None
    if min(sum(old), sum(new)) >= FLOOR:
        found = drift(np.array(old, np.int64), np.array(new, np.int64), np.array(both, np.int64), inflation)
    return Composition(name, values, old, new, found)


def judged(compositions: Sequence[Composition]) -> list[Composition]:
    """With verdicts, the largest change first; what has one value only says nothing and is left out."""
    told = [one for one in compositions if len(one.values) > 1]
    assessed = [one for one in told if one.found]
    adjusted = benjamini_hochberg([one.found.p for one in assessed if one.found])
    by_name = dict(zip((one.name for one in assessed), adjusted, strict=True))
    return sorted((_judged(one, by_name.get(one.name)) for one in told), key=_rank)


def _judged(one: Composition, p: float | None) -> Composition:
    if one.found is None or p is None:
        return one
    psi = one.found.psi
    verdict = next(word for bound, word in SIZES if psi >= bound) if p < ALPHA else NO_CHANGE
    return replace(one, p=p, verdict=verdict)


def _rank(one: Composition) -> tuple[bool, float]:
    return one.verdict in (NO_CHANGE, NOT_ASSESSED), -(one.found.psi if one.found else 0.0)
