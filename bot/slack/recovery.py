"""Recovery: claims that lost their process are found and finished, also across kill -9."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from bot.slack.claims import Claim, Claims, Kind
from bot.slack.crew import Crew
from bot.slack.failures import report

Finish = Callable[[Claim], Coroutine[Any, Any, None]]


class Recovery:
    """Sweeps the claims at the start and every `every` seconds; `finish` says how each kind goes on."""

    def __init__(self, claims: Claims, crew: Crew, finish: Mapping[Kind, Finish], every: float) -> None:
        self._claims = claims
        self._crew = crew
        self._finish = finish
        self._every = every

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            try:
                await self.sweep()
            except Exception as error:
                report("sweep_failed", error)
            await asyncio.sleep(self._every)

    async def sweep(self) -> int:
        """Take over what is stale and start on it; how many it was."""
        taken = 0
        for stale in await self._claims.stale():
            claim = await self._claims.take_over(stale)
            if claim is not None:
                self._crew.start(claim, self._finish[claim.kind](claim))
                taken += 1
        return taken
