"""History: what already stands in Slack. Read after a crash and before a second try, so nothing is said twice."""

from collections.abc import AsyncIterator
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.claims import Claim
from bot.slack.failures import code

EVENT_TYPE = "steward_reply"

_GONE = frozenset({"thread_not_found", "message_not_found"})


def signature(claim: Claim) -> dict[str, Any]:
    """The metadata a reply carries, by which it is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"claim": claim.key}}


class History:
    """Reads threads, with metadata."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def reply_to(self, claim: Claim) -> str | None:
        """The timestamp of the app's reply that carries this claim, if one stands in the thread."""
        async for message in self._thread(claim.channel, claim.thread):
            metadata = message.get("metadata") or {}
            mine = bool(message.get("bot_id")) and metadata.get("event_type") == EVENT_TYPE
            if mine and metadata.get("event_payload", {}).get("claim") == claim.key:
                return str(message["ts"])
        return None

    async def message(self, channel: str, thread: str, ts: str) -> dict[str, Any] | None:
        """One message of a thread; None when it was deleted."""
        async for message in self._thread(channel, thread, oldest=ts, latest=ts, inclusive=True):
            if message.get("ts") == ts:
                return message
        return None

    async def _thread(self, channel: str, thread: str, **bounds: Any) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        while True:
            try:
                page = await self._client.conversations_replies(
                    channel=channel, ts=thread, limit=200, include_all_metadata=True, cursor=cursor or None, **bounds
                )
            except Exception as error:
                if code(error) in _GONE:
                    return
                raise
            for message in page.get("messages") or []:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
