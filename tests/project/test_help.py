"""Every command explains itself, and what the explanations and documents say to type can be typed."""

import os
import re
import sys
from pathlib import Path

import pytest
from typer.exceptions import TyperException
from typer.testing import CliRunner

from bot.cli import app
from tests.project.command_lines import arguments_of, check, commands, runnable
from tests.project.tree import ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md")
LEAVES = sorted(words for words, command in commands().items() if not hasattr(command, "commands"))
GROUPS = sorted(set(commands()) - set(LEAVES))


def help_of(*words: str) -> str:
    """What `steward … --help` prints, on one line."""
    shown = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"})
    assert shown.exit_code == 0, shown.output
    return " ".join(shown.output.split())


@pytest.mark.parametrize("words", LEAVES)
def test_every_command_shows_an_example_that_can_be_typed(words: str) -> None:
    """`steward … --help` ends with an example of that very command; its options and arguments exist."""
    example = re.search(r"^Example: (.*steward .*)$", commands()[words].help, re.MULTILINE)
    assert example is not None, f"steward {words} --help has no example"
    assert check(arguments_of(example.group(1))) == words
    assert " ".join(example.group(1).split()) in help_of(*words.split())


def test_the_first_help_names_every_command_and_where_to_start() -> None:
    """Somebody who types `steward` sees what there is, and one line to type next."""
    shown = help_of()
    assert [words for words in commands() if " " not in words and f" {words} " not in shown] == []
    start = re.search(r"Start with: (steward init --sample)", shown)
    assert start is not None
    assert check(arguments_of(start.group(1))) == "init"


@pytest.mark.parametrize("group", GROUPS)
def test_a_groups_help_lists_its_commands(group: str) -> None:
    """Each with the first sentence of its own help."""
    shown = help_of(group)
    inner = [words.removeprefix(f"{group} ") for words in LEAVES if words.startswith(f"{group} ")]
    assert inner
    assert [name for name in inner if f" {name} " not in shown] == []


@pytest.mark.parametrize("line", ["steward nope", "steward knowledge nope", "steward doctor --nope", "steward ask"])
def test_a_line_that_cannot_be_typed_is_found(line: str) -> None:
    """An unknown command, an unknown option, a missing argument."""
    with pytest.raises((ValueError, TyperException)):
        check(arguments_of(line))


def test_only_console_fences_are_run() -> None:
    """Lines with a prompt in a `console` fence; output, comments and other fences are for reading."""
    document = "```console\n$ steward eval list\nnothing yet\n```\n```sh\n$ steward serve\n```\n    $ steward demo\n"
    assert runnable(document) == ["steward eval list"]
    assert runnable("1. so\n\n   ```console\n   $ steward doctor\n   ```\n") == ["steward doctor"]


def test_what_the_documents_say_to_type_works(own_sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each `$ steward …` line of README and CONTRIBUTING, in order, beside a sample workspace: exit code 0 and output.

    As on a platform without the embedding model's tokenizer: embedding all guidelines anew takes fifteen seconds.
    """
    own_sample_home.rename(own_sample_home.with_name(".steward"))
    monkeypatch.chdir(own_sample_home.parent)
    for name in [name for name in os.environ if name.startswith("STEWARD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    lines = [line for name in DOCUMENTS for line in runnable((ROOT / name).read_text("utf-8"))]
    assert lines
    for line in lines:
        assert check(arguments_of(line)) in LEAVES
        done = CliRunner().invoke(app, arguments_of(line))
        assert done.exit_code == 0, f"{line}\n{done.output}"
        assert done.output.strip(), f"{line} prints nothing"
