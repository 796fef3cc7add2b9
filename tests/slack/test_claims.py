"""The work list, on SQLite and, where one listens, on Postgres."""

import asyncio
import os
import secrets
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from bot.slack.claims import Claim, Claims
from tests.slack.scripted import database
from tools.store.tables import Table

LOCAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
CLAIM = Claim("T0HOME", "message:C1:17.5", "C1", "17.5", "17.5", "U1")


def server() -> str:
    """The address of a Postgres to use: the one that is set, or the one that listens here."""
    chosen = os.environ.get("STEWARD_TEST_POSTGRES", "")
    if chosen:
        return chosen if "://" in chosen else LOCAL
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return LOCAL if probe.connect_ex(("127.0.0.1", 5432)) == 0 else ""


@pytest.fixture(params=["sqlite", "postgres"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Engine]]:
    """Two engines on one scratch database, as two processes have them."""
    if request.param == "sqlite":
        pair = [database(tmp_path / "claims.db") for _ in range(2)]
        yield pair
        for engine in pair:
            engine.dispose()
        return
    address = server()
    if not address:
        pytest.skip("no Postgres listens on 127.0.0.1:5432 and STEWARD_TEST_POSTGRES is not set")
    name = f"steward_slack_{secrets.token_hex(4)}"
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    pair = [create_engine(admin.url.set(database=name)) for _ in range(2)]
    try:
        Table.metadata.create_all(pair[0])
        yield pair
    finally:
        for engine in pair:
            engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture
def both(engines: list[Engine]) -> Iterator[tuple[Claims, Claims, Claims]]:
    """Two processes' claims, and a third one that lives an hour later, when every lease has run out."""
    three = (
        Claims(engines[0], 60),
        Claims(engines[1], 60),
        Claims(engines[1], 60, now=lambda: datetime.now(UTC) + timedelta(hours=1)),
    )
    yield three
    for claims in three:
        claims.close()


async def test_one_of_many_takes_it(both: tuple[Claims, Claims, Claims]) -> None:
    """Twenty at the same moment from two processes: one INSERT succeeds."""
    first, second, _ = both
    taken = await asyncio.gather(*(claims.take(CLAIM) for claims in (first, second) * 10))
    assert sum(taken) == 1


async def test_the_same_event_in_two_workspaces_is_two(both: tuple[Claims, Claims, Claims]) -> None:
    """The team is part of the key."""
    first, second, _ = both
    other = Claim("T0AWAY", *(getattr(CLAIM, name) for name in ("event", "channel", "ts", "thread", "user")))
    assert await first.take(CLAIM)
    assert await second.take(other)


async def test_only_what_gives_no_sign_of_life_is_taken_over_and_once(both: tuple[Claims, Claims, Claims]) -> None:
    """A living claim is neither listed nor taken; a stale one goes to one of those who try."""
    first, second, later = both
    await first.take(CLAIM)
    assert await second.stale() == []
    assert await second.take_over(CLAIM) is None
    assert await later.stale() == [CLAIM]
    won = [claim for claim in await asyncio.gather(*(later.take_over(CLAIM) for _ in range(5))) if claim]
    assert [claim.attempt for claim in won] == [2]


async def test_who_lost_a_claim_cannot_hold_or_close_it(both: tuple[Claims, Claims, Claims]) -> None:
    """The attempt is a fence: the slow first process learns that it must stop."""
    first, _, later = both
    await first.take(CLAIM)
    assert await first.hold(CLAIM)
    mine = await later.take_over(CLAIM)
    assert mine is not None
    assert not await first.hold(CLAIM)
    await first.answered(CLAIM, "1.0")
    assert await later.hold(mine)
    await later.answered(mine, "2.0")
    assert not await later.hold(mine)
    assert await later.stale() == []


async def test_renewing_keeps_what_is_held_alive(engines: list[Engine]) -> None:
    """A lease that would have run out is fresh again; a dropped claim runs out."""
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]
    claims = Claims(engines[0], 60, now=lambda: clock[0])
    await claims.take(CLAIM)
    clock[0] += timedelta(seconds=50)
    await claims.renew()
    clock[0] += timedelta(seconds=50)
    assert await claims.stale() == []
    claims.drop(CLAIM)
    await claims.renew()
    clock[0] += timedelta(seconds=50)
    assert await claims.stale() == [CLAIM]
    claims.close()


async def test_what_is_released_is_free_at_once(both: tuple[Claims, Claims, Claims]) -> None:
    """A process that stops does not make the others wait for its leases."""
    first, second, _ = both
    await first.take(CLAIM)
    await first.release(first.held)
    assert await second.stale() == [CLAIM]


async def test_a_thread_is_known_by_what_was_claimed_in_it(both: tuple[Claims, Claims, Claims]) -> None:
    """By channel and thread together."""
    first, second, _ = both
    await first.take(CLAIM)
    assert await second.in_thread("C1", "17.5")
    assert not await second.in_thread("C2", "17.5")
    assert not await second.in_thread("C1", "17.6")
