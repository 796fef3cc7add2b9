"""What is refused of a file of rater labels: by column and row, never by value, and nothing is written."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.tools.importers.labels_imported import LONG, WIDE, Import, root, run
from tests.tools.labels.labels_made import CLASSES, RATERS, Rows, made, write
from tests.tools.state import state
from tools.errors import SetupError
from tools.importers.label_request import LabelColumns
from tools.importers.rater_names import judge_name, opaque

__all__ = ["root", "run"]

SECRET = "meet-me-behind-the-school"


def _with(rows: Rows, at: int, **changed: Any) -> Rows:
    """The rows, one of them changed."""
    return [row | changed if place == at else row for place, row in enumerate(rows)]


def _long(at: int, **changed: Any) -> Rows:
    return _with(made().long(), at, **changed)


def _wide(at: int, **changed: Any) -> Rows:
    return _with(made().rows, at, **changed)


def _every(**changed: Any) -> Rows:
    return [row | changed for row in made().rows]


BAD_FILES: dict[str, tuple[Rows, LabelColumns, str]] = {
    "a text column that nobody declared": (_every(comment=SECRET), WIDE, r"undeclared text column\(s\) comment.*R1"),
    "an item twice": (_wide(3, item="i00000"), WIDE, r"Column item .*1 duplicate id\(s\) \(the first is row 4\)"),
    "an item without an id": (_wide(3, item=None), WIDE, r"Column item .* has no id in 1 row \(the first is row 4\)"),
    "an id that is a file name": (_wide(5, item=f"{SECRET}.mp4"), WIDE, r"item .*not opaque in 1 row .*row 6\)"),
    "an id that is an address": (_wide(5, item=f"a@{SECRET}.org"), WIDE, r"item .*not opaque in 1 row .*row 6\)"),
    "a label that is text": (_wide(7, rater_2=f"{SECRET} my dear small little friend"), WIDE,
                             r"Column rater_2 .*more than a short label in 1 row \(the first is row 8\)"),
    "a slice that is text": (_wide(7, surface=f"{SECRET} my dear small little friend"), WIDE,
                             r"Column surface .*short slice value in 1 row \(the first is row 8\)"),
    "as many labels as items": (_every(rater_1="x") and [row | {"rater_1": f"{SECRET}{n}"}
                                for n, row in enumerate(made().rows)], WIDE, r"rater_1.*20 different labels or more"),
    "no label at all": (_every(**dict.fromkeys([*RATERS, "truth"], None)), WIDE, r"hold 0 different label"),
    "labels of one rater": (_every(**dict.fromkeys(RATERS[1:], None)), WIDE, r"labels of 1 rater\(s\)"),
    "a rater called by name": (_long(0, who="maria_lopez"), LONG,
                               r"Column who .*may name a person, 1 of 7 raters, in 1 row \(the first is row 1\)"),
    "a rater called by address": (_long(4, who=f"ana@{SECRET}.org"), LONG, r"Column who .*row 5\)"),
    "a rater called gold": (_long(4, who="gold"), LONG, r"Column who .*row 5\)"),
    "a label without a rater": (_long(2, who=None), LONG, r"Column who .* has no rater in 1 row .*row 3\)"),
    "a second label": ([*made().long(), made().long()[0]], LONG,
                       r"Columns item and who .*1 second label\(s\) of one rater"),
    "two golds of an item": (_long(1, truth=CLASSES[0] if made().long()[0]["truth"] != CLASSES[0] else CLASSES[1]),
                             LONG, r"Column truth .*differs between rows of one item in 1 row"),
    "two languages of an item": (_long(1, language="xx"), LONG, r"Column language .*differs between rows"),
    "an id that is text, one row a label": (_long(1, item="my small friend"), LONG, r"item .*not opaque in 1 row"),
    "an item without an id, one row a label": (_long(1, item=None), LONG, r"Column item .*has no id in 1 row"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_FILES)
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_r1_a_bad_file_is_refused_by_column_and_row_and_never_by_value(
    engine: Engine, run: Import, root: Path, tmp_path: Path, what: str, kind: str
) -> None:
    """And nothing is written (all or nothing)."""
    rows, columns, message = BAD_FILES[what]
    file = write(tmp_path / f"labels.{kind}", rows)
    before = state(engine, root)
    with pytest.raises(SetupError, match=message) as caught:
        run(file, columns)
    assert SECRET not in str(caught.value)
    assert "maria" not in str(caught.value)
    assert state(engine, root) == before
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_a_label_outside_the_declared_vocabulary_is_refused(run: Import, tmp_path: Path) -> None:
    """Column, rows, and the labels that are known; not the one that is not."""
    file = write(tmp_path / "labels.csv", _wide(2, rater_4=SECRET))
    with pytest.raises(
        SetupError, match=r"Column rater_4 .*outside the vocabulary in 1 row .*row 3\).*hateful"
    ) as caught:
        run(file, classes=CLASSES)
    assert SECRET not in str(caught.value)


BAD_REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "no item": ({"columns": replace(WIDE, item="")}, "--item"),
    "no raters": ({"columns": LabelColumns("item")}, "--rater-columns"),
    "both shapes": ({"columns": replace(WIDE, rater="who")}, "either"),
    "half of a shape": ({"columns": LabelColumns("item", rater="who")}, "--rater and --label"),
    "a column for two things": ({"columns": replace(WIDE, gold="rater_1")}, "named for two things"),
    "a column that is not there": ({"columns": replace(WIDE, gold="gould")}, "no column gould"),
    "a slice by rater": ({"columns": replace(WIDE, slices=("annotator",))}, "R9"),
    "a slice of a name that is taken": ({"columns": replace(WIDE, slices=("Gold",))}, "cannot be called"),
    "raters by name": ({"columns": replace(WIDE, raters=("rater_1", "maria"))}, r"1 of the 2 .*number 2.*R7, R9"),
    "the majority as a rater": ({"columns": replace(WIDE, raters=("rater_1", "majority"))}, "stand for gold"),
    "one class": ({"classes": ("hateful",)}, "2 to 50"),
    "a class twice": ({"classes": ("a", "a", "b")}, "each once"),
    "too many classes": ({"classes": tuple(f"c{n}" for n in range(51))}, "2 to 50"),
    "ordered words without an order": ({"ordinal": True}, "--ordinal"),
    "a judge that is nobody": ({"judge": "gpt"}, "none of --rater-columns"),
    "a judge that is an address": ({"judge": "a@b.org"}, "--judge"),
    "a name that is a path": ({"name": "../../x"}, "--name"),
    "a version that is a path": ({"version": "a/b"}, "--version"),
    "a dataset that is not there": ({"dataset": "golden@9"}, "no dataset golden 9"),
}


@pytest.mark.parametrize("what", BAD_REQUESTS)
def test_a_bad_request_is_refused_with_what_to_name(
    engine: Engine, run: Import, root: Path, tmp_path: Path, what: str
) -> None:
    """Before anything is written."""
    changed, message = BAD_REQUESTS[what]
    file = write(tmp_path / "labels.csv", made().rows)
    before = state(engine, root)
    with pytest.raises(SetupError, match=message):
        run(file, **changed)
    assert state(engine, root) == before


@pytest.mark.parametrize("name", ["missing.csv", "labels.xlsx"])
def test_a_file_that_cannot_be_read_is_said(run: Import, tmp_path: Path, name: str) -> None:
    """It is not there, or of a kind that is not read."""
    if name == "labels.xlsx":
        (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(SetupError, match=name):
        run(tmp_path / name)


@pytest.mark.parametrize(
    ("slices", "message"),
    [
        (
            {"one": [f"v{n % 101}" for n in range(10_201)], "two": [f"w{n // 101}" for n in range(10_201)]},
            "10,201 cells",
        ),
        ({f"column_{n}": ["x" * 60] * 60 for n in range(8)}, "longer than 500 characters"),
    ],
)
def test_slices_that_cannot_be_kept_are_refused(
    engine: Engine, run: Import, root: Path, tmp_path: Path, slices: dict[str, list[str]], message: str
) -> None:
    """Too many cells, or too long a one; nothing is written."""
    n = len(next(iter(slices.values())))
    rows: Rows = [
        {"item": f"i{at}", "A": at % 2, "B": 1, **{name: values[at] for name, values in slices.items()}}
        for at in range(n)
    ]
    before = state(engine, root)
    with pytest.raises(SetupError, match=message):
        run(write(tmp_path / "labels.parquet", rows), LabelColumns("item", ("A", "B"), slices=tuple(slices)))
    assert state(engine, root) == before


@pytest.mark.parametrize("name", ["rater_1", "r-07", "A", "vendor-a-12", "annotator3", "9f3c21ab", "17", "W-0042"])
def test_opaque_raters_are_known(name: str) -> None:
    """A role and a number, a letter, random hexadecimal."""
    assert opaque(name)


@pytest.mark.parametrize(
    "name", ["ana", "maria_lopez", "ana@x.org", "maria22", "rater_maria", "gold", "Majority", "-", "", "bob1", "x" * 65]
)
def test_r7_names_of_people_are_not_opaque(name: str) -> None:
    """Nor are addresses, nor what raters are compared with."""
    assert not opaque(name)


def test_a_judge_may_have_the_name_of_its_model() -> None:
    """A model is nobody; an address or a path is no name."""
    assert judge_name("bullying-text-v7.1")
    assert not judge_name("a@b")
    assert not judge_name("gold")
