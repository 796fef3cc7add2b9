"""Starting, the manifest, and what is never logged or stored."""

import asyncio
import logging
import secrets

import pytest
from sqlalchemy import Engine, select

from bot.agent.answer import Answer
from bot.agent.question import Question
from bot.playground.people import BOT_USER
from bot.playground.server import Playground
from bot.playground.web_api import APP_TOKEN, BOT_TOKEN
from bot.playground.workspace import Workspace
from bot.slack.app import SlackUnavailable, serve
from bot.slack.manifest import manifest
from tests.slack.conftest import StartBot
from tests.slack.scripted import CARD, QUICK, ScriptedDesk, said
from tools.store.tables import Message

MENTION = f"<@{BOT_USER}> "


@pytest.mark.parametrize(
    ("bot", "app", "word"), [("xoxb-wrong", APP_TOKEN, "bot token"), (BOT_TOKEN, "xapp-wrong", "app token")]
)
async def test_a_refused_token_is_named(playground: Playground, engine: Engine, bot: str, app: str, word: str) -> None:
    """Serving ends at once with a sentence that says which token, and without showing it."""
    with pytest.raises(SlackUnavailable, match=word) as refused:
        await serve(ScriptedDesk(engine), bot, app, playground.base_url, QUICK)
    assert "invalid_auth" in str(refused.value)
    assert "wrong" not in str(refused.value)


async def test_an_unreachable_slack_is_named(engine: Engine) -> None:
    """Nobody listens there: the address is in the sentence."""
    with pytest.raises(SlackUnavailable, match=r"127\.0\.0\.1:9/api"):
        await serve(ScriptedDesk(engine), BOT_TOKEN, APP_TOKEN, "http://127.0.0.1:9/api/", QUICK)


async def test_serving_ends_in_good_order(playground: Playground, engine: Engine) -> None:
    """A cancelled `serve` finishes what it began and closes its connection."""
    slack, desk = playground.workspace, ScriptedDesk(engine)
    serving = asyncio.create_task(serve(desk, BOT_TOKEN, APP_TOKEN, playground.base_url, QUICK))
    await slack.until(lambda: slack.hub.connections == 1)
    desk.gate.clear()
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await slack.until(lambda: desk.questions)
    serving.cancel()
    asyncio.get_running_loop().call_later(0.1, desk.gate.set)
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert len(slack.replies(asked)) == 1
    await slack.until(lambda: slack.hub.connections == 0)


async def test_no_words_of_a_message_are_logged_or_stored(
    slack: Workspace,
    engine: Engine,
    start_bot: StartBot,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With every logger at DEBUG: neither questions, answers, errors that quote them, presses nor odd events."""
    caplog.set_level(logging.DEBUG)
    word = f"secret{secrets.token_hex(4)}"

    def script(question: Question) -> Answer:
        if "fail" in question.text:
            raise ValueError(f"cannot read {question.text}")
        return said(f"about {question.text}", proposals=(CARD,), choices=(f"{word}?",))

    desk = ScriptedDesk(engine, script)
    await start_bot(desk)
    asked = await slack.say("U0ANA", "C0EVALS", f"{MENTION}{word}")
    await slack.quiet()
    await slack.say("U0ANA", "C0EVALS", f"{MENTION}fail {word}")
    await slack.click("U0ANA", slack.replies(asked)[0], "steward:choice:0")
    await slack.click("U0ANA", slack.replies(asked)[0], "steward:approve")
    await slack.edit(asked, f"{word} again")
    slack.tell(slack.channels["C0EVALS"], [{"type": "pin_added", "channel_id": "C0EVALS", "text": word}])
    await slack.quiet()
    written = "".join(capsys.readouterr())
    assert "answer_failed" in written
    assert "ValueError" in written
    assert word not in written + caplog.text
    with engine.connect() as connection:
        stored = connection.execute(select(Message.__table__)).all()
    assert len(stored) == 4
    assert word not in str(stored)


async def test_events_nobody_handles_are_acknowledged(slack: Workspace, desk: ScriptedDesk) -> None:
    """Whatever the manifest subscribes to is not delivered again and again."""
    for event in ("agent_session_stopped", "app_context_changed", "subteam_members_changed"):
        slack.tell(slack.channels["C0EVALS"], [{"type": event}])
    await slack.quiet()
    assert [delivery.sent for delivery in slack.hub.deliveries] == [1, 1, 1]
    assert desk.questions == []


def test_the_manifest_asks_for_no_more_than_it_may() -> None:
    """No user tokens, no files, no speaking uninvited; Socket Mode and buttons on; prompts within Slack's limits."""
    made = manifest("Helper")
    scopes = made["oauth_config"]["scopes"]
    assert set(scopes) == {"bot"}
    assert not {"files:read", "chat:write.public", "users:read.email"} & set(scopes["bot"])
    assert made["settings"]["socket_mode_enabled"]
    assert made["settings"]["interactivity"]["is_enabled"]
    assert {"app_mention", "message.im", "message.channels", "channel_shared"} <= set(
        made["settings"]["event_subscriptions"]["bot_events"]
    )
    view = made["features"]["agent_view"]
    assert len(view["agent_description"]) <= 300
    assert len(view["suggested_prompts"]) <= 4
    assert made["display_information"]["name"] == "Helper"
