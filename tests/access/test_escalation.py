"""The escalation answer: the same every time, before everything else, with everything else down (R22, R24)."""

import os
from pathlib import Path

import pytest
import yaml

from bot.access.escalation import escalation_text, needs_escalation, route_of
from bot.agent.question import Question
from bot.settings import Settings
from bot.team import FILE, Escalation, Team, read_team, write_team
from bot.wiring import Steward
from tests.access.trail import audited
from tests.agent.conftest import OpenWithModel
from tests.agent.desks import Desk
from tests.agent.scripted import says
from tests.clock import Clock
from tests.knowledge.bags import alone

DISTRESS = "i just saw something really bad in the queue, what do i do"
ROUTE = Escalation(on_call="lorem desk, extension 4", support="ipsum room")
ASKED = [
    DISTRESS,
    "what do i do, i saw something awful",
    "i can't sleep after today",
    "i cant stop thinking about it",
    "i dont feel ok after that last batch, who can i call",
    "i feel sick",
    "i'm shaken",
    "is this reportable?",
    "should i report this",
    "do i have to report it?",
    "i need someone to talk to",
    "i need help right now",
    "someone is in danger here",
    "he visto algo horrible",
    "ich habe gerade etwas schlimmes gesehen",
    "j'ai vu quelque chose de grave",
]
NOT_ASKED = [
    "when do i have to escalate?",
    "recall is terrible on comments",
    "the model looks bad on tagalog",
    "i saw that recall is terrible on hindi",
    "i found recall is bad on tagalog",
    "found a bad slice in v7",
    "which slices are bad?",
    "should i report this number with an interval?",
    "do i report this as recall or fnr?",
    "who owns the policy for privacy",
    "how much support do i need for the slice",
    "what does the guideline say about immediate danger",
    "",
]


@pytest.mark.parametrize("text", ASKED)
def test_r22_asking_for_help_is_recognised(text: str) -> None:
    """Something seen, something felt, whether it must be reported: in the words people use."""
    assert needs_escalation(text)


@pytest.mark.parametrize("text", NOT_ASKED)
def test_r22_a_question_about_figures_is_not_a_cry_for_help(text: str) -> None:
    """A bad recall is a number, and when to escalate is a question to the guidelines."""
    assert not needs_escalation(text)


@pytest.fixture
def home(own_sample_home: Path) -> Path:
    """A home whose team file names a route."""
    team = read_team(own_sample_home)
    write_team(own_sample_home, team.model_copy(update={"escalation": ROUTE}))
    return own_sample_home


@pytest.mark.usefixtures("home")
def test_r22_the_text_is_the_same_each_time_for_everyone_everywhere(desk: Desk) -> None:
    """Byte by byte: whoever asks, however, in whatever thread, alone or before guests."""
    texts = {
        desk.ask(text, asker=asker, thread=f"t{number}", outsiders=outsiders, audience=audience).text
        for number, text in enumerate(ASKED)
        for asker, outsiders, audience in (("ana", False, "private"), ("stranger", True, "C9"))
    }
    assert texts == {escalation_text(ROUTE)}


@pytest.mark.usefixtures("home")
def test_r22_it_holds_the_route_and_nothing_else(desk: Desk) -> None:
    """Stop, the case tool, who is on call, support: no number, no tool, no question back."""
    answer = desk.ask(DISTRESS)
    assert (answer.kind, answer.model, answer.tool_calls, answer.choices) == ("escalation", "fixed", (), ())
    assert [line[:2] for line in answer.text.splitlines()[:4]] == ["1.", "2.", "3.", "4."]
    assert all(part in answer.text for part in ("do not copy", "reference number only", ROUTE.on_call, ROUTE.support))


@pytest.mark.usefixtures("home")
def test_r22_a_team_file_that_broke_since_changes_nothing(desk: Desk) -> None:
    """The route that was last read is still named, though nothing else can be answered."""
    before = desk.ask(DISTRESS).text
    (desk.steward.home / FILE).write_text("people: [", "utf-8")
    assert desk.ask(DISTRESS).text == before == escalation_text(ROUTE)
    assert desk.ask("recall of bullying-text v7").kind == "error"


@pytest.mark.usefixtures("home")
def test_r22_a_database_that_is_gone_changes_nothing(desk: Desk) -> None:
    """With the tables dropped and the file deleted, the answer is the same and never an error."""
    before = desk.ask(DISTRESS).text
    desk.steward.engine.dispose()
    for path in desk.steward.home.glob("steward.db*"):
        path.unlink()
    (desk.steward.home / "steward.db").write_bytes(os.urandom(4096))
    assert desk.ask(DISTRESS).text == before
    assert desk.ask("recall of bullying-text v7").kind == "error"


def test_r22_a_broken_model_changes_nothing(home: Path, open_with_model: OpenWithModel) -> None:
    """The language model is not even asked."""
    desk, model = open_with_model(ConnectionError("gone"), says("lorem"), forever=True)
    assert desk.ask(DISTRESS).text == escalation_text(ROUTE)
    assert model.calls == 0


def test_r22_a_model_that_cannot_be_set_up_changes_nothing(home: Path, clock: Clock) -> None:
    """With STEWARD_MODEL naming what does not exist, only this question is answered."""
    steward = Steward(Settings(home=home, model="nonsense:lorem"), clock, alone)
    assert steward.answer(Question(DISTRESS, "ana", "t")).text == escalation_text(ROUTE)
    steward.close()


def test_r22_guidelines_that_are_gone_change_nothing(home: Path, desk: Desk) -> None:
    """The index is not looked at."""
    for path in (desk.steward.home / "knowledge").rglob("*"):
        if path.is_file():
            path.unlink()
    assert desk.ask(DISTRESS).text == escalation_text(ROUTE)


def test_r22_without_a_configured_route_it_says_whom_to_ask_and_what_is_missing() -> None:
    """The built-in words send people to their lead and tell the operator which line of the team file is missing."""
    text = escalation_text(Escalation())
    assert "your team lead" in text
    assert "escalation.on_call" in text


def test_r22_a_home_that_cannot_be_read_still_has_a_route(tmp_path: Path) -> None:
    """A folder, a file, nothing at all: there is always something to say."""
    assert route_of(tmp_path) == route_of(tmp_path / "nowhere") == Escalation()
    (tmp_path / FILE).write_text(yaml.safe_dump(Team(escalation=ROUTE).model_dump(mode="json")), "utf-8")
    assert route_of(tmp_path) == ROUTE


def test_r22_what_was_written_is_not_kept(desk: Desk) -> None:
    """Only the time, the channel and the message are recorded: no turn, no text."""
    desk.ask(f"{DISTRESS} zyxwlorem", audience="C7", id="m1")
    assert audited(desk)[-1]["detail"]["message"] == "m1"
    assert not [p for p in desk.steward.home.rglob("*") if p.is_file() and b"zyxwlorem" in p.read_bytes()]
