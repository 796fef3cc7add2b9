"""The scan: predictions in Parquet -> counts, score histograms and sums of scores per slice cell, in DuckDB."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.evals.cells import ScoredCell
from tools.evals.duck import identifier, locked_duckdb, one_file
from tools.stats.histogram import BINS, Tally
from tools.stats.moments import BANDS, Moments


def scan_predictions(path: Path, dimensions: Sequence[str]) -> list[ScoredCell]:
    """Cells of one predictions file (`label`, `score` and the dimensions), in the order of their values.

    Bins are as in `tools.stats.histogram`, sums as in `tools.stats.moments`.
    """
    # Dimensions are numbered, so that none of them can have the name of a column of ours.
    numbers = range(len(dimensions))
    named = ", ".join(
        f"coalesce({identifier(name)}::VARCHAR, 'unknown') AS d{number}" for number, name in enumerate(dimensions)
    )
    keys = "".join(f"d{number}, " for number in numbers)
    same = " AND ".join(f"g.d{number} = c.d{number}" for number in numbers) or "true"
    file = f"read_parquet([{one_file(path)}], hive_partitioning=false)"
    # The product may be off by its last bit (.57 * 10,000 is 5,699.99…), so the nearest edge itself is compared with.
    # Cells are numbered after the grouping, so that no row of the file is joined and no text comes out for every bin.
    query = f"""
        WITH scored AS (
            SELECT {f"{named}, " if named else ""}label::TINYINT AS label, score::DOUBLE AS score FROM {file}
        ), grouped AS (
            SELECT {keys} label, (round(score * {BINS}) - (score < round(score * {BINS}) / {BINS})::INTEGER)::INTEGER
                   AS bin, count(*) AS n, sum(score) AS s, sum((score - label) ** 2) AS e
            FROM scored GROUP BY ALL
        )
        SELECT c.cell, g.label, g.bin, g.n::BIGINT AS n, g.s, g.e
        FROM grouped g JOIN cells c ON {same} ORDER BY c.cell, g.label, g.bin
    """
    with locked_duckdb(path.parent) as connection:
        if dimensions:
            distinct = f"SELECT DISTINCT {named} FROM {file} ORDER BY ALL"
            connection.execute(
                f"CREATE TEMP TABLE cells AS SELECT *, row_number() OVER () - 1 AS cell FROM ({distinct})"
            )
            values = connection.execute("SELECT * EXCLUDE (cell) FROM cells ORDER BY cell").fetchall()
        else:
            connection.execute("CREATE TEMP TABLE cells AS SELECT 0 AS cell")
            values = [()]
        found = connection.execute(query).fetchnumpy()
    cell = np.asarray(found["cell"], np.int64)
    edges = np.searchsorted(cell, np.arange(len(values) + 1))
    return [
        _cell(dict(zip(dimensions, value, strict=True)), {name: column[start:end] for name, column in found.items()})
        for value, (start, end) in zip(values, pairwise(edges), strict=True)
        if end > start
    ]


def _cell(values: dict[str, str], part: dict[str, NDArray[np.generic]]) -> ScoredCell:
    label, bins, n = (np.asarray(part[name], np.int64) for name in ("label", "bin", "n"))
    positive = label == 1
    tally = Tally(bins[positive], n[positive], bins[~positive], n[~positive])
    band = np.minimum(bins * BANDS // BINS, BANDS - 1)
    sums = np.bincount(band, np.asarray(part["s"], np.float64), BANDS).astype(np.float64)
    return ScoredCell(values, tally, Moments(sums, float(np.asarray(part["e"], np.float64).sum())))
