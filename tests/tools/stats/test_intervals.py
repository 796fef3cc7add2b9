"""Intervals of proportions equal SciPy's; drawn ones equal a bootstrap of the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, t

from tests.tools.stats.scores import drawn
from tools.stats.counts import Counts
from tools.stats.intervals import drawn_interval, logit_interval, student, wilson
from tools.stats.rates import Statistic, balanced_accuracy, cells_of, f_beta, mcc

shares = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares)
def test_wilson_equals_scipy(share: tuple[int, int]) -> None:
    """Any k of any n up to 100,000."""
    k, n = share
    expected = binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_names_the_traps_of_the_rule_book() -> None:
    """17 of 17 is compatible with 81.6 %; 60 without a miss show at least 94 % (R18)."""
    assert wilson(17, 17) == pytest.approx((0.8157, 1.0), abs=5e-5)
    assert wilson(60, 60)[0] == pytest.approx(0.9398, abs=5e-5)


def test_wilson_of_nothing_says_nothing() -> None:
    """No trial: anything is possible."""
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 5), (1, 0)])
def test_wilson_refuses_what_is_no_proportion(k: int, n: int) -> None:
    """A bug upstream must not become an interval."""
    with pytest.raises(ValueError, match="no proportion"):
        wilson(k, n)


@pytest.mark.parametrize("beta", [0.5, 1, 2])
@pytest.mark.parametrize(("n", "seed"), [(400, 5), (1_200, 6)])
def test_a_drawn_interval_equals_a_bootstrap_of_the_rows(n: int, seed: int, beta: float) -> None:
    """Of F-beta: end points within 10 % of the width of 4,000 resampled sets of rows."""
    scored = drawn(n, seed)
    called, gold = scored.score.astype(np.float64) >= 0.5, scored.label == 1
    rows = np.random.default_rng(seed).integers(0, n, (4_000, n))
    tp, fp, fn = ((both[rows]).sum(1) for both in (called & gold, called & ~gold, ~called & gold))
    low, high = np.quantile((1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp), [0.025, 0.975])
    found = drawn_interval(cells_of(scored.histogram.at(0.5)), f_beta(beta))
    assert found == pytest.approx((low, high), abs=0.1 * (high - low))


def test_a_drawn_interval_is_the_same_every_time() -> None:
    """Asked twice, a number does not move; nor do draws that were thrown away and made again."""
    counts = cells_of(Counts(40, 7, 9, 300))
    first = drawn_interval(counts, f_beta(1))
    for extra in range(300):
        drawn_interval(counts + extra, mcc)
    assert drawn_interval(counts, f_beta(1)) == first


@pytest.mark.parametrize(("counts", "bound"), [(Counts(17, 0, 0, 90), 0.9), (Counts(5, 0, 0, 9), 0.73)])
@pytest.mark.parametrize("statistic", [f_beta(1), f_beta(2), f_beta(0.5), mcc, balanced_accuracy])
def test_r18_a_perfect_value_is_no_certainty(counts: Counts, bound: float, statistic: Statistic) -> None:
    """No error among few items still allows some: plain resampling would say 1 to 1."""
    low, high = drawn_interval(cells_of(counts), statistic)
    assert high == 1.0
    assert 0.3 < low < bound + 0.05


def test_r18_an_f1_of_zero_is_no_certainty_either() -> None:
    """Nothing right among few items allows a little."""
    low, high = drawn_interval(cells_of(Counts(0, 6, 11, 90)), f_beta(1))
    assert low == 0.0
    assert 0.1 < high < 0.5


def test_an_f1_that_is_not_defined_could_be_anything() -> None:
    """Neither a positive item nor a flagged one."""
    assert drawn_interval(cells_of(Counts(0, 0, 0, 12)), f_beta(1)) == (0.0, 1.0)


@given(st.floats(1, 500))
def test_students_t_equals_scipys(freedom: float) -> None:
    """Within half a per cent from three degrees on; below, where nobody should look, within 3 %."""
    assert student(freedom) == pytest.approx(t.ppf(0.975, freedom), rel=0.005 if freedom >= 3 else 0.03)


@given(st.floats(0.001, 0.999), st.floats(1e-9, 1e-3))
def test_a_logit_interval_is_symmetric_in_its_log_odds(value: float, variance: float) -> None:
    """And holds the value, within 0 and 1."""
    low, high = logit_interval(value, variance)
    assert 0 < low < value < high < 1
    middle = (np.log(low / (1 - low)) + np.log(high / (1 - high))) / 2
    assert middle == pytest.approx(np.log(value / (1 - value)), abs=1e-6)
