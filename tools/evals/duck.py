"""DuckDB, locked down: it reads one folder, reaches no network, and nobody can unlock it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def locked_duckdb(folder: Path, memory: str = "1GB", threads: int = 2) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory that may read `folder` only. The order of the settings matters: the lock comes last."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET memory_limit='{memory}'")
        connection.execute(f"SET threads={threads:d}")
        connection.execute("SET allowed_directories=[$1]".replace("$1", quoted(f"{folder.resolve()}/")))
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
        yield connection
    finally:
        connection.close()


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
