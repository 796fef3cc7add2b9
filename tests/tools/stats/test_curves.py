"""AUC from the histogram equals scikit-learn, its interval DeLong's over all pairs of items."""

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from tests.tools.stats.scores import Scored, drawn, items
from tools.stats.curves import Tallies, auc, exact_auc
from tools.stats.curves import delong as variance_of


def delong(scored: Scored) -> tuple[float, float]:
    """AUC and its variance from every pair of a positive and a negative, as DeLong (1988) writes it: O(m n)."""
    positive, negative = scored.score[scored.label == 1], scored.score[scored.label == 0]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    of_positive, of_negative = wins.mean(1), wins.mean(0)
    variance = of_positive.var(ddof=1) / len(positive) + of_negative.var(ddof=1) / len(negative)
    return float(wins.mean()), float(variance)


@pytest.mark.parametrize(("seed", "decimals"), [(1, 3), (2, 2), (3, 1)])
def test_auc_equals_scikit_learn_where_scores_have_three_decimals(seed: int, decimals: int) -> None:
    """Ties included: each counts one half."""
    scored = drawn(4_000, seed, decimals=decimals)
    found = auc(scored.histogram)
    assert found is not None
    assert found[0] == pytest.approx(roc_auc_score(scored.label, scored.score), abs=1e-12)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_auc_of_any_scores_is_right_to_five_decimals(seed: int) -> None:
    """What the 10,000 bins cost is less than anybody prints."""
    scored = drawn(4_000, seed)
    found = auc(scored.histogram)
    assert found is not None
    assert found[0] == pytest.approx(roc_auc_score(scored.label, scored.score), abs=5e-6)


@pytest.mark.parametrize(("n", "seed", "decimals"), [(60, 1, 2), (400, 2, 3), (1_500, 3, 1), (4_000, 4, None)])
def test_the_exact_mode_equals_scikit_learn_to_the_last_digits(n: int, seed: int, decimals: int | None) -> None:
    """From raw scores, ties or none."""
    scored = drawn(n, seed, decimals=decimals)
    found = exact_auc(scored.score, scored.label)
    assert found is not None
    assert found[0] == pytest.approx(roc_auc_score(scored.label, scored.score), abs=1e-12)
    assert 0 < found[1] < found[0] < found[2] < 1


@pytest.mark.parametrize(("scores", "labels"), [([0.1, float("nan")], [0, 1]), ([0.1, 0.2], [0, 1, 1])])
def test_raw_scores_that_do_not_fit_are_refused(scores: list[float], labels: list[int]) -> None:
    """Not a number, or as many labels as not."""
    with pytest.raises(ValueError, match="do not fit, or a score is NaN"):
        exact_auc(scores, labels)


@pytest.mark.parametrize(("n", "seed", "decimals"), [(60, 1, 2), (400, 2, 3), (1_500, 3, 1)])
def test_the_variance_is_delongs_over_all_pairs(n: int, seed: int, decimals: int) -> None:
    """It comes from bins, and equals that from m x n comparisons."""
    scored = drawn(n, seed, decimals=decimals)
    histogram = scored.histogram
    assert variance_of(histogram.positives, histogram.negatives) == pytest.approx(delong(scored), abs=1e-12)


@pytest.mark.parametrize(("n", "seed"), [(2_000, 3), (40_000, 5)])
def test_the_interval_comes_to_delongs_as_items_grow(n: int, seed: int) -> None:
    """On the logit scale and back again; what steadies the variance of few items is then less than 2 % of the width."""
    scored = drawn(n, seed, decimals=3)
    value, variance = delong(scored.part(np.arange(n) < 2_000)) if n == 2_000 else variance_of(*_sides(scored))
    logit, half = np.log(value / (1 - value)), norm.ppf(0.975) * variance**0.5 / (value * (1 - value))
    expected = [1 / (1 + np.exp(-(logit + sign * half))) for sign in (-1, 1)]
    found = auc(scored.histogram)
    assert found is not None
    assert found[1:] == pytest.approx(expected, abs=0.02 * (expected[1] - expected[0]))


def test_a_design_effect_widens_the_interval_by_its_root() -> None:
    """Four times the variance is twice the width, and the value stays."""
    histogram = drawn(4_000, 31, decimals=3).histogram
    plain, wide = auc(histogram), auc(histogram, 4.0)
    assert plain is not None
    assert wide is not None
    assert plain[0] == wide[0]
    assert (wide[2] - wide[1]) / (plain[2] - plain[1]) == pytest.approx(2, abs=0.1)


def test_the_interval_agrees_with_a_bootstrap_of_the_rows() -> None:
    """End points within 15 % of the width of 400 resampled sets of rows."""
    scored = drawn(900, 21, decimals=3)
    draw = np.random.default_rng(21)
    rows = draw.integers(0, 900, (400, 900))
    again = [roc_auc_score(scored.label[row], scored.score[row]) for row in rows]
    low, high = np.quantile(again, [0.025, 0.975])
    found = auc(scored.histogram)
    assert found is not None
    assert found[1:] == pytest.approx((low, high), abs=0.15 * (high - low))


@given(items)
def test_an_auc_lies_within_its_interval_for_any_items(scored: Scored) -> None:
    """Few items, all ties, perfect or reversed: never outside 0 to 1, never an overflow; none without both labels."""
    found = auc(scored.histogram)
    if len(set(scored.label.tolist())) < 2:
        assert found is None
        return
    assert found is not None
    value, low, high = found
    assert 0 <= low <= value <= high <= 1
    bins = np.floor(scored.score.astype(np.float64) * 10_000)
    assert value == pytest.approx(roc_auc_score(scored.label, bins))


@pytest.mark.parametrize(("m", "n"), [(2, 2), (10, 10), (40, 900)])
def test_a_model_that_says_the_same_of_everything_has_an_auc_of_one_half(m: int, n: int) -> None:
    """Its interval lies about one half, and is narrower the more items there are."""
    label = np.r_[np.ones(m), np.zeros(n)].astype(np.int8)
    found = auc(Scored(label, np.full(m + n, 0.3, np.float32)).histogram)
    assert found is not None
    value, low, high = found
    assert value == 0.5
    assert 0.5 - low == pytest.approx(high - 0.5)
    assert 0.2 / min(m, n) ** 0.5 < high - low < 2 / min(m, n) ** 0.5


@pytest.mark.parametrize("n", [5, 17, 400])
def test_a_perfect_separation_is_no_certainty(n: int) -> None:
    """Every positive above every negative: the bound is that of n without an error (R18)."""
    score = np.r_[np.full(n, 0.9), np.full(n, 0.1)].astype(np.float32)
    found = auc(Scored(np.r_[np.ones(n), np.zeros(n)].astype(np.int8), score).histogram)
    assert found is not None
    value, low, high = found
    assert (value, high) == (1.0, 1.0)
    assert 0.5 < low < 1


def _sides(scored: Scored) -> tuple[Tallies, Tallies]:
    return scored.histogram.positives, scored.histogram.negatives
