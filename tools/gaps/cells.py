"""Gap cells: the items of one gold label of a run, by slice cell: how many there are, how many are decided right.

Both metrics are looked at in the same way: recall is the share of positives decided right, and 1 - FPR that of the
negatives. A gap is always what the slice lacks against the rest.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from sqlalchemy import Engine

from tools.datasets.slice_codes import Ints, Mask, SliceCodes, slice_codes
from tools.run_statistics import run_statistics
from tools.stats.histogram import threshold_bin

Metric = Literal["recall", "fpr"]
METRICS: tuple[Metric, ...] = ("recall", "fpr")


@dataclass(frozen=True, eq=False)
class Decisions:
    """Items of one gold label: `n` and those decided `right`, for each cell of `codes`."""

    codes: SliceCodes
    right: Ints
    n: Ints

    def take(self, mask: Mask) -> "Decisions":
        """The cells where the mask is true."""
        return Decisions(self.codes.take(mask), self.right[mask], self.n[mask])

    def count(self, mask: Mask) -> tuple[int, int]:
        """Right and all items of the cells where the mask is true."""
        return int(self.right[mask].sum()), int(self.n[mask].sum())


@lru_cache(maxsize=64)
def decisions(engine: Engine, run: str, threshold: float, dimensions: tuple[str, ...]) -> dict[Metric, Decisions]:
    """The decisions of a finished run at a threshold, for both metrics; kept, for a finished run never changes."""
    statistics = run_statistics(engine, run)
    edge = threshold_bin(threshold)
    codes = slice_codes(statistics.values, dimensions)
    cells = [np.array([place]) for place in range(codes.size)]
    positive = np.array([statistics.positive.above(cell, edge) for cell in cells], np.int64).reshape(-1, 2)
    negative = np.array([statistics.negative.above(cell, edge) for cell in cells], np.int64).reshape(-1, 2)
    return {
        "recall": Decisions(codes, positive[:, 0], positive[:, 1]),
        "fpr": Decisions(codes, negative[:, 1] - negative[:, 0], negative[:, 1]),
    }
