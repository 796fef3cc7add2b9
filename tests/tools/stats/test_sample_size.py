"""Sizes reach what they promise: widths by the formula, power and assurance by the exact distribution."""

from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom, nbinom, norm

from tools.stats.intervals import wilson
from tools.stats.proportions import mid_p
from tools.stats.sample_size import (
    most_missed,
    size_for_half_width,
    size_for_positives,
    size_paired,
    size_to_show,
    size_unpaired,
    size_without_a_miss,
    wilson_half_width,
)

shares = st.floats(0.01, 0.99)


@pytest.mark.parametrize(("rate", "half_width", "positives"), [(0.9, 0.03, 385), (0.95, 0.02, 457)])
def test_the_handy_sizes_of_the_rule_book(rate: float, half_width: float, positives: int) -> None:
    """Recall .90 +-3 points takes 385 positives, .95 +-2 takes 457: z^2 p (1 - p) / h^2, rounded up."""
    size = size_for_half_width(rate, half_width)
    assert size.size == size.usual == positives
    assert positives == ceil(norm.ppf(0.975) ** 2 * rate * (1 - rate) / half_width**2)


@given(shares, st.floats(0.004, 0.45))
def test_the_wilson_size_is_the_smallest_whose_interval_is_that_narrow(rate: float, half_width: float) -> None:
    """One item fewer is too wide."""
    size = size_for_half_width(rate, half_width).wilson
    assert wilson_half_width(rate, size) <= half_width + 1e-9
    assert size == 1 or wilson_half_width(rate, size - 1) > half_width - 1e-9


@pytest.mark.parametrize(("k", "n"), [(9, 10), (450, 500), (3, 40)])
def test_the_half_width_is_that_of_the_interval_that_is_reported(k: int, n: int) -> None:
    """Half the way from one bound to the other."""
    low, high = wilson(k, n)
    assert wilson_half_width(k / n, n) == pytest.approx((high - low) / 2)


def test_where_hardly_an_error_is_expected_the_usual_formula_is_not_used() -> None:
    """.99 +-.03 would take 43, in which no error is expected: the interval is then .049 wide on a side; 84 it is."""
    size = size_for_half_width(0.99, 0.03)
    assert (size.usual, size.trusted, size.size) == (43, False, 84)
    assert wilson_half_width(0.99, 43) > 0.049


@given(st.integers(1, 2_000), st.floats(0.001, 0.9))
def test_the_assured_size_holds_the_positives_in_95_percent(positives: int, prevalence: float) -> None:
    """Counted with SciPy's negative binomial; the average alone would fall short in about half of all samples."""
    size = size_for_positives(positives, prevalence)
    assert size.average == ceil(positives / prevalence - 1e-9)
    assert size.assured == pytest.approx(positives + nbinom.ppf(0.95, positives, prevalence), abs=1)
    assert binom.sf(positives - 1, size.assured, prevalence) >= 0.95 - 1e-9


def exact_power(n: int, difference: float, discordance: float) -> float:
    """Of exact McNemar, summed over all numbers of discordant items and how they fall."""
    power, lean = 0.0, (discordance + difference) / 2 / discordance
    for m in range(n + 1):
        weight = binom.pmf(m, n, discordance)
        if weight > 1e-9:
            k = np.arange(m + 1)
            p = np.minimum(1, 2 * binom.cdf(np.minimum(k, m - k), m, 0.5))
            power += weight * binom.pmf(k, m, lean)[p < 0.05].sum()
    return power


@pytest.mark.parametrize(
    ("difference", "discordance"), [(0.02, 0.1), (0.05, 0.1), (0.1, 0.2), (0.02, 0.05), (0.03, 0.25), (0.2, 0.4)]
)
def test_the_paired_size_has_the_power_it_promises(difference: float, discordance: float) -> None:
    """The exact test shows the difference in 80 % of samples of that size, or a little more."""
    assert 0.8 <= exact_power(size_paired(difference, discordance), difference, discordance) <= 0.84


def test_the_same_items_need_fewer_than_different_ones() -> None:
    """Which is why two models are compared on the same items."""
    assert size_paired(0.02, 0.09) < size_unpaired(0.9, 0.88)


@pytest.mark.parametrize(("rate", "other"), [(0.9, 0.88), (0.9, 0.8), (0.5, 0.6), (0.02, 0.05)])
def test_the_unpaired_size_has_the_power_it_promises(rate: float, other: float) -> None:
    """400 drawn pairs of samples, judged by the mid-p test: 80 % of them show it, give or take the simulation."""
    n, rng = size_unpaired(rate, other), np.random.default_rng(20)
    shown = [mid_p(int(a), n, int(b), n) < 0.05 for a, b in rng.binomial(n, (rate, other), (400, 2))]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.05)


def test_zero_misses_of_sixty_still_allow_five_percent() -> None:
    """By the one-sided exact bound, .0487; SciPy's beta quantile is the same."""
    assert most_missed(60) == pytest.approx(0.0487, abs=5e-5)
    assert most_missed(60) == pytest.approx(beta.ppf(0.95, 1, 60))
    assert 1 - wilson(60, 60)[0] == pytest.approx(0.0602, abs=5e-5)


@given(st.floats(0.5, 0.999))
def test_without_a_miss_the_smallest_size_is_found(target: float) -> None:
    """By either bound, one item fewer does not show the target."""
    by_wilson, exact = size_to_show(1.0, target), size_without_a_miss(target)
    assert wilson(by_wilson, by_wilson)[0] >= target - 1e-9 > wilson(by_wilson - 1, by_wilson - 1)[0] - 1e-7
    assert 1 - most_missed(exact) >= target
    assert exact == 1 or 1 - most_missed(exact - 1) < target


@given(st.integers(2, 60), st.integers(2, 60), st.floats(0.05, 0.95))
def test_the_size_to_show_a_target_clears_it(right: int, of: int, target: float) -> None:
    """The Wilson interval of that share in that many items lies beside the target."""
    share = min(right, of) / of
    if abs(share - target) < 0.01:
        return
    n = size_to_show(share, target)
    zz = norm.ppf(0.975) ** 2
    middle, half = (share + zz / 2 / n) / (1 + zz / n), wilson_half_width(share, n)
    assert middle - half >= target - 1e-6 or middle + half <= target + 1e-6


def test_questions_without_an_answer_are_refused() -> None:
    """Shares outside (0, 1), no difference, one larger than what makes it."""
    with pytest.raises(ValueError, match="no share"):
        size_for_half_width(1.0, 0.03)
    with pytest.raises(ValueError, match="no sample"):
        size_for_positives(0, 0.1)
    with pytest.raises(ValueError, match="at least that discordance"):
        size_paired(0.2, 0.1)
    with pytest.raises(ValueError, match="no difference"):
        size_unpaired(0.4, 0.4)
    with pytest.raises(ValueError, match="above itself"):
        size_to_show(0.9, 0.9)
    with pytest.raises(ValueError, match="no item"):
        most_missed(0)
