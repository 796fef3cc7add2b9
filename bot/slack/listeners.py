"""Listeners: from Slack's envelopes to the rooms behind. They translate, claim and delegate, nothing else.

An event is claimed in the listener's middleware, which Bolt runs before it acknowledges: were it claimed afterwards,
a crash in between would lose a message Slack will not send again. When claiming fails there is no acknowledgement,
and Slack sends the event again.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import envelope
from bot.slack.answering import Answering
from bot.slack.approvals import Approvals
from bot.slack.audience import Audience
from bot.slack.claims import Claims
from bot.slack.crew import Crew
from bot.slack.envelope import APPROVE, CHOICE, REJECT, Asked, Me
from bot.slack.failures import report
from bot.slack.prompts import PROMPTS

Body = dict[str, Any]
Context = MutableMapping[str, Any]
Next = Callable[[], Awaitable[Any]]


class Listeners:
    """What the app listens to."""

    def __init__(
        self,
        me: Me,
        client: AsyncWebClient,
        claims: Claims,
        crew: Crew,
        answering: Answering,
        approvals: Approvals,
        audience: Audience,
    ) -> None:
        self._me = me
        self._client = client
        self._claims = claims
        self._crew = crew
        self._answering = answering
        self._approvals = approvals
        self._audience = audience

    def register(self, app: AsyncApp) -> None:
        """Attach everything to a Bolt app; the last listener acknowledges what nobody else wants."""
        for event in ("app_mention", "message"):
            app.event(event, middleware=[self.claim])(self.said)
        app.event("app_home_opened")(self.opened)
        for event in ("channel_shared", "channel_unshared"):
            app.event(event)(self.shared)
        app.event(re.compile(".*"))(self.ignored)
        for action in (APPROVE, REJECT):
            app.action(action)(self.pressed)
        app.action(re.compile(f"^{re.escape(CHOICE)}:"))(self.chose)
        app.action(re.compile(".*"))(self.unknown_action)
        app.error(self.broke)

    async def claim(self, body: Body, context: Context, next: Next) -> None:
        """Claim what is said before it is acknowledged."""
        asked = envelope.asked(body, self._me)
        if asked and asked.follow_up and not await self._claims.in_thread(asked.claim.channel, asked.claim.thread):
            asked = None
        context["asked"] = asked if asked and await self._claims.take(asked.claim) else None
        await next()

    async def said(self, context: Context) -> None:
        """Start on what this process has claimed."""
        asked = context.get("asked")
        if isinstance(asked, Asked):
            self._crew.start(asked.claim, self._answering.answer(asked))

    async def chose(self, body: Body, ack: Callable[[], Awaitable[Any]]) -> None:
        """A ready question was pressed."""
        asked = envelope.chosen(body, self._me)
        taken = asked is not None and await self._claims.take(asked.claim)
        await ack()
        if asked and taken:
            self._crew.start(asked.claim, self._answering.answer(asked))

    async def pressed(self, body: Body, ack: Callable[[], Awaitable[Any]]) -> None:
        """Approve or Reject was pressed."""
        click = envelope.clicked(body, self._me)
        taken = click is not None and await self._claims.take(click.claim)
        await ack()
        if click and taken:
            self._crew.start(click.claim, self._approvals.clicked(click))

    async def opened(self, event: Body) -> None:
        """Somebody opened the conversation with the app: offer ready questions."""
        if event.get("tab") != "messages":
            return
        try:
            # Without `thread_ts`: with it Slack says ok and shows nothing.
            await self._client.assistant_threads_setSuggestedPrompts(
                channel_id=str(event["channel"]), prompts=[dict(prompt) for prompt in PROMPTS]
            )
        except Exception as error:
            report("prompts_not_offered", error)

    async def shared(self, event: Body) -> None:
        """A channel was shared with another company, or is no longer."""
        self._audience.forget(str(event.get("channel", "")))

    async def ignored(self) -> None:
        """Acknowledge an event nobody handles, so that Slack does not send it again."""

    async def unknown_action(self, ack: Callable[[], Awaitable[Any]]) -> None:
        """Acknowledge a control of an older version of the app."""
        await ack()

    async def broke(self, error: Exception) -> None:
        """Log what went wrong before a claim, without the body Bolt would print."""
        report("listener_failed", error)
