"""Importing rater labels: the same counts from every shape of file, nothing of a person, all of it or nothing."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, select

from tests.clock import Clock
from tests.tools.bench import Bench
from tests.tools.importers.labels_imported import LONG, WIDE, Import, root, run
from tests.tools.labels.labels_made import CLASSES, RATERS, Made, Rows, made, write
from tests.tools.state import state
from tools.catalog import LabelSetEntry, load
from tools.errors import SetupError
from tools.importers.label_request import LabelColumns, LabelsImport
from tools.importers.labels import import_labels
from tools.registry import read_registry, register
from tools.sample import folder
from tools.store.session import reading
from tools.store.tables import LabelSet, PatternCell, RaterCell

SECRET = "meet-me-behind-the-school"

__all__ = ["root", "run"]


def entry(engine: Engine, name: str = "raters@1") -> LabelSetEntry:
    """A label set as the catalogue has it."""
    return next(one for one in load(engine).label_sets if one.id == name)


def patterns(engine: Engine, name: str = "raters@1") -> dict[tuple[str, str, int, str], int]:
    """The stored patterns, by language, surface, gold and pattern."""
    with reading(engine) as session:
        rows = session.scalars(select(PatternCell).where(PatternCell.label_set_id == name)).all()
    return {(row.values["language"], row.values["surface"], row.gold, row.pattern): row.n for row in rows}


def pairs(engine: Engine, classes: tuple[str, ...], name: str = "raters@1") -> dict[tuple[str, str, str, str], int]:
    """The stored pairs over all cells, with labels in words."""
    found: dict[tuple[str, str, str, str], int] = {}
    with reading(engine) as session:
        for row in session.scalars(select(RaterCell).where(RaterCell.label_set_id == name)):
            key = (row.rater_a, row.rater_b, classes[row.label_a], classes[row.label_b])
            found[key] = found.get(key, 0) + row.n
    return found


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("shape", ["wide", "long"])
def test_every_shape_and_kind_of_file_gives_the_counts_of_the_labels(
    engine: Engine, run: Import, tmp_path: Path, kind: str, shape: str
) -> None:
    """As counted one by one: patterns by cell and gold, pairs of raters, raters against gold."""
    labels = made()
    rows = labels.rows if shape == "wide" else labels.long()
    done = run(write(tmp_path / f"labels.{kind}", rows), WIDE if shape == "wide" else LONG)
    assert patterns(engine) == labels.patterns(CLASSES)
    assert pairs(engine, CLASSES) == labels.pairs(CLASSES)
    found = entry(engine)
    assert (found.classes, found.raters, found.has_gold, found.ordinal) == (CLASSES, RATERS, True, False)
    assert found.dimensions == {"language": ["en", "es"], "surface": ["comment", "live-title"]}
    assert (done.items, done.labels, done.new) == (len(labels.rows), len(labels.long()), True)


def test_r7_what_is_kept_of_the_labels_are_opaque_ids_and_numbers(run: Import, root: Path, tmp_path: Path) -> None:
    """One row a label: item, slices, gold and label as numbers, rater; nothing else."""
    labels = made()
    run(write(tmp_path / "labels.csv", labels.rows))
    table = pq.read_table(root / "labels" / "raters-1.parquet")
    assert table.column_names == ["item_id", "language", "surface", "gold", "rater", "label"]
    kept = [(row["item_id"], row["rater"], CLASSES[row["label"]]) for row in table.to_pylist()]
    assert kept == sorted((row["item"], row["who"], row["said"]) for row in labels.long())


def test_the_provenance_is_stored(engine: Engine, run: Import, root: Path, tmp_path: Path) -> None:
    """R14: guideline, date, the digest of what was written."""
    run(write(tmp_path / "labels.csv", made().rows), guideline_version="4.3", as_of=date(2026, 9, 30))
    found = entry(engine)
    assert (found.guideline_version, found.as_of) == ("4.3", date(2026, 9, 30))
    digest = hashlib.sha256((root / found.path).read_bytes()).hexdigest()
    with reading(engine) as session:
        assert session.get_one(LabelSet, "raters@1").digest == digest


def test_the_same_again_changes_nothing(engine: Engine, run: Import, root: Path, tmp_path: Path) -> None:
    """Not a byte, not a row; and it says so."""
    file = write(tmp_path / "labels.csv", made().rows)
    assert run(file).new
    before = state(engine, root)
    again = run(file)
    assert not again.new
    assert state(engine, root) == before


@pytest.mark.parametrize("other", ["file", "judge", "classes", "ordinal"])
def test_another_import_under_the_same_name_is_refused(
    engine: Engine, run: Import, root: Path, tmp_path: Path, other: str
) -> None:
    """Other labels, or read in another way, are another version; with `overwrite` they take the place."""
    file = write(tmp_path / "labels.csv", made().rows)
    run(file)
    before = state(engine, root)
    changed: dict[str, Any] = {
        "ordinal": {"ordinal": True, "classes": CLASSES},
        "classes": {"classes": CLASSES[::-1]},
        "judge": {"judge": "rater_6"},
    }
    options = changed.get(other, {})
    second = write(tmp_path / "other.csv", made(seed=5).rows) if other == "file" else file
    with pytest.raises(SetupError, match=r"raters 1 is there already.*--version"):
        run(second, **options)
    assert state(engine, root) == before
    assert run(second, again=True, **options).new
    assert state(engine, root) != before
    assert run(second, version="2", **options).label == "raters 2"


def test_a_lost_file_is_written_again(engine: Engine, run: Import, root: Path, tmp_path: Path) -> None:
    """The counts are there, the labels are not: the same import mends it."""
    file = write(tmp_path / "labels.csv", made().rows)
    run(file)
    before = state(engine, root)
    (root / "labels" / "raters-1.parquet").unlink()
    run(file)
    assert state(engine, root) == before


def test_labels_are_the_same_however_a_tool_writes_them(engine: Engine, run: Import, tmp_path: Path) -> None:
    """`1.0`, `1` and `true` are one label, `NA` and an empty field are nobody asked."""
    ways = [["1.0", "true", "1"], ["0.0", "False", "0"], ["1", "NA", "1.0"], ["nan", "0", "0"], ["", "", "1"]]
    rows: Rows = [
        {"item": f"i{number}", **dict(zip(RATERS[:3], said, strict=True))} for number, said in enumerate(ways)
    ]
    run(write(tmp_path / "labels.csv", rows), LabelColumns("item", RATERS[:3]))
    with reading(engine) as session:
        found = {row.pattern: row.n for row in session.scalars(select(PatternCell))}
    assert found == {"0,3": 1, "3,0": 1, "0,2": 1, "2,0": 1, "0,1": 1}
    assert entry(engine).classes == ("0", "1")


def test_a_declared_label_may_be_one_that_else_means_nothing(engine: Engine, run: Import, tmp_path: Path) -> None:
    """`NA` in --classes is a label like any other."""
    rows: Rows = [{"item": "i1", "A": "NA", "B": "yes"}, {"item": "i2", "A": "NA", "B": "NA"}]
    run(write(tmp_path / "labels.csv", rows), LabelColumns("item", ("A", "B")), classes=("yes", "NA"))
    assert entry(engine).rows == 2


def test_ordered_classes_of_numbers_are_ordered_as_numbers(engine: Engine, run: Import, tmp_path: Path) -> None:
    """10 comes after 2."""
    rows: Rows = [{"item": f"i{n}", "A": 2 * n, "B": 10} for n in range(1, 6)]
    run(write(tmp_path / "labels.parquet", rows), LabelColumns("item", ("A", "B")), ordinal=True)
    assert (entry(engine).classes, entry(engine).ordinal) == (("2", "4", "6", "8", "10"), True)


def test_the_judge_is_compared_with_the_majority_and_is_no_rater(engine: Engine, run: Import, tmp_path: Path) -> None:
    """Its labels are in no pattern and no pair of people; items on which people are divided have no majority."""
    labels = made()
    run(write(tmp_path / "labels.csv", labels.rows), judge="rater_6")
    assert patterns(engine) == labels.patterns(CLASSES, judge="rater_6")
    expected: dict[tuple[str, str, str, str], int] = {}
    for row in labels.rows:
        said = [row[rater] for rater in RATERS[:-1] if row[rater] is not None]
        votes = sorted(((said.count(name), name) for name in CLASSES), reverse=True)
        if row["rater_6"] is not None and said and votes[0][0] > votes[1][0]:
            key = ("rater_6", "majority", row["rater_6"], votes[0][1])
            expected[key] = expected.get(key, 0) + 1
    found = pairs(engine, CLASSES)
    assert {key: n for key, n in found.items() if key[1] == "majority"} == expected
    assert {key[1] for key in found if key[0] == "rater_6"} == {"majority", "gold"}
    assert not [key for key in found if key[1] == "rater_6"]


def test_slices_and_gold_come_from_the_dataset_unless_the_file_has_them(
    engine: Engine, run: Import, root: Path, registered: Bench, tmp_path: Path
) -> None:
    """Joined by id; what was labelled must be its items."""
    items = pq.read_table(registered.root / "data" / "1.parquet").select(["item_id", "label", "language"]).to_pylist()
    rows: Rows = [{"id": row["item_id"], "A": row["label"], "B": 1 - row["label"]} for row in items[:50]]
    file = write(tmp_path / "labels.csv", rows)
    wanted = LabelsImport(file, LabelColumns("id", ("A", "B")), dataset="gold@1")
    import_labels(engine, registered.root, wanted, Clock())
    found = entry(engine)
    assert (found.dataset_id, found.has_gold, found.classes) == ("gold@1", True, ("0", "1"))
    assert found.guideline_version == "1.2"
    assert set(found.dimensions) == {"policy", "language"}
    with reading(engine) as session:
        cells = session.scalars(select(PatternCell)).all()
    assert sum(cell.n for cell in cells if cell.gold == 1) == sum(row["label"] for row in items[:50])
    assert sum(cell.n for cell in cells if cell.values["language"] == "es") == sum(
        row["language"] == "es" for row in items[:50]
    )
    strange = write(tmp_path / "strange.csv", [*rows, {"id": SECRET, "A": 1, "B": 1}])
    with pytest.raises(SetupError, match=r"Column id .*1 row\(s\) that are no items of gold 1 \(the first is row 51\)"):
        import_labels(engine, registered.root, replace(wanted, file=strange, version="2"), Clock())


def test_the_shipped_labels_are_counted_as_their_registry_counts_them(engine: Engine, root: Path) -> None:
    """Two ways of counting, one by one and by DuckDB, say the same of every cell."""
    registry = read_registry(folder() / "workspace.yaml")
    register(engine, folder(), registry)
    shipped = registry["label_sets"][0]
    columns = LabelColumns("item_id", tuple(shipped["raters"]), gold="gold", slices=tuple(shipped["dimensions"]))
    wanted = LabelsImport(folder() / shipped["path"], columns, version="again", classes=tuple(shipped["classes"]))
    import_labels(engine, root, wanted, Clock())
    with reading(engine) as session:
        cells = session.scalars(select(PatternCell)).all()
        said = session.scalars(select(RaterCell)).all()
    counted = [
        {
            (cell.cell, cell.gold, cell.pattern, cell.n)
            for cell in cells
            if (cell.label_set_id == "raters@again") == ours
        }
        for ours in (True, False)
    ]
    assert counted[0] == counted[1] != set()
    compared = [
        {
            (cell.cell, cell.rater_a, cell.rater_b, cell.label_a, cell.label_b, cell.n)
            for cell in said
            if (cell.label_set_id == "raters@again") == ours
        }
        for ours in (True, False)
    ]
    assert compared[0] == compared[1] != set()


def test_progress_is_told(engine: Engine, root: Path, tmp_path: Path) -> None:
    """From nothing to all, never back."""
    told: list[tuple[int, int]] = []
    file = write(tmp_path / "labels.csv", made().rows)
    import_labels(engine, root, LabelsImport(file, WIDE), Clock(), lambda what, done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]


def test_every_row_without_gold_is_kept_as_such(engine: Engine, run: Import, tmp_path: Path) -> None:
    """Gold is -1 there, and no rater is compared with it."""
    labels: Made = made()
    rows = [{name: value for name, value in row.items() if name != "truth"} for row in labels.rows]
    run(write(tmp_path / "labels.csv", rows), replace(WIDE, gold=""))
    assert {key[2] for key in patterns(engine)} == {-1}
    assert not entry(engine).has_gold
    assert not [key for key in pairs(engine, CLASSES) if key[1] == "gold"]
