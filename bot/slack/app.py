"""App: the Slack surface put together, connected, and stopped in good order."""

import asyncio
import logging

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.answering import Answering
from bot.slack.approvals import Approvals, Cards
from bot.slack.audience import Audience
from bot.slack.claims import Claims, Kind
from bot.slack.crew import Crew
from bot.slack.delivery import Delivery
from bot.slack.desk import Desk, Front
from bot.slack.envelope import Me
from bot.slack.failures import code
from bot.slack.following import Following
from bot.slack.history import History
from bot.slack.listeners import Listeners
from bot.slack.patience import Patience
from bot.slack.recovery import Finish, Recovery
from bot.slack.status import Status
from bot.slack.timing import Timing

RATE_LIMIT_RETRIES = 8


class SlackUnavailable(Exception):
    """Slack does not let the app in; the message says which token or address to mend."""


class SlackApp:
    """One process's connection to one workspace.

    Args:
        desk: who answers and decides.
        bot_token: `xoxb-…`.
        app_token: `xapp-…`, with `connections:write`.
        base_url: another place for the Web API, such as the playground's.
        timing: shorter waits for tests.
    """

    def __init__(
        self, desk: Desk, bot_token: str, app_token: str, base_url: str | None = None, timing: Timing | None = None
    ) -> None:
        self.timing = timing or Timing()
        self._desk = desk
        self._app_token = app_token
        self._logger = _quiet_logger()
        self._url = base_url or AsyncWebClient.BASE_URL
        self._client = self._web_client(bot_token, RATE_LIMIT_RETRIES)
        self._impatient = self._web_client(bot_token, 0)
        self._background: list[asyncio.Task[None]] = []

    @property
    def under_way(self) -> int:
        """How many pieces of work this process has begun and not finished."""
        return self._crew.size

    async def start(self) -> None:
        """Sign in, listen, and look for work another process left behind.

        Raises:
            SlackUnavailable: a token is refused or Slack cannot be reached.
        """
        # One session for all calls: slack_sdk opens one, with a TLS handshake, for each call otherwise.
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        self._client.session = self._impatient.session = self._session
        try:
            me = await self._sign_in()
            link = await self._open_link()
        except BaseException:
            await self._session.close()
            raise
        self._build(me)
        app = AsyncApp(
            client=self._client,
            signing_secret="",
            logger=self._logger,
            name="steward",
            attaching_conversation_kwargs_enabled=False,
        )
        self._listeners.register(app)
        self._socket = AsyncSocketModeHandler(app, self._app_token, ping_interval=self.timing.ping)
        self._socket.client.wss_uri = link
        await self._socket.connect_async()  # type: ignore[no-untyped-call]
        loop = asyncio.get_running_loop()
        self._background = [
            loop.create_task(self._recovery.run()),
            loop.create_task(self._crew.renew(self.timing.lease / 3)),
        ]

    async def stop(self) -> None:
        """Take no more events, finish what is under way within `timing.drain`, and release the rest."""
        if self._session.closed:
            return
        try:
            await self._wind_down()
        finally:
            self._front.close()
            self._claims.close()
            await self._session.close()

    async def _wind_down(self) -> None:
        await self._socket.close_async()  # type: ignore[no-untyped-call]
        self._background[0].cancel()
        await self._crew.drain(self.timing.drain)
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    def _build(self, me: Me) -> None:
        timing = self.timing
        self._front = Front(self._desk)
        self._claims = Claims(self._desk.engine, timing.lease)
        self._crew = Crew(self._claims)
        history = History(self._client)
        audience = Audience(self._client, me, timing.cache)
        delivery = Delivery(self._client, self._claims, history, audience, timing)
        status = Status(self._impatient, timing.status)
        patience = Patience(timing.retry, timing.retry_most)
        answering = Answering(
            me, self._front, self._claims, delivery, history, audience, status, patience, timing.answer
        )
        cards = Cards(history, delivery, patience)
        following = Following(self._front, delivery, cards, timing)
        approvals = Approvals(
            self._front,
            self._claims,
            delivery,
            audience,
            cards,
            lambda claim: self._crew.start(claim, following.follow(claim)),
        )
        finish: dict[Kind, Finish] = {
            "message": answering.resume,
            "choice": answering.resume,
            "click": approvals.resume,
            "result": following.follow,
        }
        self._recovery = Recovery(self._claims, self._crew, finish, timing.sweep)
        self._listeners = Listeners(me, self._client, self._claims, self._crew, answering, approvals, audience)

    async def _sign_in(self) -> Me:
        try:
            found = await self._client.auth_test()
        except Exception as error:
            raise _unavailable(error, "bot token (xoxb-…)", self._url) from error
        return Me(found["user_id"], found["bot_id"], found["team_id"], found.get("enterprise_id") or "")

    async def _open_link(self) -> str:
        # Asked for here once: the socket client itself would try a refused token again for ever.
        try:
            return str((await self._client.apps_connections_open(app_token=self._app_token))["url"])
        except Exception as error:
            raise _unavailable(error, "app token (xapp-…, scope connections:write)", self._url) from error

    def _web_client(self, token: str, retries: int) -> AsyncWebClient:
        # No retry after a lost connection: the post may have arrived. Delivery looks in the thread first.
        handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=retries)]
        return AsyncWebClient(token=token, base_url=self._url, logger=self._logger, retry_handlers=handlers)


async def serve(
    desk: Desk, bot_token: str, app_token: str, base_url: str | None = None, timing: Timing | None = None
) -> None:
    """Connect and answer until cancelled; then drain.

    Raises:
        SlackUnavailable: a token is refused or Slack cannot be reached.
    """
    app = SlackApp(desk, bot_token, app_token, base_url, timing)
    await app.start()
    try:
        await asyncio.Event().wait()
    finally:
        await app.stop()


def _quiet_logger() -> logging.Logger:
    # Bolt and slack_sdk print whole message bodies at DEBUG, and ask the logger's own level, not the root's.
    logger = logging.getLogger("steward.slack.transport")
    logger.setLevel(logging.WARNING)
    return logger


def _unavailable(error: Exception, token: str, url: str) -> SlackUnavailable:
    if code(error) == "unreachable":
        return SlackUnavailable(f"Slack cannot be reached at {url}. Check the network and any proxy, then start again.")
    return SlackUnavailable(
        f"Slack refuses the {token}: {code(error) or type(error).__name__}. Set a valid one and start again."
    )
