"""`auth.*`, `users.*` and `assistant.*`: who the app is, who people are, and what they see while it works."""

from typing import Any

from bot.playground.chat import room
from bot.playground.people import BOT, BOT_USER, TEAM
from bot.playground.web_api import Arguments, Method, SlackError
from bot.playground.workspace import Workspace


def auth_test(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Who the token belongs to."""
    return {
        "url": "https://home.slack.com/",
        "team": "Home",
        "team_id": TEAM,
        "user": workspace.people[BOT_USER].name.lower(),
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def user_info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """One account."""
    person = workspace.people.get(str(arguments.get("user", "")))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": person.as_slack()}


def user_list(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Every account."""
    return {"members": [person.as_slack() for person in workspace.people.values()]}


def set_status(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Show a line such as "is working" in a thread until the app posts there; an empty one takes it away."""
    channel = room(workspace, {"channel": arguments["channel_id"]})
    workspace.statuses[(channel.id, str(arguments["thread_ts"]))] = str(arguments["status"])
    return {}


def set_prompts(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Offer up to four ready questions in the direct message."""
    channel = room(workspace, {"channel": arguments["channel_id"]})
    prompts = arguments["prompts"]
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        raise SlackError("invalid_arguments", ["prompts must have 1 to 4 items"])
    if any(not prompt.get("title") or not prompt.get("message") for prompt in prompts):
        raise SlackError("invalid_arguments", ["a prompt needs a title and a message"])
    workspace.prompts[channel.id] = prompts
    return {}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "users.info": user_info,
    "users.list": user_list,
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setSuggestedPrompts": set_prompts,
}
