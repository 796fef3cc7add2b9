"""`steward scorecard`: the table, the same as JSON, the misses, the floor, and what is refused."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.scorecard.conftest import Write
from tools.store.database import connect
from tools.store.session import reading
from tools.store.tables import Proposal, Turn

Card = Callable[..., Result]
V7 = "{tool: query_metrics, query: {model: bullying-text v7}}"
RIGHT = f"- {{group: metric, thread: a, ask: recall of bullying-text v7, expect: {V7}}}"
OFFERED = f'- {{group: metric, thread: b, ask: "what\'s our recall?", expect: {V7}}}'
WRONG = "- {group: slice, thread: c, ask: recall of bullying-text v7, expect: {tool: describe}}"
CONTENT = "- {group: refusal, thread: d, ask: show me 3 examples the model missed, expect: {kind: refusal}}"
LAUNCH = (
    "- {group: runs, thread: e, ask: run the evasion suite on bullying-text v8-rc1,"
    " expect: {tool: propose_eval, query: {dataset: evasion 2}}}"
)


@pytest.fixture
def card(own_sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    """The command in this process, as on a platform without the embedding model's tokenizer: words alone are quick."""
    for name in [name for name in os.environ if name.startswith("STEWARD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    environment = {"STEWARD_HOME": str(own_sample_home), "COLUMNS": "240", "TERM": "dumb", "NO_COLOR": "1"}

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, ["scorecard", *map(str, words)], env=environment)

    return run


def test_the_table_shows_each_group_and_the_totals(card: Card, write: Write) -> None:
    """A row a group; right at first, offered, refused and misses are told apart."""
    shown = card(write(RIGHT, OFFERED, WRONG, CONTENT), "--misses")
    assert shown.exit_code == 0, shown.output
    rows = {line.split()[0]: line.split()[1:] for line in shown.stdout.splitlines() if line.strip()}
    assert rows["metric"][:5] == ["1/2", "1/2", "+1", "–", "1/1"]
    assert rows["slice"][:3] == ["0/1", "0/1", "–"]
    assert rows["refusal"][:4] == ["–", "1/1", "–", "1/1"]
    assert rows["all"][:4] == ["1/3", "2/4", "+1", "1/1"]
    assert "Right at first 2 of 4 (0.500); with offered readings 3 of 4 (0.750)" in shown.stdout
    assert "line 3, slice: recall of bullying-text v7 -> tool query_metrics" in shown.stdout
    assert "offered: what's our recall for bullying-text v7?" in shown.stdout


def test_json_is_the_same_as_data(card: Card, write: Write) -> None:
    """One document with the totals, the groups, and each miss with what was given instead."""
    printed = json.loads(card(write(RIGHT, OFFERED, WRONG), "--json", "--repeat", 2).stdout)
    assert printed["model"] == "planner"
    (file,) = printed["files"]
    assert file["total"]["runs"] == 2
    assert (file["total"]["right"], file["total"]["questions"]) == (2, 6)
    assert (file["total"]["fewest"], file["total"]["most"]) == (1, 1)
    assert file["groups"]["slice"]["right"] == 0
    assert [(one["run"], one["line"]) for one in file["misses"]] == [(1, 2), (1, 3), (2, 2), (2, 3)]
    wrong = file["misses"][1]
    assert (wrong["tool"], wrong["query"]["model"]) == ("query_metrics", "bullying-text v7")


def test_several_runs_show_their_spread(card: Card, write: Write) -> None:
    """The fewest and the most right ones of a run."""
    shown = card(write(RIGHT, WRONG), "--repeat", 2).stdout
    assert "planner, 2 runs" in shown
    assert "From 1 to 1 right in 2 runs." in shown


@pytest.mark.parametrize(("floor", "code"), [("0.5", 0), ("0.51", 1)])
def test_the_floor_decides_the_exit_code(card: Card, write: Write, floor: str, code: int) -> None:
    """Reached at exactly that share; below it the file is named on the error stream."""
    shown = card(write(RIGHT, WRONG), "--floor", floor)
    assert shown.exit_code == code, shown.output
    assert ("Below the floor of 0.51: questions.yaml." in shown.stderr) == bool(code)
    assert "Right at first 1 of 2" in shown.stdout


def test_an_offered_reading_does_not_reach_the_floor(card: Card, write: Write) -> None:
    """What a person must still choose is not right at first."""
    assert card(write(OFFERED), "--floor", "0.1").exit_code == 1


def test_nothing_is_left_to_approve_or_to_follow_up(card: Card, write: Write, own_sample_home: Path) -> None:
    """R12: a scorecard is no person's wish."""
    assert card(write(LAUNCH)).exit_code == 0
    engine = connect(f"sqlite:///{own_sample_home / 'steward.db'}")
    with reading(engine) as session:
        assert session.scalars(select(Turn)).all() == []
        assert [one.status for one in session.scalars(select(Proposal))] == ["expired"]
    engine.dispose()


def test_who_asks_has_their_own_rights(card: Card, write: Write) -> None:
    """An intern may propose nothing, so the proposal expected of a strategist is a miss."""
    assert "1 of 1" in card(write(LAUNCH), "--as", "ana").stdout
    assert "Right at first 0 of 1" in card(write(LAUNCH), "--as", "ben").stdout


def test_a_malformed_file_is_refused_before_anything_is_asked(card: Card, write: Write, tmp_path: Path) -> None:
    """Exit code 2, the entry named; also when the file before it is well."""
    well = tmp_path / "well.yaml"
    well.write_text(RIGHT, "utf-8")
    refused = card(well, write(RIGHT, "- {group: metric}"))
    assert refused.exit_code == 2
    assert "questions.yaml, line 2 (question 2): thread: Field required." in refused.stderr
    assert refused.stdout == ""


def test_the_model_is_chosen_for_this_scorecard(card: Card, write: Write) -> None:
    """`planner` is the planner; one that cannot be used is said with exit code 2."""
    assert card(write(RIGHT), "--model", "planner").exit_code == 0
    refused = card(write(RIGHT), "--model", "nonsense:lorem")
    assert refused.exit_code == 2
    assert "nonsense" in refused.stderr
    assert card("--json").exit_code == 2


def test_a_tool_that_is_not_there_is_named(card: Card, write: Write) -> None:
    """A misspelt tool is a fault of the file."""
    assert "Expected, but not there: lorem." in card(write(WRONG.replace("describe", "lorem"))).stdout
