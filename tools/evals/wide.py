"""One pass over a file of predictions of several models: how often each combination of decisions occurs, by slice.

The counts are sufficient for every metric of counts, its interval and every paired difference; no row leaves DuckDB.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.catalog import nearest
from tools.errors import SetupError
from tools.evals.duck import identifier, locked_duckdb, one_file

MOST_MODELS = 6  # 2**7 kinds of row a slice


@dataclass(frozen=True)
class Decisions:
    """`slices`: the values of each slice; `counts`: int64 (slices, 2, 2, ... 2), first the label, then each model."""

    slices: tuple[tuple[str, ...], ...]
    counts: NDArray[np.int64]


def count_decisions(
    path: Path,
    label: str,
    scores: Mapping[str, float] | Sequence[tuple[str, float]],
    slices: Sequence[str],
    memory: str = "250MB",
) -> Decisions:
    """Count the decisions of several models in a Parquet file.

    A score is compared in the type of its column, as NumPy would: a float32 of .42 is at the threshold .42.

    Args:
        label: the column of the gold label, 0 or 1.
        scores: the column of each model's scores -> its threshold; at or above it an item is flagged. In pairs, one
            column may have two thresholds.
        slices: the columns to slice by, where a missing value is `unknown`; none gives one slice of all.
        memory: what DuckDB may use.

    Raises:
        SetupError: the file cannot be read, has not these columns, or a label or score is missing or not a number.
        ValueError: a threshold is not a finite number.
    """
    import duckdb

    models = list(scores.items()) if isinstance(scores, Mapping) else list(scores)
    if not 1 <= len(models) <= MOST_MODELS:
        raise SetupError(f"Name 1 to {MOST_MODELS} columns of scores.")
    if not all(math.isfinite(threshold) for _, threshold in models):
        raise ValueError("a threshold is a finite number")
    if not path.is_file():
        raise SetupError(f"There is no file {path.name} in {path.resolve().parent}.")
    file = f"read_parquet([{one_file(path)}], hive_partitioning=false)"
    try:
        with locked_duckdb(path.resolve().parent, memory=memory) as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()
            kinds = {str(row[0]): str(row[1]) for row in described}
            _check_columns(path.name, kinds, [label, *slices, *(column for column, _ in models)])
            keys = "".join(f"coalesce({identifier(name)}::VARCHAR, 'unknown'), " for name in slices)
            kind = _kind(label, models, kinds)
            rows = connection.execute(f"SELECT {keys}{kind} AS kind, count(*) FROM {file} GROUP BY ALL").fetchall()
    except duckdb.Error:
        # What DuckDB says may quote a value.
        raise SetupError(f"{path.name} cannot be read as Parquet to its end. Write it again.") from None
    if any(row[-2] is None for row in rows):
        raise SetupError(f"{path.name} has rows without a score, or a label that is not 0 or 1.")
    names = sorted({tuple(row[:-2]) for row in rows})
    places = {name: place for place, name in enumerate(names)}
    counts = np.zeros((len(names), 2 << len(models)), np.int64)
    for *values, number, n in rows:
        counts[places[tuple(values)], number] += n
    return Decisions(tuple(names), counts.reshape(len(names), *[2] * (len(models) + 1)))


def _kind(label: str, models: Sequence[tuple[str, float]], kinds: Mapping[str, str]) -> str:
    """SQL of a row's number among the combinations of label and decisions; NULL where one of them is missing."""
    gold = f"TRY_CAST({identifier(label)} AS DOUBLE)"
    parts = [f"CASE {gold} WHEN 0 THEN 0 WHEN 1 THEN {1 << len(models)} END"]
    for at, (column, threshold) in enumerate(models):
        kind = "FLOAT" if kinds[column] == "FLOAT" else "DOUBLE"
        score = f"TRY_CAST({identifier(column)} AS {kind})"
        # Not a number is greater than every number to DuckDB, and so would be flagged.
        flagged = f"({score} >= {float(threshold)!r}::{kind})::TINYINT * {1 << (len(models) - 1 - at)}"
        parts.append(f"CASE WHEN NOT isnan({score}) THEN {flagged} END")
    return f"({' + '.join(parts)})"


def _check_columns(name: str, kinds: Mapping[str, str], wanted: Sequence[str]) -> None:
    missing = [column for column in wanted if column not in kinds]
    if missing:
        close = ", ".join(nearest(missing[0], kinds))
        raise SetupError(f"{name} has no column {', '.join(missing)}. It has: {close} …")
