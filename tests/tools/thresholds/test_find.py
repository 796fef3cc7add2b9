"""`find_threshold`: the point that trying every threshold on the files finds, what it costs, and how sure it is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from tests.tools.asked import ask, asking, certainty
from tests.tools.bench import LANGUAGES, POLICY, furnished
from tests.tools.runs_made import done
from tests.tools.sample import shipped
from tools.catalog import load
from tools.errors import ToolError
from tools.registry import register
from tools.resolution import Missing
from tools.results import Result
from tools.stats.histogram import BINS
from tools.stats.intervals import wilson
from tools.thresholds.find import FIND_THRESHOLD
from tools.workspace import Call

V4, V7 = (shipped.run(model, "golden@2026-10") for model in ("challenge-video@v4", "bullying-text@v7"))
ASKED = {"model": "challenge-video v4", "dataset": "golden 2026-10"}
GRID = np.arange(BINS + 1) / BINS


def _counts(run: shipped.Run, threshold: float, **values: str) -> tuple[int, int]:
    """True and false positives of a slice at a threshold, on the raw scores."""
    called = run.score.astype(np.float64) >= threshold
    return int(called[run.where(1, **values)].sum()), int(called[run.where(0, **values)].sum())


def _best(run: shipped.Run, max_fpr: float, **values: str) -> tuple[int, int]:
    """The counts of the highest recall within a FPR budget, over every threshold of the grid."""
    n = int(run.where(0, **values).sum())
    score = run.score.astype(np.float64)
    positives, negatives = (np.sort(score[run.where(label, **values)]) for label in (1, 0))
    tried = zip(
        (positives.size - np.searchsorted(positives, GRID)).tolist(),
        (negatives.size - np.searchsorted(negatives, GRID)).tolist(),
        strict=True,
    )
    return max(((tp, fp) for tp, fp in tried if fp / n <= max_fpr), key=lambda pair: (pair[0], -pair[1]))


def _row(result: Result, name: str) -> dict[str, Any]:
    (found,) = [row for row in result.rows if name in row["point"].split(", ")]
    return found


def _scored(root: Path, score: Any, label: Any, engine: Engine, **changed: Any) -> Call:
    """A bench on which both models give these scores."""
    score, label = np.asarray(score, np.float32), np.asarray(label, np.int8)
    bench = furnished(
        root,
        {
            "item_id": [f"i{at}" for at in range(label.size)], "label": label, "not_old": 1 - score, "old": score,
            "not_new": 1 - score, "new": score, "policy": [POLICY] * label.size,
            "language": [LANGUAGES[at % 2] for at in range(label.size)],
        },
    )  # fmt: skip
    if changed:
        bench.datasets["1"] |= changed
    register(engine, bench.root, bench.registry)
    done(engine, bench.root)
    return asking(engine, bench.root)


@pytest.mark.parametrize("budget", [0.0, 0.005, 0.025, 0.2])
def test_the_highest_recall_within_a_budget_is_that_of_every_threshold_tried(call: Call, budget: float) -> None:
    """Counts, interval and headline, against NumPy on the shipped scores."""
    result = ask(FIND_THRESHOLD, call, **ASKED, max_fpr=budget)
    tp, fp = _best(V4, budget)
    chosen = _row(result, "chosen")
    assert _counts(V4, chosen["threshold"]) == (tp, fp) == (chosen["recall_k"], chosen["fpr_k"])
    positives, negatives = V4.share(1)[1], V4.share(0)[1]
    assert (chosen["recall_low"], chosen["recall_high"]) == wilson(tp, positives)
    assert f"**Recall {tp / positives:.3f}** ({tp} of {positives} positives;" in result.headline
    assert f"({fp} of {negatives:,} negatives" in result.headline
    assert result.headline.startswith(f"**Threshold {chosen['threshold']:g}** gives the highest recall with FPR ≤")


def test_what_changes_against_the_threshold_in_force_is_counted(call: Call) -> None:
    """More positives, more false alarms, and both differences with their intervals."""
    result = ask(FIND_THRESHOLD, call, **ASKED, max_fpr=0.025)
    (tp, fp), (old_tp, old_fp) = _best(V4, 0.025), _counts(V4, 0.81)
    line = result.headline.split("\n")[3]
    assert line.startswith(
        f"Against the operating threshold 0.81: {tp - old_tp} more positives caught, {fp - old_fp} more false alarms;"
    )
    assert f"recall {(tp - old_tp) / V4.share(1)[1]:+.3f} (" in line
    assert f"FPR {(fp - old_fp) / V4.share(0)[1]:+.3f} (" in line


def test_the_planted_threshold_is_found_by_its_rule(call: Call) -> None:
    """With the false alarms of the rule's threshold as budget, what the planted file says of the rule comes back."""
    figures = shipped.cause("threshold-challenge-video-v4")
    k, n = shipped.pair(figures["by_rule"]["fpr"])
    chosen = _row(ask(FIND_THRESHOLD, call, **ASKED, max_fpr=k / n), "chosen")
    assert chosen["recall_k"] >= figures["by_rule"]["recall"]["k"]
    assert chosen["fpr_k"] <= k
    assert abs(chosen["threshold"] - figures["by_rule"]["threshold"]) < 0.02
    operating = _row(ask(FIND_THRESHOLD, call, **ASKED), "operating")
    assert operating["threshold"] == figures["operating"]["threshold"]
    assert (operating["recall_k"], operating["fpr_k"]) == (
        figures["operating"]["recall"]["k"],
        figures["operating"]["fpr"]["k"],
    )


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"max_fpr": 0.02},
        {"min_recall": 0.9},
        {"cost_ratio": 5},
        {"min_precision": 0.9, "min_recall": 0.5},
        {"min_recall": 0.99, "max_fpr": 0.01},
    ],
)
def test_the_table_is_short_true_and_in_order(call: Call, arguments: dict[str, Any]) -> None:
    """At most twelve points from the highest threshold down; each row's counts are NumPy's, and recall never falls."""
    rows = ask(FIND_THRESHOLD, call, **ASKED, **arguments).rows
    assert 4 <= len(rows) <= 12
    assert [row["threshold"] for row in rows] == sorted({row["threshold"] for row in rows}, reverse=True)
    for row in rows:
        assert _counts(V4, row["threshold"]) == (row["recall_k"], row["fpr_k"])
        assert row["recall"] == row["recall_k"] / row["recall_n"]
    assert [row["recall_k"] for row in rows] == sorted(row["recall_k"] for row in rows)


def test_fewest_false_alarms_for_a_recall(call: Call) -> None:
    """The highest threshold that still catches so many."""
    result = ask(FIND_THRESHOLD, call, **ASKED, min_recall=0.95)
    needed = int(np.ceil(0.95 * V4.share(1)[1]))
    score = np.sort(V4.score[V4.where(1)].astype(np.float64))[::-1]
    cut = np.floor(score[needed - 1] * BINS) / BINS
    chosen = _row(result, "chosen")
    assert (chosen["recall_k"], chosen["fpr_k"]) == _counts(V4, cut)
    assert "gives the fewest false alarms with recall ≥ 0.95" in result.headline


def test_precision_at_a_stated_prevalence_is_bayes_and_its_doubt_is_said(call: Call) -> None:
    """On an enriched set it would be far too high; what the sample cannot show at the bound is said."""
    result = ask(FIND_THRESHOLD, call, **ASKED, min_precision=0.8, prevalence=0.01)
    chosen = _row(result, "chosen")
    recall, fpr = chosen["recall_k"] / chosen["recall_n"], chosen["fpr_k"] / chosen["fpr_n"]
    assert chosen["precision"] == pytest.approx(0.01 * recall / (0.01 * recall + 0.99 * fpr))
    assert chosen["precision"] >= 0.8
    assert chosen["precision_low"] < 0.8
    assert any("not at the bound of the interval: precision down to" in caveat for caveat in result.caveats)
    assert not any("this set only" in caveat for caveat in result.caveats)
    assert "at prevalence 0.01" in result.headline
    on_set = ask(FIND_THRESHOLD, call, **ASKED, min_precision=0.8)
    assert any("Precision holds on this set only" in caveat for caveat in on_set.caveats)
    assert any(default.startswith("prevalence 0.150") for default in on_set.defaults)
    assert _row(on_set, "chosen")["recall_k"] > chosen["recall_k"]


def test_a_review_budget_counts_items_a_day(call: Call) -> None:
    """Flagged a day is volume x (prevalence x recall + rest x FPR), and it is within the budget."""
    result = ask(FIND_THRESHOLD, call, **ASKED, reviews_per_day=500, volume=100_000, prevalence=0.005)
    chosen = _row(result, "chosen")
    recall, fpr = chosen["recall_k"] / chosen["recall_n"], chosen["fpr_k"] / chosen["fpr_n"]
    daily = 100_000 * (0.005 * recall + 0.995 * fpr)
    assert chosen["flagged_daily"] == pytest.approx(daily)
    assert daily <= 500
    assert f"**About {round(daily)} of 100,000 items a day flagged** (95 % " in result.headline
    lower = sorted(row["threshold"] for row in result.rows if row["threshold"] < chosen["threshold"])[-1]
    assert next(row for row in result.rows if row["threshold"] == lower)["flagged_daily"] > 500


def test_a_review_budget_without_volume_asks_for_it() -> None:
    """Five hundred of how many: the answer depends on it, so choices are offered."""
    arguments = FIND_THRESHOLD.arguments(reviews_per_day=500)
    with pytest.raises(Missing, match="500 reviews a day out of how many") as caught:
        FIND_THRESHOLD.run(arguments, None)  # type: ignore[arg-type]  # nothing else is looked at before
    assert caught.value.what == "volume"
    assert len(caught.value.nearest) == 3


def test_without_a_prevalence_that_of_the_set_is_used_and_called_enriched(call: Call) -> None:
    """Printed as a default, and what it does to the answer as a caveat."""
    result = ask(FIND_THRESHOLD, call, **ASKED, reviews_per_day=500, volume=100_000)
    assert "prevalence 0.150, that of this set" in result.defaults
    assert any("live traffic has fewer" in caveat for caveat in result.caveats)


def test_the_cheapest_threshold_costs_least_of_all(call: Call) -> None:
    """No threshold of the grid has a lower sum of misses, at their price, and false alarms."""
    chosen = _row(ask(FIND_THRESHOLD, call, **ASKED, cost_ratio=10), "chosen")
    positives, n = V4.share(1)[1], len(V4.score)
    costs = [10 * (positives - tp) + fp for tp, fp in (_counts(V4, threshold) for threshold in GRID[::50])]
    assert 10 * (positives - chosen["recall_k"]) + chosen["fpr_k"] <= min(costs)
    assert chosen["cost"] == pytest.approx((10 * (positives - chosen["recall_k"]) + chosen["fpr_k"]) / n)


def test_what_no_threshold_keeps_is_said_with_the_nearest(call: Call) -> None:
    """Both ends are in the table: the budget kept, and the recall reached."""
    result = ask(FIND_THRESHOLD, call, **ASKED, min_recall=0.95, max_fpr=0.01)
    assert result.headline.startswith("**No threshold keeps FPR ≤ 0.01 and recall ≥ 0.95**. Nearest: ")
    nearest = _row(result, "nearest")
    assert (nearest["recall_k"], nearest["fpr_k"]) == _best(V4, 0.01)
    assert _row(result, "recall ≥ 0.95")["recall"] >= 0.95


def test_measured_where_it_was_picked_is_said_with_what_to_expect(call: Call) -> None:
    """The held-out figures stand beside, and a budget that only the sample keeps is named with the safe threshold."""
    result = ask(FIND_THRESHOLD, call, **ASKED, max_fpr=0.025)
    assert any(caveat.startswith("Picked and measured on the same items.") for caveat in result.caveats)
    safe = _row(result, "FPR bound ≤ 0.025")
    assert safe["fpr_high"] <= 0.025 < _row(result, "chosen")["fpr_high"]
    assert any(f"At {safe['threshold']:g} it is kept there too" in caveat for caveat in result.caveats)


def test_each_slice_gets_the_threshold_of_trying_every_one_on_it(call: Call) -> None:
    """By language, and the headline's sum is the sum of the rows."""
    arguments = {"model": "bullying-text v7", "dataset": "golden 2026-10", "group_by": ["language"], "max_fpr": 0.025}
    result = ask(FIND_THRESHOLD, call, **arguments)
    shared = result.provenance[0].threshold
    assert shared is not None
    assert _counts(V7, shared) == _best(V7, 0.025)
    for row in result.rows:
        tp, fp = _best(V7, 0.025, language=row["slice"])
        before = _counts(V7, shared, language=row["slice"])
        assert (row["recall_k"], row["fpr_k"]) == (tp, fp) == _counts(V7, row["threshold"], language=row["slice"])
        assert (row["recall_shared_k"], row["fpr_shared_k"]) == before
        assert (row["caught"], row["alarms"]) == (tp - before[0], fp - before[1])
    caught, alarms = (sum(row[key] for row in result.rows) for key in ("caught", "alarms"))
    assert f"{abs(caught)} {'more' if caught > 0 else 'fewer'} positive" in result.headline.split("\n")[0]
    assert f"{abs(alarms)} {'more' if alarms > 0 else 'fewer'} false alarm" in result.headline.split("\n")[0]
    assert any("flatter themselves" in caveat for caveat in result.caveats)


def test_without_a_demand_each_slice_is_held_to_the_false_alarms_of_all(call: Call) -> None:
    """At the threshold in force, which is the shared one then."""
    result = ask(FIND_THRESHOLD, call, model="bullying-text v7", group_by=["language"])
    fpr = V7.share(0)[0] / V7.share(0)[1]
    assert result.provenance[0].threshold == 0.35
    for row in result.rows:
        assert (row["recall_k"], row["fpr_k"]) == _best(V7, fpr, language=row["slice"])


def test_a_slice_with_few_items_keeps_the_threshold_of_all(call: Call) -> None:
    """Low support is said, nothing is picked there, and it comes last (R18)."""
    result = ask(FIND_THRESHOLD, call, **ASKED, group_by=["language", "surface"], max_fpr=0.02)
    small = [row for row in result.rows if row["recall_n"] < 30]
    assert small
    assert result.rows[-len(small) :] == tuple(small)
    assert {(row["own"], row["caught"], row["alarms"]) for row in small} == {("not assessed", 0, 0)}
    assert {row["threshold"] for row in small} == {result.provenance[0].threshold}
    assert any(caveat.startswith("Not assessed, under 30 positives") for caveat in result.caveats)


def test_rows_of_clusters_are_not_taken_for_independent(call: Call) -> None:
    """The suite has five rows of each base item: the interval is wider than that of as many independent rows."""
    result = ask(FIND_THRESHOLD, call, model="bullying-text v7", dataset="evasion 2", max_fpr=0.05)
    chosen = _row(result, "chosen")
    low, high = wilson(chosen["recall_k"], chosen["recall_n"])
    assert chosen["recall_high"] - chosen["recall_low"] > 1.2 * (high - low)
    assert any("Rows come in clusters" in caveat for caveat in result.caveats)


def test_where_nothing_is_positive_there_is_no_threshold(engine: Engine, tmp_path: Path) -> None:
    """Said, not guessed."""
    call = _scored(tmp_path / "root", np.linspace(0, 1, 40), np.zeros(40), engine)
    for group_by in ([], ["language"]):
        result = ask(FIND_THRESHOLD, call, model="echo v1", max_fpr=0.1, group_by=group_by)
        assert result.headline == "**No threshold can be chosen**: there are no positives to tell apart."
        assert result.rows == ()


def test_a_perfect_small_set_is_never_called_certain(engine: Engine, tmp_path: Path) -> None:
    """Seventeen of seventeen: bounds and counts, no rate of one or nought, no 100 % (R18)."""
    label = np.arange(34) % 2
    call = _scored(tmp_path / "root", 0.2 + 0.6 * label, label, engine)
    result = ask(FIND_THRESHOLD, call, model="echo v1", max_fpr=0.5)
    assert "That is the operating threshold (0.5): nothing would change." in result.headline
    for line in result.headline.split("\n")[1:3]:
        assert certainty(line) is None
    assert any(caveat.startswith("Low support: 17 positives only") for caveat in result.caveats)
    for row in result.rows:
        assert certainty(row["recall_shown"]) is None
        assert certainty(row["fpr_shown"]) is None


def test_decisions_without_scores_have_no_threshold(engine: Engine, tmp_path: Path) -> None:
    """As where only decisions were imported."""
    call = _scored(tmp_path / "root", np.arange(40) % 2, np.arange(40) % 3 == 0, engine)
    with pytest.raises(ToolError, match="holds decisions, not scores"):
        ask(FIND_THRESHOLD, call, model="echo v1", max_fpr=0.1)


def test_a_set_that_was_trained_on_flatters(engine: Engine, tmp_path: Path) -> None:
    """Said first."""
    label = np.arange(80) % 2
    call = _scored(tmp_path / "root", 0.3 + 0.3 * label + 0.1 * np.sin(np.arange(80)), label, engine, kind="train")
    caveats = ask(FIND_THRESHOLD, call, model="echo v1", max_fpr=0.1).caveats
    assert caveats[0] == "echo v1 was trained on this set: these numbers flatter it."


@pytest.mark.parametrize("arguments", [{}, {"max_fpr": 0.02}, {"group_by": ["language"]}])
def test_every_answer_says_where_it_comes_from_and_changes_nothing(call: Call, arguments: dict[str, Any]) -> None:
    """Whole provenance (R14); no card, and the threshold in force stays what it was (R12)."""
    result = ask(FIND_THRESHOLD, call, **ASKED, **arguments)
    (source,) = result.provenance
    assert None not in source.model_dump().values()
    assert result.proposal is None
    (model,) = [model for model in load(call.workspace.engine).models if model.label == "challenge-video v4"]
    assert model.threshold == 0.81


@pytest.mark.parametrize(
    "arguments",
    [{}, {"max_fpr": 0.02}, {"group_by": ["language"]}, {"reviews_per_day": 500, "volume": 10_000, "cost_ratio": 3}],
)
def test_a_query_can_be_asked_again_and_its_rows_hold_what_is_drawn(call: Call, arguments: dict[str, Any]) -> None:
    """The resolved call gives the same answer; every column has its value in each row."""
    first = ask(FIND_THRESHOLD, call, model="challenge-video v4", **arguments)
    again = ask(FIND_THRESHOLD, call, **{key: value for key, value in first.query.items() if value is not None})
    assert again.model_dump(exclude={"defaults"}) == first.model_dump(exclude={"defaults"})
    wanted = {column.key for column in first.columns} | {column.other for column in first.columns if column.other}
    assert all(wanted <= row.keys() for row in first.rows)


def test_unknown_names_carry_the_nearest(call: Call) -> None:
    """As everywhere."""
    with pytest.raises(ToolError) as caught:
        ask(FIND_THRESHOLD, call, **ASKED, group_by=["langage"])
    assert "language" in caught.value.nearest
    with pytest.raises(ToolError, match="No item of golden 2026-10"):
        ask(FIND_THRESHOLD, call, **ASKED, filters={"policy": ["bullying"]})
