"""The scan: predictions in Parquet -> counts and score histograms per slice cell, in DuckDB."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tools.evals.cells import ScoredCell
from tools.evals.duck import identifier, locked_duckdb, quoted
from tools.stats.histogram import BINS, Bins, Tally


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
    found: dict[tuple[str, ...], tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
    for *values, label, bin_, n in rows:
        found.setdefault(tuple(values), ([], []))[0 if label else 1].append((bin_, n))
    return [
        ScoredCell(dict(zip(dimensions, values, strict=True)), Tally(*_columns(positives), *_columns(negatives)))
        for values, (positives, negatives) in sorted(found.items())
    ]


def _columns(pairs: list[tuple[int, int]]) -> tuple[Bins, Bins]:
    """Pairs of bin and count as two arrays; the query has ordered them by bin."""
    array = np.array(pairs, np.int64).reshape(-1, 2)
    return array[:, 0].copy(), array[:, 1].copy()
