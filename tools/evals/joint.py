"""Two runs on the same items, joined by item id in DuckDB: joint counts, counts by cluster, and scores item by item."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from tools.evals.duck import identifier, locked_duckdb, quoted
from tools.evals.items_file import CLUSTER, ITEM, WEIGHT
from tools.stats.paired import Joint

BUCKETS = 1_024  # of clusters: enough for an interval, and the cost does not grow with their number


@dataclass(frozen=True)
class JointCells:
    """`cells` maps (values of the cell, label) to joint counts of the common items that have one label in both runs.

    `only_a`, `only_b`: items that one run alone has. `relabelled`: common items with two labels. `rows_a`, `rows_b`:
    items that the predictions hold.
    """

    cells: list[tuple[dict[str, str], int, Joint]]
    only_a: int
    only_b: int
    relabelled: int
    rows_a: int
    rows_b: int


@dataclass(frozen=True)
class Joined:
    """The common items one by one, or counted by cluster: arrays of equal length.

    `cell` is an index of `values`, the slice cells; `label` is 0 or 1. One by one `a` and `b` are scores and `n` is
    one; counted they are decisions (0 or 1) and `n` is how many items, or the sum of their weights, which are one on
    average. `unit` numbers the clusters, or the items where only weights tie nothing together.
    """

    values: list[dict[str, str]]
    cell: NDArray[np.int64]
    label: NDArray[np.int64]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    unit: NDArray[np.int64]
    n: NDArray[np.float64]


def scan_pair(
    predictions: Path, run_a: str, run_b: str, dimensions: Sequence[str], threshold_a: float, threshold_b: float
) -> JointCells:
    """Join the predictions of two runs by item id and count decisions at the two thresholds."""
    a, b = (_files(predictions / run) for run in (run_a, run_b))
    columns = "".join(f"a.{identifier(name)}, " for name in dimensions)
    query = f"""
        SELECT {columns} a.label,
               count(*) FILTER (WHERE a.score >= $ta AND b.score >= $tb),
               count(*) FILTER (WHERE a.score >= $ta AND b.score < $tb),
               count(*) FILTER (WHERE a.score < $ta AND b.score >= $tb),
               count(*) FILTER (WHERE a.score < $ta AND b.score < $tb)
        FROM read_parquet({a}) a JOIN read_parquet({b}) b USING (item_id)
        WHERE a.label = b.label
        GROUP BY ALL ORDER BY ALL
    """.replace("a.score", "a.score::DOUBLE").replace("b.score", "b.score::DOUBLE")
    lonely = "SELECT count(*) FROM read_parquet({}) x ANTI JOIN read_parquet({}) y USING (item_id)"
    everything = "SELECT count(*) FROM read_parquet({})"
    with locked_duckdb(predictions) as connection:
        rows = connection.execute(query, {"ta": threshold_a, "tb": threshold_b}).fetchall()
        only = [_one(connection, lonely.format(*pair)) for pair in ((a, b), (b, a))]
        held = [_one(connection, everything.format(files)) for files in (a, b)]
    cells = [
        (dict(zip(dimensions, row[: len(dimensions)], strict=True)), int(row[len(dimensions)]), Joint(*row[-4:]))
        for row in rows
    ]
    matched = sum(joint.n for _, _, joint in cells)
    return JointCells(cells, only[0], only[1], held[0] - only[0] - matched, *held)


def scan_units(
    predictions: Path, run_a: str, run_b: str, dimensions: Sequence[str], threshold_a: float, threshold_b: float,
    *, clustered: bool, weighted: bool,
) -> Joined:  # fmt: skip
    """The decisions on the common items counted by cluster, and by weight; each cell has a part of a cluster."""
    with _joined(predictions, run_a, run_b, dimensions, clustered, weighted) as connection:
        return _fetched(
            connection,
            dimensions,
            "SELECT cell, label, (a >= $ta)::INTEGER AS a, (b >= $tb)::INTEGER AS b, unit, sum(w) AS n"
            " FROM numbered GROUP BY ALL ORDER BY ALL",
            {"ta": threshold_a, "tb": threshold_b},
        )


def scan_scores(
    predictions: Path, run_a: str, run_b: str, dimensions: Sequence[str], *, clustered: bool
) -> Joined:  # fmt: skip
    """Both scores of each common item, with its cell and its cluster."""
    with _joined(predictions, run_a, run_b, dimensions, clustered, False) as connection:
        return _fetched(connection, dimensions, "SELECT cell, label, a, b, unit, w AS n FROM numbered", {})


def keeps(predictions: Path, run: str, *, clustered: bool, weighted: bool) -> bool:
    """Whether the predictions of a run have the columns of clusters and weights; those of older runs do not."""
    wanted = {name for name, needed in ((CLUSTER, clustered), (WEIGHT, weighted)) if needed}
    with locked_duckdb(predictions) as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_files(predictions / run)})").fetchall()
    return wanted <= {row[0] for row in described}


@contextmanager
def _joined(
    predictions: Path, run_a: str, run_b: str, dimensions: Sequence[str], clustered: bool, weighted: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the tables `cells` and `numbered` (cell, label, a, b, unit, w): the common items."""
    names = [identifier(name) for name in dimensions]
    key = CLUSTER if clustered else ITEM
    weight = f"a.{WEIGHT}::DOUBLE / avg(a.{WEIGHT}::DOUBLE) OVER ()" if weighted else "1::DOUBLE"
    columns = "".join(f"a.{name}, " for name in names)
    same = " AND ".join(f"j.{name} = c.{name}" for name in names) or "true"
    with locked_duckdb(predictions) as connection:
        connection.execute(f"""
            CREATE TEMP TABLE joined AS
            SELECT {columns} a.label::TINYINT AS label, a.score::DOUBLE AS a, b.score::DOUBLE AS b,
                   a.{key}::VARCHAR AS key, {weight} AS w
            FROM read_parquet({_files(predictions / run_a)}) a JOIN read_parquet({_files(predictions / run_b)}) b
            USING (item_id) WHERE a.label = b.label
        """)
        distinct = f"SELECT DISTINCT {', '.join(names)} FROM joined ORDER BY ALL" if names else "SELECT 1"
        connection.execute(f"CREATE TEMP TABLE cells AS SELECT *, row_number() OVER () - 1 AS cell FROM ({distinct})")
        # Few clusters get a number each; hashing them would throw some together and widen the interval for nothing.
        connection.execute("CREATE TEMP TABLE keys AS SELECT DISTINCT key FROM joined")
        few = _one(connection, "SELECT count(*) FROM keys") <= BUCKETS
        unit = "row_number() OVER (ORDER BY key) - 1" if few else f"hash(key) % {BUCKETS}"
        connection.execute(f"CREATE TEMP TABLE units AS SELECT key, ({unit})::INTEGER AS unit FROM keys")
        connection.execute(f"""
            CREATE TEMP TABLE numbered AS SELECT c.cell, j.label, j.a, j.b, u.unit, j.w
            FROM joined j JOIN cells c ON {same} JOIN units u USING (key)
        """)
        yield connection


def _fetched(
    connection: duckdb.DuckDBPyConnection, dimensions: Sequence[str], query: str, values: dict[str, float]
) -> Joined:
    found = connection.execute(query, values).fetchnumpy() if values else connection.execute(query).fetchnumpy()
    cells = connection.execute("SELECT * EXCLUDE (cell) FROM cells ORDER BY cell").fetchall()
    whole = [np.asarray(found[name], np.int64) for name in ("cell", "label", "unit")]
    parts = [np.asarray(found[name], np.float64) for name in ("a", "b", "n")]
    named = [dict(zip(dimensions, row, strict=False)) for row in cells]
    return Joined(named, whole[0], whole[1], parts[0], parts[1], whole[2], parts[2])


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _files(folder: Path) -> str:
    """The Parquet files of a folder as a SQL list: in a pattern, a bracket in the folder's name would be a wildcard."""
    return "[" + ", ".join(quoted(str(path)) for path in sorted(folder.resolve().glob("*.parquet"))) + "]"
