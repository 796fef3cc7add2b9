"""Answering: a claimed message becomes exactly one final reply: an answer, a refusal, or an error with an id."""

import asyncio

from slack_sdk.errors import SlackApiError

from bot.agent.answer import Answer
from bot.agent.question import Question
from bot.slack.audience import Audience
from bot.slack.claims import Claim, Claims
from bot.slack.delivery import Delivery
from bot.slack.desk import Front
from bot.slack.envelope import CHOICE, PERSONS, Asked, Me, is_direct, plain
from bot.slack.failures import report
from bot.slack.history import History
from bot.slack.patience import Patience
from bot.slack.rendering import Reply, reply, sentence
from bot.slack.status import Status

ATTEMPTS = 5  # a message that ends the process each time it is answered gets an error reply instead of a sixth try


class Answering:
    """Takes what was asked to the desk and brings the reply back to its thread."""

    def __init__(
        self,
        me: Me,
        front: Front,
        claims: Claims,
        delivery: Delivery,
        history: History,
        audience: Audience,
        status: Status,
        patience: Patience,
        within: float,
    ) -> None:
        self._me = me
        self._front = front
        self._claims = claims
        self._delivery = delivery
        self._history = history
        self._audience = audience
        self._status = status
        self._patience = patience
        self._within = within

    async def answer(self, asked: Asked) -> None:
        """Answer something a person said or chose."""
        claim = asked.claim
        standing = await self._audience.standing(claim.channel, claim.user, asked.outsider)
        if standing == "machine":
            # Two bots answering each other would never end.
            await self._claims.answered(claim, None)
            return
        outsiders = standing == "outside"
        async with self._status.working(claim.channel, claim.thread):
            message = await self._reply(asked, outsiders)
        await self._delivery.final(claim, message, outsiders)

    async def resume(self, claim: Claim) -> None:
        """Finish what another process left: unless its reply stands already, ask Slack for the text and answer."""
        ts, asked = None, None
        try:
            ts = await self._patience.with_call(lambda: self._history.reply_to(claim))
            asked = None if ts else await self._patience.with_call(lambda: self._asked_again(claim))
        except SlackApiError as error:
            # The bot was taken out of the channel, or the channel is gone: there is nowhere to answer.
            report("undeliverable", error, claim=claim.key)
        if asked is None:
            await self._claims.answered(claim, ts)
            await self._status.clear(claim.channel, claim.thread)
            return
        await self.answer(asked)

    async def _reply(self, asked: Asked, outsiders: bool) -> Reply:
        claim = asked.claim
        if claim.attempt > ATTEMPTS:
            return _apology(report("given_up", RuntimeError("too many attempts"), claim=claim.key))
        question = Question(
            text=asked.text,
            asker=claim.user,
            thread=f"slack:{claim.channel}:{claim.thread}",
            audience="private" if asked.private else claim.channel,
            surface="slack",
            outsiders=outsiders,
            id=claim.event,
        )
        try:
            answer: Answer = await asyncio.wait_for(self._front.answer(question), self._within)
            return reply(answer, asked.text if claim.kind == "choice" else "")
        except Exception as error:
            return _apology(report("answer_failed", error, claim=claim.key))

    async def _asked_again(self, claim: Claim) -> Asked | None:
        """What was asked, read from Slack again, for no text is stored here; None when it was deleted."""
        message = await self._history.message(claim.channel, claim.thread, claim.ts)
        if message is None:
            return None
        if claim.kind == "message":
            if message.get("subtype") not in PERSONS:
                return None
            text = plain(str(message.get("text", "")), self._me)
        else:
            action = f"{CHOICE}:{claim.parts[0]}"
            elements = (item for block in message.get("blocks", []) for item in block.get("elements", []))
            text = next((str(item.get("value", "")) for item in elements if item.get("action_id") == action), "")
        return Asked(claim, text, is_direct(claim.channel)) if text else None


def _apology(error_id: str) -> Reply:
    return sentence(
        f"Something went wrong on my side and I have no answer. Error `{error_id}`: "
        "whoever runs Steward finds the cause under this id."
    )
