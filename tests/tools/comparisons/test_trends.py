"""`metric_trend`: every version in order of release, each change tested on the same items, what is missing named."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest, false_discovery_control
from sqlalchemy import Engine

from tests.tools.asked import ask, asking
from tests.tools.bench import POLICY, Bench, furnished, items
from tests.tools.onnx_file import gather
from tests.tools.runs_made import done
from tests.tools.sample import shipped
from tools.comparisons.trends import METRIC_TREND
from tools.errors import ToolError
from tools.evals.identity import predictions_folder
from tools.registry import register
from tools.resolution import Missing
from tools.results import Result
from tools.stats.intervals import wilson
from tools.stats.paired import Joint, difference_interval
from tools.store.session import writing
from tools.store.tables import Run, RunCell
from tools.workspace import Call

VERSIONS = ("v6", "v7", "v8-rc1")
RUNS = [shipped.run(f"bullying-text@{version}", "golden@2026-10") for version in VERSIONS]


def _rows(result: Result, metric: str) -> list[dict[str, Any]]:
    return [row for row in result.rows if row["metric"] == metric]


def _joint(label: int, after: shipped.Run, before: shipped.Run) -> Joint:
    rows = after.where(label)
    a, b = after.called[rows], before.called[rows]
    return Joint(int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum()), int((~a & ~b).sum()))


def test_every_version_has_its_row_in_order_of_release(call: Call) -> None:
    """Value, k/n, interval and threshold as NumPy counts them; aliases are shown."""
    result = ask(METRIC_TREND, call, model="bullying-text", metrics=["recall", "fpr"])
    for metric, label in (("recall", 1), ("fpr", 0)):
        rows = _rows(result, metric)
        assert [row["version"] for row in rows] == ["v6 (previous)", "v7 (prod)", "v8-rc1 (candidate)"]
        for row, run in zip(rows, RUNS, strict=True):
            k, n = run.share(label)
            assert (row["value"], row["k"], row["n"]) == (pytest.approx(k / n), k, n)
            assert (row["low"], row["high"]) == pytest.approx(wilson(k, n))
            assert row["threshold"] == f"{run.threshold:g}"
    assert [source.model for source in result.provenance] == [f"bullying-text {version}" for version in VERSIONS]


def test_each_change_is_paired_with_the_version_before(call: Call) -> None:
    """Difference, bounds and discordant items; all p-values adjusted together, as SciPy does."""
    result = ask(METRIC_TREND, call, model="bullying-text", metrics=["recall", "fpr"])
    cases = [(metric, at, _joint(label, RUNS[at], RUNS[at - 1]))
             for metric, label in (("recall", 1), ("fpr", 0)) for at in (1, 2)]  # fmt: skip
    raw = [binomtest(joint.only_a, joint.only_a + joint.only_b).pvalue for _, _, joint in cases]
    for (metric, at, joint), p in zip(cases, false_discovery_control(raw), strict=True):
        row = _rows(result, metric)[at]
        assert (row["change"], row["change_low"], row["change_high"]) == pytest.approx(difference_interval(joint))
        assert (row["only_this"], row["only_before"]) == (joint.only_a, joint.only_b)
        assert row["p"] == pytest.approx(p)
        better = (row["change"] > 0) == (metric == "recall")
        assert row["verdict"] == (("improved" if better else "regressed") if p < 0.05 else "no change shown")
    assert all(_rows(result, metric)[0]["change"] is None for metric in ("recall", "fpr"))
    assert "p-values of the 4 changes are adjusted for their number (Benjamini-Hochberg)." in result.caveats


def test_the_headline_has_every_value_and_the_last_change(call: Call) -> None:
    """From the first version to the last, then what changed last, with its doubt."""
    lines = ask(METRIC_TREND, call, model="bullying-text", metrics=["recall"]).headline.split("\n")
    shares = [run.share(1) for run in RUNS]
    values = [f"{version} {k / n:.3f} ({k}/{n})" for version, (k, n) in zip(VERSIONS, shares, strict=True)]
    assert lines[0] == f"**Recall of bullying-text on golden 2026-10: {' → '.join(values)}**."
    joint = _joint(1, RUNS[2], RUNS[1])
    assert lines[1] == "The last change, v7 → v8-rc1 (candidate), on the same items:"
    assert f"{joint.only_a} only v8-rc1, {joint.only_b} only v7" in lines[2]
    assert lines[2].endswith("**improved**.")


@pytest.mark.parametrize("text", ["bullying-text", "Bullying-Text", "bullying", "bullying-text v6", "v8-rc1"])
def test_a_name_a_policy_or_any_version_means_the_model(call: Call, text: str) -> None:
    """The query is the same, so a follow-up changes the same thing."""
    result = ask(METRIC_TREND, call, model=text)
    assert result.query["model"] == "bullying-text"
    assert len(_rows(result, "recall")) == 3


def test_without_a_model_it_asks_which_one(call: Call) -> None:
    """Two are in production."""
    with pytest.raises(Missing, match="Which model do you mean"):
        ask(METRIC_TREND, call)


def test_a_version_without_a_run_is_named_with_what_to_ask(call: Call) -> None:
    """The sample's candidate has not been evaluated on the evasion suite."""
    result = ask(METRIC_TREND, call, model="bullying-text", dataset="evasion 2", metrics=["recall"])
    assert [row["version"] for row in result.rows] == ["v6 (previous)", "v7 (prod)"]
    assert result.caveats[0] == (
        "Not evaluated on evasion 2 yet: v8-rc1. Ask me to “run evasion 2 on bullying-text v8-rc1”."
    )
    assert result.suggestions[0] == "run evasion 2 on bullying-text v8-rc1"
    assert any("clusters" in caveat for caveat in result.caveats)


def test_clusters_widen_the_interval_of_each_value(call: Call) -> None:
    """Five variants of one item are not five items."""
    result = ask(METRIC_TREND, call, model="bullying-text", dataset="evasion 2", metrics=["recall"])
    for row in result.rows:
        low, high = wilson(row["k"], row["n"])
        assert row["high"] - row["low"] > 1.1 * (high - low)


def test_no_version_with_a_run_is_an_error_that_says_what_to_ask(call: Call) -> None:
    """The newest first."""
    with pytest.raises(ToolError, match="No version of bullying-text has been evaluated on train 2026-06") as caught:
        ask(METRIC_TREND, call, model="bullying-text", dataset="train 2026-06")
    assert caught.value.nearest[0] == "run train 2026-06 on bullying-text v8-rc1"


def test_a_filter_is_in_the_headline_and_thin_slices_get_no_verdict(call: Call) -> None:
    """15 positives: values, but not assessed."""
    filters = {"language": ["tl"], "surface": ["live-title"]}
    result = ask(METRIC_TREND, call, model="bullying-text", metrics=["recall"], filters=filters)
    assert "language tl, surface live-title" in result.headline
    assert {row["n"] for row in result.rows} == {15}
    assert [row["verdict"] for row in result.rows] == [None, "not assessed", "not assessed"]


def test_a_metric_without_a_paired_test_stands_side_by_side(call: Call) -> None:
    """Its values are shown, no change is claimed."""
    result = ask(METRIC_TREND, call, model="challenge-video", metrics=["recall", "ece"])
    assert all(row["change"] is None for row in _rows(result, "ece"))
    assert "No paired test for Calibration error: the values stand side by side only." in result.caveats


def test_only_one_version_has_no_change(engine: Engine, bench: Bench) -> None:
    """It is said, not left out."""
    register(engine, bench.root, bench.registry)
    done(engine, bench.root, "echo@v1")
    result = ask(METRIC_TREND, asking(engine, bench.root), model="echo", metrics=["recall"])
    assert "Only v1 (prod) has been evaluated on it, so there is no change to show." in result.headline
    assert len(result.rows) == 1


def _halved(engine: Engine, bench: Bench, kept: Any) -> None:
    """As an import that covers a part: the run of `echo v2` holds only some of its items."""
    import pyarrow.parquet as pq

    run = done(engine, bench.root, "echo@v2")
    rows = 0
    for path in (predictions_folder(bench.root) / run).glob("*.parquet"):
        table = pq.read_table(path)
        part = table.filter([bool(kept(item)) for item in table.column("item_id").to_pylist()])
        rows += part.num_rows
        pq.write_table(part, path)
    with writing(engine) as session:
        session.get_one(Run, run).rows = rows
        assert session.query(RunCell).filter_by(run_id=run).count()


def test_a_run_that_covers_a_part_is_compared_on_that(engine: Engine, bench: Bench) -> None:
    """Said with counts; the values of each run stay its own (R16)."""
    register(engine, bench.root, bench.registry)
    done(engine, bench.root, "echo@v1")
    _halved(engine, bench, lambda item: int(item[1:]) % 4)
    result = ask(METRIC_TREND, asking(engine, bench.root), model="echo", metrics=["recall"])
    mine = np.flatnonzero(np.equal(items()["policy"], POLICY))
    common = int((mine % 4 != 0).sum())
    assert (
        f"v1 → v2: the change is of the {common} items that both runs hold (left out: {mine.size - common} only in the"
        " run of v1, 0 only in that of v2)."
    ) in result.caveats


def test_runs_with_hardly_an_item_in_common_are_not_compared(engine: Engine, bench: Bench) -> None:
    """The table stands, without the change, and says why (R16)."""
    columns = items()
    bench.dataset("1", columns)
    register(engine, bench.root, bench.registry)
    run = done(engine, bench.root, "echo@v1")
    done(engine, bench.root, "echo@v2")
    import pyarrow as pa
    import pyarrow.parquet as pq

    for path in (predictions_folder(bench.root) / run).glob("*.parquet"):
        table = pq.read_table(path)
        renamed = pa.array([f"x{item}" for item in table.column("item_id").to_pylist()])
        pq.write_table(table.set_column(0, "item_id", renamed), path)
    result = ask(METRIC_TREND, asking(engine, bench.root), model="echo", metrics=["recall"])
    assert [row["change"] for row in result.rows] == [None, None]
    (caveat,) = [caveat for caveat in result.caveats if "(R16)" in caveat]
    assert caveat.startswith("v1 → v2 is not compared.")
    assert "they share 0 of" in caveat


def test_values_that_turn_the_change_round_are_pointed_out(engine: Engine, tmp_path: Any) -> None:
    """The new version is better on every common item, its run looks worse: it lacks the easy ones (Simpson's)."""
    n, easy = 400, np.arange(400) < 200
    old = np.where(easy, 0.9, np.where(np.arange(n) % 5 == 0, 0.9, 0.1)).astype(np.float32)
    new = np.where(easy, 0.9, np.where(np.arange(n) % 5 < 2, 0.9, 0.1)).astype(np.float32)
    bench = furnished(tmp_path / "root", {
        "item_id": [f"i{at:03}" for at in range(n)], "label": np.ones(n, np.int8), "not_old": 1 - old, "old": old,
        "not_new": 1 - new, "new": new, "policy": [POLICY] * n, "language": np.where(easy, "en", "es"),
    })  # fmt: skip
    register(engine, bench.root, bench.registry)
    done(engine, bench.root, "echo@v1")
    _halved(engine, bench, lambda item: int(item[1:]) >= 190)
    _hard_only(engine)
    result = ask(METRIC_TREND, asking(engine, bench.root), model="echo", metrics=["recall"])
    (caveat,) = [caveat for caveat in result.caveats if "Simpson" in caveat]
    assert "recall moves by -" in caveat
    assert "but by +0.190 on the items they share" in caveat


def _hard_only(engine: Engine) -> None:
    """The stored cells of the part: all but ten of the easy items are gone."""
    with writing(engine) as session:
        run = session.query(Run).filter_by(model_id="echo@v2").one()
        for cell in session.query(RunCell).filter_by(run_id=run.id):
            if cell.values["language"] == "en":
                session.delete(cell)


def test_a_version_of_the_future_joins_the_table(engine: Engine, bench: Bench) -> None:
    """Versions are found, not listed: a third one is the third row."""
    bench.model("v3", gather([0, 1], 4), threshold=0.6)
    register(engine, bench.root, bench.registry)
    for model in ("echo@v1", "echo@v2", "echo@v3"):
        done(engine, bench.root, model)
    rows = ask(METRIC_TREND, asking(engine, bench.root), model="echo", metrics=["fpr"]).rows
    assert [row["version"] for row in rows] == ["v1 (prod)", "v2", "v3"]
