"""A file to import is streamed, checked and counted by row; what it holds stays in it."""

import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.importers.files import KINDS, SECRET, told, write
from tools.errors import SetupError
from tools.importers.file_kinds import kind_of
from tools.importers.row_checks import Check, class_index, item_id, number, slice_value
from tools.importers.source import OPAQUE, SLICE_VALUES, open_source

NAMES = ["item", "n"]


def many(n: int = 5_000) -> dict[str, list[Any]]:
    """More rows than DuckDB takes at once."""
    return {"item": [f"i{number}" for number in range(n)], "n": list(range(n)), "kept": [n % 2 for n in range(n)]}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_numbered_as_in_the_file(tmp_path: Path, kind: str) -> None:
    """From 1 behind the header, also of the rows that are kept, so that a person finds them."""
    file = write(tmp_path, many(), kind)
    with open_source(file, NAMES) as source:
        assert source.rows == 5_000
        found = source.all(f"SELECT item, {number('n')} + 1, row FROM {source.relation} ORDER BY row")
        assert found == [(f"i{at}", at + 1, at + 1) for at in range(5_000)]
    with open_source(file, NAMES, "kept=1") as source:
        assert source.rows == 2_500
        assert source.all(f"SELECT min(row), max(row) FROM {source.relation}") == [(2, 5_000)]


def test_rows_are_numbered_where_a_column_has_the_name_that_duckdb_gives_them(tmp_path: Path) -> None:
    """A column `file_row_number` is a column."""
    file = write(tmp_path, {"item": ["a", "b"], "File_row_number": [7, 8]})
    with open_source(file, ["item", "File_row_number"]) as source:
        assert source.all(f'SELECT "File_row_number", row FROM {source.relation}') == [(7, 1), (8, 2)]


def test_the_first_of_several_faults_is_said_with_its_count(tmp_path: Path) -> None:
    """In the order in which the checks are given, whatever row they are in."""
    checks = [Check("n", "n::INTEGER > 4990", "is large", "Mend it."), Check("item", "row = 1", "is first", "Or this.")]
    with open_source(write(tmp_path, many(), "csv"), NAMES) as source:
        source.check([])
        source.check([Check("n", "false", "", "")])
        with pytest.raises(SetupError) as caught:
            source.check(checks)
        with pytest.raises(SetupError) as other:
            source.check(checks[::-1])
    assert str(caught.value) == "Column n of scores.csv is large in 9 rows (the first is row 4,992). Mend it."
    assert str(other.value) == "Column item of scores.csv is first in 1 row (the first is row 1). Or this."


@settings(max_examples=20)
@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=40))
def test_duplicates_are_counted_exactly(tmp_path_factory: pytest.TempPathFactory, ids: list[str]) -> None:
    """Rows less different ids, and the first row whose id stood before."""
    file = write(tmp_path_factory.mktemp("ids"), {"item": [f"{SECRET}{id}" for id in ids]})
    again = [at for at, id in enumerate(ids) if id in ids[:at]]
    with open_source(file, ["item"]) as source:
        if not again:
            source.check_duplicates(["item"])
            return
        with pytest.raises(SetupError) as caught:
            source.check_duplicates(["item"])
    assert f"has {len(again)} duplicate id(s) (the first is row {again[0] + 1})" in str(caught.value)
    assert SECRET not in told(caught.value)


def test_slices_are_sorted_and_may_have_a_thousand_values(tmp_path: Path) -> None:
    """One more is refused, and so is a column in which most rows have their own, if a row is an item."""
    values = [f"v{number % SLICE_VALUES:04d}" for number in range(4_000)]
    with open_source(write(tmp_path, {"a": values, "b": ["ü", "B", "", None] * 1_000}), ["a", "b"]) as source:
        found = source.check_slices(["b", "a"], items=True)
    assert found == {"b": ["B", "unknown", "ü"], "a": sorted(set(values))}
    with open_source(write(tmp_path, {"a": [f"v{number}" for number in range(21)]}), ["a"]) as source:
        assert len(source.check_slices(["a"])["a"]) == 21
        assert source.check_slices([]) == {}
        with pytest.raises(SetupError, match="21 different values in 21 rows"):
            source.check_slices(["a"], items=True)


@pytest.mark.parametrize(
    ("classes", "written", "found"),
    [
        (("0", "1"), [0, 1], [0, 1]),
        (("0", "1"), [0.0, 1.0], [0, 1]),
        (("0", "1"), [False, True], [0, 1]),
        (("0", "1"), ["TRUE", "False", "yes", " 1", "01", ""], [1, 0, None, None, None, None]),
        (("safe", "harmful"), ["safe", "harmful", "Safe"], [0, 1, None]),
        (("0", "1", "2"), [2.0, 0.0, 1.5], [2, 0, None]),
        (("1", "1.0"), ["1", "1.0", "2"], [0, 1, None]),
        (("it's", 'a"b'), ["it's", 'a"b', "its"], [0, 1, None]),
    ],
)
@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_labels_are_places_in_the_vocabulary(
    tmp_path: Path, kind: str, classes: tuple[str, ...], written: list[Any], found: list[int | None]
) -> None:
    """However a tool writes 0 and 1; anything else to the letter."""
    with open_source(write(tmp_path, {"x": written, "other": [1] * len(written)}, kind), ["x"]) as source:
        rows = source.all(f"SELECT {class_index('x', classes)} FROM {source.relation} ORDER BY row")
    assert [row[0] for row in rows] == found


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_parts_of_an_id_are_joined_and_none_may_be_empty(tmp_path: Path, kind: str) -> None:
    """An empty part is a missing id, not a shorter one."""
    file = write(tmp_path, {"a": ["x", "", "y", None], "b": [1, 2, None, 4]}, kind)
    with open_source(file, ["a", "b"]) as source:
        rows = source.all(f"SELECT {item_id(['a', 'b'])} FROM {source.relation} ORDER BY row")
    assert [row[0] for row in rows][1:] == [None, None, None]
    assert rows[0][0] in ("x_1", "x_1.0")  # a column of numbers with a gap is one of fractions to pandas and JSON


@pytest.mark.parametrize(
    "value",
    ["en", "hi-Latn", "日本語", "(18, 25]", "[0,1)", "live title", "31-90d", "C++", "it's", "100 %", "a_b.c", "ไทย"],
)
def test_what_teams_slice_by_is_a_slice(tmp_path: Path, value: str) -> None:
    """Languages in any script, ranges as tools write them, a few words."""
    with open_source(write(tmp_path, {"a": [value, "b"] * 20}), ["a"]) as source:
        assert source.check_slices(["a"], items=True) == {"a": sorted([value, "b"])}


def test_the_value_of_a_slice_is_trimmed(tmp_path: Path) -> None:
    """Blanks around it would make two slices of one."""
    with open_source(write(tmp_path, {"a": [" en", "en ", "  ", "en"]}), ["a"]) as source:
        assert source.all(f"SELECT DISTINCT {slice_value('a')} AS v FROM {source.relation} ORDER BY v") == [
            ("en",), ("unknown",),
        ]  # fmt: skip


def test_numbers_are_read_as_they_are_written(tmp_path: Path) -> None:
    """A float32 is the number that it was written as, to the last digit, and a double is itself."""
    exact = np.random.default_rng(1).random(2_000)
    narrow = np.round(exact, 4).astype(np.float32)
    pq.write_table(pa.table({"wide": exact, "narrow": narrow}), tmp_path / "n.parquet")
    with open_source(tmp_path / "n.parquet", ["wide", "narrow"]) as source:
        found = source.all(f"SELECT {number('wide')}, {number('narrow')} FROM {source.relation} ORDER BY row")
    assert [row[0] for row in found] == exact.tolist()
    assert [row[1] for row in found] == np.round(exact, 4).tolist()


@given(st.floats(0, 1, width=32), st.integers(0, 10_000))
def test_a_float32_passes_a_threshold_as_numpy_says(score: float, at: int) -> None:
    """What Steward reads of a float32 (its shortest digits) is at or above a threshold exactly where NumPy finds it."""
    read = float(str(np.float32(score)))
    assert (read >= at / 10_000) == bool(np.array([score], np.float32)[0] >= at / 10_000)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"), ("A.CSV", "csv"), ("a.b.tsv", "csv"), ("a.csv.gz", "csv"), ("a.parquet", "parquet"),
        ("a.pq", "parquet"), ("a.ndjson.gz", "jsonl"), ("a.parquet.gz", None), ("a.gz", None), ("csv", None),
        ("a.json", None), (".csv", None), ("a.csv.zip", None),
    ],
)  # fmt: skip
def test_the_name_of_a_file_tells_its_kind(name: str, kind: str | None) -> None:
    """Nothing else does."""
    assert kind_of(Path(name)) == kind


@pytest.mark.parametrize(
    "text", [f"{SECRET},1,2\n", f'"{SECRET}\n', f"{SECRET}\n", f"a,1\n{SECRET}\x00,1,1\n"], ids=str.__repr__
)
def test_nothing_that_duckdb_says_is_passed_on(tmp_path: Path, text: str) -> None:
    """Its messages quote the line; ours has no value in it, nor in its chain, nor in its context."""
    (tmp_path / "x.csv").write_text(f"item,n\n{text}", "utf-8")
    with pytest.raises(SetupError) as caught, open_source(tmp_path / "x.csv", NAMES):
        pass
    assert SECRET not in told(caught.value)
    assert "near line" in str(caught.value)
    assert caught.value.__suppress_context__


def test_an_error_in_a_query_is_not_passed_on_either(tmp_path: Path) -> None:
    """A conversion that fails would quote the value."""
    file = write(tmp_path, {"item": [SECRET], "n": [1]})
    with open_source(file, NAMES) as source, pytest.raises(SetupError) as caught:
        source.all(f"SELECT item::INTEGER FROM {source.relation}")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_the_file_is_all_that_can_be_read(tmp_path: Path) -> None:
    """Its folder and the folders named; no other, no network, also from a query."""
    (tmp_path / "other").mkdir()
    outside = write(tmp_path / "other", {"item": ["x"], "n": [1]})
    (tmp_path / "mine").mkdir()
    mine = write(tmp_path / "mine", {"item": ["x"], "n": [1]})
    with open_source(mine, NAMES) as source, pytest.raises(SetupError):
        source.all(f"SELECT * FROM read_parquet(['{outside}'])")


@pytest.mark.parametrize(("id", "opaque"), [("a-1_B", True), ("", False), ("a b", False), ("a.b", False), ("ü", False),
                                            ("a" * 64, True), ("a" * 65, False), ("a\n", False)])  # fmt: skip
def test_r1_what_an_opaque_id_is(tmp_path: Path, id: str, opaque: bool) -> None:
    """Sixty-four letters, digits, - and _; a line break at the end does not slip through."""
    with open_source(write(tmp_path, {"item": [id]}), ["item"]) as source:
        assert source.one(f"regexp_matches(item, '{OPAQUE}')")[0] is opaque
