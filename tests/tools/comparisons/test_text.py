"""What a comparison says: what the whole hides, what chance alone would show, what turns round; never a certainty."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from tests.tools.asked import ask, asking, certainty
from tests.tools.bench import POLICY, Bench, Columns
from tests.tools.runs_made import done
from tools.comparisons.compare import COMPARE_MODELS
from tools.registry import register
from tools.results import Result
from tools.workspace import Call

SIDES = {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7", "dataset": "golden 2026-10"}


def _compared(engine: Engine, bench: Bench, columns: Columns, **more: Any) -> Result:
    """`echo v2` against `echo v1` on items whose decisions a test has chosen."""
    n = len(columns["label"])
    made = {name: np.where(columns[name], 0.9, 0.1).astype(np.float32) for name in ("old", "new")}
    bench.dataset("1", {
        "item_id": [f"i{at}" for at in range(n)], "label": np.asarray(columns["label"], np.int8),
        "not_old": 1 - made["old"], "old": made["old"], "not_new": 1 - made["new"], "new": made["new"],
        "policy": [POLICY] * n, "language": columns["language"],
    }, dimensions={"policy": [POLICY], "language": sorted(set(columns["language"]))})  # fmt: skip
    register(engine, bench.root, bench.registry)
    for model in ("echo@v1", "echo@v2"):
        done(engine, bench.root, model)
    return ask(COMPARE_MODELS, asking(engine, bench.root), model="echo v2", baseline="echo v1", **more)


def _slice(name: str, label: int, both: int, new: int, old: int, neither: int) -> Columns:
    """Items of one slice and label: how many both, only the new, only the old, none of them flags."""
    n = both + new + old + neither
    return {
        "label": np.full(n, label),
        "new": np.repeat([True, True, False, False], [both, new, old, neither]),
        "old": np.repeat([True, False, True, False], [both, new, old, neither]),
        "language": [name] * n,
    }


def _together(*parts: Columns) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def test_a_whole_that_hides_a_regression_says_so(call: Call) -> None:
    """As planted: better overall, worse on romanised Hindi, with the share of positives it holds."""
    lines = ask(COMPARE_MODELS, call, **SIDES, metrics=["recall"]).headline.split("\n")
    assert "Overall recall +0.043 (+0.014 to +0.072) hides it: hi-Latn holds 68 of the 541 positives." in lines


def test_nothing_is_said_to_be_hidden_where_the_whole_is_worse_too(call: Call) -> None:
    """The headline says it already."""
    headline = ask(COMPARE_MODELS, call, **SIDES, metrics=["recall"], filters={"language": ["hi-Latn"]}).headline
    assert "regressed" in headline
    assert "hides it" not in headline


def test_three_red_of_forty_is_named_as_chance(engine: Engine, bench: Bench) -> None:
    """Three slices have p below .05 alone, none is left after adjusting: no change shown, and why."""
    parts = [_slice(f"l{at:02}", 1, 15, 0, 7 if at < 3 else 1, 1 if at < 3 else 7) for at in range(40)]
    result = _compared(engine, bench, _together(*parts), metrics=["recall"], group_by=["language"])
    assert "Recall in 40 slices by language: 40 no change shown." in result.headline
    assert (
        "Each tested alone, 3 of 40 slices would look changed (p below 0.05); by chance about 2 would. After adjusting"
        " for their number none is left."
    ) in result.headline


def test_without_a_red_slice_chance_is_not_mentioned(call: Call) -> None:
    """Nor where a slice is left after adjusting."""
    assert "by chance" not in ask(COMPARE_MODELS, call, **SIDES, metrics=["recall"]).headline
    assert "by chance" not in ask(COMPARE_MODELS, call, **SIDES, metrics=["fpr"], group_by=["surface"]).headline


def test_a_reversal_of_precision_is_pointed_out(engine: Engine, bench: Bench) -> None:
    """Better in both languages, worse overall, because the new version flags the harder language."""
    columns = _together(
        _slice("en", 1, 80, 9, 380, 31), _slice("en", 0, 2, 0, 12, 486),
        _slice("es", 1, 60, 340, 10, 90), _slice("es", 0, 60, 190, 10, 240),
    )  # fmt: skip
    headline = _compared(engine, bench, columns, metrics=["precision"], group_by=["language"]).headline
    assert "(Simpson's paradox): precision goes down as a whole, up in 2 of 2 slices" in headline


def test_holm_is_for_gates_and_said(call: Call) -> None:
    """Stricter than Benjamini-Hochberg, by name in the caveat and in the query."""
    loose, strict = (
        ask(COMPARE_MODELS, call, **SIDES, metrics=["recall"], group_by=["language"], correction=name)
        for name in ("benjamini-hochberg", "holm")
    )
    assert "(Benjamini-Hochberg)" in loose.caveats[0]
    assert "(Holm)" in strict.caveats[0]
    assert strict.query["correction"] == "holm"
    for name in {row["slice"] for row in loose.rows}:
        p = [next(row["p"] for row in result.rows if row["slice"] == name) for result in (loose, strict)]
        assert p[0] <= p[1]
    assert sum(row["p"] for row in strict.rows) > sum(row["p"] for row in loose.rows)


def test_a_rate_that_is_neither_good_nor_bad_has_changed(engine: Engine, bench: Bench) -> None:
    """More flags are not better or worse by themselves."""
    columns = _together(_slice("en", 1, 50, 30, 0, 20), _slice("en", 0, 5, 20, 0, 175))
    headline = _compared(engine, bench, columns, metrics=["flagged_rate"]).headline
    assert "50 only v2, 0 only v1, p <0.001: **changed**." in headline


@pytest.mark.parametrize("metric", ["precision", "f1", "mcc", "balanced_accuracy", "accuracy", "auc"])
def test_without_an_error_nothing_is_called_certain(engine: Engine, bench: Bench, metric: str) -> None:
    """All right on both sides: counts or words, and an interval with room (R18)."""
    columns = _together(_slice("en", 1, 24, 0, 0, 0), _slice("en", 0, 0, 0, 0, 24))
    result = _compared(engine, bench, columns, metrics=[metric], group_by=["language"])
    line = result.headline.split("\n")[1]
    assert certainty(line.split("): ")[1].split(", p ")[0].split(", 0 right only")[0].split(", 0 only")[0]) is None
    (row,) = result.rows
    assert row["low"] < -0.01 < 0.01 < row["high"]
    assert row["verdict"] == "no change shown"


def test_metrics_that_live_traffic_would_change_say_so(call: Call) -> None:
    """Precision and its kin; recall and the false positive rate do not."""
    said = [ask(COMPARE_MODELS, call, **SIDES, metrics=[name]).caveats for name in ("precision", "recall")]
    assert "Precision: on this set only, live traffic has another share of positives." in said[0]
    assert not any("live traffic" in caveat for caveat in said[1])


def test_a_version_that_was_trained_on_the_set_is_named(engine: Engine, bench: Bench) -> None:
    """Its numbers flatter it."""
    bench.models["v2"]["trained_on"] = "gold@1"
    columns = _together(_slice("en", 1, 50, 30, 0, 20), _slice("en", 0, 5, 20, 0, 175))
    assert "Trained on this set, so flattered by it: echo v2." in _compared(engine, bench, columns).caveats
