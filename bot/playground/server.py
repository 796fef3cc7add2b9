"""The server: a Slack workspace on loopback, Web API and Socket Mode, for tests and for trying Steward out."""

import ipaddress
import secrets
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.playground import accounts, chat, conversations
from bot.playground.web_api import Arguments, Method, SlackError, WebApi
from bot.playground.workspace import Workspace

CONNECTIONS = 10  # open websockets an app may have


class Playground:
    """A running simulated Slack.

    Args:
        workspace: the state to serve; a fresh sample workspace by default.
        host: a loopback address; anything else is refused, for there is no access control here.
        port: 0 takes a free one.

    Use as `async with Playground() as slack:`; give `slack.base_url` to the app together with
    `web_api.BOT_TOKEN` and `web_api.APP_TOKEN`.
    """

    def __init__(self, workspace: Workspace | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the playground listens on loopback only, not on {host}")
        self.workspace = workspace or Workspace()
        self._host = host
        self._port = port
        self._tickets: set[str] = set()
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """Where the Web API answers, as `base_url` of a Slack client."""
        return f"http://{self._netloc}/api/"

    @property
    def _netloc(self) -> str:
        return f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen."""
        methods: dict[str, Method] = {
            **chat.METHODS,
            **conversations.METHODS,
            **accounts.METHODS,
            "apps.connections.open": self._open_connection,
        }
        application = web.Application(client_max_size=4 * 1024 * 1024)
        application.router.add_route("*", "/api/{method}", WebApi(self.workspace, methods).handle)
        application.router.add_get("/link/", self._link)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        await self.workspace.hub.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def _open_connection(self, workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
        if workspace.hub.connections >= CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return {"url": f"ws://{self._netloc}/link/?ticket={ticket}"}

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="this ticket is used up")
        self._tickets.discard(ticket)
        return await self.workspace.hub.handle(request)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
