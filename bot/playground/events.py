"""Events: the payloads Slack sends to an app, built from what happened in the workspace."""

import itertools
import time
from typing import Any

from bot.playground.messages import Posted
from bot.playground.people import APP, BOT_USER, TEAM, Channel, Person

_numbers = itertools.count(1)


def unique(prefix: str) -> str:
    """An id that this process has not used before."""
    return f"{prefix}{next(_numbers):08d}"


def callback(event: dict[str, Any], ext_shared: bool = False) -> dict[str, Any]:
    """The `event_callback` body around one event."""
    return {
        "token": "unused",
        "team_id": TEAM,
        "api_app_id": APP,
        "type": "event_callback",
        "event_id": unique("Ev"),
        "event_time": int(time.time()),
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "enterprise_id": None}],
        "is_ext_shared_channel": ext_shared,
        "event": event,
    }


def message(posted: Posted, channel: Channel, person: Person | None) -> dict[str, Any]:
    """A `message` event for something that was posted."""
    return {**_said(posted, person), "type": "message", "channel_type": channel.kind}


def mention(posted: Posted, person: Person | None) -> dict[str, Any]:
    """The `app_mention` event Slack sends beside the `message` event."""
    return {**_said(posted, person), "type": "app_mention"}


def _said(posted: Posted, person: Person | None) -> dict[str, Any]:
    event = posted.as_slack(TEAM, metadata=False)
    event |= {"channel": posted.channel, "event_ts": posted.ts, "team": person.team if person else TEAM}
    if person and person.stranger:
        event |= {"user_team": person.team, "source_team": person.team}
    return event


def changed(posted: Posted, channel: Channel) -> dict[str, Any]:
    """The `message_changed` event of an edit."""
    inner = {**posted.as_slack(TEAM), "edited": {"user": posted.user, "ts": posted.ts}}
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": posted.channel,
        "channel_type": channel.kind,
        "ts": f"{time.time():.6f}",
        "message": inner,
        "previous_message": posted.as_slack(TEAM),
    }


def removed(posted: Posted, channel: Channel) -> dict[str, Any]:
    """The `message_deleted` event of a deletion."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": posted.channel,
        "channel_type": channel.kind,
        "ts": f"{time.time():.6f}",
        "deleted_ts": posted.ts,
        "previous_message": posted.as_slack(TEAM),
    }


def opened(person: Person, channel: Channel, tab: str) -> dict[str, Any]:
    """The `app_home_opened` event: somebody looks at the app's home or its messages tab."""
    return {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": f"{time.time():.6f}",
    }


def pressed(person: Person, posted: Posted, channel: Channel, button: dict[str, Any], at: str) -> dict[str, Any]:
    """The `block_actions` body of one button press at one time."""
    user = {"id": person.id, "username": person.name.lower(), "name": person.name.lower(), "team_id": person.team}
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": posted.ts,
        "channel_id": posted.channel,
        "is_ephemeral": False,
    }
    if posted.thread:
        container["thread_ts"] = posted.thread
    action = {key: button[key] for key in ("action_id", "block_id", "text", "value", "style") if key in button}
    return {
        "type": "block_actions",
        "user": user,
        "api_app_id": APP,
        "token": "unused",
        "container": container,
        "trigger_id": unique("trigger"),
        "team": {"id": TEAM, "domain": "home"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "message": posted.as_slack(TEAM),
        "state": {"values": {}},
        "actions": [{**action, "type": "button", "action_ts": at}],
    }
