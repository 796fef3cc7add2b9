"""`chat.*`: what the app posts, changes and deletes."""

from typing import Any

from bot.playground import events
from bot.playground.blocks import problem
from bot.playground.messages import Posted, Whisper
from bot.playground.people import BOT, BOT_USER, TEAM, Channel
from bot.playground.web_api import Arguments, Method, SlackError
from bot.playground.workspace import Workspace


def room(workspace: Workspace, arguments: Arguments) -> Channel:
    """The channel a call is about, if the app is in it."""
    channel = workspace.channels.get(str(arguments.get("channel", "")))
    if channel is None:
        raise SlackError("channel_not_found")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _content(arguments: Arguments) -> tuple[str, list[dict[str, Any]]]:
    text, blocks = str(arguments.get("text", "")), arguments.get("blocks") or []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    found = problem(text, blocks)
    if found:
        raise SlackError(found[0], found[1])
    numbered = [{"block_id": f"b{number}", **block} for number, block in enumerate(blocks)]
    return text, numbered


def _metadata(arguments: Arguments) -> dict[str, Any] | None:
    metadata = arguments.get("metadata")
    if metadata and not (metadata.get("event_type") and isinstance(metadata.get("event_payload"), dict)):
        raise SlackError("invalid_metadata_format")
    return metadata or None


def post_message(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Post as the app; the app hears its own message too, as in Slack."""
    channel = room(workspace, arguments)
    if channel.archived:
        raise SlackError("is_archived")
    thread = arguments.get("thread_ts")
    if thread and workspace.find(channel.id, str(thread)) is None:
        raise SlackError("thread_not_found")
    text, blocks = _content(arguments)
    posted = Posted(
        channel.id,
        workspace.stamp(),
        BOT_USER,
        text,
        blocks,
        thread=str(thread) if thread else None,
        metadata=_metadata(arguments),
        bot_id=BOT,
        unfurl=bool(arguments.get("unfurl_links", True) or arguments.get("unfurl_media", True)),
    )
    workspace.posted.append(posted)
    workspace.statuses.pop((channel.id, posted.thread or posted.ts), None)
    workspace.tell(channel, [events.message(posted, channel, workspace.people[BOT_USER])])
    return {"channel": channel.id, "ts": posted.ts, "message": posted.as_slack(TEAM)}


def update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Change one of the app's own messages in place."""
    channel = room(workspace, arguments)
    posted = workspace.find(channel.id, str(arguments["ts"]))
    if posted is None:
        raise SlackError("message_not_found")
    if posted.bot_id != BOT:
        raise SlackError("cant_update_message")
    posted.text, posted.blocks = _content(arguments)
    posted.metadata = _metadata(arguments) or posted.metadata
    posted.edits += 1
    workspace.tell(channel, [events.changed(posted, channel)])
    return {"channel": channel.id, "ts": posted.ts, "text": posted.text}


def delete(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Delete one of the app's own messages."""
    channel = room(workspace, arguments)
    posted = workspace.find(channel.id, str(arguments["ts"]))
    if posted is None:
        raise SlackError("message_not_found")
    if posted.bot_id != BOT:
        raise SlackError("cant_delete_message")
    workspace.posted.remove(posted)
    return {"channel": channel.id, "ts": posted.ts}


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Show a message to one person only."""
    channel = room(workspace, arguments)
    user = str(arguments.get("user", ""))
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, _ = _content(arguments)
    workspace.whispers.append(Whisper(channel.id, user, text, arguments.get("thread_ts")))
    return {"message_ts": workspace.stamp()}


def permalink(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The address of a message."""
    channel, ts = room(workspace, arguments), str(arguments["message_ts"])
    if workspace.find(channel.id, ts) is None:
        raise SlackError("message_not_found")
    return {"channel": channel.id, "permalink": f"https://home.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"}


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": permalink,
}
