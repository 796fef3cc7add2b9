"""`steward ask` and `steward chat`: the whole answer as text or as JSON, follow-ups, and who is asking."""

import json
import shutil
from pathlib import Path

import pytest

from bot.access.escalation import escalation_text
from bot.agent.answer import Answer
from bot.team import FILE, Escalation, read_team
from tests.commands.conftest import Begin, Run

RECALL = "recall for bullying-text v7 on the oct golden set?"
DISTRESS = "i just saw something really bad in the queue"
LAUNCH = "run the evasion suite on bullying-text v8-rc1"
KEYS = {"text", "tool_calls", "results", "citations", "caveats", "defaults", "proposals", "model", "elapsed_ms"}


def test_ask_json_prints_the_answer_and_nothing_else(begin: Begin, home: Path) -> None:
    """In a process of its own: the output is one JSON document with every key of the design, and parses back."""
    process = begin("bot", "ask", RECALL, "--json", home=home)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    printed = json.loads(out)
    assert set(printed) >= KEYS
    assert printed["tool_calls"][0].keys() == {"name", "arguments"}
    assert printed["tool_calls"][0]["name"] == "query_metrics"
    answer = Answer.model_validate(printed)
    assert answer.results[0].query["model"] == "bullying-text v7"
    assert err == ""


def test_ask_json_cites_document_section_and_version(steward: Run) -> None:
    """A guideline answer names where it stands."""
    printed = json.loads(steward("ask", "what does the guideline say about paid promotion?", "--json").stdout)
    assert {"document", "section", "version"} <= printed["citations"][0].keys()


def test_a_thread_is_followed_up_and_no_thread_stands_alone(steward: Run) -> None:
    """`--thread` joins commands into one conversation; without it each question is the first."""
    steward("ask", RECALL, "--thread", "x")
    followed = json.loads(steward("ask", "hows it on tagalog?", "--thread", "x", "--json").stdout)
    alone = json.loads(steward("ask", "hows it on tagalog?", "--json").stdout)
    assert followed["results"][0]["query"]["filters"] == {"language": ["tl"]}
    assert followed["results"][0]["query"]["model"] == "bullying-text v7"
    assert alone["results"] == []


def test_the_text_is_complete_without_json(steward: Run) -> None:
    """Number, interval and source are printed, and what could be asked next."""
    shown = steward("ask", RECALL)
    assert shown.exit_code == 0
    assert "Recall 0." in shown.stdout
    assert "95 %" in shown.stdout
    assert "golden 2026-10 (gold 6, guideline 4.3)" in shown.stdout
    assert "You could ask:" in shown.stdout


@pytest.mark.parametrize(
    ("words", "settings", "kind"),
    [
        ((), {}, "answer"),  # the first of the team
        (("--as", "ben"), {}, "refusal"),
        ((), {"person": "ben"}, "refusal"),
        (("--as", "eli"), {"person": "ben"}, "answer"),
        (("--as", "nobody"), {}, "refusal"),
    ],
)
def test_r10_who_asks_is_named_set_or_the_first_of_the_team(
    steward: Run, words: tuple[str, ...], settings: dict[str, str], kind: str
) -> None:
    """The option goes before the setting, the setting before the team file; each with their own rights."""
    printed = json.loads(steward("ask", LAUNCH, "--json", *words, settings=settings).stdout)
    assert printed["kind"] == kind
    assert bool(printed["proposals"]) == (kind == "answer")


@pytest.mark.parametrize("text", ["", "   ", "<!channel>", "[/bold][red]", "\x1b[31mlorem", "lorem " * 3_400])
def test_odd_input_ends_well(steward: Run, text: str) -> None:
    """Whatever is typed: exit code 0, a text, no traceback, and the terminal is not coloured by it."""
    for form in ((), ("--json",)):
        shown = steward("ask", text, *form)
        assert shown.exit_code == 0, shown.exception
        assert shown.stdout.strip()
        assert "\x1b" not in shown.stdout


def test_bytes_that_are_no_text_end_well(begin: Begin, home: Path) -> None:
    """An argument in another encoding reaches Python as half characters; it is answered all the same."""
    process = begin("bot", "ask", b"recall of bullying-text v7 \xff\xfe".decode("utf-8", "surrogateescape"), home=home)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Recall 0." in out


@pytest.mark.parametrize("break_", ["team", "database", "no home", "model", "setting"])
def test_r22_the_route_is_told_whatever_is_broken(steward: Run, home: Path, tmp_path: Path, break_: str) -> None:
    """A cry for help is answered with exit code 0 by an installation that can answer nothing else."""
    route = read_team(home).escalation if break_ in ("database", "model") else Escalation()
    settings = {"model": {"model": "nonsense:lorem"}, "setting": {"model_timeout": "soon"}}.get(break_, {})
    if break_ == "team":
        (home / FILE).write_text("people: [", "utf-8")
    elif break_ == "database":
        (home / "steward.db").write_bytes(b"lorem" * 2_000)
    elif break_ == "no home":
        shutil.rmtree(home)
    other = steward("ask", RECALL, settings=settings)
    assert other.exit_code == 2
    assert "Traceback" not in other.output
    told = steward("ask", DISTRESS, "--json", settings=settings)
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["text"] == escalation_text(route)


def test_a_chat_answers_and_ends(steward: Run) -> None:
    """Questions share a thread; `exit` and the end of the input leave."""
    talked = steward("chat", typed=f"{RECALL}\nhows it on tagalog?\nexit\n")
    assert talked.exit_code == 0
    assert "You are ana" in talked.stdout
    assert "Used from this thread: " in talked.stdout
    assert steward("chat", typed="").exit_code == 0


@pytest.mark.parametrize(("key", "said"), [("r", "Rejected by Ana"), ("", None), ("lorem", None)])
def test_r12_a_card_in_a_chat_waits_for_a_key(steward: Run, key: str, said: str | None) -> None:
    """`r` rejects; an empty line or anything else leaves the proposal standing."""
    talked = steward("chat", typed=f"{LAUNCH}\n{key}\nexit\n")
    assert talked.exit_code == 0
    assert "Proposed: Evaluate bullying-text v8-rc1 on evasion 2" in talked.stdout
    assert ("Rejected" in talked.stdout) == (said is not None)
    waiting = steward("eval", "list").stdout
    assert ("Proposed:" in waiting) == (said is None)


def test_a_card_in_a_chat_is_approved_and_followed_to_its_result(steward: Run) -> None:
    """`a` starts the run, and its report is printed when it is done."""
    talked = steward("chat", typed=f"{LAUNCH}\na\nexit\n")
    assert talked.exit_code == 0, talked.output
    assert "Approved by Ana" in talked.stdout
    assert "is done: bullying-text v8-rc1 on evasion 2" in talked.stdout
    assert "Recall" in talked.stdout.split("is done:")[1]
