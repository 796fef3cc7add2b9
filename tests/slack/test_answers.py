"""One message, one reply: mentions, direct messages and follow-ups."""

import asyncio
import time
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from bot.agent.answer import Answer
from bot.agent.question import Question
from bot.playground.faults import Fault
from bot.playground.people import BOT_USER
from bot.playground.workspace import Workspace
from tests.slack.conftest import StartBot
from tests.slack.scripted import QUICK, ScriptedDesk, said
from tools.store.tables import Message

MENTION = f"<@{BOT_USER}> "


def rows(engine: Engine) -> list[tuple[str, str, int]]:
    """Event, status and attempt of every claim."""
    with engine.connect() as connection:
        found = connection.execute(select(Message.event, Message.status, Message.attempt))
        return [(row.event, row.status, row.attempt) for row in found]


async def test_a_mention_is_answered_once_in_its_thread(slack: Workspace, desk: ScriptedDesk) -> None:
    """A mention arrives as two events and gets one reply, threaded, with a fall-back text and no unfurling."""
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall of v7 for a &lt; b?")
    await slack.quiet()
    (reply,) = slack.replies(asked)
    assert reply.thread == asked.ts
    assert reply.text == "You asked: recall of v7 for a &lt; b?"
    assert reply.unfurl is False
    assert [question.text for question in desk.questions] == ["recall of v7 for a < b?"]
    question = desk.questions[0]
    assert (question.asker, question.audience, question.outsiders) == ("U0ANA", "C0EVALS", False)
    assert question.thread == f"slack:C0EVALS:{asked.ts}"
    assert rows(desk.engine) == [(f"message:C0EVALS:{asked.ts}", "answered", 1)]


@pytest.mark.parametrize("mention_first", [True, False])
async def test_the_pair_of_events_of_a_mention_is_one_question(
    slack: Workspace, desk: ScriptedDesk, mention_first: bool
) -> None:
    """In either order, and in a thread where the bot already speaks, where both events would be answered."""
    slack.mention_first = mention_first
    first = await slack.say("U0ANA", "C0EVALS", MENTION + "one")
    await slack.quiet()
    await slack.say("U0ANA", "C0EVALS", MENTION + "two", thread=first.ts)
    await slack.quiet()
    assert [question.text for question in desk.questions] == ["one", "two"]
    assert len(slack.replies(first)) == 2


async def test_a_direct_message_is_private(slack: Workspace, desk: ScriptedDesk) -> None:
    """Nobody but the asker reads the answer, and the question says so."""
    asked = await slack.say("U0ANA", "D0ANA", "what do you know?")
    await slack.quiet()
    assert len(slack.replies(asked)) == 1
    assert desk.questions[0].audience == "private"
    assert desk.questions[0].outsiders is False


async def test_a_follow_up_needs_no_mention(slack: Workspace, desk: ScriptedDesk) -> None:
    """Where the bot was asked before, a reply in the thread is a question; beside the thread it is not."""
    first = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.quiet()
    await slack.say("U0BEN", "C0EVALS", "and by language?", thread=first.ts)
    await slack.say("U0BEN", "C0EVALS", "lunch?")
    other = await slack.say("U0ANA", "C0EVALS", "who has the key?")
    await slack.say("U0BEN", "C0EVALS", "not me", thread=other.ts)
    await slack.quiet()
    assert [question.text for question in desk.questions] == ["recall?", "and by language?"]
    assert {question.thread for question in desk.questions} == {f"slack:C0EVALS:{first.ts}"}


async def test_what_is_said_to_somebody_else_is_not_answered(slack: Workspace, desk: ScriptedDesk) -> None:
    """In the bot's own thread too, a message that addresses another person is left alone."""
    first = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.quiet()
    await slack.say("U0ANA", "C0EVALS", "<@U0BEN> what do you think?", thread=first.ts)
    await slack.quiet()
    assert len(desk.questions) == 1


async def test_only_new_words_of_people_are_questions(slack: Workspace, desk: ScriptedDesk) -> None:
    """Edits, deletions, joins, other apps and the bot's own replies start nothing."""
    first = await slack.say("U0ANA", "D0ANA", "recall?")
    await slack.quiet()
    await slack.edit(first, "precision?")
    await slack.say("U0ANA", "D0ANA", "has joined", subtype="channel_join")
    gone = await slack.say("U0BEN", "C0EVALS", "oops")
    await slack.remove(gone)
    robot = await slack.say("U0ROBOT", "C0EVALS", MENTION + "hello bot")
    await slack.quiet()
    assert [question.text for question in desk.questions] == ["recall?"]
    assert slack.replies(robot) == []


async def test_a_file_is_not_fetched_but_its_words_are_answered(slack: Workspace, desk: ScriptedDesk) -> None:
    """Sharing a file with a sentence is asking the sentence; no call touches the file (R3)."""
    await slack.say("U0ANA", "D0ANA", "see this", subtype="file_share")
    await slack.quiet()
    assert [question.text for question in desk.questions] == ["see this"]
    assert not [call for call in slack.calls if call.method.startswith("files.")]


async def test_an_empty_mention_asks_for_help(slack: Workspace, desk: ScriptedDesk) -> None:
    """Only the name of the bot is a question too."""
    await slack.say("U0ANA", "C0EVALS", MENTION)
    await slack.quiet()
    assert [question.text for question in desk.questions] == ["help"]


async def test_a_redelivered_event_is_answered_once(slack: Workspace, desk: ScriptedDesk) -> None:
    """The same event delivered twice, at the same moment, has one reply."""
    slack.faults.duplicate = 3
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.quiet()
    assert sum(delivery.sent for delivery in slack.hub.deliveries if delivery.payload["event"]["ts"] == asked.ts) == 4
    assert len(slack.replies(asked)) == 1


async def test_two_bots_on_one_database_answer_once(slack: Workspace, engine: Engine, start_bot: StartBot) -> None:
    """Each of two apps gets copies of the events; the database lets one answer."""
    desks = [ScriptedDesk(engine), ScriptedDesk(engine)]
    for desk in desks:
        await start_bot(desk)
    slack.faults.duplicate = 40
    asked = [await slack.say("U0ANA", "C0EVALS", f"{MENTION}question {number}") for number in range(10)]
    await slack.quiet()
    assert [len(slack.replies(message)) for message in asked] == [1] * 10
    assert sum(len(desk.questions) for desk in desks) == 10


async def test_an_error_is_one_reply_with_an_id(slack: Workspace, desk: ScriptedDesk) -> None:
    """The person reads a sentence and an id; not the cause."""

    def fail(question: Question) -> Answer:
        raise ValueError("secret detail")

    desk.script = fail
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.quiet()
    (reply,) = slack.replies(asked)
    assert "Error `" in reply.text
    assert "secret" not in reply.text
    assert rows(desk.engine) == [(f"message:C0EVALS:{asked.ts}", "answered", 1)]


async def test_thirty_slow_answers_do_not_delay_an_acknowledgement(slack: Workspace, desk: ScriptedDesk) -> None:
    """With all answers waiting, every event and one more is acknowledged long before Slack's 3 seconds."""
    desk.gate.clear()
    asked = [await slack.say("U0ANA", "C0EVALS", f"{MENTION}slow {number}") for number in range(30)]
    await slack.until(lambda: len(desk.questions) >= 16)
    late = await slack.say("U0BEN", "D0BEN", "me too")
    await slack.until(lambda: slack.hub.unacknowledged == 0, within=3)
    times = [delivery.ack_seconds for delivery in slack.hub.deliveries]
    assert all(seconds is not None and seconds < 2 for seconds in times)
    assert all(delivery.sent == 1 for delivery in slack.hub.deliveries)
    desk.gate.set()
    await slack.until(lambda: all(len(slack.replies(message)) == 1 for message in [*asked, late]))


async def test_working_is_shown_while_it_works(slack: Workspace, desk: ScriptedDesk) -> None:
    """The status stands under the thread until the reply takes its place."""
    desk.gate.clear()
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.until(lambda: slack.statuses.get(("C0EVALS", asked.ts)))
    desk.gate.set()
    await slack.quiet()
    assert not slack.statuses


async def test_a_workspace_without_status_is_asked_for_it_once(slack: Workspace, desk: ScriptedDesk) -> None:
    """`unknown_method` turns the decoration off for good; the answers come all the same."""
    slack.faults.add("assistant.threads.setStatus", Fault(error="unknown_method"))
    for number in range(3):
        desk.gate.clear()
        asked = await slack.say("U0ANA", "D0ANA", f"question {number}")
        await asyncio.sleep(0.4)
        desk.gate.set()
        await slack.quiet()
        assert len(slack.replies(asked)) == 1
    assert sum(call.method == "assistant.threads.setStatus" for call in slack.calls) == 1


async def test_a_ready_question_is_asked_by_who_presses_it(slack: Workspace, desk: ScriptedDesk) -> None:
    """A choice's button asks its question in the thread, once for each person, and the reply says which."""
    desk.script = lambda question: said(f"About {question.text}", choices=("By language", "Against v6"))
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.quiet()
    (first,) = slack.replies(asked)
    await asyncio.gather(*(slack.click("U0BEN", first, "steward:choice:1") for _ in range(2)))
    await slack.quiet()
    assert [(question.text, question.asker) for question in desk.questions[1:]] == [("Against v6", "U0BEN")]
    assert slack.replies(asked)[1].text.startswith("> Against v6\n")
    assert desk.questions[1].thread == f"slack:C0EVALS:{asked.ts}"


async def test_opening_the_conversation_offers_questions(slack: Workspace, desk: ScriptedDesk) -> None:
    """The messages tab gets suggested prompts; the home tab gets nothing."""
    await slack.open("U0ANA", "D0ANA", tab="home")
    await slack.quiet()
    assert not slack.prompts
    await slack.open("U0ANA", "D0ANA")
    await slack.quiet()
    assert 1 <= len(slack.prompts["D0ANA"]) <= 4


async def test_a_lost_socket_is_opened_again(slack: Workspace, desk: ScriptedDesk) -> None:
    """After Slack's `disconnect` and after a connection that just breaks, questions are answered as before."""
    for warn in (True, False):
        before = slack.hub.accepted
        await slack.hub.disconnect(warn=warn)
        asked = await slack.say("U0ANA", "D0ANA", f"still there? {warn}")
        await slack.until(lambda asked=asked: slack.replies(asked))  # type: ignore[misc]
        assert slack.hub.accepted > before


async def test_an_answer_that_never_comes_is_an_error(slack: Workspace, engine: Engine, start_bot: StartBot) -> None:
    """Never silent: after its time the question gets an error reply, and the late answer nothing more."""
    desk = ScriptedDesk(engine)
    await start_bot(desk, replace(QUICK, answer=0.2))
    desk.gate.clear()
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await slack.until(lambda: slack.replies(asked))
    desk.gate.set()
    await slack.quiet()
    (reply,) = slack.replies(asked)
    assert "Error `" in reply.text


async def test_an_answer_that_takes_longer_than_its_lease_is_given_once(
    slack: Workspace, engine: Engine, start_bot: StartBot
) -> None:
    """A process that works keeps its claim, however long it takes; another one that sweeps finds nothing."""
    desks = [ScriptedDesk(engine), ScriptedDesk(engine)]
    for desk in desks:
        desk.gate.clear()
        await start_bot(desk, replace(QUICK, lease=0.6, sweep=0.1))
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await asyncio.sleep(1.3)
    for desk in desks:
        desk.gate.set()
    await slack.until(lambda: slack.replies(asked))
    await slack.quiet()
    assert sum(len(desk.questions) for desk in desks) == 1
    assert rows(engine) == [(f"message:D0ANA:{asked.ts}", "answered", 1)]


async def test_a_stop_waits_for_the_answer_under_way(slack: Workspace, engine: Engine, start_bot: StartBot) -> None:
    """A process that is told to stop finishes what it claimed."""
    desk = ScriptedDesk(engine)
    app = await start_bot(desk)
    desk.gate.clear()
    asked = await slack.say("U0ANA", "D0ANA", "recall?")
    await slack.until(lambda: desk.questions)
    stopping = asyncio.create_task(app.stop())
    await asyncio.sleep(0.1)
    desk.gate.set()
    started = time.monotonic()
    await stopping
    assert time.monotonic() - started < 2
    assert len(slack.replies(asked)) == 1
    assert rows(engine)[0][1] == "answered"
