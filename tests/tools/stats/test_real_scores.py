"""Real scores of two models, seven variants of each item: every number beside its computation by another hand.

The data lie beside the repository and are never copied into it; without them these tests are skipped.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics as sk

from tools.measures import MEASURES
from tools.stats.clusters import ClusterCounts
from tools.stats.curves import exact_auc
from tools.stats.histogram import BINS, SIZE, Histogram
from tools.stats.intervals import wilson
from tools.stats.precision_recall import exact_average_precision

PREDICTIONS = Path(__file__).parents[3] / "../shared/data/banking_security_predictions.csv"
pytestmark = pytest.mark.skipif(not PREDICTIONS.is_file(), reason="the real data are not beside the repository")
V1, V2 = "score_v1_word_gap", "score_v2_char"


@dataclass(frozen=True)
class Scored:
    """Gold labels, scores and items (numbered: variants of one item are one cluster)."""

    label: NDArray[np.int64]
    score: NDArray[np.float64]
    item: NDArray[np.int64]

    @property
    def histogram(self) -> Histogram:
        """Counted by NumPy."""
        bins = np.minimum(np.floor(self.score * BINS + 1e-9), BINS).astype(int)
        sides = [np.bincount(bins[self.label == gold], minlength=SIZE) for gold in (1, 0)]
        return Histogram(sides[0], sides[1])

    @property
    def clusters(self) -> ClusterCounts:
        """The four counts of each item at .5."""
        flagged, positive = self.score >= 0.5, self.label == 1
        outcomes = (flagged & positive, flagged & ~positive, ~flagged & positive, ~flagged & ~positive)
        return ClusterCounts(np.stack([np.bincount(self.item, outcome) for outcome in outcomes], axis=1))


@cache
def scored(column: str, variant: str = "") -> Scored:
    """One model's scores, of one variant or of all."""
    with PREDICTIONS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if variant in ("", row["variant"])]
    items = np.unique([row["item_id"] for row in rows], return_inverse=True)[1]
    return Scored(np.array([int(row["gold"]) for row in rows]), np.array([float(row[column]) for row in rows]), items)


@pytest.mark.parametrize(("column", "caught", "alarms"), [(V1, 350, 49), (V2, 372, 72)])
def test_the_check_values_are_met(column: str, caught: int, alarms: int) -> None:
    """Recall on clean items is 350 and 372 of 400, false positives 49 and 72 of 2,680."""
    histogram = scored(column, "clean").histogram
    for name, k, n in (("recall", caught, 400), ("fpr", alarms, 2_680)):
        found = MEASURES[name].estimate(histogram, 0.5)
        assert (found.k, found.n) == (k, n)
        assert (found.low, found.high) == wilson(k, n)


@pytest.mark.parametrize("column", [V1, V2])
@pytest.mark.parametrize("variant", ["clean", "leet", ""])
def test_metrics_of_scores_equal_scikit_learn(column: str, variant: str) -> None:
    """AUC within 1e-5 from bins and 1e-12 exactly; average precision alike; the Brier score within 1e-4 of a bin."""
    data = scored(column, variant)
    area, precision = sk.roc_auc_score(data.label, data.score), sk.average_precision_score(data.label, data.score)
    assert MEASURES["auc"].estimate(data.histogram, 0.5).value == pytest.approx(area, abs=1e-5)
    assert MEASURES["average_precision"].estimate(data.histogram, 0.5).value == pytest.approx(precision, abs=4e-4)
    exact = exact_auc(data.score, data.label), exact_average_precision(data.score, data.label)
    assert [found[0] for found in exact if found] == pytest.approx([area, precision], abs=1e-12)
    brier = sk.brier_score_loss(data.label, data.score)
    assert MEASURES["brier"].estimate(data.histogram, 0.5).value == pytest.approx(brier, abs=1e-4)


def test_precision_at_one_per_cent_is_bayes_theorem() -> None:
    """13 % of these items are positive; with as few as in live traffic most of what is flagged is wrong."""
    found = [MEASURES["precision"].estimate(scored(V2, "clean").histogram, 0.5, prevalence=p) for p in (0.01, 0.001)]
    recall, fpr = 372 / 400, 72 / 2_680
    expected = [p * recall / (p * recall + (1 - p) * fpr) for p in (0.01, 0.001)]
    assert [each.value for each in found] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("column", [V1, V2])
@pytest.mark.parametrize("name", ["recall", "precision", "accuracy", "f1", "mcc", "balanced_accuracy"])
def test_intervals_of_variants_are_those_of_resampled_items(column: str, name: str) -> None:
    """21,560 rows are 3,080 items: width within 10 % of 1,500 resampled sets of items."""
    data = scored(column)
    found = MEASURES[name].estimate(data.histogram, 0.5, data.clusters)
    n = int(data.item.max()) + 1
    weights = np.random.default_rng(1).multinomial(n, np.full(n, 1 / n), size=1_500)
    drawn = weights @ data.clusters.counts
    measure = MEASURES[name]
    statistic = measure.from_counts or (measure.share.rate if measure.share else None)
    assert statistic is not None
    low, high = np.quantile(statistic(drawn), [0.025, 0.975])
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(high - low, rel=0.1)
    alone = measure.estimate(data.histogram, 0.5)
    assert alone.low is not None
    assert alone.high is not None
    assert found.high - found.low > 1.03 * (alone.high - alone.low)
