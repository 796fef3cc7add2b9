"""Who asks and who reads along: what R11 needs to know is in every question."""

import pytest

from bot.playground.faults import Fault
from bot.playground.people import BOT_USER, Channel, Person
from bot.playground.workspace import Workspace
from bot.slack.audience import MEMBERS
from bot.slack.delivery import WITHHELD
from tests.slack.scripted import ScriptedDesk, said

MENTION = f"<@{BOT_USER}> "


@pytest.mark.parametrize(
    ("user", "channel"),
    [
        ("U0GUEST", "D0GUEST"),
        ("U0GUEST", "C0MIXED"),
        ("U0ANA", "C0MIXED"),
        ("U0ANA", "C0SHARED"),
        ("U0AWAY", "C0SHARED"),
        ("U0ANA", "C0SOON"),
    ],
    ids=["guest", "guest in channel", "guest reads along", "shared", "other company", "about to be shared"],
)
async def test_outsiders_are_marked(slack: Workspace, desk: ScriptedDesk, user: str, channel: str) -> None:
    """A guest or another company, asking or reading along, marks the question; it is answered all the same."""
    asked = await slack.say(user, channel, MENTION + "recall?")
    await slack.quiet()
    assert [question.outsiders for question in desk.questions] == [True]
    assert len(slack.replies(asked)) == 1


@pytest.mark.parametrize(("user", "channel"), [("U0ANA", "C0EVALS"), ("U0BEN", "G0LEADS"), ("U0ANA", "D0ANA")])
async def test_the_team_among_itself_is_not(slack: Workspace, desk: ScriptedDesk, user: str, channel: str) -> None:
    """Apps and people who left do not make a channel foreign."""
    await slack.say(user, channel, MENTION + "recall?")
    await slack.quiet()
    assert [question.outsiders for question in desk.questions] == [False]


@pytest.mark.parametrize("method", ["users.info", "conversations.info", "conversations.members"])
async def test_not_knowing_counts_as_outside(slack: Workspace, desk: ScriptedDesk, method: str) -> None:
    """When Slack does not say who is there, nobody gets data; the next question looks again."""
    slack.faults.add(method, Fault(error="internal_error"))
    await slack.say("U0ANA", "C0EVALS", MENTION + "one")
    await slack.quiet()
    await slack.say("U0ANA", "C0EVALS", MENTION + "two")
    await slack.quiet()
    assert [question.outsiders for question in desk.questions] == [True, False]


async def test_a_crowd_counts_as_outside(slack: Workspace, desk: ScriptedDesk) -> None:
    """More members than can be looked at one by one: nobody is looked at."""
    crowd = [slack.add(Person(f"U{number:06d}", f"P{number}")).id for number in range(MEMBERS)]
    slack.open_channel(Channel("C0CROWD", "all", [BOT_USER, "U0ANA", *crowd]))
    await slack.say("U0ANA", "C0CROWD", MENTION + "recall?")
    await slack.quiet()
    assert [question.outsiders for question in desk.questions] == [True]
    assert sum(call.method == "users.info" for call in slack.calls) == 1


async def test_people_are_looked_up_once(slack: Workspace, desk: ScriptedDesk) -> None:
    """Within the cache time, further questions cost no lookup of the same people."""
    for number in range(3):
        await slack.say("U0ANA", "D0ANA", f"question {number}")
    await slack.quiet()
    assert sum(call.method == "users.info" for call in slack.calls) == 1


@pytest.mark.parametrize("kind", ["answer", "help"])
async def test_a_channel_shared_meanwhile_gets_no_data(slack: Workspace, desk: ScriptedDesk, kind: str) -> None:
    """The channel is opened to another company between question and answer: data stays, help goes out."""
    desk.script = lambda question: said("**Recall** 0.912", kind=kind)
    desk.gate.clear()
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.until(lambda: desk.questions)
    await slack.share("C0EVALS")
    desk.gate.set()
    await slack.quiet()
    (reply,) = slack.replies(asked)
    assert desk.questions[0].outsiders is False
    assert (reply.text == WITHHELD) is (kind == "answer")
    assert ("0.912" in reply.text) is (kind == "help")
