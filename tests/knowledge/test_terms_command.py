"""`steward knowledge terms`: words are added, listed and taken out, and the next search knows."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.knowledge import app
from knowledge import Knowledge
from tests.knowledge.bags import alone
from tests.knowledge.conftest import Write

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a home with one guideline; a failure fails the test unless its code is given."""
    monkeypatch.setenv("STEWARD_HOME", str(tmp_path / "steward"))
    folder = write(
        {"rules.md": "# Rules\n\n## 1 Labels\n\nA double label needs two people.\n", "terms.yaml": "ppl: [people]\n"}
    )
    knowledge = Knowledge(tmp_path / "steward" / "knowledge", embedder=alone)
    knowledge.add(folder, "guidelines")
    knowledge.close()

    def running(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["terms", *words])
        assert done.exit_code == code, done.output
        return done.output

    return running


def test_a_word_that_is_added_is_searched_with(run: Run, tmp_path: Path) -> None:
    """It stands in a file of the home that people may edit, too."""
    assert run("dbl", "double") == "dbl = double\n"
    knowledge = Knowledge(tmp_path / "steward" / "knowledge", embedder=alone)
    assert [hit.section for hit in knowledge.search("dbl")] == ["rules/1"]
    knowledge.close()
    assert "dbl" in (tmp_path / "steward" / "knowledge" / "terms.yaml").read_text("utf-8")


def test_words_of_folders_and_of_the_home_are_listed(run: Run) -> None:
    """And the home's own wins."""
    run("ppl", "raters", "labellers")
    assert json.loads(run("--json")) == {"ppl": ["raters", "labellers"]}
    assert run("--remove", "PPL") == "PPL = people\n"
    assert run() == "ppl = people\n"
    assert run("dbl") == "dbl stands for nothing else.\n"


def test_a_word_that_is_no_short_text_is_refused(run: Run) -> None:
    """Nothing is written."""
    run("x" * 81, "double", code=2)
    assert json.loads(run("--json")) == {"ppl": ["people"]}
