"""Opening the database: SQLite in WAL, or Postgres; the same tables and migrations on both."""

import sqlite3
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from tools.errors import SetupError

MIGRATIONS = Path(__file__).parent / "migrations"
WAL_TRIES = 100  # of 50 ms
MIGRATING = 7_783_927  # any number, the same for all: the name of the lock on Postgres


def connect(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`; SQLite gets WAL, a busy wait and foreign keys."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=10000")
            _wal(cursor)
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.close()

    return engine


def _wal(cursor: DBAPICursor) -> None:
    """Switch to WAL. Two processes that do so at once on a new file get "locked" at once, whatever the busy wait."""
    for attempt in range(WAL_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == WAL_TRIES - 1:
                raise
            time.sleep(0.05)


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision, all or nothing.

    Raises:
        SetupError: the file is not a database, is another program's, or was made by a newer Steward.
    """
    known = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    current = revision(engine)
    if current == known[-1]:
        return
    if current is not None and current not in known:
        raise SetupError(
            f"The database {_name(engine)} has revision {current}, which this version of Steward does not know."
            " Install the newer Steward that wrote it, or point STEWARD_HOME elsewhere."
        )
    # Alembic costs half a CPU second to import, so it is asked only when there is something to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        _alone(connection)
        if _revision(connection) is None and set(inspect(connection).get_table_names()) - {"alembic_version"}:
            raise SetupError(
                f"The database {_name(engine)} holds something that is not Steward's."
                " Point STEWARD_HOME or STEWARD_DATABASE_URL elsewhere."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revision(engine: Engine) -> str | None:
    """The revision the tables are at; None before the first migration.

    Raises:
        SetupError: what lies there is no database, or cannot be reached.
    """
    try:
        with engine.connect() as connection:
            return _revision(connection)
    except DBAPIError as error:
        raise SetupError(
            f"The database {_name(engine)} cannot be opened ({error.orig})."
            " Move it away and run `steward init`, or set STEWARD_DATABASE_URL."
        ) from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _alone(connection: Connection) -> None:
    """Wait until no other process migrates, and make tables part of the transaction.

    Python's SQLite driver begins a transaction before it changes rows, but not before it makes tables: without the
    explicit BEGIN, a process killed half-way leaves half the tables, and no later start gets past them.
    """
    lock = "BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else f"SELECT pg_advisory_xact_lock({MIGRATING})"
    connection.exec_driver_sql(lock)


def _name(engine: Engine) -> str:
    return make_url(engine.url).render_as_string(hide_password=True)
