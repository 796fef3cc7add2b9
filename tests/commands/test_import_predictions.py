"""`steward import predictions`: scores that were made elsewhere become a run that can be asked about."""

import json
from pathlib import Path

import pytest

from bot.commands.import_predictions import names
from bot.settings import Settings
from tests.access.trail import rows
from tests.commands.conftest import Begin, Run
from tests.tools.state import state
from tools.catalog import load
from tools.runs import list_entries
from tools.store.database import connect

SECRET = "meet-me-at-noon"
LINES = ["id,truth,p,q,lang"] + [
    f"it-{n},{n % 2},0.{(n * 7) % 10},0.{(n * 3) % 10},{'en' if n % 3 else 'tl'}" for n in range(60)
]
ITEMS = ("--dataset", "fresh", "--dataset-version", "2026-12", "--id", "id", "--label", "truth", "--slices", "lang")
ONE = ("--model", "shield", "--version", "v1", "--score", "p")
TWO = ("--model", "shield", "--version", "v1", "--score", "p", "--version", "v2", "--score", "q")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Sixty items with the scores of two models, as CSV."""
    path = tmp_path / "scores.csv"
    path.write_text("\n".join(LINES) + "\n", "utf-8")
    return path


def test_a_file_becomes_runs_that_can_be_asked_about(steward: Run, home: Path, file: Path) -> None:
    """The command says what came in and what to ask; the answer is that of the file; the audit has no value of it."""
    made = steward("import", "predictions", str(file), *TWO, *ITEMS, "--threshold", "0.5")
    assert made.exit_code == 0, made.output
    assert "Imported: shield v1 on fresh 2026-12, 60 items, threshold 0.5, run " in made.stdout
    assert "Imported: shield v2 on fresh 2026-12, 60 items" in made.stdout
    assert "steward ask “recall of shield v2 on fresh 2026-12”" in made.stdout
    assert made.stderr == ""
    flagged = sum(float(line.split(",")[2]) >= 0.5 for line in LINES[1:] if line.split(",")[1] == "1")
    asked = steward("ask", "recall of shield v1 on fresh 2026-12", "--json")
    assert f"({flagged} of 30" in json.loads(asked.stdout)["text"].replace("/", " of ")
    engine = connect(Settings(home=home).database)
    runs = [entry.id for entry in list_entries(engine) if entry.model_id.startswith("shield")]
    (trail,) = [row.detail for row in rows(engine) if row.action == "import"]
    engine.dispose()
    assert trail["what"] == "predictions"
    assert trail["file"] == "scores.csv"
    assert sorted(trail["runs"]) == sorted(runs)


def test_the_same_again_says_that_there_is_nothing_new(steward: Run, home: Path, file: Path) -> None:
    """One name may stand for all models, or one each; the audit has the second attempt too."""
    assert steward("import", "predictions", str(file), *TWO, *ITEMS).exit_code == 0
    named = ("--model", "shield", "--model", "shield", *TWO[2:])
    again = steward("import", "predictions", str(file), *named, *ITEMS)
    assert again.exit_code == 0, again.output
    assert again.stdout.count("Nothing new, it is there already: shield v") == 2
    engine = connect(Settings(home=home).database)
    trail = [row.detail["runs"] for row in rows(engine) if row.action == "import"]
    engine.dispose()
    assert [len(runs) for runs in trail] == [2, 0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*TWO[:-2], *ITEMS), "There are 2 versions, but --score is given 1 times"),
        (("--model", "a", "--model", "b", *TWO[2:], "--version", "v3", "--score", "lang", *ITEMS), "--model is given"),
        ((*ONE, *ITEMS, "--scale", "low"), "--scale is logit, or two numbers"),
        ((*ONE[:4], *ITEMS), "Name the column of the scores or of the decisions of shield v1"),
        ((*ONE, *ITEMS[:-2]), "undeclared text column(s) lang"),
        ((*ONE, *ITEMS, "--where", "lang"), "--where is COLUMN=VALUE"),
        ((*ONE, *ITEMS, "--classes", "no,maybe"), "has a label outside the vocabulary in 60 rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence_and_exit_code_2(
    steward: Run, home: Path, file: Path, words: tuple[str, ...], said: str
) -> None:
    """On the error stream, without a traceback; nothing is changed, not even the audit."""
    engine = connect(Settings(home=home).database)
    before = state(engine, home / "data")
    ended = steward("import", "predictions", str(file), *words)
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.output
    assert state(engine, home / "data").rows == before.rows
    engine.dispose()


def test_r1_a_refusal_has_no_value_of_the_file(steward: Run, file: Path) -> None:
    """Column, row and count, for the person and for whoever reads along."""
    file.write_text(file.read_text("utf-8").replace("it-5,", f"{SECRET} @ home,"), "utf-8")
    ended = steward("import", "predictions", str(file), *ONE, *ITEMS)
    assert ended.exit_code == 2
    assert "Column id of scores.csv is not opaque in 1 row (the first is row 6)" in ended.stderr
    assert SECRET not in ended.output


def test_a_threshold_that_is_none_is_refused_by_its_option(steward: Run, file: Path) -> None:
    """Outside, or not a number."""
    for threshold in ("1.5", "-0.1", "nan", "half"):
        ended = steward("import", "predictions", str(file), *ONE, *ITEMS, "--threshold", threshold)
        assert ended.exit_code == 2
        assert "--threshold" in ended.stderr


def test_help_shows_an_example_that_runs(steward: Run, tmp_path: Path) -> None:
    """Word by word, on a file that has the columns of the example."""
    shown = " ".join(steward("import", "predictions", "--help").stdout.split())
    start = shown.index("Example: steward ") + len("Example: steward ")
    words = shown[start:].split("╭")[0].split("Options")[0].replace("│", " ").split()
    said = dict(zip(words[3::2], words[4::2], strict=False))
    slices = dict.fromkeys(said["--slices"].split(","), "a")
    rows = [{said["--id"]: f"i{n}", said["--label"]: n % 2, said["--score"]: n / 30, **slices} for n in range(30)]
    lines = tmp_path / "scores.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    ended = steward(*words[:2], str(lines), *words[3:])
    assert ended.exit_code == 0, (words, ended.output)
    assert f"threshold {said['--threshold']}" in ended.stdout


def test_as_a_process_it_writes_what_was_made_and_nothing_else(begin: Begin, home: Path, file: Path) -> None:
    """Progress is for a terminal; a pipe gets the sentences. What fails, fails on the error stream with code 2."""
    process = begin("bot", "import", "predictions", str(file), *ONE, *ITEMS, home=home)
    out, err = process.communicate(timeout=90)
    assert (process.returncode, err) == (0, "")
    assert len(out.strip().splitlines()) == 2
    failed = begin("bot", "import", "predictions", str(file), *ONE, *ITEMS, "--threshold", "0.9", home=home)
    out, err = failed.communicate(timeout=90)
    assert (failed.returncode, out) == (2, "")
    assert "has the threshold 0.5" in err


def test_without_a_home_it_says_how_to_make_one(steward: Run, tmp_path: Path, file: Path) -> None:
    """As every command does."""
    ended = steward("import", "predictions", str(file), *ONE, *ITEMS, home=tmp_path / "nowhere")
    assert ended.exit_code == 2
    assert "steward init" in ended.stderr


def test_names_are_separated_by_commas_and_may_be_quoted() -> None:
    """A column with a comma in its name can be said."""
    assert names("a, b,,c ") == ("a", "b", "c")
    assert names('"a, b",c') == ("a, b", "c")
    assert names("") == ()


def test_what_is_imported_is_registered_as_its_own(steward: Run, home: Path, file: Path) -> None:
    """The policy that was said, the gold and guideline version of a new dataset."""
    said = ("--policy", "bullying", "--gold-version", "8", "--guideline", "4.4")
    assert steward("import", "predictions", str(file), *ONE, *ITEMS, *said).exit_code == 0
    engine = connect(Settings(home=home).database)
    catalog = load(engine)
    engine.dispose()
    (model,) = [entry for entry in catalog.models if entry.name == "shield"]
    (dataset,) = [entry for entry in catalog.datasets if entry.name == "fresh"]
    assert (model.policy, model.guideline_version, dataset.gold_version) == ("bullying", "4.4", "8")
