"""The chi-square distribution's tail, against SciPy, and what must hold of any tail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tools.stats.chi_square import quantile, upper_tail

DEGREES = (1, 2, 3, 7, 30, 76, 500, 5_000)


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("tail", [1e-12, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 1 - 1e-9])
def test_the_tail_is_scipys(degrees: int, tail: float) -> None:
    """To ten digits, far out and in the middle."""
    statistic = float(stats.chi2.isf(tail, degrees))
    assert upper_tail(statistic, degrees) == pytest.approx(float(stats.chi2.sf(statistic, degrees)), rel=1e-10)


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("probability", [0.001, 0.05, 0.5, 0.95, 0.999])
def test_the_quantile_is_scipys(degrees: int, probability: float) -> None:
    """To nine digits."""
    assert quantile(probability, degrees) == pytest.approx(float(stats.chi2.ppf(probability, degrees)), rel=1e-9)


@given(st.floats(0, 5_000), st.floats(0, 5_000), st.integers(1, 300))
def test_the_tail_falls(one: float, other: float, degrees: int) -> None:
    """From 1 at nothing towards 0, never up."""
    low, high = sorted((one, other))
    assert 0 <= upper_tail(high, degrees) <= upper_tail(low, degrees) + 1e-12 <= 1 + 1e-12


def test_without_degrees_nothing_varies() -> None:
    """One value only: any two compositions are the same."""
    assert upper_tail(0.0, 0) == 1.0


@pytest.mark.parametrize(("statistic", "degrees"), [(-1.0, 1), (float("inf"), 1), (float("nan"), 1), (1.0, -1)])
def test_what_is_no_statistic_is_refused(statistic: float, degrees: int) -> None:
    """A bug elsewhere would otherwise be a p-value."""
    with pytest.raises(ValueError, match="chi-square"):
        upper_tail(statistic, degrees)


@pytest.mark.parametrize(("probability", "degrees"), [(0.0, 1), (1.0, 1), (0.5, 0)])
def test_what_has_no_quantile_is_refused(probability: float, degrees: int) -> None:
    """The ends of the distribution are nowhere."""
    with pytest.raises(ValueError, match="no quantile"):
        quantile(probability, degrees)
