"""A report over a file: the figures of scikit-learn in every slice, with intervals, in one pass."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    fbeta_score,
    matthews_corrcoef,
    precision_score,
    recall_score,
)

from tools.errors import SetupError
from tools.slice_report import AT_ONCE, slice_report

MODELS = {"v7": ("a", 0.42), "v8": ("b", 0.57)}
INDEPENDENT = {
    "precision": precision_score, "recall": recall_score, "f1": f1_score, "accuracy": accuracy_score,
    "balanced_accuracy": balanced_accuracy_score, "mcc": matthews_corrcoef,
    "f2": lambda gold, flagged: fbeta_score(gold, flagged, beta=2),
    "fpr": lambda gold, flagged: (lambda c: c[0, 1] / c[0].sum())(confusion_matrix(gold, flagged, labels=[0, 1])),
}  # fmt: skip
Table = dict[str, Any]


def rows(n: int = 8_000, seed: int = 1) -> Table:
    """Two models on the same items of forty slices."""
    draw = np.random.default_rng(seed)
    gold = (draw.random(n) < 0.3).astype(np.int8)
    noise = draw.normal(0, 0.15, n)
    scores = (np.clip(0.3 + 0.3 * gold + noise + draw.normal(0, 0.15, n), 0, 1) for _ in range(2))
    one, two = (np.round(score, 2) for score in scores)
    return {
        "gold": gold, "a": one, "b": two, "policy": draw.choice([f"p{number}" for number in range(8)], n),
        "language": draw.choice(["en", "es", "hi", "pt", "tl"], n),
    }  # fmt: skip


def write(folder: Path, content: Table) -> Path:
    """The columns as Parquet."""
    pq.write_table(pa.table({name: pa.array(values) for name, values in content.items()}), folder / "p.parquet")
    return folder / "p.parquet"


def test_every_metric_of_every_slice_is_that_of_scikit_learn(tmp_path: Path) -> None:
    """Values of both models and their differences, in forty slices."""
    content = rows()
    report = slice_report(write(tmp_path, content), "gold", MODELS, ["policy", "language"], list(INDEPENDENT), 200)
    assert (len(report.slices), report.models) == (40, ("v7", "v8"))
    for at, (policy, language) in enumerate(report.slices):
        mine = (content["policy"] == policy) & (content["language"] == language)
        gold = content["gold"][mine]
        assert (report.n[at], report.positives[at]) == (mine.sum(), gold.sum())
        for name, metric in INDEPENDENT.items():
            each = [metric(gold, content[column][mine] >= threshold) for column, threshold in MODELS.values()]
            np.testing.assert_allclose(report.values[name].value[at], each, rtol=1e-12)
            np.testing.assert_allclose(report.differences[name].value[at], each[1] - each[0], rtol=0, atol=1e-12)


def test_intervals_hold_the_value_and_narrow_with_n(tmp_path: Path) -> None:
    """For each metric, model and slice; of four times the items about half as wide."""
    small, large = (slice_report(write(tmp_path, rows(n)), "gold", MODELS, ["policy"]) for n in (4_000, 16_000))
    for report in (small, large):
        for found in (*report.values.values(), *report.differences.values()):
            assert np.all((found.low <= found.value) & (found.value <= found.high))
            assert np.all(found.low < found.high)
    widths = [np.mean(report.values["recall"].high - report.values["recall"].low) for report in (small, large)]
    assert 0.4 < widths[1] / widths[0] < 0.6


def test_the_interval_of_a_recall_is_about_that_of_the_bootstrap_of_rows(tmp_path: Path) -> None:
    """Made from items, one by one, as one would by hand."""
    content = rows(3_000)
    report = slice_report(write(tmp_path, content), "gold", MODELS, [])
    draw, positive = np.random.default_rng(5), content["gold"] == 1
    hit = [(content[column][positive] >= threshold).astype(float) for column, threshold in MODELS.values()]
    chosen = draw.integers(0, hit[0].size, (2_000, hit[0].size))
    for model in range(2):
        low, high = np.quantile(hit[model][chosen].mean(axis=1), [0.025, 0.975])
        found = report.values["recall"]
        assert found.low[0, model] == pytest.approx(low, abs=0.005)
        assert found.high[0, model] == pytest.approx(high, abs=0.005)
    low, high = np.quantile((hit[1] - hit[0])[chosen].mean(axis=1), [0.025, 0.975])
    assert report.differences["recall"].low[0] == pytest.approx(low, abs=0.005)
    assert report.differences["recall"].high[0] == pytest.approx(high, abs=0.005)


def test_one_model_has_values_and_no_differences(tmp_path: Path) -> None:
    """The same values as beside another."""
    path = write(tmp_path, rows())
    alone, both = (slice_report(path, "gold", models, ["policy"]) for models in ({"v7": ("a", 0.42)}, MODELS))
    assert alone.differences == {}
    np.testing.assert_array_equal(alone.values["f1"].value[:, 0], both.values["f1"].value[:, 0])
    assert alone.values["f1"].value.shape == (8, 1)


def test_two_thresholds_of_one_column_are_two_models(tmp_path: Path) -> None:
    """A lower threshold has no lower recall."""
    models = {"at .42": ("a", 0.42), "at .57": ("a", 0.57)}
    report = slice_report(write(tmp_path, rows()), "gold", models, ["policy"])
    assert np.all(report.differences["recall"].value < 0)
    assert np.all(report.values["recall"].value[:, 0] > report.values["recall"].value[:, 1])


def test_a_model_never_differs_from_itself(tmp_path: Path) -> None:
    """The difference is nought; its interval holds nought."""
    content = rows() | {"b": rows()["a"]}
    report = slice_report(write(tmp_path, content), "gold", {"x": ("a", 0.5), "y": ("b", 0.5)}, ["policy"])
    for found in report.differences.values():
        assert np.all(found.value == 0)
        assert np.all((found.low <= 0) & (found.high >= 0))


def test_what_is_not_defined_is_not_a_number(tmp_path: Path) -> None:
    """Recall of a slice without positives; never a division by nought, never 0 or 100 %."""
    content = {"gold": [0, 0, 1], "a": [0.1, 0.2, 0.9], "b": [0.1, 0.2, 0.9], "policy": ["none", "none", "some"]}
    report = slice_report(write(tmp_path, content), "gold", MODELS, ["policy"])
    assert np.all(np.isnan([report.values["recall"].value[0], report.values["recall"].low[0]]))
    assert np.isnan(report.differences["recall"].high[0])
    assert not np.isnan(report.values["recall"].value[1]).any()
    assert report.values["recall"].low[1, 0] < 0.6


def test_many_slices_are_drawn_in_parts(tmp_path: Path) -> None:
    """The memory does not grow with them, and a slice is the same whatever comes after it."""
    n = 3 * AT_ONCE
    content = rows(n * 20) | {"policy": [f"s{number % n:04d}" for number in range(n * 20)]}
    report = slice_report(write(tmp_path, content), "gold", MODELS, ["policy"], draws=100)
    assert report.values["recall"].value.shape == (n, 2)
    assert report.differences["f1"].low.shape == (n,)
    first = [name < f"s{AT_ONCE:04d}" for name in content["policy"]]
    part = {name: np.asarray(values)[first] for name, values in content.items()}
    again = slice_report(write(tmp_path, part), "gold", MODELS, ["policy"], draws=100)
    np.testing.assert_array_equal(again.values["f1"].low, report.values["f1"].low[:AT_ONCE])


def test_an_empty_file_has_no_slices(tmp_path: Path) -> None:
    """And no error."""
    report = slice_report(write(tmp_path, {name: values[:0] for name, values in rows(10).items()}), "gold", MODELS, [])
    assert report.slices == ()
    assert report.rows() == []


def test_the_same_file_gives_the_same_report_by_its_rows(tmp_path: Path) -> None:
    """Draws begin at one seed; the rows for a data frame have a line a slice, model and metric."""
    path = write(tmp_path, rows(2_000))
    one, two = (slice_report(path, "gold", MODELS, ["language"], ["recall", "fpr"]).rows() for _ in range(2))
    assert one == two
    assert len(one) == 5 * 2 * 2
    assert one[0].keys() == {"slice", "model", "metric", "n", "positives", "value", "low", "high"}
    assert slice_report(path, "gold", MODELS, [], ["recall"]).rows()[0]["slice"] == "all"


def test_what_a_report_cannot_be_is_said(tmp_path: Path) -> None:
    """Three models, a metric that counts do not define, a column that is not there."""
    path = str(write(tmp_path, rows(50)))
    with pytest.raises(ValueError, match="one model, or two"):
        slice_report(path, "gold", {**MODELS, "v9": ("a", 0.1)}, [])
    with pytest.raises(ValueError, match="one model, or two"):
        slice_report(path, "gold", {}, [])
    with pytest.raises(ValueError, match="not a metric of counts: auc"):
        slice_report(path, "gold", MODELS, [], ["auc"])
    with pytest.raises(SetupError, match=r"no column golden\. It has: gold"):
        slice_report(path, "golden", MODELS, [])
