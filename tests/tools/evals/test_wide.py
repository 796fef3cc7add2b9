"""One pass over a file of predictions counts what NumPy counts, or refuses the file without a word of what it holds."""

import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from tools.errors import SetupError
from tools.evals.wide import MOST_MODELS, count_decisions

SECRET = "meet-me-at-noon"
Table = dict[str, Any]


def rows(n: int = 4_000, seed: int = 2) -> Table:
    """Labels, three columns of scores of two decimals, and 40 slices."""
    draw = np.random.default_rng(seed)
    label = (draw.random(n) < 0.2).astype(np.int8)
    scores = {name: np.round(np.clip(0.3 + 0.3 * label + draw.normal(0, 0.2, n), 0, 1), 2) for name in "abc"}
    return {
        "label": label, **scores, "policy": draw.choice([f"p{number}" for number in range(8)], n),
        "language": draw.choice(["en", "es", "hi", "日本語", "it's"], n),
    }  # fmt: skip


def write(folder: Path, content: Table, name: str = "p.parquet") -> Path:
    """The columns as Parquet."""
    pq.write_table(pa.table({column: pa.array(values) for column, values in content.items()}), folder / name)
    return folder / name


def counted(content: Table, scores: list[tuple[str, float]], mine: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The counts of one slice by NumPy alone."""
    out = np.zeros((2, *[2] * len(scores)), np.int64)
    flagged = [(content[column] >= threshold).astype(int) for column, threshold in scores]
    np.add.at(out, tuple(one[mine] for one in (content["label"].astype(int), *flagged)), 1)
    return out


@pytest.mark.parametrize("models", [1, 2, 3])
def test_combinations_of_decisions_are_counted_by_slice(tmp_path: Path, models: int) -> None:
    """Every label with every decision of every model, in forty slices."""
    content = rows()
    scores = list(zip("abc", (0.42, 0.57, 0.69), strict=True))[:models]
    found = count_decisions(write(tmp_path, content), "label", dict(scores), ["policy", "language"])
    assert len(found.slices) == 40
    assert list(found.slices) == sorted(found.slices)
    for name, counts in zip(found.slices, found.counts, strict=True):
        mine = (content["policy"] == name[0]) & (content["language"] == name[1])
        np.testing.assert_array_equal(counts, counted(content, scores, mine))


def test_without_slices_there_is_one_of_all(tmp_path: Path) -> None:
    """And of no row there is none."""
    content = rows(50)
    found = count_decisions(write(tmp_path, content), "label", {"a": 0.5}, [])
    assert found.slices == ((),)
    assert found.counts.sum() == 50
    empty = {name: values[:0] for name, values in content.items()}
    assert count_decisions(write(tmp_path, empty), "label", {"a": 0.5}, ["policy"]).slices == ()


def test_one_column_may_have_two_thresholds(tmp_path: Path) -> None:
    """In pairs; the stricter flags what the other flags, and less."""
    content, scores = rows(), [("a", 0.42), ("a", 0.57)]
    found = count_decisions(write(tmp_path, content), "label", scores, [])
    np.testing.assert_array_equal(found.counts[0], counted(content, scores, np.ones(4_000, bool)))
    assert found.counts[0, :, 0, 1].sum() == 0


@pytest.mark.parametrize("kind", ["int64", "bool", "float64", "string"])
def test_labels_may_be_written_in_several_ways(tmp_path: Path, kind: str) -> None:
    """0 and 1, true and false, 1.0, or digits in text."""
    content = rows(200)
    expected = count_decisions(write(tmp_path, content), "label", {"a": 0.5}, []).counts
    label = content["label"].astype(str) if kind == "string" else content["label"].astype(kind)
    found = count_decisions(write(tmp_path, content | {"label": label}), "label", {"a": 0.5}, [])
    np.testing.assert_array_equal(found.counts, expected)


@pytest.mark.parametrize("threshold", [0.42, 0.57, 0.1, 0.3])
def test_a_float32_is_compared_as_numpy_compares_it(tmp_path: Path, threshold: float) -> None:
    """A float32 of .42 is at the threshold .42."""
    content = rows()
    content["a"] = content["a"].astype(np.float32)
    found = count_decisions(write(tmp_path, content), "label", {"a": threshold}, [])
    np.testing.assert_array_equal(found.counts[0], counted(content, [("a", threshold)], np.ones(4_000, bool)))


@pytest.mark.parametrize("name", ["kind", "label2", 'say "x"', "a, b", "count_star()", "ü", "policy; --"])
def test_columns_may_have_any_name(tmp_path: Path, name: str) -> None:
    """As slice, as scores and as label."""
    content = rows(300)
    expected = count_decisions(write(tmp_path, content), "label", {"a": 0.5}, ["policy"])
    for column, wanted in (
        ("policy", ("label", "a", name)), ("a", ("label", name, "policy")), ("label", (name, "a", "policy")),
    ):  # fmt: skip
        renamed = {name if held == column else held: values for held, values in content.items()}
        label, scores, cut = wanted
        found = count_decisions(write(tmp_path, renamed), label, {scores: 0.5}, [cut])
        np.testing.assert_array_equal(found.counts, expected.counts)


def test_a_missing_slice_value_is_unknown(tmp_path: Path) -> None:
    """And the same as where the file says so itself; numbers are slices too."""
    content = rows(40) | {"policy": [None, "unknown", "None", "x"] * 10, "age": [1, 2, None, None] * 10}
    found = count_decisions(write(tmp_path, content), "label", {"a": 0.5}, ["policy"])
    assert dict(zip(found.slices, found.counts.sum(axis=(1, 2)).tolist(), strict=True)) == {
        ("None",): 10, ("unknown",): 20, ("x",): 10,
    }  # fmt: skip
    ages = count_decisions(write(tmp_path, content), "label", {"a": 0.5}, ["age"])
    assert [name for (name,) in ages.slices] == ["1", "2", "unknown"]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("a", [0.5, None]), ("a", [0.5, float("nan")]), ("a", ["0.5", SECRET]), ("label", [0, None]), ("label", [0, 2]),
        ("label", [0, -1]), ("label", [0.0, 0.5]), ("label", ["0", SECRET]), ("label", [0, 100]),
    ],
)  # fmt: skip
def test_rows_without_label_or_score_are_refused(tmp_path: Path, column: str, values: list[Any]) -> None:
    """Missing, not a number, another label: nothing of it is counted, nothing of it is said."""
    content = {"label": [0, 1], "a": [0.1, 0.9]} | {column: values}
    with pytest.raises(SetupError, match="rows without a score, or a label that is not 0 or 1") as caught:
        count_decisions(write(tmp_path, content), "label", {"a": 0.5}, [])
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("label", "scores", "slices", "said"),
    [
        ("lable", {"a": 0.5}, [], r"no column lable. It has: .*label"),
        ("label", {"d": 0.5}, [], "no column d"),
        ("label", {"a": 0.5}, ["polices"], r"no column polices. It has: .*policy"),
        ("label", {}, [], f"1 to {MOST_MODELS}"),
        ("label", {str(number): 0.5 for number in range(MOST_MODELS + 1)}, [], f"1 to {MOST_MODELS}"),
    ],
)
def test_columns_that_are_not_there_are_named(
    tmp_path: Path, label: str, scores: dict[str, float], slices: list[str], said: str
) -> None:
    """With the nearest that are."""
    with pytest.raises(SetupError, match=said):
        count_decisions(write(tmp_path, rows(20)), label, scores, slices)


@pytest.mark.parametrize("threshold", [float("nan"), float("inf")])
def test_a_threshold_is_a_number(tmp_path: Path, threshold: float) -> None:
    """A caller's mistake, not the file's."""
    with pytest.raises(ValueError, match="finite"):
        count_decisions(write(tmp_path, rows(20)), "label", {"a": threshold}, [])


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Missing, of another kind, cut off; of one in the middle nothing is quoted."""
    with pytest.raises(SetupError, match=r"no file none\.parquet"):
        count_decisions(tmp_path / "none.parquet", "label", {"a": 0.5}, [])
    (tmp_path / "p.csv").write_text(f"label,a\n1,{SECRET}\n")
    whole = write(tmp_path, rows(2_000), "cut.parquet")
    whole.write_bytes(whole.read_bytes()[:2_000])
    for name in ("p.csv", "cut.parquet"):
        with pytest.raises(SetupError, match="cannot be read as Parquet") as caught:
            count_decisions(tmp_path / name, "label", {"a": 0.5}, [])
        assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_bracket_in_a_name_is_no_pattern(tmp_path: Path) -> None:
    """The file is read, not the one beside it."""
    write(tmp_path, rows(30), "p1.parquet")
    assert count_decisions(write(tmp_path, rows(20), "p[1].parquet"), "label", {"a": 0.5}, []).counts.sum() == 20


def test_most_models_are_counted(tmp_path: Path) -> None:
    """Two to the seventh kinds of row."""
    scores = [("abc"[number % 3], 0.1 * number) for number in range(1, MOST_MODELS + 1)]
    found = count_decisions(write(tmp_path, rows()), "label", scores, [])
    np.testing.assert_array_equal(found.counts[0], counted(rows(), scores, np.ones(4_000, bool)))
