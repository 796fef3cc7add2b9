"""The whole state of a workspace, to be compared before and after something that must change nothing."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from tools.store.session import reading
from tools.store.tables import Table


@dataclass(frozen=True)
class State:
    """Every row of every table, and every file under the data root with its size."""

    rows: tuple[str, ...]
    files: tuple[str, ...]


def state(engine: Engine, root: Path) -> State:
    """The state now."""
    with reading(engine) as session:
        rows = [
            f"{table.name}: {tuple(row)!r}"
            for table in Table.metadata.sorted_tables
            for row in session.execute(table.select())
        ]
    files = [f"{path.relative_to(root)}: {path.stat().st_size}" for path in root.rglob("*") if path.is_file()]
    return State(tuple(sorted(rows)), tuple(sorted(files)))
