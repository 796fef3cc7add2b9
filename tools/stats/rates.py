"""Rates: the metrics that follow from the four counts, for one table of them or for many drawn ones at once.

Cells are float64 (or complex, for derivatives) of shape (..., 4): true positives, false positives, false negatives,
true negatives. A metric that is not defined is not a number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.stats.counts import Counts

Cells = NDArray[np.float64]
Statistic = Callable[[Cells], Cells]
Which = tuple[int, int, int, int]


@dataclass(frozen=True)
class Share:
    """A proportion: `k` of `n`, each a choice among the four counts (1 where it counts)."""

    k: Which
    n: Which

    def __call__(self, counts: Counts) -> tuple[int, int]:
        """k and n of a table of counts."""
        cells = (counts.tp, counts.fp, counts.fn, counts.tn)
        return _chosen(self.k, cells), _chosen(self.n, cells)

    def rate(self, cells: Cells) -> Cells:
        """k / n of each table of cells."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio: Cells = (cells @ np.array(self.k)) / (cells @ np.array(self.n))
        return ratio


def f_beta(beta: float) -> Statistic:
    """F-beta (van Rijsbergen 1979): (1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP); recall counts b times as much."""
    weight = beta * beta

    def statistic(cells: Cells) -> Cells:
        tp, fp, fn, _ = _parts(cells)
        return (1 + weight) * tp / ((1 + weight) * tp + weight * fn + fp)

    return _quietly(statistic)


def _balanced_accuracy(cells: Cells) -> Cells:
    tp, fp, fn, tn = _parts(cells)
    return (tp / (tp + fn) + tn / (fp + tn)) / 2


def _mcc(cells: Cells) -> Cells:
    tp, fp, fn, tn = _parts(cells)
    return (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (fp + tn) * (fn + tn))


def _quietly(statistic: Statistic) -> Statistic:
    """Nought by nought is an answer here, not a warning."""

    def quiet(cells: Cells) -> Cells:
        with np.errstate(divide="ignore", invalid="ignore"):
            return statistic(cells)

    return quiet


balanced_accuracy = _quietly(_balanced_accuracy)  # the mean of recall and specificity
mcc = _quietly(_mcc)  # Matthews (1975): the correlation of decision and label


def cells_of(counts: Counts) -> Cells:
    """The four counts as float64 of shape (4,)."""
    return np.array([counts.tp, counts.fp, counts.fn, counts.tn], dtype=float)


def gradient(statistic: Statistic, cells: Cells) -> Cells:
    """The derivative of a metric by each of the four counts, float64 (4,).

    By the complex step (Squire and Trapp 1998), so right to the last digit.
    """
    step = 1e-100
    moved: Any = cells.astype(complex) + 1j * step * np.eye(4)
    slopes: Cells = np.imag(statistic(moved)) / step
    return slopes


def _parts(cells: Cells) -> tuple[Cells, Cells, Cells, Cells]:
    return cells[..., 0], cells[..., 1], cells[..., 2], cells[..., 3]


def _chosen(which: Which, cells: Which) -> int:
    return sum(cell for wanted, cell in zip(which, cells, strict=True) if wanted)
