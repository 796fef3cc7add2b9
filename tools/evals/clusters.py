"""Decisions by bucket of clusters: what intervals need where rows depend on each other, or carry weights.

They are counted from the predictions at the first question at a threshold, and then kept.
"""

import zlib
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from tools.errors import ToolError
from tools.evals.cells import cell_key
from tools.evals.identity import predictions_folder
from tools.stats.histogram import BINS, threshold_bin
from tools.store.session import insert_missing, reading, writing
from tools.store.tables import ClusterCell

if TYPE_CHECKING:
    from tools.catalog import DatasetEntry
    from tools.stats.clusters import ClusterCounts
    from tools.workspace import Workspace

Table = NDArray[np.float64]
ITEM, CLUSTER, WEIGHT = "item_id", "cluster", "weight"  # as in `items_file`, which would import pyarrow
BUCKETS = 1_024  # engine.md: enough for an interval, and the cost does not grow with the number of clusters


def cluster_cells(
    workspace: "Workspace", run: str, dataset: "DatasetEntry", threshold: float
) -> "list[tuple[dict[str, str], ClusterCounts]]":
    """Each slice cell of a run with its decisions by bucket; items that nothing ties together are spread by their id.

    Raises:
        ToolError: the predictions are no longer kept, or were kept without clusters and weights.
    """
    from tools.stats.clusters import ClusterCounts

    edge = threshold_bin(threshold)
    statement = select(ClusterCell.values, ClusterCell.counts)
    statement = statement.where(ClusterCell.run_id == run, ClusterCell.threshold == edge).order_by(ClusterCell.cell)
    with reading(workspace.engine) as session:
        stored = session.execute(statement).all()
    if stored:
        cells = [(dict(values), _unpack(counts)) for values, counts in stored]
    else:
        # As the histogram does, so that both count the same: a threshold has four decimals.
        cells = _count(predictions_folder(workspace.root) / run, dataset, edge / BINS)
        rows = [
            {"run_id": run, "threshold": edge, "cell": cell_key(values), "values": values, "counts": _pack(counts)}
            for values, counts in cells
        ]
        with writing(workspace.engine) as session:
            insert_missing(session, ClusterCell, rows)
    return [(values, ClusterCounts(counts)) for values, counts in sorted(cells, key=lambda cell: cell_key(cell[0]))]


def _count(folder: Path, dataset: "DatasetEntry", threshold: float) -> "list[tuple[dict[str, str], Table]]":
    """Counts from the predictions, float64 of shape (buckets, 4): TP, FP, FN, TN, each the sum of the weights."""
    from tools.evals.duck import identifier, locked_duckdb, one_file

    files = ", ".join(one_file(path) for path in sorted(folder.resolve().glob("*.parquet")))
    if not files:
        raise ToolError("The predictions of this run are no longer kept, so its intervals cannot allow for clusters.")
    # Dimensions are numbered, so that none of them can have the name of a column of ours.
    named = [f"coalesce({identifier(name)}::VARCHAR, 'unknown')" for name in dataset.dimensions] or ["''"]
    slices = ", ".join(f"{name} AS d{number}" for number, name in enumerate(named))
    keys = ", ".join(f"d{number}" for number in range(len(named)))
    clustered, weighted = dataset.traits.get("clusters"), dataset.traits.get("weighted")
    key, weight = CLUSTER if clustered else ITEM, WEIGHT if weighted else "1"
    # Outcomes are numbered in the order of the counts: TP, FP, FN, TN.
    items = f"""(
        SELECT {slices}, {key}::VARCHAR AS key, {weight}::DOUBLE AS w,
               (label != 1)::INTEGER + 2 * (score::DOUBLE < {threshold!r})::INTEGER AS outcome
        FROM read_parquet([{files}], hive_partitioning=false)
    )"""
    with locked_duckdb(folder.parent) as connection:
        kept = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM read_parquet([{files}])").fetchall()}
        if not {name for name, needed in ((CLUSTER, clustered), (WEIGHT, weighted)) if needed} <= kept:
            raise ToolError("The predictions of this run were kept without clusters and weights; evaluate it again.")
        # Few clusters get a bucket each; hashing them would throw some together and widen the interval for nothing.
        connection.execute(f"CREATE TEMP TABLE few AS SELECT DISTINCT key FROM {items} LIMIT {BUCKETS + 1}")
        buckets = connection.execute("SELECT count(*) FROM few").fetchall()[0][0]
        if buckets <= BUCKETS:
            numbered = "(SELECT key, row_number() OVER (ORDER BY key) - 1 AS bucket FROM few)"
            bucketed = f"{items} JOIN {numbered} USING (key)"
        else:
            buckets, bucketed = BUCKETS, f"(SELECT *, hash(key) % {BUCKETS} AS bucket FROM {items})"
        connection.execute(
            f"CREATE TEMP TABLE counted AS SELECT {keys}, bucket::INTEGER AS bucket, outcome, sum(w) AS w"
            f" FROM {bucketed} GROUP BY ALL"
        )
        values = connection.execute(f"SELECT DISTINCT {keys} FROM counted ORDER BY ALL").fetchall()
        found = connection.execute(
            f"SELECT dense_rank() OVER (ORDER BY {keys}) - 1 AS cell, bucket, outcome, w FROM counted ORDER BY cell"
        ).fetchnumpy()
    cell, bucket, outcome = (np.asarray(found[name], np.int64) for name in ("cell", "bucket", "outcome"))
    edges = np.searchsorted(cell, np.arange(len(values) + 1))
    cells = []
    for value, (start, end) in zip(values, pairwise(edges), strict=True):
        counts = np.zeros((buckets, 4))
        counts[bucket[start:end], outcome[start:end]] = found["w"][start:end]
        cells.append((dict(zip(dataset.dimensions, value, strict=False)), counts))
    return cells


def _pack(counts: Table) -> bytes:
    return zlib.compress(counts.astype("<f8").tobytes(), 6)


def _unpack(packed: bytes) -> Table:
    return np.frombuffer(zlib.decompress(packed), "<f8").reshape(-1, 4)
