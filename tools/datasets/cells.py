"""Dataset cells: the stored counts of a dataset by slice cell and label."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sqlalchemy import Engine, select

from tools.catalog import DatasetEntry, Filters
from tools.datasets.slice_codes import Ints, SliceCodes, slice_codes
from tools.store.session import reading
from tools.store.tables import DatasetCell

_KEPT = 16  # datasets whose counts stay in memory: reading a thousand cells costs 10 ms


@dataclass(frozen=True, eq=False)
class CellCounts:
    """Counts by cell and label: `n` items with label `labels`, an index into the dataset's classes."""

    slices: SliceCodes
    labels: Ints
    n: Ints

    def within(self, filters: Filters) -> "CellCounts":
        """The counts of the cells that pass the filters."""
        mask = self.slices.within(filters)
        return CellCounts(self.slices.take(mask), self.labels[mask], self.n[mask])

    @property
    def items(self) -> int:
        """All items."""
        return int(self.n.sum())

    @property
    def positives(self) -> int:
        """Items with any label but the first class; of a binary set, its positives."""
        return int(self.n[self.labels > 0].sum())

    def by(self, names: list[str]) -> dict[str, int]:
        """Items by slice."""
        return self.slices.summed(names, self.n)

    def positives_by(self, names: list[str]) -> dict[str, int]:
        """Positives by slice; a slice without one has 0."""
        return self.slices.summed(names, np.where(self.labels > 0, self.n, 0))

    def by_label(self, classes: int) -> list[int]:
        """Items by class."""
        return [int(total) for total in np.bincount(self.labels, self.n, classes)]


def items_per_cluster(dataset: DatasetEntry) -> float:
    """How many items a cluster has on average, 1 without clusters: so many times fewer independent items there are."""
    clusters = int(dataset.traits.get("clusters") or 0)
    return max(1.0, dataset.rows / clusters) if clusters > 1 else 1.0


def cell_counts(engine: Engine, dataset: DatasetEntry) -> CellCounts:
    """The counts of a registered dataset."""
    return _counts(engine, dataset.id, dataset.digest, dataset.rows, tuple(dataset.dimensions))


@lru_cache(maxsize=_KEPT)
def _counts(engine: Engine, dataset: str, digest: str, rows: int, dimensions: tuple[str, ...]) -> CellCounts:
    # Digest, rows and dimensions are arguments so that a version that was mended is read anew.
    statement = select(DatasetCell.values, DatasetCell.label, DatasetCell.n).where(DatasetCell.dataset_id == dataset)
    with reading(engine) as session:
        found = session.execute(statement.order_by(DatasetCell.cell, DatasetCell.label)).all()
    return CellCounts(
        slice_codes([values for values, _, _ in found], dimensions),
        np.array([label for _, label, _ in found], np.int64),
        np.array([n for _, _, n in found], np.int64),
    )
