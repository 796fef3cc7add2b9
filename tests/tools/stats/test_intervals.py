"""Intervals of proportions equal SciPy's; that of F1 equals a bootstrap of the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.tools.stats.scores import drawn
from tools.stats.counts import Counts
from tools.stats.intervals import f1_interval, wilson

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


@pytest.mark.parametrize(("n", "seed"), [(250, 5), (1_200, 6)])
def test_the_interval_of_f1_equals_a_bootstrap_of_the_rows(n: int, seed: int) -> None:
    """End points within 6 % of the width of 4,000 resampled sets of rows."""
    scored = drawn(n, seed)
    called, gold = scored.score.astype(np.float64) >= 0.5, scored.label == 1
    rows = np.random.default_rng(seed).integers(0, n, (4_000, n))
    tp, wrong = (called & gold)[rows].sum(1), (called ^ gold)[rows].sum(1)
    low, high = np.quantile(2 * tp / (2 * tp + wrong), [0.025, 0.975])
    found = f1_interval(scored.histogram.at(0.5), draws=20_000)
    assert found == pytest.approx((low, high), abs=0.06 * (high - low))


def test_the_interval_of_f1_is_the_same_every_time() -> None:
    """Asked twice, a number does not move."""
    counts = Counts(40, 7, 9, 300)
    assert f1_interval(counts) == f1_interval(counts)


@pytest.mark.parametrize(("counts", "bound"), [(Counts(17, 0, 0, 90), 0.9), (Counts(5, 0, 0, 0), 0.73)])
def test_a_perfect_f1_is_no_certainty(counts: Counts, bound: float) -> None:
    """No error among few items still allows some: resampling alone would say 1 to 1 (R18)."""
    low, high = f1_interval(counts)
    assert high == 1.0
    assert 0.5 < low < bound


def test_an_f1_of_zero_is_no_certainty_either() -> None:
    """Nothing right among few items allows a little."""
    low, high = f1_interval(Counts(0, 6, 11, 90))
    assert low == 0.0
    assert 0.1 < high < 0.5


def test_an_f1_that_is_not_defined_could_be_anything() -> None:
    """Neither a positive item nor a flagged one."""
    assert f1_interval(Counts(0, 0, 0, 12)) == (0.0, 1.0)
