"""Patience: trying a call again while Slack is out of reach, instead of giving the work up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.slack.failures import passing

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """Waits between tries: `first` seconds, doubling up to `most`. Only for calls that may be made twice."""

    first: float
    most: float

    async def with_call(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call until Slack answers it; a refusal is an answer and is raised."""
        wait = self.first
        while True:
            try:
                return await call()
            except Exception as error:
                if not passing(error):
                    raise
            await asyncio.sleep(wait)
            wait = min(wait * 2, self.most)
