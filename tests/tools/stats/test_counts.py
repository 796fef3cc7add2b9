"""Every metric equals scikit-learn on the rows themselves, and keeps the identities that it must."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from tests.tools.stats.scores import Scored, drawn, items, thresholds
from tools.measures import MEASURES
from tools.stats.counts import Counts
from tools.stats.rates import Statistic, cells_of

ORACLES: dict[str, Callable[[Any, Any], float]] = {
    "recall": lambda gold, called: sk.recall_score(gold, called),
    "precision": lambda gold, called: sk.precision_score(gold, called),
    "fpr": lambda gold, called: 1 - sk.recall_score(gold, called, pos_label=0),
    "fnr": lambda gold, called: 1 - sk.recall_score(gold, called),
    "specificity": lambda gold, called: sk.recall_score(gold, called, pos_label=0),
    "accuracy": lambda gold, called: sk.accuracy_score(gold, called),
    "balanced_accuracy": lambda gold, called: sk.balanced_accuracy_score(gold, called),
    "f1": lambda gold, called: sk.f1_score(gold, called),
    "f2": lambda gold, called: sk.fbeta_score(gold, called, beta=2),
    "f0.5": lambda gold, called: sk.fbeta_score(gold, called, beta=0.5),
    "mcc": lambda gold, called: sk.matthews_corrcoef(gold, called),
    "prevalence": lambda gold, called: float(np.mean(gold)),
    "flagged_rate": lambda gold, called: float(np.mean(called)),
}


def test_every_metric_has_an_oracle() -> None:
    """A new metric cannot come without one; those of scores have theirs in tests of their own."""
    assert set(MEASURES) == set(ORACLES) | {"auc", "average_precision", "ece", "brier"}


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize(("seed", "decimals"), [(1, None), (2, 1), (3, 2), (4, None)])
def test_a_metric_equals_scikit_learn(name: str, seed: int, decimals: int | None) -> None:
    """To the last bits, on random scores and on scores full of ties, at three thresholds."""
    scored = drawn(3_000, seed, decimals=decimals)
    for threshold in (0.2, 0.5, 0.7312):
        found = MEASURES[name].estimate(scored.histogram, threshold)
        called = (scored.score.astype(np.float64) >= threshold).astype(int)
        assert found.value == pytest.approx(ORACLES[name](scored.label, called), abs=1e-12)
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low < found.value < found.high
        if found.n:
            assert found.k is not None
            assert found.value == found.k / found.n


@given(items, thresholds)
def test_complements_add_up_to_one(scored: Scored, threshold: float) -> None:
    """FNR is 1 - recall and specificity 1 - FPR, and so are the bounds of their intervals, crosswise."""
    for one, other in (("recall", "fnr"), ("fpr", "specificity")):
        a, b = (MEASURES[name].estimate(scored.histogram, threshold) for name in (one, other))
        if a.value is None or a.low is None or a.high is None:
            assert (b.value, b.n) == (None, 0)
            continue
        assert b.value == pytest.approx(1 - a.value, abs=1e-12)
        assert b.low == pytest.approx(1 - a.high, abs=1e-12)
        assert b.high == pytest.approx(1 - a.low, abs=1e-12)
        assert a.n == b.n


@given(items, thresholds)
def test_every_interval_holds_its_value_and_stays_within_zero_and_one(scored: Scored, threshold: float) -> None:
    """For any items at all; a metric that is not defined has neither value nor bounds."""
    for measure in MEASURES.values():
        found = measure.estimate(scored.histogram, threshold)
        if found.value is None:
            assert (found.low, found.high) == (None, None)
        else:
            assert found.low is not None
            assert found.high is not None
            least = -1 if measure.name == "mcc" else 0
            assert least <= found.low <= found.value <= found.high <= 1


@given(items, thresholds, st.lists(st.integers(0, 2), min_size=60, max_size=60))
def test_metrics_of_merged_shards_are_those_of_the_whole(scored: Scored, threshold: float, shards: list[int]) -> None:
    """However items are dealt and in whatever order: value and interval, to the last bit."""
    dealt = np.array(shards[: len(scored.label)], int)
    pieces = [scored.part(dealt == shard).histogram for shard in (2, 0, 1)]
    merged = pieces[0] + pieces[1] + pieces[2]
    for measure in MEASURES.values():
        assert measure.estimate(merged, threshold) == measure.estimate(scored.histogram, threshold)


@given(items, thresholds)
def test_flipping_labels_and_decisions_swaps_recall_and_specificity(scored: Scored, threshold: float) -> None:
    """What was positive and flagged is then negative and left alone; MCC and balanced accuracy do not notice."""
    own = scored.histogram.at(threshold)
    flipped = cells_of(Counts(own.tn, own.fn, own.fp, own.tp))
    for name, other in (("recall", "specificity"), ("mcc", "mcc"), ("balanced_accuracy", "balanced_accuracy")):
        statistic = MEASURES[name].from_counts or _rate(name)
        expected = MEASURES[other].estimate(scored.histogram, threshold).value
        found = float(statistic(flipped))
        assert found == pytest.approx(expected, abs=1e-12) if expected is not None else np.isnan(found)


@given(items, st.lists(thresholds, min_size=2, max_size=2).map(sorted))
def test_recall_and_false_positive_rate_fall_as_the_threshold_rises(scored: Scored, pair: list[float]) -> None:
    """Or stay, with the bounds of their intervals; metrics of scores do not notice the threshold."""
    for name in ("recall", "fpr", "flagged_rate"):
        low, high = (MEASURES[name].estimate(scored.histogram, threshold) for threshold in pair)
        if low.value is not None and high.value is not None:
            assert low.value >= high.value
            assert (low.low or 0) >= (high.low or 0)
            assert (low.high or 0) >= (high.high or 0)
    for name in ("auc", "average_precision", "ece", "brier"):
        assert len({MEASURES[name].estimate(scored.histogram, threshold) for threshold in pair}) == 1


def test_counts_add_up_like_slices() -> None:
    """Merged slices have the sums of their counts: rates are never averaged."""
    whole = Counts(1, 2, 3, 4) + Counts(10, 20, 30, 40)
    assert whole == Counts(11, 22, 33, 44)
    assert (whole.n, whole.positives, whole.negatives) == (110, 44, 66)


def _rate(name: str) -> Statistic:
    share = MEASURES[name].share
    assert share is not None
    return share.rate
