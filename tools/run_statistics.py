"""The stored statistics of a run, unpacked once and then kept: a finished run never changes.

A question reads one threshold of many cells. So the bins of all cells lie in one sorted array with running sums, and
the counts of a cell at a threshold are the difference of two of them; a whole histogram is made only when asked for.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

import numpy as np
from sqlalchemy import Engine, select

from tools.stats.counts import Counts
from tools.stats.histogram import SIZE, Bins, Histogram, Tally, threshold_bin
from tools.stats.moments import Moments, summed
from tools.store.session import reading
from tools.store.tables import RunCell

KEPT_RUNS = 32  # at most 60 MB each at 1,000 cells of 10,000 items, most far smaller


class StoredHistogram(Histogram):
    """The histogram of some cells of a run; `at` reads running sums, the arrays are made when first looked at."""

    _statistics: "RunStatistics"
    _cells: Bins

    def __init__(self, statistics: "RunStatistics", cells: Sequence[int]) -> None:
        self.__dict__["_statistics"], self.__dict__["_cells"] = statistics, np.asarray(cells, np.int64)

    @cached_property
    def positives(self) -> Bins:
        """As in `Histogram`."""
        return self._statistics.positive.dense(self._cells)

    @cached_property
    def negatives(self) -> Bins:
        """As in `Histogram`."""
        return self._statistics.negative.dense(self._cells)

    @cached_property
    def moments(self) -> Moments | None:
        """As in `Histogram`."""
        return summed(self._statistics.moments[cell] for cell in self._cells)

    def at(self, threshold: float) -> Counts:
        """As in `Histogram`."""
        edge = threshold_bin(threshold)
        tp, positives = self._statistics.positive.above(self._cells, edge)
        fp, negatives = self._statistics.negative.above(self._cells, edge)
        return Counts(tp, fp, positives - tp, negatives - fp)


class CellBins:
    """The filled bins of many cells for one label: `keys` = cell * SIZE + bin, ascending, with running sums."""

    def __init__(self, cells: Sequence[tuple[Bins, Bins]]) -> None:
        """`cells` are (bins, counts) of each cell."""
        sizes = [bins.size for bins, _ in cells]
        numbers = np.repeat(np.arange(len(cells)), sizes)
        bins = np.concatenate([bins for bins, _ in cells]) if cells else np.zeros(0, np.int64)
        counts = np.concatenate([counts for _, counts in cells]) if cells else np.zeros(0, np.int64)
        self._keys = numbers * SIZE + bins
        self._bins, self._counts = bins.astype(np.int32), counts
        self._sums = np.append(0, np.cumsum(counts))
        self._edges = np.append(0, np.cumsum(sizes)).astype(np.int64)

    def above(self, cells: Bins, edge: int) -> tuple[int, int]:
        """Over some cells: the count in bins at or above the edge, and the count of all."""
        starts = np.searchsorted(self._keys, cells * SIZE + edge)
        ends = self._edges[cells + 1]
        at = int((self._sums[ends] - self._sums[starts]).sum())
        return at, int((self._sums[ends] - self._sums[self._edges[cells]]).sum())

    def dense(self, cells: Bins) -> Bins:
        """The counts by bin summed over some cells, int64 of shape (SIZE,)."""
        if cells.size * 2 > self._edges.size:  # most of them: one pass over a mask is cheaper than gathering
            wanted = np.zeros(self._edges.size - 1, bool)
            wanted[cells] = True
            mask = np.repeat(wanted, np.diff(self._edges))
            bins, counts = self._bins[mask], self._counts[mask]
        else:
            spans = [slice(self._edges[cell], self._edges[cell + 1]) for cell in cells]
            bins = np.concatenate([self._bins[span] for span in spans] or [np.zeros(0, np.int32)])
            counts = np.concatenate([self._counts[span] for span in spans] or [np.zeros(0, np.int64)])
        # Sums in float64 are exact up to 2**53 items.
        return np.bincount(bins, counts, SIZE).astype(np.int64)


class RunStatistics:
    """The cells of a run: `values` and `moments` in one order, bins of the positives and of the negatives."""

    def __init__(self, cells: Iterable[tuple[dict[str, str], Tally, Moments | None]]) -> None:
        held = list(cells)
        self.values = tuple(values for values, _, _ in held)
        self.moments = tuple(moments for _, _, moments in held)
        self.positive = CellBins([(tally.positive_bins, tally.positive_counts) for _, tally, _ in held])
        self.negative = CellBins([(tally.negative_bins, tally.negative_counts) for _, tally, _ in held])

    def histogram(self, cells: Sequence[int]) -> Histogram:
        """The histogram of some cells, by their places in `values`."""
        return StoredHistogram(self, cells)


def run_statistics(engine: Engine, run: str) -> RunStatistics:
    """The statistics of a finished run; unpacked at the first question about it."""
    try:
        return _kept(engine, run)
    except _WithoutCellsError:
        return RunStatistics(())


class _WithoutCellsError(Exception):
    """Not finished, or without a single item: it may have cells the next time. What is raised is not kept."""


@lru_cache(maxsize=KEPT_RUNS)
def _kept(engine: Engine, run: str) -> RunStatistics:
    with reading(engine) as session:
        statement = select(RunCell.values, RunCell.histogram, RunCell.moments).where(RunCell.run_id == run)
        rows = session.execute(statement.order_by(RunCell.cell)).all()
    if not rows:
        raise _WithoutCellsError
    return RunStatistics(
        (values, Tally.unpack(packed), Moments.unpack(moments) if moments else None) for values, packed, moments in rows
    )
