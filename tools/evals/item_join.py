"""Two dataset files joined by item id in DuckDB."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tools.datasets.item_differences import GroupOverlap, ItemJoin
from tools.datasets.slice_codes import slice_codes
from tools.evals.duck import identifier, locked_duckdb, quoted
from tools.evals.items_file import ITEM, LABEL


def join_items(
    root: Path, before: Path, after: Path, dimensions: Sequence[str], groups: Sequence[str] = ()
) -> ItemJoin:
    """Join two checked dataset files under `root` by item id; ids are unique in each, `dimensions` are in both.

    Of the columns `groups` those are compared that both files have.
    """
    places = range(len(dimensions))
    sides = [
        f"(SELECT {identifier(ITEM)}::VARCHAR AS item, {identifier(LABEL)}::INTEGER AS label"
        + "".join(f", {identifier(dimensions[at])}::VARCHAR AS d{at}" for at in places)
        + f" FROM {_file(path)})"
        for path in (before, after)
    ]
    values = "".join(f", coalesce(a.d{at}, b.d{at})" for at in places)
    # NULL where an item is in one set only: it has not moved.
    moved = " + ".join(["0", *(f"coalesce((a.d{at} <> b.d{at})::INTEGER, 0) * {1 << at}" for at in places)])
    query = f"""
        SELECT coalesce(b.label, -1), coalesce(a.label, -1), {moved} AS moved, count(*){values}
        FROM {sides[0]} b FULL JOIN {sides[1]} a ON a.item = b.item
        GROUP BY ALL ORDER BY ALL
    """
    with locked_duckdb(root) as connection:
        rows = connection.execute(query).fetchall()
        there = [
            {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {_file(path)}").fetchall()}
            for path in (before, after)
        ]
        overlaps = [
            GroupOverlap(column, *connection.execute(_overlap(column, before, after)).fetchall()[0])
            for column in groups
            if column in there[0] & there[1]
        ]
    counts = np.array([row[:4] for row in rows], np.int64).reshape(-1, 4)
    cells = [dict(zip(dimensions, row[4:], strict=True)) for row in rows]
    old, new, elsewhere, n = (counts[:, at].copy() for at in range(4))
    return ItemJoin(slice_codes(cells, dimensions), old, new, elsewhere, n, tuple(overlaps))


def _overlap(column: str, before: Path, after: Path) -> str:
    """Groups in both files, and the items that each has in them; an item without a group is in none."""
    group = identifier(column)
    counted = f"SELECT {group}::VARCHAR AS grouped, count(*) AS n FROM {{}} WHERE {group} IS NOT NULL GROUP BY 1"
    sides = [f"({counted.format(_file(path))})" for path in (before, after)]
    return (
        "SELECT count(*), coalesce(sum(b.n), 0)::BIGINT, coalesce(sum(a.n), 0)::BIGINT"
        f" FROM {sides[0]} b JOIN {sides[1]} a USING (grouped)"
    )


def _file(path: Path) -> str:
    # As a list: in a pattern, a bracket in the folder's name would be a wildcard.
    return f"read_parquet([{quoted(str(path.resolve()))}])"
