"""Manifest: the app as Slack is told of it, to paste under "Create an app from a manifest"."""

from typing import Any

from bot.slack.prompts import PROMPTS

# No user tokens, no `files:read` (R3: files are never fetched), no `chat:write.public` (it speaks where invited).
BOT_SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:write",
    "usergroups:read",
    "users:read",
)

BOT_EVENTS = (
    "agent_session_stopped",
    "app_context_changed",
    "app_home_opened",
    "app_mention",
    "channel_shared",
    "message.channels",
    "message.groups",
    "message.im",
    "subteam_members_changed",
)

DESCRIPTION = (
    "Answers questions about evaluation metrics, datasets, labels and labeling guidelines, and proposes evaluations. "
    "Every number carries its source; nothing runs before a person approves it."
)


def manifest(name: str = "Steward") -> dict[str, Any]:
    """The manifest as data, ready for JSON."""
    return {
        "display_information": {"name": name, "description": "Metrics, datasets, labels and guidelines, with sources."},
        "features": {
            "agent_view": {"agent_description": DESCRIPTION, "suggested_prompts": [dict(prompt) for prompt in PROMPTS]},
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
        },
        "oauth_config": {"scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
