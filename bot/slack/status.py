"""Status: the line "is working" under a thread. Decoration: it never delays or breaks an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import code

WORKING = "is looking into it…"

SOON = 0.2  # an answer that is faster needs no status
LATE = 1.0

UNAVAILABLE = frozenset(
    {
        "unknown_method",
        "feature_not_enabled",
        "method_deprecated",
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "access_denied",
        "team_access_not_granted",
    }
)


class Status:
    """Shows that an answer is on its way. Give it a client that does not retry."""

    def __init__(self, client: AsyncWebClient, again: float) -> None:
        self._client = client
        self._again = again
        self.available = True

    @asynccontextmanager
    async def working(self, channel: str, thread: str) -> AsyncIterator[None]:
        """Show the line while the body runs; Slack takes it away when the reply is posted."""
        over = asyncio.Event()
        showing = asyncio.get_running_loop().create_task(self._show(channel, thread, over))
        try:
            yield
            # A call still on its way would arrive after the reply and stand there for two minutes.
            over.set()
            await asyncio.wait({showing}, timeout=LATE)
        finally:
            showing.cancel()

    async def clear(self, channel: str, thread: str) -> None:
        """Take the line away where no reply will do it."""
        await self._set(channel, thread, "")

    async def _show(self, channel: str, thread: str, over: asyncio.Event) -> None:
        wait = SOON
        while self.available:
            try:
                await asyncio.wait_for(over.wait(), wait)
                return
            except TimeoutError:
                await self._set(channel, thread, WORKING)
                wait = self._again

    async def _set(self, channel: str, thread: str, status: str) -> None:
        if not self.available:
            return
        try:
            await self._client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=status)
        except Exception as error:
            # A workspace without the feature will not grow it while we run.
            self.available = code(error) not in UNAVAILABLE
