"""Average precision equals scikit-learn's, binned and exact, here and at another prevalence."""

import numpy as np
import pytest
from hypothesis import given
from sklearn.metrics import average_precision_score

from tests.tools.stats.scores import Scored, drawn, items
from tools.stats.precision_recall import average_precision, exact_average_precision


@pytest.mark.parametrize(("seed", "decimals"), [(1, 3), (2, 2), (3, 1)])
def test_it_equals_scikit_learn_where_scores_have_three_decimals(seed: int, decimals: int) -> None:
    """Ties are one step."""
    scored = drawn(4_000, seed, decimals=decimals)
    found = average_precision(scored.histogram)
    assert found is not None
    assert found[0] == pytest.approx(average_precision_score(scored.label, scored.score), abs=1e-12)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_bins_cost_less_than_anybody_prints(seed: int) -> None:
    """Of any scores, right to three decimals."""
    scored = drawn(4_000, seed)
    found = average_precision(scored.histogram)
    assert found is not None
    assert found[0] == pytest.approx(average_precision_score(scored.label, scored.score), abs=4e-4)


@pytest.mark.parametrize(("n", "seed", "decimals"), [(60, 1, 2), (400, 2, 3), (4_000, 4, None)])
@pytest.mark.parametrize("prevalence", [None, 0.01, 0.2, 0.9])
def test_the_exact_mode_equals_scikit_learn(n: int, seed: int, decimals: int | None, prevalence: float | None) -> None:
    """To 1e-12, also with the weights that make positives as rare as stated."""
    scored = drawn(n, seed, decimals=decimals)
    own = scored.label.mean()
    weights = None
    if prevalence is not None:
        weights = np.where(scored.label == 1, prevalence / own, (1 - prevalence) / (1 - own))
    found = exact_average_precision(scored.score, scored.label, prevalence)
    assert found is not None
    expected = average_precision_score(scored.label, scored.score, sample_weight=weights)
    assert found[0] == pytest.approx(expected, abs=1e-12)


def test_the_variance_is_that_of_the_jackknife() -> None:
    """Leaving out one item after the other, each scored by scikit-learn, gives the same standard error within 3 %."""
    scored = drawn(400, 21)
    keep = ~np.eye(400, dtype=bool)
    left_out = [average_precision_score(scored.label[k], scored.score[k]) for k in keep]
    error = (399 / 400 * np.sum((left_out - np.mean(left_out)) ** 2)) ** 0.5
    found = exact_average_precision(scored.score, scored.label)
    assert found is not None
    value, low, high = found
    half = (np.log(high / (1 - high)) - np.log(low / (1 - low))) / 2 * value * (1 - value)
    assert half / 1.98 == pytest.approx(error, rel=0.03)


@given(items)
def test_it_lies_within_its_interval_for_any_items(scored: Scored) -> None:
    """Few items, all ties, perfect or reversed; none without both labels, and never below the prevalence's floor."""
    for prevalence in (None, 0.01):
        found = average_precision(scored.histogram, prevalence)
        if len(set(scored.label.tolist())) < 2:
            assert found is None
            continue
        assert found is not None
        value, low, high = found
        assert 0 <= low <= value <= high <= 1
        assert value > 0


def test_positives_that_are_rarer_are_found_with_less_precision() -> None:
    """Every step down in prevalence lowers value and bounds; at the set's own prevalence nothing changes."""
    histogram = drawn(3_000, 5).histogram
    own = float(histogram.positives.sum() / (histogram.positives.sum() + histogram.negatives.sum()))
    found = [average_precision(histogram, prevalence) for prevalence in (0.5, own, 0.1, 0.01, 0.001)]
    values = [each[0] for each in found if each]
    assert values == sorted(values, reverse=True)
    here = average_precision(histogram)
    assert here is not None
    assert values[1] == pytest.approx(here[0], abs=1e-12)


@pytest.mark.parametrize("n", [5, 17, 400])
def test_r18_a_perfect_ranking_is_no_certainty(n: int) -> None:
    """Every positive above every negative: the bound is that of the positives without an error."""
    score = np.r_[np.full(n, 0.9), np.full(n, 0.1)].astype(np.float32)
    found = average_precision(Scored(np.r_[np.ones(n), np.zeros(n)].astype(np.int8), score).histogram)
    assert found is not None
    assert (found[0], found[2]) == (1.0, 1.0)
    assert 0.4 < found[1] < 1


def test_few_negatives_cannot_vouch_for_rare_positives() -> None:
    """A perfect ranking above 20 negatives may, at 1 in 1,000, be one with hardly any precision."""
    score = np.r_[np.full(30, 0.9), np.full(20, 0.1)].astype(np.float32)
    found = average_precision(Scored(np.r_[np.ones(30), np.zeros(20)].astype(np.int8), score).histogram, 0.001)
    assert found is not None
    assert found[0] == 1.0
    assert found[1] < 0.05
