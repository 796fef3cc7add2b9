"""Workspace: the state of a simulated Slack, and what people do in it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.playground import events
from bot.playground.faults import Faults
from bot.playground.messages import Call, Posted, Whisper
from bot.playground.people import BOT_USER, Channel, Person, sample_channels, sample_people
from bot.playground.socket import Delivery, Hub


class Workspace:
    """People, channels and messages, and the acts of people: say, edit, remove, open, click.

    Every act returns at once; the app is told over the socket. `until` and `quiet` wait for what follows.
    """

    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()
        self.faults = Faults()
        self.people = {person.id: person for person in sample_people()}
        self.channels = {channel.id: channel for channel in sample_channels()}
        self.posted: list[Posted] = []
        self.whispers: list[Whisper] = []
        self.calls: list[Call] = []
        self.statuses: dict[tuple[str, str], str] = {}
        self.prompts: dict[str, list[dict[str, str]]] = {}
        self.in_flight = 0
        self.mention_first = True
        self.settle = 0.25
        self.watched: list[Callable[[], int]] = []
        self._last_ts = 0

    def stamp(self) -> str:
        """The next message timestamp: the time in microseconds, never the same twice."""
        self._last_ts = max(int(time.time() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def find(self, channel: str, ts: str) -> Posted | None:
        """The message with this timestamp, if it still exists."""
        return next((item for item in self.posted if item.channel == channel and item.ts == ts), None)

    def messages(self, channel: str) -> list[Posted]:
        """Every message of a channel, replies included, oldest first."""
        return [item for item in self.posted if item.channel == channel]

    def thread(self, channel: str, ts: str) -> list[Posted]:
        """The messages of one thread, its first one included, oldest first."""
        return [item for item in self.messages(channel) if ts in (item.ts, item.thread)]

    def replies(self, message: Posted) -> list[Posted]:
        """What the app posted in the thread this message belongs to."""
        return [item for item in self.thread(message.channel, message.thread or message.ts) if item.bot_id]

    def add(self, person: Person) -> Person:
        """Let one more person into the workspace."""
        self.people[person.id] = person
        return person

    def open_channel(self, channel: Channel) -> Channel:
        """Create one more channel."""
        self.channels[channel.id] = channel
        return channel

    async def say(
        self, user: str, channel: str, text: str, thread: str | None = None, subtype: str | None = None
    ) -> Posted:
        """Post as a person; the app hears of it if it is in the channel, twice if the text mentions it."""
        room = self.channels[channel]
        if user not in room.members:
            raise ValueError(f"{user} is not in {channel}")
        posted = Posted(channel, self.stamp(), user, text, thread=thread, subtype=subtype)
        self.posted.append(posted)
        heard = [events.message(posted, room, self.people[user])] if BOT_USER in room.members else []
        if f"<@{BOT_USER}>" in text and not room.direct:
            heard.insert(0 if self.mention_first else len(heard), events.mention(posted, self.people[user]))
        self.tell(room, heard)
        return posted

    async def edit(self, message: Posted, text: str) -> None:
        """Change the text of a message."""
        message.text = text
        room = self.channels[message.channel]
        self.tell(room, [events.changed(message, room)])

    async def remove(self, message: Posted) -> None:
        """Delete a message."""
        self.posted.remove(message)
        room = self.channels[message.channel]
        self.tell(room, [events.removed(message, room)])

    async def open(self, user: str, channel: str, tab: str = "messages") -> None:
        """Look at the app: its home or its messages tab."""
        room = self.channels[channel]
        self.tell(room, [events.opened(self.people[user], room, tab)])

    async def click(self, user: str, message: Posted, action: str) -> Delivery:
        """Press the button with this action id; LookupError when the message has no such button."""
        button = next((item for item in message.buttons() if item.get("action_id") == action), None)
        if button is None:
            raise LookupError(f"no button {action} on this message")
        body = events.pressed(self.people[user], message, self.channels[message.channel], button, self.stamp())
        return self.hub.send("interactive", body)[0]

    async def share(self, channel: str) -> None:
        """Share a channel with another company."""
        room = self.channels[channel] = replace(self.channels[channel], ext_shared=True)
        self.tell(room, [{"type": "channel_shared", "channel": channel, "connected_team_id": "T0AWAY"}])

    def tell(self, room: Channel, heard: list[dict[str, Any]]) -> None:
        """Send events about a channel to the app, doubled while the faults ask for duplicates."""
        for event in heard:
            copies = 1
            if self.faults.duplicate > 0:
                self.faults.duplicate -= 1
                copies = 2
            self.hub.send("events_api", events.callback(event, room.ext_shared), copies)

    async def until(self, condition: Callable[[], object], within: float = 10.0) -> None:
        """Wait until something holds; TimeoutError with nothing else changed when it never does."""
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110  (any condition, over state that nobody signals)
                await asyncio.sleep(0.01)

    async def quiet(self, within: float = 15.0) -> None:
        """Wait until nothing has happened for `settle` seconds: no delivery open, no call, no status shown.

        Whoever can count an app's work under way adds that to `watched`; `settle` can then be short.
        """
        async with asyncio.timeout(within):
            seen, since = self._activity(), time.monotonic()
            while time.monotonic() - since < self.settle or self._busy():
                await asyncio.sleep(0.01)
                if (now := self._activity()) != seen:
                    seen, since = now, time.monotonic()

    def _busy(self) -> bool:
        working = any(count() for count in self.watched) or any(self.statuses.values())
        return bool(self.hub.unacknowledged or self.in_flight or working)

    def _activity(self) -> tuple[int, int, int]:
        return len(self.calls), len(self.hub.deliveries), self.hub.unacknowledged
