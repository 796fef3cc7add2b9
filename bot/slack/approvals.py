"""Approvals: a press on a card's button. The desk decides, once; the card then says who and when (R12)."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.approvals import Decision
from bot.slack import cards
from bot.slack.audience import Audience
from bot.slack.claims import Claim, Claims
from bot.slack.delivery import Delivery
from bot.slack.desk import Front
from bot.slack.envelope import Click, verdict_of
from bot.slack.escapes import literal
from bot.slack.failures import report
from bot.slack.history import History
from bot.slack.patience import Patience

NOT_HERE = "Only people of the team can decide this, and only where nobody from outside reads along."


class Cards:
    """Edits of proposal cards in posted messages, one at a time for each message."""

    def __init__(self, history: History, delivery: Delivery, patience: Patience) -> None:
        self._history = history
        self._delivery = delivery
        self._patience = patience
        self._locks: dict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def edit(
        self,
        claim: Claim,
        proposal: str,
        *,
        decided: str | None = None,
        progress: str | None = None,
        only_pending: bool = False,
    ) -> None:
        """Redraw one card without buttons. A message may hold several cards, so it is read afresh each time."""

        async def redraw() -> None:
            message = await self._history.message(claim.channel, claim.thread, claim.ts)
            blocks: list[dict[str, Any]] = (message or {}).get("blocks") or []
            if message is None or not blocks or (only_pending and not cards.has_buttons(blocks, proposal)):
                return
            drawn = cards.redrawn(blocks, proposal, decided, progress)
            if drawn != blocks:
                await self._delivery.redraw(claim.channel, claim.ts, message, drawn)

        async with self._locks[(claim.channel, claim.ts)]:
            await self._patience.with_call(redraw)


class Approvals:
    """Takes a click to the desk, shows the outcome, and starts following the run of an approved proposal."""

    def __init__(
        self,
        front: Front,
        claims: Claims,
        delivery: Delivery,
        audience: Audience,
        card_edits: Cards,
        follow: Callable[[Claim], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._front = front
        self._claims = claims
        self._delivery = delivery
        self._audience = audience
        self._cards = card_edits
        self._follow = follow
        self._now = now

    async def clicked(self, click: Click) -> None:
        """Decide, and show it. After a crash the same click is brought here again; deciding twice changes nothing."""
        claim = click.claim
        if await self._audience.standing(claim.channel, claim.user, click.outsider) != "team":
            await self._whisper(claim, NOT_HERE)
        else:
            verdict, proposal = verdict_of(claim)
            try:
                decision = await self._front.decide(proposal, verdict, claim.user)
            except Exception as error:
                error_id = report("decision_failed", error, claim=claim.key)
                await self._whisper(claim, f"That did not work. Error `{error_id}`. The proposal is as it was.")
            else:
                await self._show(claim, proposal, decision)
        await self._claims.answered(claim, None)

    async def resume(self, claim: Claim) -> None:
        """Finish a click that another process left."""
        await self.clicked(Click(claim))

    async def _show(self, claim: Claim, proposal: str, decision: Decision) -> None:
        if decision.run_id:
            await self._begin(claim, proposal, decision.run_id)
        try:
            if decision.status in ("approved", "rejected"):
                line = cards.decision_line(decision.status, claim.user, self._now())
                await self._cards.edit(claim, proposal, decided=line)
                if decision.run_id or decision.status == "rejected":
                    return  # the run's own message goes on from here; there is nothing more to a rejection
            if decision.status in ("already", "expired"):
                await self._cards.edit(claim, proposal, decided=literal(decision.sentence), only_pending=True)
        except SlackApiError as error:
            report("card_not_redrawn", error, claim=claim.key)
        await self._whisper(claim, decision.sentence)

    async def _begin(self, claim: Claim, proposal: str, run_id: str) -> None:
        """Claim the result's message before anything else can fail; whoever claims it follows the run."""
        event = f"result:{run_id}:{proposal}"
        result = Claim(claim.team, event, claim.channel, claim.ts, claim.thread, claim.user)
        if await self._claims.take(result):
            self._follow(result)

    async def _whisper(self, claim: Claim, text: str) -> None:
        try:
            await self._delivery.whisper(claim.channel, claim.user, text, claim.thread)
        except Exception as error:
            # Lost is better than said twice to a person who pressed once.
            report("not_whispered", error, claim=claim.key)
