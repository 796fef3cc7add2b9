"""Operating points: equal to trying every threshold on the raw scores, and honest at the edges."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_curve

from tests.tools.stats.scores import Scored, drawn, items
from tools.stats.counts import Counts
from tools.stats.histogram import BINS, Histogram
from tools.stats.intervals import wilson
from tools.stats.operating_points import Curve, Demand, Point, cost, keeps, roundest

_share = st.sampled_from([0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.9, 1.0])
demands = st.builds(
    Demand,
    max_fpr=st.none() | _share,
    min_precision=st.none() | _share,
    min_recall=st.none() | _share,
    max_flagged=st.none() | _share,
    prevalence=st.none() | st.sampled_from([0.001, 0.01, 0.3]),
    cost_ratio=st.none() | st.sampled_from([0.5, 1.0, 10.0]),
)
GRID = np.arange(BINS + 1) / BINS
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "banking_security_predictions.csv"


def _tried(scored: Scored) -> list[tuple[int, int]]:
    """True and false positives at every threshold of the grid, counted on the scores themselves."""
    called = scored.score.astype(np.float64)[None, :] >= GRID[:, None]
    positive = scored.label == 1
    return list(zip(called[:, positive].sum(1).tolist(), called[:, ~positive].sum(1).tolist(), strict=True))


def _by_hand(tried: list[tuple[int, int]], demand: Demand) -> tuple[tuple[int, int], bool]:
    """The counts of the best threshold by the definition, one threshold at a time, and whether the demand is kept."""
    positives, negatives = tried[0]
    ranked = []
    for tp, fp in sorted(set(tried)):
        recall, fpr, fn = tp / positives, fp / negatives, positives - tp
        at = demand.prevalence
        right, wrong = (tp, fp) if at is None else (at * recall, (1 - at) * fpr)
        precision = right / (right + wrong) if right + wrong else 0.0
        flagged = right + wrong if at is not None else (tp + fp) / (positives + negatives)
        missing = max(0.0, fpr - demand.max_fpr) if demand.max_fpr is not None else 0.0
        missing += max(0.0, demand.min_precision - precision) if demand.min_precision is not None else 0.0
        missing += max(0.0, flagged - demand.max_flagged) if demand.max_flagged is not None else 0.0
        short = max(0.0, (demand.min_recall or 0.0) - recall)
        loss: tuple[float, float] = (fn, fp)
        if demand.cost_ratio is not None:
            whole = demand.cost_ratio * fn + fp
            loss = (whole if at is None else demand.cost_ratio * at * (fn / positives) + (1 - at) * fpr, fn)
        elif demand.min_recall is not None:
            loss = (fp, fn)
        ranked.append((missing, short, *loss, (tp, fp)))
    best = min(ranked)
    return best[-1], best[0] == 0 and best[1] == 0


@given(items, demands)
def test_the_best_point_is_that_of_trying_every_threshold(scored: Scored, demand: Demand) -> None:
    """Its counts and the verdict, for any demand, ties and scores beside the grid included."""
    if len(set(scored.label.tolist())) < 2:
        return
    tried = _tried(scored)
    choice = Curve(scored.histogram).best(demand)
    wanted, met = _by_hand(tried, demand)
    counts = choice.point.counts
    assert (counts.tp, counts.fp) == wanted
    assert choice.met is met
    assert tried[round(choice.point.threshold * BINS)] == wanted
    assert keeps(choice.point, demand) is met


@pytest.mark.parametrize(
    "demand",
    [
        Demand(max_fpr=0.02),
        Demand(min_recall=0.95),
        Demand(min_precision=0.9),
        Demand(min_precision=0.3, prevalence=0.01),
        Demand(max_flagged=0.05, prevalence=0.02),
        Demand(cost_ratio=10),
        Demand(cost_ratio=10, prevalence=0.01),
        Demand(max_fpr=0.001, min_recall=0.9),
    ],
)
def test_on_a_simulated_set_it_is_that_of_the_raw_scores(demand: Demand) -> None:
    """Four thousand items, one demand of each kind."""
    scored = drawn(4_000, 11)
    choice = Curve(scored.histogram).best(demand)
    assert ((choice.point.counts.tp, choice.point.counts.fp), choice.met) == _by_hand(_tried(scored), demand)


@given(items, st.lists(_share, min_size=2, max_size=2))
def test_a_wider_budget_never_catches_less(scored: Scored, budgets: list[float]) -> None:
    """Recall grows with the FPR allowed, and with the share that may be flagged; with recall asked, so do alarms."""
    if len(set(scored.label.tolist())) < 2:
        return
    curve, (low, high) = Curve(scored.histogram), sorted(budgets)
    for field in ("max_fpr", "max_flagged"):
        small, large = (curve.best(replace(Demand(), **{field: budget})) for budget in (low, high))
        assert small.point.counts.tp <= large.point.counts.tp
        assert large.met or not small.met
    less, more = (curve.best(Demand(min_recall=recall)) for recall in (low, high))
    assert less.point.counts.fp <= more.point.counts.fp


def test_without_positives_or_negatives_there_is_nothing_to_choose() -> None:
    """It is an error, not a threshold."""
    scored = drawn(50, 2)
    for label in (0, 1):
        with pytest.raises(ValueError, match="one of them is missing"):
            Curve(scored.part(scored.label == label).histogram).best(Demand(max_fpr=0.1))


def test_recall_of_all_flags_as_far_down_as_the_last_positive() -> None:
    """And not a step further; with every item scored 0 that is everything."""
    label = np.array([1, 1, 0, 0], np.int8)
    spread = Scored(label, np.array([0.9, 0.2, 0.4, 0.1], np.float32))
    counts = Curve(spread.histogram).best(Demand(min_recall=1.0)).point.counts
    assert (counts.tp, counts.fp) == (2, 1)
    flat = Scored(label, np.zeros(4, np.float32))
    choice = Curve(flat.histogram).best(Demand(min_recall=1.0))
    assert (choice.point.threshold, choice.point.counts) == (0.0, Counts(2, 2, 0, 0))


def test_a_negative_of_score_one_is_flagged_at_every_threshold() -> None:
    """So a FPR of nothing is not kept, and the nearest point says how near."""
    scored = Scored(np.array([1, 0, 0], np.int8), np.array([0.9, 1.0, 0.3], np.float32))
    choice = Curve(scored.histogram).best(Demand(max_fpr=0.0))
    assert not choice.met
    assert (choice.point.counts.tp, choice.point.counts.fp) == (1, 1)


def test_bounds_that_exclude_each_other_keep_the_others_and_come_near_in_recall() -> None:
    """Not a compromise that keeps neither."""
    curve = Curve(drawn(4_000, 3).histogram)
    both, budget = curve.best(Demand(max_fpr=0.01, min_recall=0.95)), curve.best(Demand(max_fpr=0.01))
    assert not both.met
    assert budget.met
    assert both.point.counts == budget.point.counts


def test_flagging_nothing_keeps_no_precision() -> None:
    """No flagged item, no precision to speak of."""
    scored = Scored(np.array([1, 0, 0, 0], np.int8), np.array([0.1, 0.9, 0.8, 0.7], np.float32))
    choice = Curve(scored.histogram).best(Demand(min_precision=0.5))
    assert not choice.met
    assert choice.point.counts.tp == 1


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(3_951, 4_049, 4_000), (3_851, 4_149, 4_000), (4_001, 4_009, 4_005), (4_001, 4_011, 4_010), (0, 99, 0),
     (9_901, 10_000, 10_000), (1_234, 1_234, 1_234), (2_000, 6_000, 4_000)],
)  # fmt: skip
def test_of_equal_thresholds_the_roundest_near_the_middle_is_taken(first: int, last: int, expected: int) -> None:
    """Two decimals where one fits, else three, else four."""
    assert roundest(first, last) == expected


def test_a_threshold_in_force_is_kept_where_another_changes_nothing() -> None:
    """Nobody is told to move a threshold for no gain."""
    scored = Scored(np.array([1, 0], np.int8), np.array([0.8, 0.2], np.float32))
    curve = Curve(scored.histogram)
    assert curve.best(Demand(max_fpr=0.0)).point.threshold == 0.5
    assert curve.best(Demand(max_fpr=0.0), keep=0.7777).point.threshold == 0.7777
    assert curve.best(Demand(max_fpr=0.0), keep=0.1).point.threshold == 0.5


def test_the_rounded_neighbour_keeps_the_demand_or_is_not_named() -> None:
    """Above first, as it raises no false alarm; a threshold that is round has none."""
    curve = Curve(drawn(4_000, 5).histogram)
    for demand in (Demand(max_fpr=0.02), Demand(min_recall=0.9), Demand(max_fpr=0.05, min_recall=0.3)):
        point = curve.best(demand).point
        rounded = curve.rounded(demand, point)
        if rounded is None:
            assert round(point.threshold * BINS) % 100 == 0
            continue
        assert round(rounded.threshold * BINS) % 100 == 0
        assert abs(rounded.threshold - point.threshold) < 0.01
        assert keeps(rounded, demand)
    assert curve.rounded(Demand(), Point(0.4, curve.at(0.4).counts)) is None


@pytest.mark.parametrize("budget", [0.005, 0.01, 0.05, 0.3])
def test_the_safest_point_keeps_the_budget_at_the_bound_and_no_lower_one_does(budget: float) -> None:
    """The interval's upper end, not the rate, is within the budget."""
    curve = Curve(drawn(4_000, 7).histogram)
    safe = curve.safest(budget)
    assert safe is not None
    assert wilson(safe.counts.fp, safe.counts.negatives)[1] <= budget
    more = curve.fp[curve.fp > safe.counts.fp].min()
    assert wilson(int(more), safe.counts.negatives)[1] > budget


@pytest.mark.parametrize("budget", [0.0, 0.02, 0.5, 1.0])
def test_the_lowest_threshold_within_a_budget_is_the_first_of_the_grid(budget: float) -> None:
    """Tried from 0 up on the raw scores; positives have no part in it."""
    scored = drawn(1_000, 9, decimals=3)
    negatives = scored.score[(scored.label == 0) & (scored.score < 1)].astype(np.float64)
    curve = Curve(Scored(np.zeros(negatives.size, np.int8), negatives.astype(np.float32)).histogram)
    found = curve.lowest(budget)
    assert found is not None
    assert found.threshold == next(cut for cut in GRID if (negatives >= cut).mean() <= budget)


def test_without_a_negative_no_budget_is_kept() -> None:
    """Nor where a negative of score 1 exceeds it."""
    scored = Scored(np.array([1, 0], np.int8), np.array([0.5, 1.0], np.float32))
    assert Curve(scored.part(scored.label == 1).histogram).lowest(0.1) is None
    assert Curve(scored.histogram).lowest(0.5) is None


def test_too_few_negatives_show_no_small_rate() -> None:
    """Not even none of fifty is a FPR of one in a thousand."""
    assert Curve(drawn(70, 4).histogram).safest(0.001) is None


def test_a_cost_counts_misses_and_false_alarms_of_an_item() -> None:
    """On the set as it is, and at a prevalence; without a ratio there is no cost."""
    counts = Counts(tp=80, fp=30, fn=20, tn=270)
    assert cost(counts, Demand(cost_ratio=10)) == pytest.approx((10 * 20 + 30) / 400)
    assert cost(counts, Demand(cost_ratio=10, prevalence=0.01)) == pytest.approx(10 * 0.01 * 0.2 + 0.99 * 0.1)
    with pytest.raises(ValueError, match="ratio"):
        cost(counts, Demand())


@pytest.mark.skipif(not REAL.exists(), reason="the real predictions are not here")
@pytest.mark.parametrize("budget", [0.005, 0.02, 0.1])
def test_on_real_predictions_it_is_the_point_of_scikit_learns_curve(budget: float) -> None:
    """Clean items of both models: the best recall within a FPR budget, from `roc_curve` on the raw scores."""
    with REAL.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["variant"] == "clean"]
    label = np.array([int(row["gold"]) for row in rows], np.int8)
    for column, hits in (("score_v1_word_gap", 350), ("score_v2_char", 372)):
        score = np.array([float(row[column]) for row in rows])
        # In double precision: in single precision .0058 lies below the edge of its bin.
        positives, negatives = (
            np.bincount(np.round(score[label == each] * BINS).astype(int), minlength=BINS + 1).astype(np.int64)
            for each in (1, 0)
        )
        curve = Curve(Histogram(positives, negatives))
        fpr, recall, _ = roc_curve(label, score, drop_intermediate=False)
        found = curve.best(Demand(max_fpr=budget)).point.counts
        assert curve.at(0.5).counts.tp == hits
        assert found.tp / found.positives == pytest.approx(recall[fpr <= budget].max(), abs=1e-12)
        assert found.fp / found.negatives <= budget
