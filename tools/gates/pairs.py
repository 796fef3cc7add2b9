"""Gate pairs: a candidate against its baseline on the same items, slice by slice, clusters and weights allowed for."""

from collections.abc import Sequence

import numpy as np

from tools.catalog import DatasetEntry, Filters
from tools.comparisons.pairs import joint_cells, unit_counts
from tools.runs import RunEntry
from tools.slices import within
from tools.stats.differences import Difference, difference
from tools.stats.joint_counts import CELLS, Array, JointCounts
from tools.workspace import Workspace

Key = tuple[str, ...]


class Differences:
    """The joint counts of two runs by slice. Rows of one cluster are never taken for independent ones.

    Raises:
        ToolError: the runs do not hold the same items with the same labels (R16), or their predictions are gone.
    """

    def __init__(
        self, workspace: Workspace, candidate: RunEntry, baseline: RunEntry, threshold: float,
        baseline_threshold: float, dataset: DatasetEntry, filters: Filters, each: Sequence[str],
    ) -> None:  # fmt: skip
        names = list(dataset.dimensions)
        self.notes: tuple[str, ...] = ()
        self._joint: dict[Key, JointCounts] = {}
        for cell in joint_cells(workspace, candidate, baseline, threshold, baseline_threshold, names):
            if within(cell.values, filters):
                key = tuple(cell.values[name] for name in each)
                here = JointCounts(positives=cell.joint) if cell.label else JointCounts(negatives=cell.joint)
                self._joint[key] = self._joint.get(key, JointCounts()) + here
        self._units: dict[Key, Array] | None = None
        clustered, weighted = bool(dataset.traits.get("clusters")), bool(dataset.traits.get("weighted"))
        if not clustered and not weighted:
            return
        found = unit_counts(
            workspace, candidate, baseline, threshold, baseline_threshold, names,
            clustered=clustered, weighted=weighted,
        )  # fmt: skip
        if found is None:
            self.notes = (f"Items of {dataset.label} depend on each other or are weighted; these runs don't say how.",)
            return
        places = [tuple(values[name] for name in each) if within(values, filters) else None for values in found.values]
        # Decisions (1, 1), (1, 0), (0, 1), (0, 0) of the positives, then of the negatives.
        column = 4 * (1 - found.label) + np.where(found.a == 1, 1 - found.b, 3 - found.b).astype(np.int64)
        self._units = {}
        for key in dict.fromkeys(place for place in places if place is not None):
            rows = np.isin(found.cell, [at for at, place in enumerate(places) if place == key])
            table = np.zeros((int(found.unit.max()) + 1, CELLS))
            np.add.at(table, (found.unit[rows], column[rows]), found.n[rows])
            self._units[key] = table[table.any(axis=1)]

    def of(self, metric: str, key: Key) -> Difference | None:
        """Candidate minus baseline of a metric in a slice; None where it is not defined."""
        joint = self._joint.get(key)
        if joint is None:
            return None
        return difference(metric, joint, None if self._units is None else self._units[key])
