"""Opening the database: SQLite in WAL, or Postgres; the same tables and migrations on both."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from tools.errors import SetupError

MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`; SQLite gets WAL, a busy wait and foreign keys."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=10000")
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.close()

    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision, all or nothing.

    Raises:
        SetupError: the file is not a database, or it was made by a newer Steward.
    """
    config = _config()
    head = ScriptDirectory.from_config(config).get_current_head()
    current = revision(engine)
    if current == head:
        return
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise SetupError(
            f"The database {_name(engine)} has revision {current}, which this version of Steward does not know."
            " Install the newer Steward that wrote it, or point STEWARD_HOME elsewhere."
        )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revision(engine: Engine) -> str | None:
    """The revision the tables are at; None before the first migration.

    Raises:
        SetupError: what lies there is no database, or cannot be reached.
    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise SetupError(
            f"The database {_name(engine)} cannot be opened ({error.orig})."
            " Move it away and run `steward init`, or set STEWARD_DATABASE_URL."
        ) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _name(engine: Engine) -> str:
    return make_url(engine.url).render_as_string(hide_password=True)
