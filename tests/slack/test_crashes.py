"""Exactly one reply, also when a process ends at the worst moment."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.playground.faults import Fault
from bot.playground.messages import Posted
from bot.playground.people import BOT_USER, TEAM
from bot.playground.server import Playground
from bot.playground.workspace import Workspace
from bot.slack.claims import Claim, Claims
from tests.slack.conftest import StartBot
from tests.slack.scripted import CARD, ScriptedDesk, said
from tools.store.tables import Message

ROOT = Path(__file__).parents[2]
MENTION = f"<@{BOT_USER}> "

StartProcess = Callable[[str], Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def start_process(playground: Playground, engine: Engine) -> AsyncIterator[StartProcess]:
    """Start a bot in a process of its own and wait until it listens."""
    started: list[asyncio.subprocess.Process] = []

    async def start(mode: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.slack.bot_process",
            playground.base_url,
            str(engine.url.database),
            mode,
            cwd=ROOT,
        )
        started.append(process)
        await playground.workspace.until(lambda: playground.workspace.hub.connections == 1, within=20)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def kill(process: asyncio.subprocess.Process) -> None:
    """End a process as a lack of memory would: at once, without a word."""
    process.send_signal(signal.SIGKILL)
    await process.wait()


def row(engine: Engine, asked: Posted) -> tuple[str, int, str | None]:
    """Status, attempt and reply of the claim of a message."""
    with engine.connect() as connection:
        query = select(Message.status, Message.attempt, Message.reply_ts)
        found = connection.execute(query.where(Message.event == f"message:{asked.channel}:{asked.ts}")).first()
    return (found.status, found.attempt, found.reply_ts) if found else ("", 0, None)


async def left_behind(engine: Engine, claim: Claim) -> None:
    """Write the row a process leaves that ended while it worked on a claim."""
    claims = Claims(engine, 60, now=lambda: datetime.now(UTC) - timedelta(hours=1))
    assert await claims.take(claim)
    claims.close()


async def test_killed_before_the_reply_it_is_answered_after_the_restart(
    slack: Workspace, engine: Engine, start_process: StartProcess, start_bot: StartBot
) -> None:
    """Slack was told that the message arrived, so it will not come again; the claim brings it back, once."""
    process = await start_process("hang")
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.until(lambda: row(engine, asked)[0] == "claimed" and slack.hub.unacknowledged == 0)
    await kill(process)
    desk = ScriptedDesk(engine)
    await start_bot(desk)
    await slack.until(lambda: row(engine, asked)[0] == "answered")
    await slack.quiet()
    (reply,) = slack.replies(asked)
    assert [question.text for question in desk.questions] == ["recall?"]
    assert reply.text == "You asked: recall?"
    assert row(engine, asked) == ("answered", 2, reply.ts)


async def test_killed_after_the_reply_it_is_not_answered_again(
    slack: Workspace, engine: Engine, start_process: StartProcess, start_bot: StartBot
) -> None:
    """The reply stands in Slack and the database does not know it: its metadata tells."""
    process = await start_process("answer")
    hold = asyncio.Event()
    slack.faults.add("chat.postMessage", Fault(hold=hold))
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.until(lambda: slack.replies(asked))
    await kill(process)
    hold.set()
    assert row(engine, asked)[0] == "claimed"
    desk = ScriptedDesk(engine)
    await start_bot(desk)
    await slack.until(lambda: row(engine, asked)[0] == "answered")
    await slack.quiet()
    (reply,) = slack.replies(asked)
    assert desk.questions == []
    assert row(engine, asked) == ("answered", 2, reply.ts)


async def test_killed_before_the_claim_the_event_comes_again(
    slack: Workspace, engine: Engine, start_bot: StartBot
) -> None:
    """Nothing is acknowledged before it is claimed: without a database Slack delivers again, and it is answered."""
    slack.hub.ack_within = 0.3
    desk = ScriptedDesk(engine)
    await start_bot(desk)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE messages RENAME TO hidden")
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await slack.until(lambda: slack.hub.deliveries[0].sent >= 2)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO messages")
    await slack.until(lambda: slack.replies(asked))
    await slack.quiet()
    assert len(slack.replies(asked)) == 1


async def test_a_process_that_was_overtaken_says_nothing(slack: Workspace, engine: Engine, desk: ScriptedDesk) -> None:
    """It slept longer than its lease; when it wakes, the message is somebody else's."""
    desk.gate.clear()
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await slack.until(lambda: desk.questions)
    other = Claims(engine, 600, now=lambda: datetime.now(UTC) + timedelta(minutes=5))
    (stale,) = await other.stale()
    assert await other.take_over(stale)
    desk.gate.set()
    await slack.quiet()
    other.close()
    assert slack.replies(asked) == []
    assert row(engine, asked)[:2] == ("claimed", 2)


async def test_a_message_that_kills_gets_an_error_in_the_end(
    slack: Workspace, engine: Engine, start_bot: StartBot
) -> None:
    """After five attempts nobody is asked any more, and the person is told."""
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    claim = Claim(TEAM, f"message:D0ANA:{asked.ts}", "D0ANA", asked.ts, asked.ts, "U0ANA", attempt=5)
    await left_behind(engine, claim)
    desk = ScriptedDesk(engine)
    await start_bot(desk)
    await slack.until(lambda: row(engine, asked)[0] == "answered")
    assert desk.questions == []
    assert "Error `" in slack.replies(asked)[0].text


async def test_a_question_deleted_meanwhile_is_closed(slack: Workspace, engine: Engine, start_bot: StartBot) -> None:
    """What was taken back needs no answer."""
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await left_behind(engine, Claim(TEAM, f"message:D0ANA:{asked.ts}", "D0ANA", asked.ts, asked.ts, "U0ANA"))
    await slack.remove(asked)
    desk = ScriptedDesk(engine)
    await start_bot(desk)
    await slack.until(lambda: row(engine, asked)[0] == "answered")
    assert desk.questions == []


async def test_slack_out_of_reach_at_the_restart_is_waited_out(
    slack: Workspace, engine: Engine, start_bot: StartBot
) -> None:
    """An outage does not use up the attempts: the question is answered when Slack is back."""
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await left_behind(engine, Claim(TEAM, f"message:D0ANA:{asked.ts}", "D0ANA", asked.ts, asked.ts, "U0ANA"))
    slack.faults.add("conversations.replies", Fault(status=503), times=8)
    desk = ScriptedDesk(engine)
    await start_bot(desk)
    await slack.until(lambda: slack.replies(asked))
    await slack.until(lambda: row(engine, asked)[:2] == ("answered", 2))
    assert [question.text for question in desk.questions] == ["recall?"]


async def test_a_channel_the_bot_was_taken_out_of_is_closed(
    slack: Workspace, engine: Engine, start_bot: StartBot
) -> None:
    """There is nowhere to answer, so nothing is tried for ever."""
    asked = await slack.say("U0ANA", "C0EVALS", "recall?")
    await left_behind(engine, Claim(TEAM, f"message:C0EVALS:{asked.ts}", "C0EVALS", asked.ts, asked.ts, "U0ANA"))
    slack.channels["C0EVALS"].members.remove(BOT_USER)
    await start_bot(ScriptedDesk(engine))
    await slack.until(lambda: row(engine, asked)[0] == "answered")
    assert slack.replies(asked) == []


async def test_a_ready_question_left_behind_is_asked(slack: Workspace, engine: Engine, start_bot: StartBot) -> None:
    """Its words stand in the button Slack still shows."""
    desk = ScriptedDesk(engine, lambda question: said(question.text, choices=("By language", "Against v6")))
    await start_bot(desk)
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await slack.until(lambda: slack.replies(asked))
    (first,) = slack.replies(asked)
    event = f"choice:1:D0ANA:{first.ts}:U0ANA"
    await left_behind(engine, Claim(TEAM, event, "D0ANA", first.ts, asked.ts, "U0ANA"))
    await slack.until(lambda: len(slack.replies(asked)) == 2)
    assert [question.text for question in desk.questions] == ["recall?", "Against v6"]


@pytest.mark.parametrize("decided", [False, True], ids=["before the decision", "after the decision"])
async def test_a_click_left_behind_is_carried_out(
    slack: Workspace, engine: Engine, start_bot: StartBot, decided: bool
) -> None:
    """Whether the process ended before or after it decided: one decision, a card without buttons, one result."""
    desk = ScriptedDesk(engine, lambda question: said("I can run that.", proposals=(CARD,)))
    await start_bot(desk)
    asked = await slack.say("U0BEN", "D0BEN", "run it")
    await slack.until(lambda: slack.replies(asked))
    (card,) = slack.replies(asked)
    if decided:
        desk.decide(CARD.id, "approve", "U0BEN")
    event = f"click:approve:{CARD.id}:17.5:U0BEN"
    await left_behind(engine, Claim(TEAM, event, "D0BEN", card.ts, asked.ts, "U0BEN"))
    await slack.until(lambda: len(slack.replies(asked)) == 2)
    await slack.quiet()
    assert len(desk.decisions) == 1
    assert card.buttons() == []
    assert ("decided already" in str(card.blocks)) is decided
    assert len(slack.replies(asked)) == 2


async def test_a_result_left_behind_is_posted_once(slack: Workspace, engine: Engine, start_bot: StartBot) -> None:
    """The process that followed the run is gone; another one goes on to the result."""
    desk = ScriptedDesk(engine, lambda question: said("I can run that.", proposals=(CARD,)))
    await start_bot(desk)
    asked = await slack.say("U0BEN", "D0BEN", "run it")
    await slack.until(lambda: slack.replies(asked))
    (card,) = slack.replies(asked)
    await left_behind(engine, Claim(TEAM, f"result:r77:{CARD.id}", "D0BEN", card.ts, asked.ts, "U0BEN"))
    await slack.until(lambda: len(slack.replies(asked)) == 2)
    await slack.quiet()
    assert len(slack.replies(asked)) == 2
    assert "Recall 0.74" in slack.replies(asked)[1].text
