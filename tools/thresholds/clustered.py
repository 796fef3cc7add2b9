"""Clustered slices: decisions by bucket of clusters, for slices whose rows depend on each other or carry weights."""

from collections.abc import Sequence

from tools.catalog import DatasetEntry, Filters
from tools.errors import ToolError
from tools.evals.clusters import cluster_cells
from tools.slices import within
from tools.stats.clusters import ClusterCounts
from tools.workspace import Workspace


def dependent(dataset: DatasetEntry) -> bool:
    """Whether intervals from plain counts would be too narrow, or of the wrong population."""
    return bool(dataset.traits.get("clusters") or dataset.traits.get("weighted"))


def cluster_slices(
    workspace: Workspace, run: str, dataset: DatasetEntry, filters: Filters, group_by: Sequence[str], threshold: float
) -> dict[tuple[str, ...], ClusterCounts]:
    """The counts of each slice at a threshold; empty where rows are independent, or the predictions are gone."""
    if not dependent(dataset):
        return {}
    try:
        cells = cluster_cells(workspace, run, dataset, threshold)
    except ToolError:
        return {}
    found: dict[tuple[str, ...], ClusterCounts] = {}
    for values, counts in cells:
        if within(values, filters):
            key = tuple(values[name] for name in group_by)
            found[key] = found[key] + counts if key in found else counts
    return found
