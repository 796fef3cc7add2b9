"""Resampled counts are those of NumPy's multinomial in distribution, in both ways of drawing them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, ks_2samp

from tools.stats.resampling import SMALL, bounds, resampled

MANY = 20_000


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_every_draw_has_all_items(counts: list[int]) -> None:
    """Whole numbers, none negative, and a kind that never occurs stays away."""
    drawn = resampled(np.array(counts, np.int64), 200)
    assert drawn.shape == (len(counts), 200)
    assert (drawn.sum(axis=0) == sum(counts)).all()
    assert (drawn >= 0).all()
    assert np.array_equal(drawn, np.rint(drawn))
    assert not drawn[np.array(counts) == 0].any()


@pytest.mark.parametrize(
    "counts", [[30, 60, 3], [SMALL - 1, 1], [200, 50, 6], [900, 80, 15, 5], [4_000, 6_000, 30, 2], [500_000, 90]]
)
def test_draws_have_the_moments_of_the_multinomial(counts: list[int]) -> None:
    """Means and the whole covariance, within five standard errors."""
    array = np.array(counts, np.int64)
    n, shares = array.sum(), array / array.sum()
    drawn = resampled(array, MANY)
    spread = np.sqrt(n * shares * (1 - shares))
    assert (np.abs(drawn.mean(axis=1) - array) < 5 * spread / MANY**0.5).all()
    expected = n * (np.diag(shares) - np.outer(shares, shares))
    scale = np.outer(spread, spread)
    assert (np.abs(np.cov(drawn) - expected) < 5 * scale * 1.5 / MANY**0.5).all()


@pytest.mark.parametrize(
    ("k", "n"), [(1, 40), (20, 200), (250, 255), (3, 900), (12, 900), (400, 1_000), (9_000, 10_000)]
)
def test_each_count_has_the_distribution_of_a_binomial(k: int, n: int) -> None:
    """The greatest difference to SciPy's distribution function is below .015 with 20,000 draws."""
    drawn = resampled(np.array([k, n - k], np.int64), MANY)[0]
    values = np.unique(drawn)
    seen = np.searchsorted(np.sort(drawn), values, side="right") / MANY
    assert np.abs(seen - binom.cdf(values, n, k / n)).max() < 0.015


def test_statistics_of_draws_agree_with_numpys_multinomial() -> None:
    """A ratio of counts, as the coefficients are, has the same distribution."""
    counts = np.array([820, 60, 15, 5], np.int64)
    theirs = np.random.default_rng(1).multinomial(counts.sum(), counts / counts.sum(), MANY).T
    ours = resampled(counts, MANY)
    ratio = [drawn[1] / (drawn[1] + drawn[2] + drawn[3]) for drawn in (ours, theirs)]
    assert ks_2samp(*ratio).pvalue > 1e-3


def test_the_same_counts_are_drawn_the_same() -> None:
    """Today and tomorrow, an interval does not move."""
    for counts in (np.array([5, 9]), np.array([900, 400, 2])):
        assert np.array_equal(resampled(counts), resampled(counts))


def test_nothing_is_drawn_from_nothing() -> None:
    """No items, no counts."""
    assert not resampled(np.array([0, 0], np.int64), 7).any()


def test_draws_that_say_nothing_widen_the_bounds() -> None:
    """NaN counts as -1 below and as 1 above, once there is more than one in forty."""
    sample = np.linspace(0, 0.5, 2_000)
    low, high = bounds(sample)
    assert low == pytest.approx(0.0125, abs=1e-3)
    assert high == pytest.approx(0.4875, abs=1e-3)
    sample[:200] = np.nan
    assert bounds(sample) == (-1.0, 1.0)
