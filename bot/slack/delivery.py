"""Delivery: the one gate through which anything is sent to Slack, and exactly one final reply for each claim."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.audience import Audience
from bot.slack.claims import Claim, Claims
from bot.slack.failures import REFUSED_BLOCKS, code, passing
from bot.slack.history import History, signature
from bot.slack.rendering import Reply, sentence
from bot.slack.timing import Timing

WITHHELD = (
    "People from outside the team can read this channel, so I keep data out of it. Please ask me in a direct message."
)


class Delivery:
    """Sends messages; every form of a reply keeps Slack's limits, and a refused form gives way to a plainer one."""

    def __init__(
        self, client: AsyncWebClient, claims: Claims, history: History, audience: Audience, timing: Timing
    ) -> None:
        self._client = client
        self._claims = claims
        self._history = history
        self._audience = audience
        self._timing = timing

    async def final(self, claim: Claim, reply: Reply, outsiders: bool = False) -> None:
        """Post the one reply of a claim and close the claim.

        A post whose outcome is unknown is looked for in the thread before it is tried again. A claim that another
        process has taken over is left to it. Where the channel cannot be written to any more, the claim is closed.
        """
        wait = self._timing.retry
        looked = claim.attempt == 1
        while await self._claims.hold(claim):
            try:
                ts = None if looked else await self._history.reply_to(claim)
                looked = True
                if ts is None:
                    ts = await self._post(claim, await self._for_this_audience(claim, reply, outsiders))
            except Exception as error:
                if not passing(error):
                    self._undeliverable(claim, error)
                    await self._claims.answered(claim, None)
                    return
                looked = False
                await asyncio.sleep(wait)
                wait = min(wait * 2, self._timing.retry_most)
            else:
                await self._claims.answered(claim, ts)
                return

    async def redraw(self, channel: str, ts: str, message: dict[str, Any], blocks: list[dict[str, Any]]) -> None:
        """Replace the blocks of one of the app's messages; its text and metadata stay."""

        async def send(form: list[dict[str, Any]]) -> str:
            answer = await self._client.chat_update(
                channel=channel, ts=ts, text=message["text"], blocks=form, metadata=message.get("metadata")
            )
            return str(answer["ts"])

        cards = [block for block in blocks if str(block.get("block_id", "")).startswith("steward-card:")]
        await self._plainer_and_plainer([blocks, cards, []], send)

    async def whisper(self, channel: str, user: str, text: str, thread: str) -> None:
        """Say a sentence to one person only."""
        await self._client.chat_postEphemeral(channel=channel, user=user, text=sentence(text).text, thread_ts=thread)

    async def _for_this_audience(self, claim: Claim, reply: Reply, outsiders: bool) -> Reply:
        # Between the question and its answer a channel can be shared with another company (R11).
        if reply.sensitive and not outsiders and await self._audience.opened_up(claim.channel):
            return sentence(WITHHELD)
        return reply

    async def _post(self, claim: Claim, reply: Reply) -> str:
        async def send(form: list[dict[str, Any]]) -> str:
            answer = await self._client.chat_postMessage(
                channel=claim.channel,
                thread_ts=claim.thread,
                text=reply.text,
                blocks=form or None,
                metadata=signature(claim),
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(answer["ts"])

        return await self._plainer_and_plainer(reply.forms, send)

    @staticmethod
    async def _plainer_and_plainer(
        forms: list[list[dict[str, Any]]], send: Callable[[list[dict[str, Any]]], Awaitable[str]]
    ) -> str:
        for form in forms[:-1]:
            try:
                return await send(form)
            except SlackApiError as error:
                if code(error) not in REFUSED_BLOCKS:
                    raise
                structlog.get_logger("steward.slack").warning("blocks_refused", code=code(error), blocks=len(form))
        return await send(forms[-1])

    @staticmethod
    def _undeliverable(claim: Claim, error: Exception) -> None:
        logger = structlog.get_logger("steward.slack")
        logger.error("undeliverable", claim=claim.key, code=code(error), kind=type(error).__name__)
