"""`conversations.*`: channels, who is in them and what was said."""

from typing import Any

from bot.playground.chat import room
from bot.playground.messages import Posted
from bot.playground.people import TEAM
from bot.playground.web_api import Arguments, Method, SlackError
from bot.playground.workspace import Workspace

PAGE = 100


def _yes(value: Any) -> bool:
    return value in (True, 1, "1", "true", "True")


def _between(items: list[Posted], arguments: Arguments) -> list[Posted]:
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or "inf")
    inclusive = _yes(arguments.get("inclusive", False))
    return [
        item for item in items if oldest < float(item.ts) < latest or (inclusive and float(item.ts) in (oldest, latest))
    ]


def _page(items: list[Any], arguments: Arguments) -> tuple[list[Any], dict[str, Any]]:
    start, size = int(arguments.get("cursor") or 0), min(int(arguments.get("limit") or PAGE), 1000)
    more = start + size < len(items)
    cursor = {"next_cursor": str(start + size) if more else ""}
    return items[start : start + size], {"has_more": more, "response_metadata": cursor}


def _listed(items: list[Posted], arguments: Arguments) -> dict[str, Any]:
    page, more = _page(items, arguments)
    metadata = _yes(arguments.get("include_all_metadata", False))
    return {"messages": [item.as_slack(TEAM, metadata) for item in page], **more}


def info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """One channel; visible whether or not the app is in it, if it is not private."""
    channel = workspace.channels.get(str(arguments.get("channel", "")))
    if channel is None:
        raise SlackError("channel_not_found")
    return {"channel": channel.as_slack()}


def replies(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """A thread, oldest first; its first message is always part of the first page, as in Slack."""
    channel, ts = room(workspace, arguments), str(arguments["ts"])
    thread = workspace.thread(channel.id, ts)
    if not thread:
        raise SlackError("thread_not_found")
    chosen = _between(thread, arguments)
    parent = [item for item in thread if item.ts == ts and item not in chosen]
    return _listed([*parent, *chosen], arguments)


def history(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """What was said in a channel outside threads, newest first."""
    channel = room(workspace, arguments)
    top = [item for item in workspace.messages(channel.id) if item.thread in (None, item.ts)]
    return _listed(_between(top, arguments)[::-1], arguments)


def members(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The user ids in a channel."""
    page, more = _page(room(workspace, arguments).members, arguments)
    return {"members": page, "response_metadata": more["response_metadata"]}


def list_channels(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Every channel that is not a direct message."""
    channels = [channel.as_slack() for channel in workspace.channels.values() if not channel.direct]
    page, more = _page(channels, arguments)
    return {"channels": page, "response_metadata": more["response_metadata"]}


def open_direct(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The direct message with one person."""
    user = str(arguments.get("users", ""))
    for channel in workspace.channels.values():
        if channel.direct and user in channel.members:
            return {"channel": {"id": channel.id}}
    raise SlackError("user_not_found")


METHODS: dict[str, Method] = {
    "conversations.info": info,
    "conversations.replies": replies,
    "conversations.history": history,
    "conversations.members": members,
    "conversations.list": list_channels,
    "conversations.open": open_direct,
}
