"""A file of questions is read with its lines, or refused naming the entry; the shipped files keep their form."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.scorecard
from bot.scorecard import Entry, Expectation, read_questions
from tests.scorecard.conftest import Write
from tools.errors import SetupError

QUESTIONS = Path(__file__).parents[1] / "questions"
WORKSPACE = Path(bot.scorecard.__file__).parents[2] / "tools" / "sample" / "workspace.yaml"
ENGINE = ("engine_tune.yaml", "engine_report.yaml")
GOOD = "- {group: metric, thread: a, ask: lorem, expect: {kind: clarify}}"


def test_a_file_is_read_in_order_with_its_lines(write: Write) -> None:
    """Comments and empty lines count; one expectation or a list of them."""
    tool = "- {group: b, thread: a, ask: ipsum, expect: [{tool: describe}, {tool: list_runs, query: {model: null}}]}"
    first, second = read_questions(write("# a comment", "", GOOD, tool))
    assert (first.ask, first.line, first.expect) == ("lorem", 3, (Expectation(kind="clarify"),))
    assert (second.group, second.line, sorted(second.tools)) == ("b", 4, ["describe", "list_runs"])
    assert first.expects("clarify")
    assert not second.expects("clarify")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("- {group: metric, thread: a, expect: {kind: help}}", "ask: Field required"),
        ("- {group: metric, thread: a, ask: zyxw, expect: {kind: help}, extra: 1}", "extra: "),
        ("- {group: metric, thread: a, ask: zyxw, expect: {kind: help}, line: 3}", "line: "),
        ("- {group: metric, thread: a, ask: 17, expect: {kind: help}}", "ask: "),
        ("- {group: metric, thread: '', ask: zyxw, expect: {kind: help}}", "thread: "),
        ("- {group: metric, thread: a, ask: zyxw, expect: {kind: lorem}}", "expect.0.kind: "),
        ("- {group: metric, thread: a, ask: zyxw, expect: {}}", "either a tool or a kind"),
        ("- {group: metric, thread: a, ask: zyxw, expect: []}", "expect: "),
        ("- {group: metric, thread: a, ask: zyxw, expect: {tool: x, kind: help}}", "either a tool or a kind"),
        ("- {group: metric, thread: a, ask: zyxw, expect: {kind: help, query: {model: x}}}", "query belongs to a tool"),
        ("- zyxw", "not an entry"),
        ("- {1: zyxw}", "not an entry"),
    ],
)
def test_an_entry_of_another_form_is_refused_by_line_and_number(write: Write, bad: str, said: str) -> None:
    """Nothing of the entry itself is repeated but the key that is wrong."""
    with pytest.raises(SetupError) as refused:
        read_questions(write("# a comment", GOOD, bad))
    assert "line 3 (question 2)" in str(refused.value)
    assert said in str(refused.value)
    assert "zyxw" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "lorem: ipsum", "[]", "# only a comment"])
def test_a_file_without_questions_is_refused(write: Write, text: str) -> None:
    """A mapping, an empty list, nothing at all."""
    with pytest.raises(SetupError, match=r"questions\.yaml is not a list of questions"):
        read_questions(write(text))


def test_a_file_that_is_no_yaml_is_refused_at_its_line(write: Write, tmp_path: Path) -> None:
    """Broken off, of another encoding, or not there."""
    with pytest.raises(SetupError, match="line 3"):
        read_questions(write(GOOD, "- {group: metric"))
    with pytest.raises(SetupError, match="line 1"):
        read_questions(write("- !!python/object:os.system {}"))
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SetupError, match="not UTF-8"):
        read_questions(tmp_path / "odd.yaml")
    (tmp_path / "bell.yaml").write_text("- \x07", "utf-8")
    with pytest.raises(SetupError, match="not YAML"):
        read_questions(tmp_path / "bell.yaml")
    with pytest.raises(SetupError, match="cannot be read"):
        read_questions(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("name", [*ENGINE, "first_sixty.yaml", "second_sixty.yaml"])
def test_the_shipped_files_name_only_what_the_sample_workspace_has(name: str) -> None:
    """A model, dataset or slice that does not exist could never be answered."""
    registry = yaml.safe_load(WORKSPACE.read_text("utf-8"))
    models = {f"{one['name']} {one['version']}" for one in registry["models"]}
    models |= {one["name"] for one in registry["models"]}
    sets = {f"{one['name']} {one['version']}": one["dimensions"] for one in registry["datasets"]}
    entries = read_questions(QUESTIONS / name)
    assert [(e.ask, wrong) for e in entries for x in e.expect for wrong in _unknown(x.query, models, sets)] == []


def _unknown(query: dict[str, Any], models: set[str], sets: dict[str, Any]) -> list[str]:
    dimensions = sets.get(str(query.get("dataset")), sets["golden 2026-10"])
    wanted = [query[key] for key in ("model", "baseline") if query.get(key)]
    found = [name for name in wanted if name not in models]
    found += [query[key] for key in ("dataset", "other") if query.get(key) and query[key] not in sets]
    found += [name for name in query.get("group_by", ()) if name not in dimensions]
    pairs = [(name, value) for name, values in query.get("filters", {}).items() for value in values]
    return found + [f"{name} {value}" for name, value in pairs if value not in dimensions.get(name, ())]


def test_the_two_files_of_a_hundred_have_the_same_mix() -> None:
    """What is tuned on one and reported on the other must be of the same kind, and no question may stand in both."""
    tune, report = (read_questions(QUESTIONS / name) for name in ENGINE)
    assert len(tune) == len(report) == 100
    assert Counter(one.group for one in tune) == Counter(one.group for one in report)
    assert [sum(one.expects("refusal") for one in entries) for entries in (tune, report)] == [10, 10]
    firsts = [{one.ask for one in _beginnings(entries)} for entries in (tune, report)]
    assert firsts[0] & firsts[1] == set()


def _beginnings(entries: list[Entry]) -> list[Entry]:
    first: dict[str, Entry] = {}
    for one in entries:
        first.setdefault(one.thread, one)
    return list(first.values())


def test_the_public_names_of_the_package() -> None:
    """What a notebook or a test may import."""
    names = {"Entry", "Expectation", "Scored", "Tally", "by_group", "read_questions", "score", "tally"}
    assert set(bot.scorecard.__all__) == names
