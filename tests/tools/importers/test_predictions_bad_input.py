"""What cannot be imported is refused by column, row and count, without a word of what stands in the file."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from tests.tools.importers.conftest import Predict
from tests.tools.importers.files import SECRET, Table, table, told, write
from tests.tools.state import state
from tools.errors import SetupError
from tools.importers.keyed import FILE as KEY
from tools.importers.request import ScoredModel
from tools.importers.scores import Scaling

KINDS = ("parquet", "csv", "jsonl")
every_kind = pytest.mark.parametrize("kind", KINDS)


def in_turn(values: list[Any]) -> list[tuple[str, Any]]:
    """Each value in one kind of file, the kinds in turn: three times as many tests would say no more."""
    return [(KINDS[at % 3], value) for at, value in enumerate(values)]


@pytest.fixture
def refused(predict: Predict, engine: Engine, data: Path) -> Callable[..., str]:
    """Imports what must be refused; nothing is written then, nothing of the file is said. Returns what is said."""

    def import_(content: Table, kind: str = "parquet", **changed: Any) -> str:
        before = state(engine, data)
        with pytest.raises(SetupError) as caught:
            predict(content, kind, **changed)
        after = state(engine, data)
        assert after.rows == before.rows
        assert set(after.files) - set(before.files) <= {f"{KEY}: 64"}
        assert set(before.files) <= set(after.files)
        said = told(caught.value)
        assert SECRET not in said
        assert SECRET.split("-")[0] not in said
        return str(caught.value)

    return import_


Refused = Callable[..., str]


def changed(column: str, rows: dict[int, Any], n: int = 30) -> Table:
    """The table with some fields of a column changed; rows count from 1, as messages do."""
    content = table(n)
    for row, value in rows.items():
        content[column][row - 1] = value
    return content


@every_kind
def test_r1_an_undeclared_text_column_is_named_and_not_read(refused: Refused, kind: str) -> None:
    """By its name; also when only the last row of thousands holds a word."""
    said = refused(table(30) | {"caption": [SECRET] * 30}, kind)
    assert "undeclared text column(s) caption" in said
    assert "R1" in said
    late = (
        table(25_000) | {"note": [*[1.5] * 24_999, SECRET]} if kind != "parquet" else table(9) | {"note": [SECRET] * 9}
    )
    assert "undeclared text column(s) note" in refused(late, kind)


@pytest.mark.parametrize("values", [[[1, 2]], [{"a": 1}], [b"\x01\x02"]], ids=["list", "object", "bytes"])
def test_r1_what_is_no_plain_number_is_text(refused: Refused, values: list[Any]) -> None:
    """The tokens of a text are that text; so are its bytes."""
    assert "undeclared text column(s) tokens" in refused(table(30) | {"tokens": values * 30})
    assert "tokens" in refused(table(30) | {"tokens": values * 30}, slices=("language", "tokens"))


def test_r1_lists_and_objects_of_json_are_no_values(refused: Refused) -> None:
    """Undeclared or declared."""
    nested = table(30) | {"deep": [{"text": SECRET}] * 30, "list": [[SECRET]] * 30}
    assert "undeclared text column(s) deep, list" in refused(nested, "jsonl")
    assert "Column(s) deep, list" in refused(nested, "jsonl", slices=("language", "deep", "list"))


@pytest.mark.parametrize(
    ("kind", "value"),
    in_turn([
        f"https://{SECRET}.example/x", f"/home/{SECRET}.jpg", f"{SECRET}.mp4", f"{SECRET}@example", f"{SECRET} today",
        f"a{SECRET}" * 6, f"{SECRET}:x", f"{SECRET}\u200b", f"{SECRET}é",
    ]),
)  # fmt: skip
def test_r1_r7_an_id_that_tells_something_is_refused(refused: Refused, kind: str, value: str) -> None:
    """Addresses, paths, file names, e-mails, text: column, row and count."""
    said = refused(changed("item", {7: value, 9: value}), kind)
    assert said.startswith("Column item of scores.")
    assert "is not opaque in 2 rows (the first is row 7)" in said
    assert "(R1, R7)" in said


@pytest.mark.parametrize(
    ("kind", "value"),
    in_turn([
        f"https://{SECRET}.example", f"{SECRET}@example", f"../{SECRET}", f"{SECRET} we can talk about it there",
        f"<{SECRET}>", SECRET * 5, f"{SECRET}\nnext line", f"{SECRET}\ttab", f"time: {SECRET}",
        "\u00a0".join([SECRET] * 3), f"{SECRET}\x1b[31m", SECRET + 40 * "語",
    ]),
)  # fmt: skip
def test_r1_a_slice_that_holds_content_is_refused(refused: Refused, kind: str, value: str) -> None:
    """More than a few short words, an address, a path: column, row and count."""
    said = refused(changed("language", {3: value}), kind)
    assert "Column language of scores" in said
    assert "in 1 row (the first is row 3)" in said


def test_r1_a_slice_with_a_value_of_its_own_in_most_rows_is_no_slice(refused: Refused) -> None:
    """However short they are: names, ids and short messages look like that; so do a thousand different values."""
    content = table(60) | {"language": [f"{SECRET} {number}" for number in range(60)]}
    assert "60 different values in 60 rows" in refused(content)
    many = table(6_000) | {"language": [f"{SECRET}{number % 2_500}" for number in range(6_000)]}
    assert "different values" in refused(many)
    few = table(6_000) | {"language": [f"{SECRET}{number % 1_001}" for number in range(6_000)]}
    assert "has 1,001 different values; a slice has at most 1,000 (R1)" in refused(few)


@every_kind
def test_missing_and_duplicate_ids_are_counted(refused: Refused, kind: str) -> None:
    """An empty id is missing, whatever the kind of file; of three equal ids two are too many."""
    assert "Column item" in (said := refused(changed("item", {4: None, 8: ""}), kind))
    assert "has no id in 2 rows (the first is row 4)" in said
    said = refused(changed("item", {5: SECRET, 11: SECRET, 20: SECRET}), kind)
    assert "Column item of scores" in said
    assert "has 2 duplicate id(s) (the first is row 11)" in said


def test_duplicates_of_a_registered_dataset_and_of_many_rows_are_counted(predict: Predict, refused: Refused) -> None:
    """Also where thousands are equal, and under a composite id."""
    predict(table(30))
    assert "1 duplicate id(s) (the first is row 30)" in refused(changed("item", {30: "i-0000"}))
    many = table(5_000)
    many["item"] = [f"{SECRET}-{number // 2}" for number in range(5_000)]
    assert "has 2,500 duplicate id(s) (the first is row 2)" in refused(many, dataset="many")
    many["part"] = [number % 3 for number in range(5_000)]
    many["item"][2] = many["item"][0]
    many["part"][2] = many["part"][0]
    assert "Column item+part" in (said := refused(many, ids=("item", "part"), dataset="many"))
    assert "1 duplicate id(s) (the first is row 3)" in said


@every_kind
def test_labels_outside_the_vocabulary_are_refused(refused: Refused, kind: str) -> None:
    """Of the gold and of decisions; what is missing is said to be missing."""
    text = [str(value) for value in table(30)["gold"]]
    outside = {**table(30), "gold": [*text[:5], SECRET, *text[6:]]}
    said = refused(outside, kind)
    assert "Column gold of scores" in said
    assert "has a label outside the vocabulary in 1 row (the first is row 6)" in said
    assert "Known are 0, 1" in said
    assert "has no label in 2 rows (the first is row 2)" in refused(changed("gold", {2: None, 3: None}), kind)
    decided = table(30) | {"flagged": [*text[:9], "2", *text[10:]]}
    said = refused(decided, kind, models=(ScoredModel("m", "v1", decision="flagged"),))
    assert "Column flagged" in said
    assert "row 10)" in said
    several = table(30) | {"gold": [SECRET, *["mild", "severe"] * 14, "mild"], "said": ["mild"] * 30}
    severe = {"classes": ("mild", "severe", "worst"), "models": (ScoredModel("m", "v1", decision="said"),)}
    assert "outside the vocabulary in 1 row (the first is row 1)" in refused(several, kind, **severe)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (float("nan"), "NaN or infinity"), (float("inf"), "NaN or infinity"), (float("-inf"), "NaN or infinity"),
        (None, "has no number"), (1.5, "lies outside 0 to 1"), (-0.001, "lies outside 0 to 1"),
    ],
)  # fmt: skip
@every_kind
def test_scores_that_are_none_are_refused(refused: Refused, kind: str, value: float | None, what: str) -> None:
    """Not a number, infinite, missing, outside; JSON has no NaN, and what Python writes for it is refused as such."""
    said = refused(changed("one", {12: value, 13: value}), kind)
    assert "Column one of scores" in said
    assert what in said
    assert "in 2 rows (the first is row 12)" in said
    assert value is None or not re.search(rf"\b{value:g}\b", said)


@pytest.mark.parametrize(("kind", "value"), in_turn([SECRET, "", "0,5", "0x1", "١", "True", ""]))
def test_text_among_scores_is_refused(refused: Refused, kind: str, value: str) -> None:
    """A word, a decimal comma, other digits: no number is made of it."""
    content = table(30)
    content["one"] = [*map(str, content["one"][:20]), value, *map(str, content["one"][21:])]
    said = refused(content, kind)
    assert "Column one of scores" in said
    assert "in 1 row (the first is row 21)" in said


def test_scores_of_another_range_say_how_they_are_brought_to_ours(refused: Refused) -> None:
    """The message names the option; under it, what is outside the range that was said is refused."""
    content = table(30)
    content["one"] = [100 * score for score in content["one"]]
    assert "--scale" in refused(content)
    assert "lies outside 0 to 50" in refused(content, scaling=Scaling("range", 0, 50))


@pytest.mark.parametrize(("column", "value"), [("weight", 0), ("weight", -1), ("weight", None), ("author", None)])
def test_weights_are_above_nought_and_no_row_lacks_its_cluster(
    refused: Refused, column: str, value: float | None
) -> None:
    """Column, row and count."""
    said = refused(changed(column, {2: value}), cluster="author", weight="weight")
    assert f"Column {column} of scores.parquet" in said
    assert "in 1 row (the first is row 2)" in said


def test_r16_rows_of_another_dataset_another_gold_or_too_few_are_refused(predict: Predict, refused: Refused) -> None:
    """Each by row and count; `--partial` allows the last alone."""
    predict(table(30))
    mixed = changed("item", {29: SECRET, 30: f"{SECRET}2"})
    assert "2 row(s) of scores.parquet are no items of gold 1 (the first is row 29)" in refused(mixed, partial=True)
    relabelled = table(30)
    relabelled["gold"][3] = 1 - relabelled["gold"][3]
    said = refused(relabelled, partial=True)
    assert "1 row(s) of scores.parquet have another label than gold 1 (the first is row 4)" in said
    assert "R16" in said
    few = {name: values[:29] for name, values in table(30).items()}
    assert "has 29 of the 30 items of gold 1" in (said := refused(few, models=(ScoredModel("m", "v2", "two"),)))
    assert "--partial" in said


def test_other_predictions_under_the_same_version_are_refused(predict: Predict, refused: Refused) -> None:
    """One changed score is another version."""
    (run,) = predict(table(30))
    said = refused(changed("one", {8: 0.99}))
    assert "m v1 has a run on gold 1 already" in said
    assert run.run in said
    assert "--version" in said


def test_what_the_registered_dataset_has_not_is_refused(predict: Predict, refused: Refused) -> None:
    """Another vocabulary, an unknown slice, clusters or weights that its answers would not allow for."""
    predict(table(30))
    assert "--classes 0,1" in refused(table(30), classes=("no", "yes"))
    assert "gold 1 has no slice weight" in refused(table(30), slices=("language", "weight"))
    assert "without --cluster" in refused(table(30), cluster="author")
    assert "without --weight" in refused(table(30), weight="weight")


def test_a_dataset_of_counts_takes_no_predictions(refused: Refused, engine: Engine, data: Path, tmp_path: Path) -> None:
    """There are no items to join them to."""
    from tools.importers.dataset import DatasetImport, import_dataset

    counts = write(tmp_path, {"language": ["en"], "label": [1], "n": [30]}, name="counts")
    import_dataset(engine, data, DatasetImport(counts, "gold", "1", slices=("language",), count="n"))
    assert "only counts are known" in refused(table(30))


def test_a_changed_file_of_the_dataset_is_named(predict: Predict, refused: Refused, data: Path) -> None:
    """Not the file that is imported: that one is well."""
    predict(table(30))
    (data / "datasets" / "gold-1.parquet").write_bytes(b"x")
    assert "The file of gold 1" in refused(table(30), models=(ScoredModel("m", "v2", "two"),))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"models": ()}, "--model"),
        ({"models": (ScoredModel("m", "v1"),)}, "scores or of the decisions"),
        ({"models": (ScoredModel("m", "v1", "one"), ScoredModel("M", "v1", "two"))}, "same name and version"),
        ({"models": (ScoredModel("m", "v1", "one"), ScoredModel("m", "v2", "one"))}, "named for two things"),
        ({"models": (ScoredModel("m", "v1", "gold"),)}, "Column(s) gold are named for two things"),
        ({"models": (ScoredModel("../m", "v1", "one"),)}, "--model must be"),
        ({"models": (ScoredModel("m", "v 1", "one"),)}, "--version must be"),
        ({"models": (ScoredModel("m" * 65, "v1", "one"),)}, "--model must be"),
        ({"dataset": "a/b"}, "--dataset must be"),
        ({"dataset_version": ""}, "--dataset-version must be"),
        ({"threshold": float("nan")}, "--threshold"),
        ({"threshold": 1.5}, "--threshold"),
        ({"threshold": 0.12345}, "four decimals"),
        ({"classes": ()}, "--classes"),
        ({"classes": ("a",)}, "--classes"),
        ({"classes": ("a", "a")}, "--classes"),
        ({"classes": ("0", "1", "2")}, "--decision, not --score"),
        ({"policy": "p" * 101}, "--policy"),
        ({"guideline_version": "g" * 51}, "--guideline"),
        ({"gold_version": ""}, "--gold-version"),
        ({"ids": ()}, "--id"),
        ({"label": ""}, "--label"),
        ({"where": "language"}, "--where is COLUMN=VALUE"),
        ({"where": "=x"}, "--where is COLUMN=VALUE"),
        ({"where": f"language={SECRET}"}, "no rows with language as asked"),
        ({"slices": ("score",)}, "--slices"),
        ({"models": (ScoredModel("m", "v1", "onn"),)}, "has no column onn. It has: one"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_is_refused_before_anything_is_written(
    refused: Refused, wanted: dict[str, Any], said: str
) -> None:
    """What is missing, doubled, or no name; the message says which option."""
    assert said in refused(table(30) | {"score": [1] * 30}, **wanted)


def test_a_model_that_differs_in_case_alone_is_another_ones_name(predict: Predict, refused: Refused) -> None:
    """People could not tell them apart."""
    predict(table(30))
    assert "could not be told from m v1" in refused(table(30), models=(ScoredModel("M", "v1", "two"),))


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_column_called_row_cannot_be_declared(refused: Refused, kind: str) -> None:
    """Messages count rows; the column's values must not pass for them."""
    content = table(30)
    content["Row"] = content.pop("item")
    assert "called row" in refused(content, kind, ids="Row")


def test_a_name_of_a_column_cannot_write_to_the_terminal(refused: Refused) -> None:
    """Control characters in it are not passed on, and a long one is cut."""
    content = table(30) | {"a\x1b[31mb": [SECRET] * 30, "x" * 500: [SECRET] * 30}
    said = refused(content, "jsonl")
    assert "a?[31mb" in said
    assert "x" * 65 not in said


def test_a_column_of_dates_or_yes_and_no_is_no_score(refused: Refused, tmp_path: Path) -> None:
    """DuckDB could not compare them, and says so with a value."""
    dates = pa.array(np.array(["2026-01-01"] * 30, "datetime64[D]"))
    content = {name: pa.array(values) for name, values in table(30).items() if name != "one"}
    pq.write_table(pa.table(content | {"one": dates}), tmp_path / "dates.parquet")
    said = refused({}, file=tmp_path / "dates.parquet")
    assert "has something that is not a number in 30 rows" in said
