"""Crew: the work under way in this process. Each piece belongs to a claim and ends with it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.slack.claims import Claim, Claims
from bot.slack.failures import report


class Crew:
    """Runs claimed work as tasks, keeps their claims alive, and waits for them when the process stops."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def size(self) -> int:
        """How many pieces of work are under way."""
        return len(self._tasks)

    def start(self, claim: Claim, work: Coroutine[Any, Any, None]) -> None:
        """Begin the work of a claim this process holds."""
        task = asyncio.get_running_loop().create_task(self._run(claim, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def renew(self, every: float) -> None:
        """Keep the leases of all work alive, for ever."""
        while True:
            await asyncio.sleep(every)
            try:
                await self._claims.renew()
            except Exception as error:
                report("lease_not_renewed", error)

    async def drain(self, within: float) -> None:
        """Wait for the work under way, then stop what is left and let go of its claims."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=within)
        left, held = set(self._tasks), self._claims.held
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if held:
            await self._claims.release(held)

    async def _run(self, claim: Claim, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            # Nothing was closed: the lease runs out and the sweep finds the claim again.
            report("work_broke_off", error, claim=claim.key)
        finally:
            self._claims.drop(claim)
