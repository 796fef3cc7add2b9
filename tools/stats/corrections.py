"""p-values of many tests at once: adjusted for how many there are, and how many would look red by chance alone."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

Correction = Literal["benjamini-hochberg", "holm"]
ALPHA = 0.05


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values (Benjamini and Hochberg 1995), in the order given: for exploring many slices.

    Of what stays below .05, one in twenty is expected to be false.
    """
    p = np.asarray(p_values, dtype=float)
    if not p.size:
        return []
    order = np.argsort(p)[::-1]
    scaled = p[order] * p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled))
    return [float(value) for value in adjusted]


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values (Holm 1979), in the order given: for a gate.

    The chance that anything false stays below .05 is one in twenty.
    """
    p = np.asarray(p_values, dtype=float)
    if not p.size:
        return []
    order = np.argsort(p)
    scaled = p[order] * np.arange(p.size, 0, -1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(scaled))
    return [float(value) for value in adjusted]


CORRECTIONS: dict[Correction, Callable[[Sequence[float]], list[float]]] = {
    "benjamini-hochberg": benjamini_hochberg,
    "holm": holm,
}


def red_by_chance(tests: int) -> float:
    """How many of so many tests fall below .05 where nothing is different: the expected number, before adjusting."""
    return tests * ALPHA
