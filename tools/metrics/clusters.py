"""Clusters and weights of a run: the decisions of its slices by bucket, and what to say of the intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.catalog import DatasetEntry, Filters
from tools.errors import ToolError
from tools.evals.clusters import cluster_cells
from tools.slices import within
from tools.stats.clusters import ClusterCounts
from tools.stats.formats import count
from tools.workspace import Workspace

Values = tuple[str, ...]


@dataclass(frozen=True)
class Dependence:
    """How the rows of a dataset depend on each other, and the decisions of each slice that intervals then need.

    `clusters` is their number in the whole dataset, 0 where rows are independent. `lost`: the predictions that would
    tell are no longer kept.
    """

    clusters: int = 0
    weighted: bool = False
    lost: bool = False
    slices: dict[Values, ClusterCounts] = field(default_factory=dict)

    def of(self, values: Values) -> ClusterCounts | None:
        """The decisions of one slice by bucket; None where its rows are independent and count the same."""
        return self.slices.get(values)

    def caveats(self, *, scores: bool) -> list[str]:
        """What to say of values and intervals; `scores`: a metric that needs all scores is among those asked for."""
        said = []
        what = f"{count(self.clusters)} clusters" if self.clusters else ""
        if self.lost:
            missing = " and ".join(part for part in (what, "weights" if self.weighted else "") if part)
            return [f"The predictions are no longer kept, so the set's {missing} are not allowed for."]
        if self.weighted:
            unweighted = "; metrics of scores are not weighted" if scores else ""
            said.append(f"Items are weighted: values are the weighted ones, k/n the plain counts{unweighted}.")
        if self.clusters:
            about = "; for metrics of scores by the design effect of accuracy, about" if scores else ""
            said.append(f"Intervals allow for {what} of items that depend on each other{about}.")
        return said


def load_dependence(
    workspace: Workspace,
    run: str,
    dataset: DatasetEntry,
    threshold: float,
    filters: Filters,
    groupings: Sequence[Sequence[str]],
) -> Dependence:
    """The dependence of a run at a threshold, with the slices of each grouping (an empty one: the whole)."""
    clusters, weighted = int(dataset.traits.get("clusters") or 0), bool(dataset.traits.get("weighted"))
    if not clusters and not weighted:
        return Dependence()
    try:
        cells = cluster_cells(workspace, run, dataset, threshold)
    except ToolError:
        return Dependence(clusters, weighted, lost=True)
    slices: dict[Values, ClusterCounts] = {}
    for values, counts in cells:
        if within(values, filters):
            for key in {tuple(values[dimension] for dimension in group_by) for group_by in groupings}:
                slices[key] = slices[key] + counts if key in slices else counts
    return Dependence(clusters, weighted, slices=slices)
