"""The tables come to be, whole or not at all, on either database; what is not ours is left alone."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, text

from tools.errors import SetupError
from tools.store.database import MIGRATIONS, connect, migrate, revision
from tools.store.tables import Table

NEWEST = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
EVERY = {*Table.metadata.tables, "alembic_version"}


@pytest.fixture
def blank(database_url: str) -> Any:
    """An engine on a database without tables."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


def test_a_blank_database_gets_every_table(blank: Engine) -> None:
    """At the newest revision, and no table besides."""
    assert revision(blank) is None
    migrate(blank)
    assert revision(blank) == NEWEST
    assert set(inspect(blank).get_table_names()) == EVERY


def test_the_migrations_make_the_very_tables_of_the_code(database: Engine) -> None:
    """Alembic finds nothing to add, to drop or to alter."""
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_migrating_twice_changes_nothing(database: Engine) -> None:
    """What is stored stays."""
    _note(database)
    migrate(database)
    assert _notes(database) == ["first"]
    assert revision(database) == NEWEST


def test_processes_that_start_together_migrate_once(database_url: str) -> None:
    """Two at once from blank: none fails, and the tables are there."""
    code = "import sys; from tools.store.database import connect, migrate; migrate(connect(sys.argv[1]))"
    started = [subprocess.Popen([sys.executable, "-c", code, database_url]) for _ in range(2)]
    assert [process.wait(60) for process in started] == [0, 0]
    engine = connect(database_url)
    assert set(inspect(engine).get_table_names()) == EVERY
    engine.dispose()


def test_a_migration_that_is_cut_short_leaves_nothing(blank: Engine) -> None:
    """An error half-way rolls everything back; the next start does it all."""

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "CREATE TABLE run_cells" in statement:
            raise ConnectionError("power cut")

    event.listen(blank, "before_cursor_execute", fail)
    with pytest.raises(ConnectionError):
        migrate(blank)
    event.remove(blank, "before_cursor_execute", fail)
    assert inspect(blank).get_table_names() == []
    migrate(blank)
    assert set(inspect(blank).get_table_names()) == EVERY


KILLED = """
import os, sys
from sqlalchemy import event
from tools.store.database import connect, migrate
engine = connect(sys.argv[1])
event.listen(engine, "before_cursor_execute", lambda *a: os._exit(9) if "CREATE TABLE run_cells" in a[2] else None)
migrate(engine)
"""


def test_a_process_killed_in_the_migration_leaves_a_database_that_migrates(blank: Engine, database_url: str) -> None:
    """Really killed, in the middle of it."""
    done = subprocess.run([sys.executable, "-c", KILLED, database_url], check=False)
    assert done.returncode == 9
    migrate(blank)
    assert set(inspect(blank).get_table_names()) == EVERY


def test_a_database_of_a_newer_steward_is_left_alone(database: Engine) -> None:
    """An unknown revision is a clear error, and nothing is touched."""
    _execute(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SetupError, match="9999, which this version of Steward does not know"):
        migrate(database)
    assert revision(database) == "9999"


def test_a_database_of_another_program_is_left_alone(blank: Engine) -> None:
    """Tables that are not ours: a clear error, and none of ours beside them."""
    _execute(blank, "CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(SetupError, match="holds something that is not Steward's"):
        migrate(blank)
    assert inspect(blank).get_table_names() == ["recipes"]


def _garbage(path: Path) -> None:
    path.write_bytes(b"this is no database " * 400)


def _torn(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [("y" * 500,) for _ in range(200)])
    connection.close()
    path.write_bytes(path.read_bytes()[:100] + bytes(9_000))


@pytest.mark.parametrize("spoil", [_garbage, _torn, Path.mkdir], ids=["garbage", "torn", "a folder"])
def test_a_file_that_is_no_database_is_a_clear_error(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """It says which file, and what to do; the file is as it was."""
    path = tmp_path / "steward.db"
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    engine = connect(f"sqlite:///{path}")
    with pytest.raises(SetupError, match=r"steward\.db.* cannot be opened .*steward init"):
        migrate(engine)
    engine.dispose()
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_database_that_cannot_be_reached_is_a_clear_error() -> None:
    """Nobody listens there; the password is not in the message."""
    engine = connect("postgresql+psycopg://steward:hunter2@127.0.0.1:1/steward")
    with pytest.raises(SetupError, match="cannot be opened") as caught:
        migrate(engine)
    assert "hunter2" not in str(caught.value)


def test_sqlite_is_opened_for_several_processes(tmp_path: Path) -> None:
    """Write-ahead log, a patient lock, and references that are enforced."""
    engine = connect(f"sqlite:///{tmp_path / 'steward.db'}")
    with engine.connect() as connection:
        pragmas = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in
                   ("journal_mode", "busy_timeout", "foreign_keys")]  # fmt: skip
    engine.dispose()
    assert pragmas == ["wal", 10_000, 1]


def _execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def _note(engine: Engine) -> None:
    columns = 'team, event, channel, ts, thread, "user", status, attempt, lease_until'
    values = "'T', 'first', 'C', '1', '1', 'U', 'claimed', 1, '2026-11-20 10:00:00+00:00'"
    _execute(engine, f"INSERT INTO messages ({columns}) VALUES ({values})")


def _notes(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [row.event for row in connection.execute(text("SELECT event FROM messages"))]
