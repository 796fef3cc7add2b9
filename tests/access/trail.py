"""The audit as a test reads it."""

from typing import Any

from sqlalchemy import Engine, select

from tests.agent.desks import Desk
from tools.store.session import reading
from tools.store.tables import AuditRow


def rows(engine: Engine) -> list[AuditRow]:
    """Every row, in order."""
    with reading(engine) as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.seq)))


def audited(desk: Desk) -> list[dict[str, Any]]:
    """The rows of a desk as plain data."""
    return [
        {
            "at": row.at.isoformat(),
            "actor": row.actor,
            "channel": row.channel,
            "action": row.action,
            "detail": row.detail,
        }
        for row in rows(desk.steward.engine)
    ]
