"""A database of every earlier revision comes to the newest with what was stored in it."""

from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from tools.store.database import MIGRATIONS, connect, migrate, revision
from tools.store.tables import Table

REVISIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
NEW = {"guideline_questions", "guideline_askers", "guideline_words", "guideline_issues"}


@pytest.fixture
def blank(database_url: str) -> Any:
    """An engine on a database without tables."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


def upgrade(engine: Engine, to: str) -> None:
    """Bring the tables to a revision, as an earlier Steward did."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


@pytest.mark.parametrize("start", REVISIONS[:-1])
def test_every_earlier_revision_is_brought_to_the_newest(blank: Engine, start: str) -> None:
    """The tables are those of the code, and a message that was claimed before is there."""
    upgrade(blank, start)
    assert revision(blank) == start
    columns = 'team, event, channel, ts, thread, "user", status, attempt, lease_until'
    values = "'T', 'first', 'C', '1', '1', 'U', 'claimed', 1, '2026-11-20 10:00:00+00:00'"
    with blank.begin() as connection:
        connection.execute(text(f"INSERT INTO messages ({columns}) VALUES ({values})"))
    migrate(blank)
    assert revision(blank) == REVISIONS[-1]
    with blank.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
        assert connection.execute(text("SELECT event FROM messages")).scalars().all() == ["first"]


def test_the_third_revision_adds_tables_and_touches_none(blank: Engine) -> None:
    """What the guidelines do not answer has tables of its own; every other column is as it was."""
    upgrade(blank, "0002")
    before = _columns(blank)
    upgrade(blank, "0003")
    after = _columns(blank)
    assert after.keys() - before.keys() == NEW
    assert {name: after[name] for name in before} == before


def _columns(engine: Engine) -> dict[str, list[str]]:
    inspector = inspect(engine)
    return {name: [column["name"] for column in inspector.get_columns(name)] for name in inspector.get_table_names()}
