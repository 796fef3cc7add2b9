"""Two real models on seven variants of the same items, where the data lie beside the repository."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from tests.bench.paired_coverage import decided
from tools.stats.differences import difference
from tools.stats.joint_scores import JointScores

FILE = Path(__file__).parents[4] / "shared" / "data" / "banking_security_predictions.csv"
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the real data are not here")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """21,560 predictions of two models."""
    with FILE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _scores(rows: list[dict[str, str]]) -> JointScores:
    """The second model against the first; a cluster is an item with its variants."""
    label = np.array([row["gold"] == "1" for row in rows])
    first, second = (np.array([float(row[name]) for row in rows]) for name in ("score_v1_word_gap", "score_v2_char"))
    _, unit = np.unique([row["item_id"] for row in rows], return_inverse=True)
    return JointScores(label, second, first, unit.astype(np.int64))


def test_the_clean_items_give_the_published_counts(rows: list[dict[str, str]]) -> None:
    """372 against 350 of 400, 27 and 5 discordant positives, 72 against 49 false positives of 2,680."""
    joint, _ = decided(_scores([row for row in rows if row["variant"] == "clean"]), 0.5)
    recall, fpr = difference("recall", joint), difference("fpr", joint)
    assert recall
    assert fpr
    assert (recall.a_k, recall.b_k, recall.n) == (372, 350, 400)
    assert (recall.only_a, recall.only_b) == (27, 5)
    assert (fpr.a_k, fpr.b_k, fpr.n) == (72, 49, 2_680)
    assert recall.p == pytest.approx(binomtest(5, 32).pvalue)


def test_seven_variants_are_not_seven_items(rows: list[dict[str, str]]) -> None:
    """Over all variants the same difference, by 400 clusters of positives: the interval is that of resampled items."""
    scores = _scores(rows)
    joint, units = decided(scores, 0.5)
    assert units is not None
    found, naive = difference("recall", joint, units), difference("recall", joint)
    assert found
    assert naive
    assert (found.n, found.units) == (2_800, 400)
    assert found.value == pytest.approx(naive.value)
    positive = units[units[:, :4].sum(axis=1) > 0]
    drawn = np.random.default_rng(1).multinomial(400, np.full(400, 1 / 400), size=4_000) @ positive
    slow = np.quantile((drawn[:, 1] - drawn[:, 2]) / drawn[:, :4].sum(axis=1), [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx(tuple(slow), abs=0.1 * (slow[1] - slow[0]))
    assert found.high - found.low > 1.2 * (naive.high - naive.low)


def test_the_difference_of_auc_allows_for_the_variants(rows: list[dict[str, str]]) -> None:
    """Values are scikit-learn's; the interval is that of resampled items, wider than that of rows."""
    scores = _scores(rows)
    joint, units = decided(scores, 0.5)
    found = difference("auc", joint, units, scores)
    assert found
    assert found.a == pytest.approx(roc_auc_score(scores.label, scores.a), abs=1e-12)
    assert found.b == pytest.approx(roc_auc_score(scores.label, scores.b), abs=1e-12)
    assert scores.unit is not None
    order = np.argsort(scores.unit, kind="stable").reshape(-1, 7)
    random, gaps = np.random.default_rng(2), []
    for _ in range(40):
        at = order[random.integers(0, len(order), len(order))].ravel()
        gaps.append(
            roc_auc_score(scores.label[at], scores.a[at]) - roc_auc_score(scores.label[at], scores.b[at])
        )  # fmt: skip
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(np.std(gaps), rel=0.3)
