"""Claims: who works on which message. A row is written before the event is acknowledged, so nothing is lost.

Two independent controls for "never twice" (promise 4): the primary key here, and the claim in the metadata of the
posted reply (`history.py`).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeVar, cast

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from tools.store.tables import Message

T = TypeVar("T")
Kind = Literal["message", "choice", "click", "result"]


@dataclass(frozen=True)
class Claim:
    """One piece of work for exactly one process at a time, and exactly one outcome.

    `event` names it: `message:<channel>:<ts>`, `choice:<n>:<channel>:<ts>:<user>`,
    `click:<verdict>:<proposal>:<time>:<user>` or `result:<run>:<proposal>`. `ts` is the message it is about,
    `thread` where the outcome belongs.
    """

    team: str
    event: str
    channel: str
    ts: str
    thread: str
    user: str
    attempt: int = 1

    @property
    def kind(self) -> Kind:
        """What sort of work it is."""
        return cast(Kind, self.event.partition(":")[0])

    @property
    def parts(self) -> list[str]:
        """The pieces of the event's name after its kind."""
        return self.event.split(":")[1:]

    @property
    def key(self) -> str:
        """The name of the claim in the metadata of its reply."""
        return f"{self.team}/{self.event}"


class Claims:
    """The `messages` table as a work list, on SQLite and Postgres."""

    def __init__(self, engine: Engine, lease: float, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._lease = timedelta(seconds=lease)
        self._now = now
        self._held: dict[tuple[str, str], Claim] = {}
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="slack-claims")

    async def take(self, claim: Claim) -> bool:
        """Claim it: one INSERT. False when anyone, ever, claimed it before."""
        taken = await self._run(lambda connection: self._insert(connection, claim))
        if taken:
            self._held[(claim.team, claim.event)] = claim
        return taken

    async def stale(self, limit: int = 50) -> list[Claim]:
        """Open claims whose process gave no sign of life within the lease, oldest first."""
        return await self._run(lambda connection: self._select_stale(connection, limit))

    async def take_over(self, claim: Claim) -> Claim | None:
        """Take a stale claim over by compare-and-set; None when another process was faster or it lives after all."""
        mine = replace(claim, attempt=claim.attempt + 1)
        won = await self._run(lambda connection: self._set(connection, claim, over=mine, lease=True))
        if won:
            self._held[(mine.team, mine.event)] = mine
        return mine if won else None

    async def hold(self, claim: Claim) -> bool:
        """Renew the lease; False when the claim was taken over or answered meanwhile, so this process must stop."""
        return await self._run(lambda connection: self._set(connection, claim, lease=True))

    async def renew(self) -> None:
        """Renew the lease of everything this process works on."""
        held = self.held
        if held:
            await self._run(lambda connection: [self._set(connection, claim, lease=True) for claim in held])

    async def answered(self, claim: Claim, reply_ts: str | None) -> None:
        """Close the claim; `reply_ts` is None when nothing could or had to be said."""
        await self._run(lambda connection: self._set(connection, claim, status="answered", reply_ts=reply_ts))
        self.drop(claim)

    def drop(self, claim: Claim) -> None:
        """Stop renewing a claim; if it is still open, its lease runs out and it is found again."""
        self._held.pop((claim.team, claim.event), None)

    @property
    def held(self) -> list[Claim]:
        """What this process works on."""
        return list(self._held.values())

    async def release(self, claims: list[Claim]) -> None:
        """Let go of open claims, so that another process takes them over at once."""
        await self._run(lambda connection: [self._set(connection, claim, lease=False) for claim in claims])

    async def in_thread(self, channel: str, thread: str) -> bool:
        """Whether somebody was or is being answered in this thread."""
        query = select(Message.event).where(Message.channel == channel, Message.thread == thread).limit(1)
        return await self._run(lambda connection: connection.execute(query).first() is not None)

    def close(self) -> None:
        """Take no more work."""
        self._threads.shutdown(wait=False)

    def _insert(self, connection: Connection, claim: Claim) -> bool:
        row = {name: getattr(claim, name) for name in ("team", "event", "channel", "ts", "thread", "user", "attempt")}
        try:
            connection.execute(insert(Message).values(**row, status="claimed", lease_until=self._now() + self._lease))
        except IntegrityError:
            connection.rollback()
            return False
        return True

    def _select_stale(self, connection: Connection, limit: int) -> list[Claim]:
        columns = (Message.team, Message.event, Message.channel, Message.ts, Message.thread, Message.user)
        rows = connection.execute(
            select(*columns, Message.attempt)
            .where(Message.status == "claimed", Message.lease_until < self._now())
            .order_by(Message.lease_until)
            .limit(limit)
        )
        return [Claim(*row) for row in rows]

    def _set(
        self,
        connection: Connection,
        claim: Claim,
        *,
        lease: bool | None = None,
        status: str = "claimed",
        over: Claim | None = None,
        reply_ts: str | None = None,
    ) -> bool:
        until = self._now() + (self._lease if lease else timedelta(seconds=-1))
        change = update(Message).where(
            Message.team == claim.team,
            Message.event == claim.event,
            Message.attempt == claim.attempt,
            Message.status == "claimed",
        )
        if over:
            change = change.where(Message.lease_until < self._now())
        attempt = (over or claim).attempt
        done = connection.execute(change.values(status=status, attempt=attempt, lease_until=until, reply_ts=reply_ts))
        return done.rowcount == 1

    async def _run(self, work: Callable[[Connection], T]) -> T:
        def transaction() -> T:
            with self._engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._threads, transaction)
