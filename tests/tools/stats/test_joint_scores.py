"""The difference of AUC and of Brier score on the same items: exact, and as wide as a slow bootstrap says."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import ttest_rel
from sklearn.metrics import brier_score_loss, roc_auc_score

from tests.bench.paired_coverage import Twins, covered
from tools.stats.joint_scores import JointScores, paired_auc, paired_brier


def _scores(n: int = 300, seed: int = 2, *, ties: bool = True) -> JointScores:
    found = Twins(n, 0.3, 1.6, 1.2).sample(np.random.default_rng(seed))
    return replace(found, a=np.round(found.a, 2), b=np.round(found.b, 2)) if ties else found


@pytest.mark.parametrize("ties", [True, False])
def test_both_values_equal_scikit_learn(ties: bool) -> None:
    """To 1e-12, ties included: nothing is binned."""
    scores = _scores(ties=ties)
    for find, score in ((paired_auc, roc_auc_score), (paired_brier, brier_score_loss)):
        found = find(scores)
        assert found
        assert found.a == pytest.approx(score(scores.label, scores.a), abs=1e-12)
        assert found.b == pytest.approx(score(scores.label, scores.b), abs=1e-12)


def test_the_test_is_delong_written_out() -> None:
    """The kernel of every pair of a positive and a negative, and the covariances of the paper's components."""
    scores = _scores(120)
    components = []
    for score in (scores.a, scores.b):
        right = score[scores.label][:, None] - score[~scores.label][None, :]
        kernel = (right > 0) + 0.5 * (right == 0)
        components.append((kernel.mean(axis=1), kernel.mean(axis=0)))
    first, second = (np.cov([mine[at] for mine in components]) for at in (0, 1))
    m, n = int(scores.label.sum()), int((~scores.label).sum())
    covariance = first / m + second / n
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    difference = components[0][0].mean() - components[1][0].mean()
    found = paired_auc(scores)
    assert found
    assert found.p == pytest.approx(2 * NormalDist().cdf(-abs(difference) / variance**0.5), abs=1e-12)


def test_the_interval_is_that_of_a_slow_bootstrap() -> None:
    """Of 800 items, resampled row by row."""
    scores, random = _scores(800), np.random.default_rng(3)
    for find, score in ((paired_auc, roc_auc_score), (paired_brier, brier_score_loss)):
        found = find(scores)
        assert found
        gaps = []
        for _ in range(120):
            at = random.integers(0, scores.label.size, scores.label.size)
            gaps.append(score(scores.label[at], scores.a[at]) - score(scores.label[at], scores.b[at]))
        assert (found.high - found.low) / 2 / 1.96 == pytest.approx(np.std(gaps), rel=0.25)


def test_the_test_of_the_brier_score_is_a_paired_t_test() -> None:
    """Of the squared errors, by SciPy; the normal distribution stands for Student's with so many items."""
    scores = _scores(2_000)
    expected = ttest_rel((scores.a - scores.label) ** 2, (scores.b - scores.label) ** 2).pvalue
    found = paired_brier(scores)
    assert found
    assert found.p == pytest.approx(expected, rel=0.02, abs=1e-6)


@pytest.mark.parametrize("find", [paired_auc, paired_brier])
def test_swapping_the_models_turns_the_sign(find: object) -> None:
    """The bounds change places, the p-value stays; nor does the order of the items matter."""
    scores = _scores()
    swapped = JointScores(scores.label[::-1], scores.b[::-1], scores.a[::-1])
    here, there = find(scores), find(swapped)  # type: ignore[operator]
    assert (here.low, here.high) == pytest.approx((-there.high, -there.low))
    assert (here.a, here.b, here.p) == pytest.approx((there.b, there.a, there.p))


@pytest.mark.parametrize("find", [paired_auc, paired_brier])
def test_copies_of_an_item_add_nothing(find: object) -> None:
    """Every item four times over in a cluster of its own: interval and p-value are those of the items alone."""
    scores = _scores(400)
    label, a, b, unit = (np.repeat(part, 4) for part in (scores.label, scores.a, scores.b, np.arange(400)))
    four = JointScores(label == 1, a.astype(float), b.astype(float), unit.astype(np.int64))
    alone, copied = find(scores), find(four)  # type: ignore[operator]
    naive = find(replace(four, unit=None))  # type: ignore[operator]
    assert copied.p == pytest.approx(alone.p, rel=0.1, abs=1e-4)
    assert copied.high - copied.low == pytest.approx(alone.high - alone.low, rel=0.05)
    assert naive.high - naive.low < 0.6 * (alone.high - alone.low)


def test_equal_scores_are_no_certainty() -> None:
    """The difference is nothing, but room is left on both sides (R18); with one label there is no AUC."""
    scores = _scores()
    same = replace(scores, b=scores.a)
    for find in (paired_auc, paired_brier):
        found = find(same)
        assert found
        assert found.a == found.b
        assert found.low < -0.001 < 0.001 < found.high
        assert found.p == 1.0
    assert paired_auc(scores.only(scores.label)) is None
    assert paired_brier(scores.only(np.zeros(300, bool))) is None


def test_two_perfect_orders_differ_by_nothing() -> None:
    """No item is misplaced by either, and that is said with room."""
    label = np.arange(60) >= 30
    found = paired_auc(JointScores(label, label.astype(float), label * np.float64(0.5) + 0.1))
    assert found
    assert (found.a, found.b, found.p) == (1.0, 1.0, 1.0)
    assert found.high > 0.05


def test_perfect_order_against_none_is_found() -> None:
    """One model separates the labels, the other gives every item the same score: nothing varies, and yet it is real."""
    label = np.arange(60) >= 30
    found = paired_auc(JointScores(label, label.astype(float), np.full(60, 0.5)))
    assert found
    assert (found.a, found.b) == (1.0, 0.5)
    assert found.low > 0.3
    assert found.p < 0.001


def test_the_tests_keep_their_size_and_the_intervals_their_coverage() -> None:
    """At 40 positives of 200: 2 to 8 % where nothing differs (400 samples), 92 to 98 % of the intervals hold."""
    for twins in (Twins(200, 0.2, 2.3, 2.3), Twins(200, 0.2, 2.6, 2.3)):
        for row in covered(twins, 400, ("auc", "brier")):
            assert 0.92 <= row.coverage <= 0.985, row
            if row.truth == 0:
                assert 0.02 <= row.found <= 0.085, row
