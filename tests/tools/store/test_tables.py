"""What the tables promise: an audit nobody changes (R20), times with a zone, sessions that never half-write."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from tools.store.session import reading, writing
from tools.store.tables import AuditRow, Message

TIME = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CHANGES = {
    "an update": "UPDATE audit SET actor = 'eve'",
    "an update of nothing much": "UPDATE audit SET actor = actor WHERE seq = 1",
    "a deletion": "DELETE FROM audit",
    "a deletion of one row": "DELETE FROM audit WHERE seq = 2",
    "an upsert": "INSERT INTO audit SELECT * FROM audit WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET actor = 'eve'",
}
COLUMNS = "seq, at, actor, channel, action, detail, previous, hash"
POSTGRES_CHANGES = {"an emptying": "TRUNCATE audit"}
SQLITE_CHANGES = {
    "a replacement by number": f"REPLACE INTO audit ({COLUMNS}) SELECT 1, at, 'eve', channel, action, detail,"
    " 'new', hash FROM audit WHERE seq = 1",
    "a replacement by predecessor": f"INSERT OR REPLACE INTO audit ({COLUMNS}) SELECT 9, at, 'eve', channel, action,"
    " detail, previous, hash FROM audit WHERE seq = 2",
    "an update that replaces": "UPDATE OR REPLACE audit SET seq = 1 WHERE seq = 2",
}


def _append(engine: Engine, actor: str, previous: str) -> None:
    row = AuditRow(
        at=TIME, actor=actor, channel="", action="ask", detail={}, previous=previous, hash=f"after {previous}"
    )
    with writing(engine) as session:
        session.add(row)


@pytest.fixture
def audited(database: Engine) -> Engine:
    """A database with two rows in its audit."""
    _append(database, "ana", "0")
    _append(database, "ben", "1")
    return database


def _rows(engine: Engine) -> list[tuple[int, str]]:
    with reading(engine) as session:
        return [(row.seq, row.actor) for row in session.scalars(select(AuditRow).order_by(AuditRow.seq))]


def _try(engine: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))


def test_the_audit_cannot_be_changed(audited: Engine) -> None:
    """By anybody with a connection: the database itself refuses every way there is.

    Postgres would empty a table without touching a row; SQLite would replace a row without deleting it.
    """
    own = POSTGRES_CHANGES if audited.dialect.name == "postgresql" else SQLITE_CHANGES
    for change in (CHANGES | own).values():
        _try(audited, change)
        assert _rows(audited) == [(1, "ana"), (2, "ben")], change


def test_the_audit_goes_on_after_a_refused_change(audited: Engine) -> None:
    """Appending is what it is for."""
    _try(audited, CHANGES["a deletion"])
    _append(audited, "chen", "2")
    assert _rows(audited)[-1][1] == "chen"


def test_two_rows_cannot_follow_the_same_one(audited: Engine) -> None:
    """So a chain never forks, whoever writes at the same time."""
    with pytest.raises(DBAPIError):
        _append(audited, "eve", "1")
    assert len(_rows(audited)) == 2


def _message(event: str, lease: datetime) -> Message:
    return Message(team="T", event=event, channel="C", ts="1", thread="1", user="U", status="claimed", attempt=1,
                   lease_until=lease, reply_ts=None)  # fmt: skip


def test_a_time_comes_back_as_the_same_moment_in_utc(database: Engine) -> None:
    """Whatever zone it was written in, and whatever the database remembers of zones."""
    with writing(database) as session:
        session.add(_message("e", datetime(2026, 11, 20, 15, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))))
    with reading(database) as session:
        found = session.scalars(select(Message)).one().lease_until
    assert (found, found.tzinfo) == (TIME, UTC)


def test_a_time_without_a_zone_is_refused(database: Engine) -> None:
    """It could mean any moment of a day."""
    with pytest.raises(StatementError, match="must carry its time zone"), writing(database) as session:
        session.add(_message("e", datetime(2026, 11, 20)))  # noqa: DTZ001
    with reading(database) as session:
        assert session.scalars(select(Message)).all() == []


def test_a_session_that_fails_writes_nothing(database: Engine) -> None:
    """Not even what was flushed before the error."""
    with pytest.raises(ZeroDivisionError), writing(database) as session:
        session.add(_message("e", TIME))
        session.flush()
        raise ZeroDivisionError
    with reading(database) as session:
        assert session.scalars(select(Message)).all() == []


def test_a_reading_session_keeps_no_change(database: Engine) -> None:
    """Even where it was flushed."""
    with reading(database) as session:
        session.add(_message("e", TIME))
        session.flush()
    with reading(database) as session:
        assert session.scalars(select(Message)).all() == []
