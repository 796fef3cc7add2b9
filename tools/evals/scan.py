"""The scan: predictions in Parquet -> counts and score histograms per slice cell, in DuckDB."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tools.evals.cells import ScoredCell
from tools.evals.duck import identifier, locked_duckdb, quoted
from tools.stats.histogram import BINS, SIZE, Histogram


def scan_predictions(path: Path, dimensions: Sequence[str]) -> list[ScoredCell]:
    """Cells of one predictions file (`label`, `score` and the dimensions); bins as in `tools.stats.histogram`."""
    columns = ", ".join(identifier(name) for name in dimensions)
    # A float32 score is widened before it is binned: the product is then exact enough for every bin edge.
    query = f"""
        SELECT {columns}, label, least(floor(score::DOUBLE * {BINS}), {BINS})::INTEGER AS bin, count(*)
        FROM read_parquet({quoted(str(path.resolve()))})
        GROUP BY ALL ORDER BY ALL
    """
    with locked_duckdb(path.parent) as connection:
        rows = connection.execute(query).fetchall()
    found: dict[tuple[str, ...], Histogram] = {}
    for *values, label, bin_, n in rows:
        histogram = found.setdefault(tuple(values), Histogram(np.zeros(SIZE, np.int64), np.zeros(SIZE, np.int64)))
        (histogram.positives if label else histogram.negatives)[bin_] += n
    return [
        ScoredCell(dict(zip(dimensions, values, strict=True)), histogram) for values, histogram in sorted(found.items())
    ]
