"""Joint counts of two runs: how their decisions on the same items agree, per slice cell and label."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.evals.duck import identifier, locked_duckdb, quoted
from tools.stats.paired import Joint


@dataclass(frozen=True)
class JointCells:
    """`cells` maps (values of the cell, label) to joint counts; `only_a`, `only_b`: items that one run alone has."""

    cells: list[tuple[dict[str, str], int, Joint]]
    only_a: int
    only_b: int


def scan_pair(
    predictions: Path, run_a: str, run_b: str, dimensions: Sequence[str], threshold_a: float, threshold_b: float
) -> JointCells:
    """Join the predictions of two runs by item id and count decisions at the two thresholds."""
    a, b = (_files(predictions / run) for run in (run_a, run_b))
    columns = ", ".join(f"a.{identifier(name)}" for name in dimensions)
    query = f"""
        SELECT {columns}, a.label,
               count(*) FILTER (WHERE a.score >= $ta AND b.score >= $tb),
               count(*) FILTER (WHERE a.score >= $ta AND b.score < $tb),
               count(*) FILTER (WHERE a.score < $ta AND b.score >= $tb),
               count(*) FILTER (WHERE a.score < $ta AND b.score < $tb)
        FROM read_parquet({a}) a JOIN read_parquet({b}) b USING (item_id)
        WHERE a.label = b.label
        GROUP BY ALL ORDER BY ALL
    """.replace("a.score", "a.score::DOUBLE").replace("b.score", "b.score::DOUBLE")
    lonely = "SELECT count(*) FROM read_parquet({}) x ANTI JOIN read_parquet({}) y USING (item_id)"
    with locked_duckdb(predictions) as connection:
        rows = connection.execute(query, {"ta": threshold_a, "tb": threshold_b}).fetchall()
        only = [connection.execute(lonely.format(*pair)).fetchall()[0][0] for pair in ((a, b), (b, a))]
    cells = [
        (dict(zip(dimensions, row[: len(dimensions)], strict=True)), int(row[len(dimensions)]), Joint(*row[-4:]))
        for row in rows
    ]
    return JointCells(cells, only[0], only[1])


def _files(folder: Path) -> str:
    """The Parquet files of a folder as a SQL list: in a pattern, a bracket in the folder's name would be a wildcard."""
    return "[" + ", ".join(quoted(str(path)) for path in sorted(folder.resolve().glob("*.parquet"))) + "]"
