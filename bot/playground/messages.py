"""Messages of the simulated workspace and the record of what the app called."""

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Posted:
    """A message as the workspace keeps it. `edits` counts how often it was updated in place."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread: str | None = None
    metadata: dict[str, Any] | None = None
    bot_id: str | None = None
    subtype: str | None = None
    unfurl: bool = True
    edits: int = 0

    def as_slack(self, team: str, metadata: bool = True) -> dict[str, Any]:
        """The message object of `conversations.history`."""
        message: dict[str, Any] = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": team}
        if self.blocks:
            message["blocks"] = self.blocks
        if self.thread:
            message["thread_ts"] = self.thread
        if self.subtype:
            message["subtype"] = self.subtype
        if self.bot_id:
            message["bot_id"] = self.bot_id
        if self.edits:
            message["edited"] = {"user": self.user, "ts": self.ts}
        if metadata and self.metadata:
            message["metadata"] = self.metadata
        return message

    def buttons(self) -> list[dict[str, Any]]:
        """Every button of the message, each with the id of its block under `block_id`."""
        return [
            {**element, "block_id": block.get("block_id", "")}
            for block in self.blocks
            if block.get("type") == "actions"
            for element in block.get("elements", [])
            if element.get("type") == "button"
        ]


@dataclass(frozen=True)
class Whisper:
    """A message only one person sees."""

    channel: str
    user: str
    text: str
    thread: str | None


@dataclass(frozen=True)
class Call:
    """One Web API call of the app and how it was answered (`ok` or the error)."""

    method: str
    arguments: dict[str, Any]
    outcome: str
    at: float = field(default_factory=time.monotonic)
