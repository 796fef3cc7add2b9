"""The Web API: one entry for every method, with Slack's ways of answering and the faults that are due."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.playground.faults import Fault
from bot.playground.messages import Call
from bot.playground.workspace import Workspace

Arguments = dict[str, Any]
Method = Callable[[Workspace, Arguments], dict[str, Any]]

BOT_TOKEN = "xoxb-playground"  # noqa: S105  (a fixed word of the simulation, no secret)
APP_TOKEN = "xapp-playground"  # noqa: S105


class SlackError(Exception):
    """A method refuses: becomes `{"ok": false, "error": code}`."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []


class WebApi:
    """Answers `/api/<method>` in JSON, form and query encoding."""

    def __init__(self, workspace: Workspace, methods: Mapping[str, Method]) -> None:
        self.workspace = workspace
        self.methods = methods

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Run one method call; counted as in flight until its answer is on its way."""
        self.workspace.in_flight += 1
        try:
            return await self._answer(request)
        finally:
            self.workspace.in_flight -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments, token = await _arguments(request)
        fault = self.workspace.faults.next(method)
        if fault and (refusal := _refuse(fault)) is not None:
            self._note(method, arguments, fault.error or f"http {refusal.status}")
            return refusal
        body = self._run(method, arguments, token)
        self._note(method, arguments, "ok" if body["ok"] else body["error"])
        if fault and fault.hold:
            await fault.hold.wait()
        if fault and fault.drop and request.transport:
            request.transport.abort()
        return web.json_response(body)

    def _run(self, method: str, arguments: Arguments, token: str) -> dict[str, Any]:
        if method not in self.methods:
            return {"ok": False, "error": "unknown_method", "req_method": method}
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if token != wanted:
            return {"ok": False, "error": "invalid_auth" if token else "not_authed"}
        try:
            return {"ok": True, **self.methods[method](self.workspace, arguments)}
        except SlackError as refused:
            answer: dict[str, Any] = {"ok": False, "error": refused.code}
            if refused.messages:
                answer["response_metadata"] = {"messages": refused.messages}
            return answer
        except KeyError as missing:
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": [str(missing)]}}

    def _note(self, method: str, arguments: Arguments, outcome: str) -> None:
        self.workspace.calls.append(Call(method, arguments, outcome))


def _refuse(fault: Fault) -> web.StreamResponse | None:
    if fault.retry_after:
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.status:
        return web.Response(status=fault.status, text="upstream error")
    if fault.error:
        return web.json_response({"ok": False, "error": fault.error})
    return None


async def _arguments(request: web.Request) -> tuple[Arguments, str]:
    arguments: Arguments = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await request.json()
    elif request.can_read_body:
        arguments |= {key: _decoded(key, str(value)) for key, value in (await request.post()).items()}
    header = request.headers.get("Authorization", "")
    token = str(arguments.pop("token", "")) or header.removeprefix("Bearer ")
    return arguments, token


def _decoded(key: str, value: str) -> Any:
    # Slack clients put structures into form fields as JSON.
    return json.loads(value) if key in ("blocks", "metadata", "prompts", "view") else value
