"""`steward import dataset`: a file becomes a dataset that can be asked about; a wrong one gets a sentence."""

import json
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.access.trail import rows
from tests.commands.conftest import Run
from tools.catalog import DatasetEntry, load
from tools.store.database import connect

LINES = ["id,gold,lang,copy,score"] + [
    f"it-{number},{number % 2},{'en' if number % 3 else 'tl'},c{number // 2},0.{number % 10}" for number in range(60)
]
IMPORT = (
    "--name", "fresh", "--version", "2026-12", "--kind", "golden", "--id", "id", "--label", "gold", "--slices", "lang",
    "--near-duplicate", "copy", "--gold-version", "7", "--guideline", "4.4", "--as-of", "2026-12-01",
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Sixty items as CSV."""
    path = tmp_path / "items.csv"
    path.write_text("\n".join(LINES) + "\n", "utf-8")
    return path


def registered(home: Path) -> dict[str, DatasetEntry]:
    """The datasets of a home, by id."""
    engine = connect(Settings(home=home).database)
    found = {entry.id: entry for entry in load(engine).datasets}
    engine.dispose()
    return found


def test_a_file_becomes_a_dataset_that_can_be_asked_about(steward: Run, home: Path, file: Path) -> None:
    """The command says what came in; the next question counts it; the audit knows who did it, and no value."""
    made = steward("import", "dataset", str(file), *IMPORT)
    assert made.exit_code == 0, made.output
    assert "Imported: fresh 2026-12, 60 items in 4 cells." in made.stdout
    held = registered(home)["fresh@2026-12"]
    assert (held.rows, held.gold_version, held.guideline_version, str(held.as_of)) == (60, "7", "4.4", "2026-12-01")
    assert (home / "data" / held.path).is_file()
    asked = steward("ask", "how many items are in fresh 2026-12 by lang?", "--json")
    result = json.loads(asked.stdout)["results"][0]
    assert result["query"]["dataset"] == "fresh 2026-12"
    assert "fresh 2026-12 has 60 items" in result["headline"]
    engine = connect(Settings(home=home).database)
    (trail,) = [row.detail for row in rows(engine) if row.action == "import"]
    engine.dispose()
    assert trail == {"what": "dataset", "file": "items.csv", "dataset": "fresh@2026-12", "new": True}


def test_the_same_again_changes_nothing(steward: Run, home: Path, file: Path, tmp_path: Path) -> None:
    """Said; a card is taken over."""
    steward("import", "dataset", str(file), *IMPORT)
    before = registered(home)
    again = steward("import", "dataset", str(file), *IMPORT)
    assert again.exit_code == 0
    assert "Nothing new, it is there already: fresh 2026-12, 60 items" in again.stdout
    assert registered(home) == before
    card = tmp_path / "card.yaml"
    card.write_text("dataBiases: Only two languages.\n", "utf-8")
    carded = steward("import", "dataset", str(file), *IMPORT, "--card", str(card))
    assert "the card is as given now" in carded.stdout
    assert registered(home)["fresh@2026-12"].card["dataBiases"] == "Only two languages."


def test_r16_other_content_is_refused_with_what_to_do(steward: Run, home: Path, file: Path) -> None:
    """Exit code 2; the registered version stays."""
    steward("import", "dataset", str(file), *IMPORT)
    before = registered(home)
    file.write_text("\n".join(LINES[:-1]) + "\n", "utf-8")
    other = steward("import", "dataset", str(file), *IMPORT)
    assert other.exit_code == 2
    assert "fresh 2026-12 is registered with other content (60 items)" in other.stderr
    assert "new --version" in other.stderr
    assert registered(home) == before


def test_r1_a_text_column_is_named_and_never_quoted(steward: Run, home: Path, file: Path) -> None:
    """Exit code 2, the column, nothing written."""
    spoken = [f"{line},{'note' if number == 0 else 'meet me there'}" for number, line in enumerate(LINES)]
    file.write_text("\n".join(spoken) + "\n", "utf-8")
    refused = steward("import", "dataset", str(file), *IMPORT)
    assert refused.exit_code == 2
    assert "undeclared text column(s) note" in refused.stderr
    assert "meet me" not in refused.output
    assert "fresh@2026-12" not in registered(home)


def test_counts_come_in_by_command(steward: Run, home: Path, tmp_path: Path) -> None:
    """From a file of counts per slice: only its composition can be asked."""
    path = tmp_path / "counts.csv"
    path.write_text("topic,gold,train_v1\na,0,100\na,1,20\nb,0,50\n", "utf-8")
    words = ("--name", "learned", "--version", "1", "--kind", "train", "--slices", "topic", "--label", "gold")
    made = steward("import", "dataset", str(path), *words, "--count", "train_v1")
    assert made.exit_code == 0, made.output
    assert "Imported: learned 1, 170 items in 3 cells." in made.stdout
    assert registered(home)["learned@1"].path == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--id", "ident"), "has no column ident. It has: id"),
        (("--kind", "test"), "--kind is one of train, golden, suite."),
        (("--name", "../x"), "--name must be at most 64"),
        (("--classes", "0"), "--classes needs 2 to 127"),
        (("--card", "nowhere.yaml"), "The card nowhere.yaml cannot be read"),
        (("--slices", "lang,gold"), "gold are named for two things"),
    ],
)
def test_a_wrong_word_is_answered_with_a_sentence(
    steward: Run, home: Path, file: Path, words: tuple[str, str], message: str
) -> None:
    """Exit code 2, and what to write instead."""
    refused = steward("import", "dataset", str(file), *IMPORT, *words)
    assert refused.exit_code == 2
    assert message in " ".join(refused.stderr.split())
    assert "fresh@2026-12" not in registered(home)


def test_a_date_that_is_none_is_refused_before_anything(steward: Run, file: Path) -> None:
    """By the command line itself."""
    refused = steward("import", "dataset", str(file), *IMPORT[:-1], "yesterday")
    assert refused.exit_code == 2
    assert "yesterday" in refused.stderr
