"""Whatever is typed is answered, asked back or refused; nothing ends in a traceback and nobody is pinged."""

import pytest

from tests.agent.conftest import OpenWithModel
from tests.agent.desks import Desk
from tests.agent.scripted import says

BAD = {
    "empty": "",
    "space": " \t\n ",
    "long": "lorem " * 3_400,
    "long word": "x" * 20_000,
    "control": "recall\x00 of\x07 bullying-text\x1b[31m v7\x9b",
    "direction": "recall of \u202ebullying-text v7\u202c",
    "nothing seen": "\u200b\u2060\ufeff\u00ad",
    "half a character": "recall of bullying-text \udcff v7 \ud800",
    "channel": "<!channel> recall of bullying-text v7",
    "pings": "<!here> <!everyone> <!subteam^S1|x> <@U0ANA> what about <!channel> klingon for v7",
    "open ping": "recall of v7 on klingon <!channel",
    "points": "?!?... --- ;;;",
    "emoji": "\N{GRINNING FACE}\N{SNOWMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}",
    "chinese": "召回率是多少",
    "arabic": "ما هي دقة النموذج",
    "hindi": "रिकॉल कितना है",
    "combining": "z\u0351\u0352\u0353" * 60,
    "markup": "recall of [/bold][red]v99 | `x` | **y** on <b>z</b>",
    "format": "recall of {v7} %s %(x)s {0.__class__}",
    "sql": "recall of bullying-text v7'; DROP TABLE turns; --",
    "pattern": "recall of (v7|[a-z]+)*$ \\ .*",
    "number": "9" * 400,
    "numbers": "recall of v7 at 1e999 n>9999999999999999999",
    "yaml": "!!python/object:os.system [x]",
    "nested": "(" * 500 + ")" * 500,
    "path": "recall of ../../etc/passwd v7",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_answered_or_refused(shared_desk: Desk, name: str) -> None:
    """There is always a text, never an error of ours, and no raw ping in any part of the answer."""
    answer = shared_desk.ask(BAD[name], thread=name)
    assert answer.kind in ("answer", "clarify", "help", "refusal")
    assert answer.text.strip()
    assert "<!" not in answer.model_dump_json()
    assert "Traceback" not in answer.text
    answer.text.encode("utf-8")
    assert shared_desk.ask("recall of bullying-text v7", thread=f"after {name}").results


@pytest.mark.parametrize("name", ["control", "direction", "half a character", "channel"])
def test_what_is_hidden_in_a_question_does_not_hide_the_question(shared_desk: Desk, name: str) -> None:
    """Without the marks it is a plain question, and is answered as one."""
    answer = shared_desk.ask(BAD[name], thread=name)
    assert answer.results[0].query["model"] == "bullying-text v7"


@pytest.mark.parametrize("name", ["long", "long word"])
def test_twenty_thousand_characters_are_not_read(shared_desk: Desk, name: str) -> None:
    """What is that long was pasted: the fixed answer, at once."""
    answer = shared_desk.ask(BAD[name], thread=name)
    assert (answer.kind, answer.model) == ("refusal", "fixed")
    assert answer.elapsed_ms < 1_000


@pytest.mark.parametrize("name", BAD)
def test_a_language_model_is_sent_clean_text_or_nothing(open_with_model: OpenWithModel, name: str) -> None:
    """No control characters, no ping and nothing that cannot be encoded leaves for a provider."""
    desk, model = open_with_model(says("I don't have that."), forever=True)
    answer = desk.ask(BAD[name])
    assert answer.kind != "error"
    for messages in model.seen:
        sent = str(messages[-1].content)
        assert sent == " ".join(sent.split())
        assert "<!" not in sent
        assert all(character.isprintable() or character == "\N{ZERO WIDTH JOINER}" for character in sent)
        sent.encode("utf-8")


def test_a_bug_becomes_a_sentence_with_an_id_that_the_log_has_too(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the tables gone the person reads one sentence; the log has the kind of error, not the question."""
    desk.ask("what can you do?")
    with desk.steward.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE turns")
    answer = desk.ask("recall of zyxwlorem")
    logged = capsys.readouterr()
    assert answer.kind == "error"
    assert answer.id in answer.text
    assert answer.id in logged.out + logged.err
    assert "OperationalError" in logged.out + logged.err
    assert "zyxwlorem" not in logged.out + logged.err


def test_a_choice_that_is_offered_works_when_it_is_sent(shared_desk: Desk) -> None:
    """Asking back ends: each of the ready questions is answered."""
    asked = shared_desk.ask("what's our recall?", thread="choice")
    assert asked.kind == "clarify"
    assert len(asked.choices) >= 2
    for choice in asked.choices:
        assert shared_desk.ask(choice, thread=choice).results
