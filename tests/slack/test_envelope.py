"""What an envelope says, and what it does not."""

from typing import Any

import pytest

from bot.slack import envelope
from bot.slack.envelope import Me, plain

ME = Me("U0STEWARD", "B0STEWARD", "T0HOME", "E0HOME")


def body(**event: Any) -> dict[str, Any]:
    """An event body as Slack sends it."""
    base = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "ts": "17.5", "text": "hi"}
    return {"team_id": "T0HOME", "event": {**base, **event}}


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"thread_ts": "17.5"},
        {"type": "app_mention", "user": "U0STEWARD"},
        {"type": "app_mention", "bot_id": "B9"},
        {"type": "app_mention", "edited": {"user": "U1", "ts": "18.0"}},
        {"type": "app_mention", "user": None},
        {"channel_type": "im", "subtype": "message_changed"},
        {"channel_type": "im", "subtype": "message_deleted"},
        {"channel_type": "im", "subtype": "bot_message"},
        {"channel_type": "im", "subtype": "channel_topic"},
        {"channel_type": "im", "hidden": True},
        {"thread_ts": "16.0", "text": "<@U2> please look"},
        {"type": "reaction_added"},
    ],
)
def test_what_no_person_newly_says_to_the_bot_is_nothing(event: dict[str, Any]) -> None:
    """Top-level talk, own and other apps' messages, edits, deletions, notices, words to somebody else."""
    assert envelope.asked(body(**event), ME) is None


def test_both_events_of_a_mention_are_one_claim() -> None:
    """The claim names the channel and the message, not the event."""
    mention = envelope.asked(body(type="app_mention", thread_ts="16.0", text="<@U0STEWARD> x"), ME)
    message = envelope.asked(body(thread_ts="16.0", text="<@U0STEWARD> x"), ME)
    assert mention and message
    assert mention.claim == message.claim
    assert (mention.follow_up, message.follow_up) == (False, True)


@pytest.mark.parametrize(
    ("extra", "foreign"),
    [
        ({}, False),
        ({"event": {"user_team": "T0HOME"}}, False),
        ({"event": {"source_team": "E0HOME"}}, False),
        ({"event": {"user_team": "T0AWAY"}}, True),
        ({"event": {"source_team": "T0AWAY"}}, True),
        ({"is_ext_shared_channel": True}, True),
    ],
)
def test_another_company_shows_in_the_envelope(extra: dict[str, Any], foreign: bool) -> None:
    """By the sender's team or by the channel's flag."""
    given = body(type="app_mention")
    given["event"] |= extra.get("event", {})
    given |= {key: value for key, value in extra.items() if key != "event"}
    asked = envelope.asked(given, ME)
    assert asked is not None
    assert asked.outsider is foreign


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U0STEWARD> recall?", "recall?"),
        ("hey <@U0STEWARD|steward>, recall?", "hey , recall?"),
        ("<@U0STEWARD>", "help"),
        ("  ", "help"),
        ("ask <@U2> in <#C2|evals>", "ask <@U2> in #evals"),
        ("see <https://x.example/a?b=1&amp;c=2|the doc>", "see https://x.example/a?b=1&c=2"),
        ("n &lt; 50 &amp;&amp; n &gt; 5", "n < 50 && n > 5"),
        ("<!subteam^S1|@leads> <!here>", "@leads here"),
        ("a < b and c > d", "a < b and c > d"),
    ],
)
def test_plain_words(text: str, words: str) -> None:
    """Without markup; a link keeps its address for the paste gate; nothing at all asks for help."""
    assert plain(text, ME) == words


def pressed(**action: Any) -> dict[str, Any]:
    """A button press as Slack sends it."""
    return {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": "T0HOME"},
        "container": {"channel_id": "C1", "message_ts": "17.5", "thread_ts": "16.0"},
        "actions": [{"action_id": "steward:approve", "value": "p1", "action_ts": "18.0", **action}],
    }


def test_a_press_delivered_again_is_the_same_and_a_second_press_is_not() -> None:
    """The time of the press is part of its claim."""
    first, again, second = (envelope.clicked(pressed(action_ts=at), ME) for at in ("18.0", "18.0", "19.0"))
    assert first and again and second
    assert first.claim == again.claim
    assert first.claim.event != second.claim.event
    assert envelope.verdict_of(first.claim) == ("approve", "p1")
    assert (first.claim.channel, first.claim.ts, first.claim.thread) == ("C1", "17.5", "16.0")


def test_other_buttons_are_no_press_and_no_question() -> None:
    """An unknown action decides nothing and asks nothing."""
    unknown = pressed(action_id="steward:other")
    assert envelope.clicked(unknown, ME) is None
    assert envelope.chosen(unknown, ME) is None
    assert envelope.chosen(pressed(), ME) is None


def test_a_press_by_another_company_is_marked() -> None:
    """From the user's team in the body."""
    click = envelope.clicked({**pressed(), "user": {"id": "U9", "team_id": "T0AWAY"}}, ME)
    assert click is not None
    assert click.outsider


def test_the_names_of_claims_fit_their_column() -> None:
    """The longest ids Slack and the store use stay under the 100 characters of `messages.event`."""
    long = pressed(value="f" * 32, action_ts="1759999999.123456")
    long |= {
        "user": {"id": "U" + "0" * 13},
        "container": {"channel_id": "C" + "0" * 13, "message_ts": "1759999999.123456"},
    }
    click = envelope.clicked(long, ME)
    choice = envelope.chosen({**long, "actions": [{"action_id": "steward:choice:4", "value": "x"}]}, ME)
    assert click and choice
    assert max(len(click.claim.event), len(choice.claim.event)) <= 100
