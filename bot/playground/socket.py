"""Socket Mode: envelopes to the connected apps, their acknowledgements, and delivery again without one."""

import asyncio
import contextlib
import itertools
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.playground.people import APP


@dataclass
class Delivery:
    """One envelope on its way: when it was first and last sent, how often, and when it was acknowledged."""

    kind: str
    payload: dict[str, Any]
    first: float = field(default_factory=time.monotonic)
    sent: int = 0
    acked: float | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ack_seconds(self) -> float | None:
        """How long the app took to acknowledge, from the first delivery on."""
        return None if self.acked is None else self.acked - self.first


class Hub:
    """All open connections of the app; each envelope goes to one of them, in turn.

    Args:
        ack_within: seconds after which an envelope that is not acknowledged is sent again (Slack: 3).
        attempts: how often an event is sent in all; a button press is sent once, as in Slack.
    """

    def __init__(self, ack_within: float = 3.0, attempts: int = 4) -> None:
        self.ack_within = ack_within
        self.attempts = attempts
        self.deliveries: list[Delivery] = []
        self.accepted = 0
        self._sockets: list[web.WebSocketResponse] = []
        self._turn = itertools.count()
        self._waiting: dict[str, Delivery] = {}
        self._connected = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        return len(self._sockets)

    @property
    def unacknowledged(self) -> int:
        """How many deliveries are neither acknowledged nor given up."""
        return sum(not delivery.done.is_set() for delivery in self.deliveries)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from hello to close."""
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        hello = {
            "type": "hello",
            "num_connections": len(self._sockets) + 1,
            "debug_info": {"host": "playground", "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }
        await socket.send_json(hello)
        self._sockets.append(socket)
        self.accepted += 1
        self._connected.set()
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(frame.data))
        finally:
            self._forget(socket)
        return socket

    def send(self, kind: str, payload: dict[str, Any], copies: int = 1) -> list[Delivery]:
        """Start delivering a body as `events_api` or `interactive`; `copies` above one are duplicates."""
        started = [Delivery(kind, payload) for _ in range(copies)]
        self.deliveries.extend(started)
        for delivery in started:
            task = asyncio.get_running_loop().create_task(self._deliver(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return started

    async def disconnect(self, warn: bool = True) -> None:
        """Close every connection, with Slack's `disconnect` message before or without a word."""
        for socket in list(self._sockets):
            self._forget(socket)
            with contextlib.suppress(ConnectionError):
                if warn:
                    await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
                    continue
                await socket.close()

    async def close(self) -> None:
        """Stop all deliveries and close all connections."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in list(self._sockets):
            await socket.close()

    async def _deliver(self, delivery: Delivery) -> None:
        attempts = self.attempts if delivery.kind == "events_api" else 1
        try:
            for attempt in range(attempts):
                envelope = str(uuid.uuid4())
                self._waiting[envelope] = delivery
                if not await self._put(envelope, delivery, attempt):
                    continue
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(delivery.done.wait()), self.ack_within)
                if delivery.done.is_set():
                    return
        finally:
            delivery.done.set()

    async def _put(self, envelope: str, delivery: Delivery, attempt: int) -> bool:
        while not self._sockets:
            self._connected.clear()
            await self._connected.wait()
        socket = self._sockets[next(self._turn) % len(self._sockets)]
        body: dict[str, Any] = {
            "envelope_id": envelope,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind == "interactive",
        }
        if delivery.kind == "events_api":
            body |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        try:
            await socket.send_json(body)
        except ConnectionError:
            self._forget(socket)
            return False
        delivery.sent += 1
        return True

    def _acknowledge(self, answer: dict[str, Any]) -> None:
        delivery = self._waiting.pop(str(answer.get("envelope_id", "")), None)
        if delivery is not None and not delivery.done.is_set():
            delivery.acked = time.monotonic()
            delivery.done.set()

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
