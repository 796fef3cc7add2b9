"""A proposal is decided once, as it was shown, and not after its time (R12)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, Literal

import pytest
from sqlalchemy import Engine, select

from tests.clock import Clock
from tests.tools.asked import asking
from tests.tools.bench import Bench, furnished
from tests.tools.runs_made import entries
from tools.proposals import Draft, arguments_hash, card, decide, expire, find, store
from tools.registry import register
from tools.runs import request_run
from tools.store.session import reading, writing
from tools.store.tables import Proposal, Run
from tools.workspace import Call, Limits

THREADS = 8


@pytest.fixture
def proposing(database: Engine, tmp_path: Path) -> Call:
    """Somebody who proposes, on either database."""
    bench = furnished(tmp_path / "root")
    register(database, bench.root, bench.registry)
    return asking(database, bench.root)


@pytest.fixture
def local(engine: Engine, bench: Bench) -> Call:
    """The same on SQLite alone, for what does not depend on the database."""
    register(engine, bench.root, bench.registry)
    return asking(engine, bench.root)


def _draft(**changed: Any) -> Draft:
    drafted = Draft(
        "evaluation", "Evaluate echo v1 on gold 1", {"model": "echo@v1", "shards": 4}, {"Items": "340"}, 340
    )
    return replace(drafted, **changed)


def _stored(call: Call, proposal: str) -> Proposal:
    row = find(call.workspace.engine, proposal)
    assert row is not None
    return row


def _decide(call: Call, proposal: str, status: Literal["approved", "rejected"], person: str) -> bool:
    with writing(call.workspace.engine) as session:
        return decide(session, proposal, status, person, call.workspace.now(), None)


def test_a_stored_proposal_is_pending_and_exactly_what_was_drafted(proposing: Call) -> None:
    """Arguments, cost, proposer, thread, times; and the hash of the stored row is the hash it was given."""
    shown = store(proposing, _draft())
    row = _stored(proposing, shown.id)
    assert (row.status, row.kind, row.cost_items, row.proposer) == ("pending", "evaluation", 340, "ana")
    assert row.arguments == {
        "model": "echo@v1", "shards": 4, "title": "Evaluate echo v1 on gold 1", "facts": {"Items": "340"},
    }  # fmt: skip
    assert (row.created_at, row.expires_at) == (
        proposing.workspace.now(),
        proposing.workspace.now() + timedelta(days=1),
    )
    assert row.arguments_hash == arguments_hash(row)
    assert card(row) == shown
    assert shown.expires == "2026-11-21 10:00 UTC"


CHANGES: dict[str, Callable[[Proposal], object]] = {
    "another model": lambda row: setattr(row, "arguments", row.arguments | {"model": "echo@v2"}),
    "other facts": lambda row: setattr(row, "arguments", row.arguments | {"facts": {"Items": "3"}}),
    "another cost": lambda row: setattr(row, "cost_items", 3),
    "no second person": lambda row: setattr(row, "needs_second_person", not row.needs_second_person),
    "another kind": lambda row: setattr(row, "kind", "deletion"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_proposal_that_was_changed_is_noticed(local: Call, what: str) -> None:
    """Whatever of it was shown to the person who decides."""
    shown = store(local, _draft())
    with writing(local.workspace.engine) as session:
        CHANGES[what](session.get_one(Proposal, shown.id))
    row = _stored(local, shown.id)
    assert row.arguments_hash != arguments_hash(row)


def test_many_presses_at_once_decide_exactly_once(proposing: Call) -> None:
    """Eight threads, half of them reject: one wins, and its name and verdict are the stored ones."""
    shown = store(proposing, _draft())
    together = Barrier(THREADS)

    def press(person: int) -> tuple[str, str] | None:
        verdict: Literal["approved", "rejected"] = "approved" if person % 2 else "rejected"
        together.wait()
        return (verdict, f"person {person}") if _decide(proposing, shown.id, verdict, f"person {person}") else None

    with ThreadPoolExecutor(THREADS) as pool:
        won = [outcome for outcome in pool.map(press, range(THREADS)) if outcome]
    row = _stored(proposing, shown.id)
    assert won == [(row.status, row.decided_by)]
    assert row.decided_at == proposing.workspace.now()


def test_many_proposals_of_one_evaluation_approved_at_once_are_one_run(proposing: Call) -> None:
    """Each is decided by its own press, in the transaction that queues the run: all succeed, one row."""
    engine, now = proposing.workspace.engine, proposing.workspace.now()
    model, dataset = entries(engine, "echo@v1", "gold@1")
    shown = [store(proposing, _draft()).id for _ in range(THREADS)]
    together = Barrier(THREADS)

    def approve(proposal: str) -> bool:
        together.wait()
        with writing(engine) as session:
            won = decide(session, proposal, "approved", "eli", now, "r")
            request_run(session, model, dataset, 4, "eli", now)
            return won

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(approve, shown)) == [True] * THREADS
    with reading(engine) as session:
        assert len(session.scalars(select(Run)).all()) == 1


def test_a_decision_whose_transaction_fails_is_no_decision(local: Call) -> None:
    """The run could not be queued, so the card stays."""
    shown = store(local, _draft())
    with pytest.raises(ZeroDivisionError), writing(local.workspace.engine) as session:
        assert decide(session, shown.id, "approved", "eli", local.workspace.now(), "r")
        raise ZeroDivisionError
    assert _stored(local, shown.id).status == "pending"
    assert _decide(local, shown.id, "approved", "eli")


def test_a_decided_proposal_stays_decided(local: Call) -> None:
    """Whichever way, whoever asks next."""
    for first, second in (("approved", "rejected"), ("rejected", "approved")):
        shown = store(local, _draft())
        assert _decide(local, shown.id, first, "eli")  # type: ignore[arg-type]
        assert not _decide(local, shown.id, second, "chen")  # type: ignore[arg-type]
        assert (_stored(local, shown.id).status, _stored(local, shown.id).decided_by) == (first, "eli")
    assert not _decide(local, "0" * 16, "approved", "eli")


def test_a_proposal_expires_to_the_second(proposing: Call) -> None:
    """A moment before its time it can be decided; at its time it cannot, also where nobody has marked it yet."""
    clock = proposing.workspace.now
    assert isinstance(clock, Clock)
    early, late, old = (store(proposing, _draft()).id for _ in range(3))
    clock.forward(hours=24, seconds=-1)
    fresh = store(proposing, _draft()).id
    assert _decide(proposing, early, "approved", "eli")
    clock.forward(seconds=1)
    assert not _decide(proposing, late, "approved", "eli")
    assert _stored(proposing, late).status == "pending"
    assert expire(proposing.workspace.engine, clock()) == 2
    statuses = [_stored(proposing, each).status for each in (early, late, old, fresh)]
    assert statuses == ["approved", "expired", "expired", "pending"]
    assert expire(proposing.workspace.engine, clock()) == 0
    assert not _decide(proposing, late, "approved", "eli")


@pytest.mark.parametrize(("items", "second"), [(340, False), (341, True)])
def test_above_the_limit_a_second_person_is_needed(local: Call, items: int, second: bool) -> None:
    """At the limit not yet."""
    limited = replace(local, workspace=replace(local.workspace, limits=Limits(340, 24)))
    shown = store(limited, _draft(cost_items=items))
    assert shown.needs_second_person is second
    assert _stored(local, shown.id).needs_second_person is second
