"""Envelope: what an incoming Slack body says. Identity comes from here alone, never from text (R13)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal, cast

from bot.approvals import Verdict
from bot.slack.claims import Claim

HELP = "help"
PERSONS = (None, "file_share", "thread_broadcast")  # the subtypes under which a person says something new

APPROVE, REJECT, CHOICE = "steward:approve", "steward:reject", "steward:choice"

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_REFERENCE = re.compile(r"<([#!]?)([^>|\s]+)(?:\|([^>]*))?>")


@dataclass(frozen=True)
class Me:
    """Who the bot is: from `auth.test`."""

    user: str
    bot: str
    team: str
    enterprise: str = ""


@dataclass(frozen=True)
class Asked:
    """Something a person said to the bot. `outsider` is set where the envelope itself shows another company."""

    claim: Claim
    text: str
    private: bool
    follow_up: bool = False
    outsider: bool = False


@dataclass(frozen=True)
class Click:
    """A press on Approve or Reject of a proposal's card."""

    claim: Claim
    outsider: bool = False


def asked(body: Mapping[str, Any], me: Me) -> Asked | None:
    """A mention, a direct message or a follow-up in a thread; None for everything a bot must not answer.

    A mention arrives as `app_mention` and as `message`: both give the same claim, so one of them is answered.
    """
    event = body.get("event", {})
    if not _from_a_person(event, me):
        return None
    mention, private = event["type"] == "app_mention", event.get("channel_type") == "im"
    threaded = event.get("thread_ts") not in (None, event["ts"])
    text = str(event.get("text", ""))
    if not mention and not private:
        addressed = {found.group(1) for found in _PERSON.finditer(text)}
        if not threaded or (addressed and me.user not in addressed):
            return None
    channel, ts = str(event["channel"]), str(event["ts"])
    thread = str(event.get("thread_ts") or ts)
    return Asked(
        claim=Claim(me.team, f"message:{channel}:{ts}", channel, ts, thread, str(event["user"])),
        text=plain(text, me),
        private=private,
        follow_up=not mention and not private,
        outsider=_foreign(body, me),
    )


def chosen(body: Mapping[str, Any], me: Me) -> Asked | None:
    """A press on one of the ready questions under an answer: that question, asked by the person who pressed."""
    action, place = _action(body)
    if not action or not str(action.get("action_id", "")).startswith(f"{CHOICE}:"):
        return None
    number = str(action["action_id"]).rsplit(":", 1)[1]
    channel, ts, thread = place
    user = str(body["user"]["id"])
    claim = Claim(me.team, f"choice:{number}:{channel}:{ts}:{user}", channel, ts, thread, user)
    return Asked(claim, str(action.get("value", "")), is_direct(channel), outsider=_foreign(body, me))


def clicked(body: Mapping[str, Any], me: Me) -> Click | None:
    """A press on Approve or Reject. Its time is part of the claim: delivered again it is the same press."""
    action, (channel, ts, thread) = _action(body)
    verdict = {APPROVE: "approve", REJECT: "reject"}.get(str(action.get("action_id", "")))
    if verdict is None:
        return None
    user = str(body["user"]["id"])
    event = f"click:{verdict}:{action['value']}:{action['action_ts']}:{user}"
    claim = Claim(me.team, event, channel, ts, thread, user)
    return Click(claim, _foreign(body, me))


def verdict_of(claim: Claim) -> tuple[Verdict, str]:
    """The verdict and the proposal's id of a `click` claim."""
    verdict, proposal, _time, _user = claim.parts
    return cast(Literal["approve", "reject"], verdict), proposal


def is_direct(channel: str) -> bool:
    """Whether a channel id is that of a direct message with one person."""
    return channel.startswith("D")


def plain(text: str, me: Me) -> str:
    """The words of a message without Slack's markup; without any words, the question for help.

    Links keep their address, not their label: the paste gate has to see it (R3).
    """
    without_me = _PERSON.sub(lambda found: "" if found.group(1) == me.user else found.group(0), text)

    def bare(found: re.Match[str]) -> str:
        sign, target, label = found.groups()
        if target.startswith("@"):
            return found.group(0)
        if sign:
            return f"{'#' if sign == '#' else ''}{label or target}"
        return target

    return unescape(_REFERENCE.sub(bare, without_me)).strip() or HELP


def _from_a_person(event: Mapping[str, Any], me: Me) -> bool:
    if event.get("type") not in ("app_mention", "message") or event.get("subtype") not in PERSONS:
        return False
    if event.get("bot_id") or event.get("bot_profile") or event.get("hidden") or event.get("edited"):
        return False
    return bool(event.get("user")) and event["user"] != me.user


def _foreign(body: Mapping[str, Any], me: Me) -> bool:
    event, user = body.get("event", {}), body.get("user")
    teams = {event.get("user_team"), event.get("source_team")}
    if isinstance(user, Mapping):
        teams.add(user.get("team_id"))
    return bool(body.get("is_ext_shared_channel")) or bool(teams - {None, me.team, me.enterprise})


def _action(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, str, str]]:
    actions, container = body.get("actions") or [{}], body.get("container", {})
    channel, ts = str(container.get("channel_id", "")), str(container.get("message_ts", ""))
    thread = str(container.get("thread_ts") or body.get("message", {}).get("thread_ts") or ts)
    return actions[0], (channel, ts, thread)
