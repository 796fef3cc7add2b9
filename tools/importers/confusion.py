"""Counts of predictions of several classes: how often each class was called which, by slice cell."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.evals.cells import cell_key
from tools.evals.duck import identifier, locked_duckdb, quoted


def confusion_cells(path: Path, dimensions: Sequence[str], run: str) -> list[dict[str, Any]]:
    """Rows of the table of confusion cells for one file of predictions (`label` and `predicted` are class indexes)."""
    columns = "".join(f"{identifier(name)}, " for name in dimensions)
    query = f"""
        SELECT {columns} label::INTEGER, predicted::INTEGER, count(*) FROM read_parquet([{quoted(str(path.resolve()))}])
        GROUP BY ALL ORDER BY ALL
    """
    with locked_duckdb(path.parent) as connection:
        rows = connection.execute(query).fetchall()
    return [
        {
            "run_id": run, "cell": cell_key(values := dict(zip(dimensions, row, strict=False))), "values": values,
            "gold": row[-3], "predicted": row[-2], "n": row[-1],
        }
        for row in rows
    ]  # fmt: skip
