"""The audit (R20): append-only rows, each holding the hash of the one before it. No text of questions or pastes."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, text

from tools.store.session import reading, writing
from tools.store.tables import AuditRow

GENESIS = "0" * 64
TURNS = 7_783_928  # any number of its own, the same for all: the name of the lock on Postgres


class Audit:
    """Appends to the audit and verifies its chain."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def append(self, actor: str, channel: str, action: str, detail: dict[str, Any]) -> None:
        """Add one row; writers of all processes take turns, for each row must follow the one before."""
        with writing(self._engine) as session:
            _take_turn(session.connection())
            last = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1)).first()
            row = AuditRow(
                at=self._now(),
                actor=actor[:100],
                channel=channel[:200],
                action=action,
                detail=detail,
                previous=last.hash if last else GENESIS,
                hash="",
            )
            row.hash = _hash(row)
            session.add(row)

    def broken_at(self) -> int | None:
        """The number of the first row whose hash or predecessor is wrong; None when the chain holds."""
        previous = GENESIS
        with reading(self._engine) as session:
            for row in session.scalars(select(AuditRow).order_by(AuditRow.seq)):
                if row.previous != previous or row.hash != _hash(row):
                    return row.seq
                previous = row.hash
        return None


def _take_turn(connection: Connection) -> None:
    """Wait for the writer before. Trying again on a collision instead loses rows: 8 writers on Postgres, 20 tries."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TURNS})


def _hash(row: AuditRow) -> str:
    what = [row.at.isoformat(), row.actor, row.channel, row.action, row.detail, row.previous]
    return hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
