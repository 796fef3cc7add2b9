"""DuckDB, locked down: it reads one folder, reaches no network, and nobody can unlock it."""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

SPILL = ".spill-"  # how the folders that DuckDB spills to begin


@contextmanager
def locked_duckdb(
    folder: Path, memory: str = "1GB", threads: int = 2, also: Sequence[Path] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory that may use `folder` and the folders `also` only.

    What does not fit into `memory` is spilled to the last of these folders and gone with the connection; left alone,
    DuckDB would spill into the directory that the process happens to run in. The order of the settings matters: the
    lock comes last.
    """
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET enable_progress_bar=false")  # it would draw on standard output
        connection.execute(f"SET memory_limit='{memory}'")
        connection.execute(f"SET threads={threads:d}")
        spill = (folder, *also)[-1].resolve() / f"{SPILL}{secrets.token_hex(4)}"
        connection.execute(f"SET temp_directory={quoted(str(spill))}")
        allowed = ", ".join(quoted(f"{path.resolve()}/") for path in (folder, *also))
        connection.execute(f"SET allowed_directories=[{allowed}]")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
        yield connection
    finally:
        connection.close()


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def one_file(path: Path) -> str:
    """A SQL string literal that names exactly this file: `*`, `?` and `[` in a name are a pattern to DuckDB.

    In the name of a folder they cannot be escaped; there they are taken as they are unless other folders match.
    """
    whole = path.resolve()
    return quoted(str(whole.parent / re.sub(r"[*?[]", r"[\g<0>]", whole.name)))


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
