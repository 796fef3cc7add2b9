"""`steward import labels`: from a file to an answer about agreement, in words a person understands."""

from pathlib import Path

import pytest

from bot.agent.rendering import render
from bot.settings import Settings
from bot.wiring import data_root
from tests.access.trail import rows as audit_rows
from tests.commands.conftest import Run
from tests.tools.asked import ask, asking
from tests.tools.labels.labels_made import RATERS, made, write
from tools.labels.agreement import LABEL_AGREEMENT
from tools.store.database import connect

OPTIONS = ("--item", "item", "--rater-columns", ",".join(RATERS), "--gold", "truth", "--slices", "language,surface")


def test_labels_are_imported_and_answered(steward: Run, home: Path, tmp_path: Path) -> None:
    """The command says what it made and what to ask; the answer has the labels' numbers."""
    file = write(tmp_path / "labels.csv", made().rows)
    done = steward(
        "import", "labels", str(file), *OPTIONS, "--name", "panel", "--version", "2026-11", "--guideline", "4.4"
    )
    assert done.exit_code == 0, done.output
    n = len(made().long())
    assert (
        f"Imported: panel 2026-11, {n} labels of 240 items by 6 raters, with gold, by language, surface." in done.stdout
    )
    assert "Labels are hateful, neutral, unsure." in done.stdout
    assert "steward ask “rater agreement of panel 2026-11 by language”" in done.stdout
    engine = connect(Settings(home=home).database)
    answer = render(ask(LABEL_AGREEMENT, asking(engine, data_root(home)), labels="panel 2026-11"))
    trail = [(row.action, row.detail) for row in audit_rows(engine)]
    engine.dispose()
    assert "**Percent agreement 0." in answer
    assert "`panel 2026-11 (guideline 4.4) · as of " in answer
    assert trail == [("import", {"what": "labels", "labels": "panel@2026-11", "new": True})]
    again = steward(
        "import", "labels", str(file), *OPTIONS, "--name", "panel", "--version", "2026-11", "--guideline", "4.4"
    )
    assert again.exit_code == 0
    assert "Nothing new, it is there already: panel 2026-11" in again.stdout


def test_one_row_a_label_is_read_too(steward: Run, tmp_path: Path) -> None:
    """--rater and --label, with a judge, on ordered classes."""
    file = write(tmp_path / "labels.jsonl", made().long())
    done = steward(
        "import", "labels", str(file), "--item", "item", "--rater", "who", "--label", "said", "--gold", "truth",
        "--slices", "language,surface", "--name", "panel", "--judge", "rater_6", "--ordinal",
        "--classes", "neutral,unsure,hateful", "--as-of", "2026-11-03",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Imported: panel 1" in done.stdout
    assert "Labels are neutral, unsure, hateful." in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--item", "item"), "--rater-columns"),
        ((*OPTIONS, "--dataset", "golden"), "--dataset and --dataset-version"),
        ((*OPTIONS, "--dataset", "golden", "--dataset-version", "1999-01"), "no dataset golden 1999-01"),
        ((*OPTIONS[:-2], "--slices", "language"), "undeclared text column(s) surface"),
        (("--item", "item", "--rater-columns", "rater_1,maria"), "may name a person"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_exit_code_2(
    steward: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """No traceback, and what to do."""
    refused = steward("import", "labels", str(write(tmp_path / "labels.csv", made().rows)), *words)
    assert refused.exit_code == 2, refused.output
    assert said in refused.stderr
    assert "Traceback" not in refused.output


def test_help_has_an_example(steward: Run) -> None:
    """And names every option of the two shapes."""
    shown = steward("import", "labels", "--help")
    assert shown.exit_code == 0
    for word in ("Example: steward import labels", "--rater-columns", "--rater", "--label", "--gold", "--judge"):
        assert word in shown.stdout
