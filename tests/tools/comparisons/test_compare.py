"""`compare_models`: paired on the same items, tested with SciPy's numbers, and never over different sets."""

import re
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest, false_discovery_control
from sqlalchemy import Engine

from tests.tools.asked import ask, asking, certainty
from tests.tools.bench import POLICY, furnished
from tests.tools.runs_made import done
from tests.tools.sample import shipped
from tools.comparisons.compare import COMPARE_MODELS, FLOOR
from tools.errors import ToolError
from tools.registry import register
from tools.results import Result
from tools.stats.paired import Joint, difference_interval
from tools.workspace import Call

V7, RC1 = (shipped.run(f"bullying-text@{version}", "golden@2026-10") for version in ("v7", "v8-rc1"))
SIDES = {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7", "dataset": "golden 2026-10"}


def _joint(label: int, **values: str) -> Joint:
    """Candidate first, as the tool has it; counted by NumPy on the same rows."""
    rows = RC1.where(label, **values)
    a, b = (run.score[rows].astype(np.float64) >= run.threshold for run in (RC1, V7))
    return Joint(int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum()), int((~a & ~b).sum()))


def _row(result: Result, metric: str, name: str) -> dict[str, Any]:
    (found,) = [row for row in result.rows if (row["metric"], row["slice"]) == (metric, name)]
    return found


def test_the_two_runs_hold_the_same_items() -> None:
    """The oracle below relies on it."""
    assert np.array_equal(V7.columns["item_id"], RC1.columns["item_id"])


def test_the_whole_is_what_numpy_and_scipy_say(call: Call) -> None:
    """Difference, interval, discordant items and p in the headline."""
    headline = ask(COMPARE_MODELS, call, **SIDES).headline
    assert f"on the same {len(V7.score):,} items." in headline
    for title, label in (("Recall", 1), ("False positive rate", 0)):
        joint = _joint(label)
        delta, low, high = difference_interval(joint)
        p = binomtest(joint.only_a, joint.only_a + joint.only_b).pvalue
        assert f"**{title} {delta:+.3f}** ({low:+.3f} to {high:+.3f}): " in headline
        assert (
            f"{joint.only_a} only v8-rc1, {joint.only_b} only v7, p {'<0.001' if p < 0.001 else f'{p:.3f}'}" in headline
        )


def test_slices_are_tested_together(call: Call) -> None:
    """By language and both metrics: SciPy's binomial tests, adjusted by SciPy for all slices that are assessed."""
    result = ask(COMPARE_MODELS, call, **SIDES, group_by=["language"])
    languages = sorted(set(V7.columns["language"].tolist()))
    cases = [(metric, name, _joint(label, language=name)) for metric, label in (("recall", 1), ("fpr", 0))
             for name in languages]  # fmt: skip
    assessed = [case for case in cases if case[2].n >= FLOOR]
    raw = [
        binomtest(joint.only_a, joint.only_a + joint.only_b).pvalue if joint.only_a + joint.only_b else 1.0
        for _, _, joint in assessed
    ]
    assert len(result.rows) == len(cases)
    for (metric, name, joint), p in zip(assessed, false_discovery_control(raw), strict=True):
        row = _row(result, metric, name)
        assert (row["n"], row["candidate_k"], row["baseline_k"]) == (joint.n, joint.a, joint.b)
        assert (row["only_candidate"], row["only_baseline"]) == (joint.only_a, joint.only_b)
        assert row["p"] == pytest.approx(p)
        assert row["difference"] == pytest.approx((joint.a - joint.b) / joint.n)
        better = (joint.a > joint.b) == (metric == "recall")
        expected = ("improved" if better else "regressed") if p < 0.05 else "no change shown"
        assert row["verdict"] == expected
    assert f"p-values of the {len(cases)} slices are adjusted" in result.caveats[0]


def test_a_regression_behind_a_better_whole_is_named(call: Call) -> None:
    """As it is planted: better overall, worse on romanised Hindi; regressed slices come first."""
    result = ask(COMPARE_MODELS, call, **SIDES)
    joint = _joint(1, language="hi-Latn")
    assert joint.a < joint.b
    assert _joint(1).a > _joint(1).b
    row = result.rows[0]
    assert (row["slice"], row["verdict"], row["candidate_k"]) == ("hi-Latn", "regressed", joint.a)
    assert "1 regressed (hi-Latn)" in result.headline
    assert "slices by language" in result.defaults


@pytest.mark.parametrize(("metric", "mirror"), [("fnr", "recall"), ("specificity", "fpr")])
def test_complements_are_compared_the_other_way_round(call: Call, metric: str, mirror: str) -> None:
    """The same items decided negative: the difference turns its sign, p and verdict stay."""
    for name in ("en", "hi-Latn"):
        one, other = (
            _row(ask(COMPARE_MODELS, call, **SIDES, metrics=[each], group_by=["language"]), each, name)
            for each in (metric, mirror)
        )
        assert one["difference"] == pytest.approx(-other["difference"])
        assert (one["low"], one["high"]) == (pytest.approx(-other["high"]), pytest.approx(-other["low"]))
        assert (one["p"], one["verdict"]) == (other["p"], other["verdict"])


def test_a_filter_is_counted_in_the_items(call: Call) -> None:
    """The headline says on how many items, not on how many there would be without the filter."""
    result = ask(COMPARE_MODELS, call, **SIDES, filters={"language": ["hindi"]})
    n = _joint(1, language="hi-Latn").n + _joint(0, language="hi-Latn").n
    assert f"on the same {n:,} items on language hi-Latn." in result.headline


def test_slices_with_few_items_are_not_assessed(call: Call) -> None:
    """They are named, and no verdict is read into them."""
    result = ask(COMPARE_MODELS, call, **SIDES, metrics=["recall"], group_by=["language", "surface"])
    small = [row for row in result.rows if row["n"] < FLOOR]
    assert small
    assert {row["verdict"] for row in small} == {"not assessed"}
    assert {row["verdict"] for row in result.rows if row["n"] >= FLOOR} <= {"regressed", "improved", "no change shown"}
    (caveat,) = [caveat for caveat in result.caveats if caveat.startswith(f"Not assessed, under {FLOOR} items:")]
    assert all(row["slice"] in caveat for row in small)


def test_a_dimension_asked_for_twice_is_one(call: Call) -> None:
    """Also under another word for it."""
    once, twice = (
        ask(COMPARE_MODELS, call, **SIDES, metrics=["recall"], group_by=names)
        for names in (["surface"], ["surface"] * 2)
    )
    assert once == twice


def test_both_sides_say_where_they_come_from(call: Call) -> None:
    """Candidate and baseline, each with its own run and threshold, over one dataset and gold version (R14, R16)."""
    sources = ask(COMPARE_MODELS, call, **SIDES).provenance
    assert [source.model for source in sources] == ["bullying-text v8-rc1", "bullying-text v7"]
    assert [source.threshold for source in sources] == [0.25, 0.35]
    assert len({source.run for source in sources}) == 2
    assert len({(source.dataset, source.gold_version, source.guideline_version) for source in sources}) == 1


def test_without_a_baseline_it_is_the_one_in_production(call: Call) -> None:
    """For the one in production, the version before; each is printed as a default."""
    candidate = ask(COMPARE_MODELS, call, model="bullying-text v8-rc1")
    assert candidate.query["baseline"] == "bullying-text v7"
    assert "baseline bullying-text v7" in candidate.defaults
    assert ask(COMPARE_MODELS, call, model="bullying-text v7").query["baseline"] == "bullying-text v6"
    newest = ask(COMPARE_MODELS, call, baseline="bullying-text v7")
    assert newest.query["model"] == "bullying-text v8-rc1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"baseline": "bullying-text v8-rc1"}, "Compare bullying-text v8-rc1 with which other version"),
        ({"baseline": "challenge-video v4"}, "judge different policies"),
        ({"metrics": ["ece", "prevalence"]}, "There is no paired test for Calibration error, Prevalence"),
        ({"dataset": "evasion 2"}, "has not been evaluated on evasion 2"),
        ({"filters": {"policy": ["dangerous-challenges"]}}, "No item of golden 2026-10"),
        ({"baseline": "bullying-text v77"}, "I don't know a model"),
        ({"group_by": ["languag"]}, "I don't know a dimension"),
    ],
)
def test_what_cannot_be_compared_is_said(call: Call, arguments: dict[str, Any], message: str) -> None:
    """With what can be asked instead."""
    with pytest.raises(ToolError, match=re.escape(message)) as caught:
        ask(COMPARE_MODELS, call, **(SIDES | arguments))
    assert caught.value.nearest or "No item" in message


def test_what_has_no_paired_test_is_left_out_and_named(call: Call) -> None:
    """The rest is answered."""
    result = ask(COMPARE_MODELS, call, **SIDES, metrics=["recall", "prevalence"])
    assert result.caveats[0] == "Left out, no paired test for it: Prevalence."
    assert result.query["metrics"] == ["recall"]


def _twins(engine: Engine, root: Any, **labels: Any) -> Call:
    n = 34
    label = np.asarray(labels.get("label", np.arange(n) % 2)).astype(np.int8)
    score = np.where(label == 1, 0.9, 0.1).astype(np.float32)
    columns = {
        "item_id": [f"i{at}" for at in range(n)], "label": label, "not_old": 1 - score, "old": score,
        "not_new": 1 - score, "new": score, "policy": [POLICY] * n, "language": ["en"] * n,
    }  # fmt: skip
    bench = furnished(root, columns)
    register(engine, bench.root, bench.registry)
    for model in ("echo@v1", "echo@v2"):
        done(engine, bench.root, model)
    return asking(engine, bench.root)


def test_seventeen_of_seventeen_is_said_in_counts(engine: Engine, tmp_path: Any) -> None:
    """Neither side is called certain (R18)."""
    headline = ask(COMPARE_MODELS, _twins(engine, tmp_path / "root"), model="echo v2", baseline="echo v1").headline
    for line in headline.split("\n")[1:3]:
        assert certainty(line.split("): ")[1].split(", 0 only")[0]) is None
    assert "17 of 17 → 17 of 17" in headline
    assert "0 of 17 → 0 of 17" in headline


def test_a_side_without_items_is_not_defined(engine: Engine, tmp_path: Any) -> None:
    """No positives: recall is not silently left away."""
    call = _twins(engine, tmp_path / "root", label=np.zeros(34))
    headline = ask(COMPARE_MODELS, call, model="echo v2", baseline="echo v1").headline
    assert "**Recall: not defined here** (no positives)." in headline
    assert "False positive rate +0.000" in headline
