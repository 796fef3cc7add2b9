"""Proposals: what the assistant may only suggest. One compare-and-set on the row decides, once (R12)."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tools.results import ProposalCard
from tools.store.session import reading, writing
from tools.store.tables import Proposal
from tools.workspace import Call


@dataclass(frozen=True)
class Draft:
    """A proposal before it is stored: exactly what would be done, and what it costs in items scored."""

    kind: str
    title: str
    arguments: dict[str, Any]
    facts: dict[str, str]
    cost_items: int


def store(call: Call, draft: Draft) -> ProposalCard:
    """Store a proposal, pending; its arguments are hashed and never changed after."""
    workspace, now = call.workspace, call.workspace.now()
    row = Proposal(
        id=secrets.token_hex(8),
        kind=draft.kind,
        arguments=draft.arguments | {"title": draft.title, "facts": draft.facts},
        arguments_hash="",
        summary=draft.title,
        cost_items=draft.cost_items,
        needs_second_person=draft.cost_items > workspace.limits.second_person_above_items,
        proposer=call.caller.person,
        thread=call.caller.thread,
        status="pending",
        created_at=now,
        expires_at=now + timedelta(hours=workspace.limits.proposal_hours),
        decided_by=None,
        decided_at=None,
        run_id=None,
    )
    row.arguments_hash = arguments_hash(row)
    with writing(workspace.engine) as session:
        session.add(row)
    return card(row)


def arguments_hash(row: Proposal) -> str:
    """What ties a button press to what was shown."""
    shown = [row.kind, row.arguments, row.cost_items, row.needs_second_person]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def find(engine: Engine, proposal: str) -> Proposal | None:
    """A proposal by its id."""
    with reading(engine) as session:
        return session.get(Proposal, proposal)


def decide(
    session: Session,
    proposal: str,
    status: Literal["approved", "rejected"],
    person: str,
    now: datetime,
    run: str | None,
) -> bool:
    """The compare-and-set, in the caller's session: True for the one call that decided a pending proposal."""
    statement = (
        update(Proposal)
        .where(Proposal.id == proposal, Proposal.status == "pending", Proposal.expires_at > now)
        .values(status=status, decided_by=person, decided_at=now, run_id=run)
    )
    return bool(session.connection().execute(statement).rowcount == 1)


def expire(engine: Engine, now: datetime) -> int:
    """Mark what nobody decided in time; returns how many."""
    statement = update(Proposal).where(Proposal.status == "pending", Proposal.expires_at <= now)
    with writing(engine) as session:
        return int(session.connection().execute(statement.values(status="expired")).rowcount)


def card(row: Proposal) -> ProposalCard:
    """The proposal as a surface shows it."""
    return ProposalCard(
        id=row.id,
        kind=row.kind,
        title=row.arguments["title"],
        facts=row.arguments["facts"],
        needs_second_person=row.needs_second_person,
        expires=row.expires_at.strftime("%Y-%m-%d %H:%M UTC"),
    )
