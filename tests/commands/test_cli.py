"""The command line as a whole: help with examples, exit codes, and what goes to which stream."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from bot.cli import app
from bot.commands.failures import friendly
from knowledge import KnowledgeError
from tests.commands.conftest import Begin, Run
from tools.errors import Refusal, SetupError, ToolError


def commands() -> list[tuple[str, ...]]:
    """Every command there is, with its group."""
    found: list[tuple[str, ...]] = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [(name, sub) for sub in inner] if inner else [(name,)]
    return found


def test_there_are_the_commands_that_the_readme_names() -> None:
    """None is lost by accident."""
    names = {" ".join(words) for words in commands()}
    assert {"init", "serve", "chat", "ask", "doctor", "demo"} <= names
    assert {"eval propose", "eval approve", "eval reject", "eval list"} <= names
    assert {"knowledge add", "knowledge search", "knowledge reindex"} <= names


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example_that_names_it(steward: Run, words: tuple[str, ...]) -> None:
    """`--help` ends well anywhere, set up or not, and shows the very command."""
    shown = steward(*words, "--help", home=Path("nowhere"))
    assert shown.exit_code == 0
    assert f"steward {' '.join(words)}" in shown.stdout.split("Example:")[1]


def test_help_alone_lists_what_there_is_and_where_to_start(begin: Begin, home: Path) -> None:
    """In a process of its own, as a person's first command."""
    out, err = begin("bot", "--help", home=home).communicate(timeout=30)
    assert "steward init --sample" in out
    assert all(name in out for name in ("ask", "chat", "serve", "doctor", "eval", "knowledge"))
    assert err == ""


def test_an_unknown_command_or_option_is_told_apart_from_a_failure(steward: Run) -> None:
    """Exit code 2 with the usage, no traceback."""
    for words in (("lorem",), ("ask",), ("ask", "x", "--lorem"), ("eval", "lorem")):
        said = steward(*words)
        assert said.exit_code == 2
        assert "Usage" in said.stderr


@pytest.mark.parametrize(
    "error",
    [SetupError("Lorem.", remedy="ipsum"), ToolError("Lorem."), Refusal("Lorem.", rule="R1"), KnowledgeError("Lorem.")],
)
def test_an_expected_error_is_one_sentence_and_exit_code_2(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the error stream, with the command that mends it where there is one."""
    with pytest.raises(typer.Exit) as ended:
        friendly(raising(error))()
    assert ended.value.exit_code == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{error}\n")


def test_ctrl_c_is_130_and_an_exit_stays_what_it_is() -> None:
    """As a shell expects."""
    with pytest.raises(typer.Exit) as ended:
        friendly(raising(KeyboardInterrupt()))()
    assert ended.value.exit_code == 130
    with pytest.raises(typer.Exit) as chosen:
        friendly(raising(typer.Exit(7)))()
    assert chosen.value.exit_code == 7


def test_a_bug_keeps_its_traceback() -> None:
    """What nobody expected is not dressed up as something that a person could mend."""
    with pytest.raises(ZeroDivisionError):
        friendly(raising(ZeroDivisionError()))()


def test_the_log_goes_to_the_error_stream_and_leaves_json_alone(steward: Run, home: Path) -> None:
    """With something broken inside, the output is still one JSON document; the log has the same id."""
    connection = sqlite3.connect(home / "steward.db")
    connection.execute("DROP TABLE turns")
    connection.commit()
    connection.close()
    asked = steward("ask", "recall of zyxwlorem", "--json")
    printed = json.loads(asked.stdout)
    assert printed["kind"] == "error"
    assert printed["id"] in printed["text"]
    assert f"answer={printed['id']}" in asked.stderr
    assert "zyxwlorem" not in asked.stderr


def raising(error: BaseException) -> Callable[[], None]:
    """A command that ends so."""

    def command() -> None:
        raise error

    return command
