"""The whole line over real HTTP and a real websocket: the real desk, the sample workspace, the simulated Slack."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.playground.people import BOT_USER, Person
from bot.playground.server import Playground
from bot.playground.web_api import APP_TOKEN, BOT_TOKEN
from bot.playground.workspace import Workspace
from bot.settings import Settings
from bot.slack.app import SlackApp
from bot.team import read_team, write_team
from bot.wiring import Steward
from tests.slack.scripted import QUICK
from tools.runs import list_entries

TIMING = replace(QUICK, answer=60.0)  # the first answer imports the agent
SLACK_IDS = {"ana": "U0ANA", "eli": "U0BEN"}  # two strategists of the sample, as members of the simulated workspace


@pytest.fixture
async def steward(own_sample_home: Path, playground: Playground) -> AsyncIterator[Steward]:
    """Steward on a sample workspace, connected to the simulated Slack."""
    team = read_team(own_sample_home)
    people = tuple(p.model_copy(update={"slack": SLACK_IDS.get(p.id, "")}) for p in team.people)
    write_team(own_sample_home, team.model_copy(update={"people": people}))
    steward = Steward(Settings(home=own_sample_home))
    steward.jobs.start()
    app = SlackApp(steward, BOT_TOKEN, APP_TOKEN, playground.base_url, TIMING)
    await app.start()
    playground.workspace.watched.append(lambda: app.under_way)
    yield steward
    await app.stop()
    steward.close()


async def ask(slack: Workspace, user: str, channel: str, text: str, thread: str | None = None) -> str:
    """Say something and return the one reply that it brings."""
    asked = await slack.say(user, channel, text, thread=thread)
    before = {id(message) for message in slack.replies(asked)}
    await slack.until(lambda: [m for m in slack.replies(asked) if id(m) not in before and m.user == BOT_USER], 60)
    await slack.quiet(60)
    (reply,) = [m for m in slack.replies(asked) if id(m) not in before and m.user == BOT_USER]
    return f"{reply.text}\n{reply.blocks}"


async def test_a_mention_and_its_follow_up_are_answered_from_stored_counts(slack: Workspace, steward: Steward) -> None:
    """A mention, then a follow-up in the thread without one: the second takes model, set and metric from the first."""
    asked = await slack.say("U0ANA", "C0EVALS", f"<@{BOT_USER}> recall for bullying-text v7 on the oct golden set?")
    await slack.until(lambda: slack.replies(asked), 60)
    await slack.quiet(60)
    (first,) = slack.replies(asked)
    assert "457 of 541 positives" in str(first.blocks)
    assert "run " in str(first.blocks)
    follow_up = await ask(slack, "U0ANA", "C0EVALS", "hows it on tagalog?", asked.ts)
    assert "45 of 50 positives" in follow_up
    assert "Used from this thread" in follow_up


async def test_a_direct_message_is_answered_with_section_and_version(slack: Workspace, steward: Steward) -> None:
    """A guideline question in a direct message brings the quoted rule with document, section and version (R17)."""
    channel = next(c.id for c in slack.channels.values() if c.direct and "U0ANA" in c.members)
    said = await ask(slack, "U0ANA", channel, "what does the guideline say about repeated exclusion from a group?")
    assert "Bullying 4.3, section 3.4" in said


async def test_a_sentence_becomes_a_card_and_a_press_becomes_a_finished_run(slack: Workspace, steward: Steward) -> None:
    """Proposed by one person, approved by another's button, run for real, its result posted once (R12)."""
    asked = await slack.say("U0ANA", "C0EVALS", f"<@{BOT_USER}> run the evasion suite on bullying-text v8-rc1")
    await slack.until(lambda: slack.replies(asked), 60)
    await slack.quiet(60)
    (card,) = slack.replies(asked)
    assert list_entries(steward.engine, "bullying-text@v8-rc1", "evasion@2") == []
    await slack.click("U0BEN", card, "steward:approve")
    await slack.until(lambda: len(slack.replies(asked)) == 2, 60)
    await slack.quiet(60)
    (run,) = list_entries(steward.engine, "bullying-text@v8-rc1", "evasion@2")
    assert run.status == "done"
    assert run.requested_by == "eli"
    assert card.buttons() == []
    assert "856 of 980 positives" in f"{slack.replies(asked)[1].text}{slack.replies(asked)[1].blocks}"


async def test_a_stranger_gets_no_data_but_the_escalation_route(slack: Workspace, steward: Steward) -> None:
    """Someone whom the team file does not name gets no number (R10), and always the escalation answer (R22)."""
    slack.add(Person("U0CLEO", "Cleo"))
    slack.channels["C0EVALS"].members.append("U0CLEO")
    refused = await ask(slack, "U0CLEO", "C0EVALS", f"<@{BOT_USER}> recall for bullying-text v7?")
    assert "I don't know you yet" in refused
    assert "457" not in refused
    route = await ask(slack, "U0CLEO", "C0EVALS", f"<@{BOT_USER}> i just saw something really bad in the queue")
    assert "Stop; do not copy, screenshot or describe." in route
