"""Pasted content is recognised by its shape and goes no further; plain questions pass (R3)."""

import json
import logging
from pathlib import Path

import pytest

from bot.access.escalation import paste_text
from bot.access.paste_gate import MAX_CHARACTERS, looks_pasted
from bot.team import Escalation
from tests.access.trail import audited
from tests.agent.conftest import OpenWithModel
from tests.agent.desks import Desk
from tests.agent.scripted import says

MARKER = "zyxwlorem"
PASTED = [
    ("link", f"what about https://lorem.example/{MARKER}"),
    ("link", f"see www.{MARKER}.example please"),
    ("link", f"{MARKER}.com/ipsum which label"),
    ("media", f"label {MARKER}.jpg"),
    ("media", f"is {MARKER}-ipsum.MP4 a violation"),
    ("hash", f"{MARKER} d41d8cd98f00b204e9800998ecf8427e"),
    ("contact", f"from {MARKER}@lorem.example to me"),
    ("contact", f"{MARKER} +00 0000 000 0000"),
    ("quote", f"which label: “{MARKER} ipsum dolor sit amet consectetur”"),
    ("quote", f'someone wrote "{MARKER} ipsum dolor sit amet, consectetur"'),
    ("quote", f"> {MARKER} ipsum dolor"),
    ("quote", f"look:\n> {MARKER} ipsum\n> dolor"),
    ("quote", f"&gt; {MARKER} ipsum dolor"),
    ("quote", f"```\n{MARKER} ipsum\n```"),
    ("transcript", f"lorem_7: {MARKER} dolor\nipsum_9: sit amet"),
    ("transcript", f"[12:01] lorem: {MARKER}\n[12:02] ipsum: dolor"),
    ("too long", f"{MARKER} " + "lorem ipsum " * 200),
    ("link", f"h\u200bttps://lorem.example/{MARKER}"),
    ("contact", f"{MARKER}@\u00adlorem.example"),
    ("contact", f"{MARKER}\u2060@lorem.exa\x00mple"),
]
PLAIN = [
    "recall for bullying-text v7 on the oct golden set?",
    "v8-rc1 vs prod: what got worse?",
    "compare golden 2026-10 2026-07",
    "what ran between 2026-10-01 10:00 and 2026-10-31 12:00?",
    "precision at 0.2 0.3 0.4 0.5 0.6",
    "recall by language, only n>50",
    "recall by language\n> 50 items only",
    "recall by language\n>= 60 positives",
    "model: bullying-text v7\ndataset: golden 2026-10\nmetric: recall",
    "bullying-text@v1.10 on golden@2026-10",
    'what does "double labelled" mean',
    'is "repeated exclusion" BUL-2?',
    "status of run 1932a4bf19",
    "which section is “supervised period”",
    "adult asks a kid what school they go to, no other context. which label?",
    "recall, e.g. on comments, i.e. surface=comment",
    "how many of the 21,560 items are positive?",
    "r" * MAX_CHARACTERS,
    "",
]


@pytest.mark.parametrize(("kind", "text"), PASTED[:-3])
def test_r3_what_has_the_shape_of_content_is_stopped(kind: str, text: str) -> None:
    """Links, media, hashes, contacts, quotes, transcripts and anything long are told apart by their shape."""
    assert looks_pasted(text) == kind


@pytest.mark.parametrize("text", PLAIN)
def test_r3_plain_questions_pass(text: str) -> None:
    """What people ask every day is not taken for content, whatever figures and quotation marks are in it."""
    assert looks_pasted(text) is None


@pytest.mark.parametrize(("kind", "text"), PASTED)
def test_r3_a_pasted_message_gets_the_fixed_answer(shared_desk: Desk, kind: str, text: str) -> None:
    """The route, always the same, without an echo; marks hidden inside a word do not help."""
    answer = shared_desk.ask(text)
    assert (answer.kind, answer.model) == ("refusal", "fixed")
    assert answer.text == paste_text(shared_desk.steward.team().escalation)
    assert MARKER not in answer.model_dump_json()


def test_r3_pasted_text_reaches_neither_database_nor_log_nor_model_nor_audit(
    open_with_model: OpenWithModel, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """After every kind of paste, no file of the home, no log line and no message to the model holds a word of it."""
    desk, model = open_with_model(says("lorem"), forever=True)
    desk.ask("what can you do?")
    with caplog.at_level(logging.DEBUG):
        for number, (_, text) in enumerate(PASTED):
            desk.ask(text, id=f"m{number}")
    assert model.calls == 1
    assert MARKER not in json.dumps([message.model_dump(mode="json") for turn in model.seen for message in turn])
    assert MARKER not in caplog.text
    captured = capfd.readouterr()
    assert MARKER not in captured.out + captured.err
    held = [path for path in files(desk.steward.home) if MARKER.encode() in path.read_bytes()]
    assert held == []


def test_r3_a_plain_question_is_kept_so_the_search_above_would_find_it(desk: Desk) -> None:
    """The same search finds a question that was no paste: the database is where it would be."""
    desk.ask(f"what is {MARKER}?")
    assert [path.name for path in files(desk.steward.home) if MARKER.encode() in path.read_bytes()]


def test_r20_an_incident_is_recorded_by_time_place_and_message_alone(desk: Desk) -> None:
    """The audit row of a paste says who, where, which message and which refusal; nothing of the text."""
    desk.ask(PASTED[0][1], asker="chen", audience="C7", id="m17")
    row = audited(desk)[-1]
    assert (row["actor"], row["channel"]) == ("chen", "C7")
    assert row["detail"]["message"] == "m17"
    assert row["detail"]["kind"] == "refusal"
    assert MARKER not in json.dumps(row)


def test_r3_the_answer_names_the_route_and_what_to_do_instead() -> None:
    """Delete it, the way to escalate, and how a case is described in the abstract."""
    text = paste_text(Escalation(on_call="lorem", support="ipsum"))
    assert all(part in text for part in ("delete the message", "lorem", "ipsum", "abstract factors"))


def files(home: Path) -> list[Path]:
    """Every file of a home, write-ahead logs included."""
    return [path for path in home.rglob("*") if path.is_file()]
