"""Every metric from counts equals scikit-learn on the rows themselves."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from sklearn import metrics as sk

from tests.tools.stats.scores import Scored, drawn, items, thresholds
from tools.measures import MEASURES
from tools.stats.counts import Counts

ORACLES: dict[str, Callable[[Any, Any], float]] = {
    "recall": lambda gold, called: sk.recall_score(gold, called),
    "precision": lambda gold, called: sk.precision_score(gold, called),
    "fpr": lambda gold, called: 1 - sk.recall_score(gold, called, pos_label=0),
    "fnr": lambda gold, called: 1 - sk.recall_score(gold, called),
    "specificity": lambda gold, called: sk.recall_score(gold, called, pos_label=0),
    "accuracy": lambda gold, called: sk.accuracy_score(gold, called),
    "f1": lambda gold, called: sk.f1_score(gold, called),
    "prevalence": lambda gold, called: float(np.mean(gold)),
    "flagged_rate": lambda gold, called: float(np.mean(called)),
}


def test_every_metric_has_an_oracle() -> None:
    """A new metric cannot come without one; AUC has its own in `test_curves`."""
    assert set(MEASURES) == set(ORACLES) | {"auc"}


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
            assert 0 <= found.low <= found.value <= found.high <= 1


def test_counts_add_up_like_slices() -> None:
    """Merged slices have the sums of their counts: rates are never averaged."""
    whole = Counts(1, 2, 3, 4) + Counts(10, 20, 30, 40)
    assert whole == Counts(11, 22, 33, 44)
    assert (whole.n, whole.positives, whole.negatives) == (110, 44, 66)
