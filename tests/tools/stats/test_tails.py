"""Tails summed term by term equal SciPy's, in the middle and far out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from tools.stats.tails import binomial_below, hypergeometric, hypergeometric_below


@st.composite
def lots(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """c, lot, marked, drawn; lots on both sides of the size up to which the terms are exact integers."""
    lot = draw(st.integers(1, 60) | st.integers(150, 250) | st.integers(10_000, 1_000_000))
    marked, drawn = draw(st.integers(0, lot)), draw(st.integers(0, lot) | st.integers(0, min(lot, 400)))
    near = drawn * marked // lot + draw(st.integers(-3, 3))
    return draw(st.just(near) | st.integers(-1, drawn + 1)), lot, marked, drawn


@given(st.integers(0, 100_000), st.floats(0, 1), st.floats(-0.1, 1.1))
def test_the_binomial_tail_equals_scipy(n: int, rate: float, where: float) -> None:
    """Any c, also below nothing and above everything."""
    for c in (int(where * n), int(n * rate), int(n * rate) - 1):
        assert binomial_below(c, n, rate) == pytest.approx(binom.cdf(c, n, rate), abs=1e-9)


@given(lots())
def test_the_hypergeometric_tail_equals_scipy(case: tuple[int, int, int, int]) -> None:
    """Whole lots included."""
    c, lot, marked, drawn = case
    assert hypergeometric_below(c, lot, marked, drawn) == pytest.approx(hypergeom.cdf(c, lot, marked, drawn), abs=1e-7)
    assert hypergeometric(c, lot, marked, drawn) == pytest.approx(hypergeom.pmf(c, lot, marked, drawn), abs=1e-7)


def test_a_tail_that_is_next_to_nothing_is_not_nothing() -> None:
    """Far below the mode the terms are taken in logarithms: no miss in 20,000 at 5 % has a probability of e-446."""
    assert binomial_below(760, 20_000, 0.05) == pytest.approx(binom.cdf(760, 20_000, 0.05), rel=1e-8)
    assert binomial_below(1_240, 20_000, 0.05) == pytest.approx(1.0)


def test_what_can_happen_is_neither_certain_nor_impossible() -> None:
    """However far out, a tail is 1 or 0 only where nothing else can be (R18)."""
    assert 0 < binomial_below(0, 1_000_000, 0.5) < binomial_below(40, 50, 0.001) < 1
    assert 0 < hypergeometric_below(0, 100_000, 50_000, 20_000) < hypergeometric_below(99, 100_000, 100, 300) < 1
    assert hypergeometric_below(100, 100_000, 100, 300) == binomial_below(50, 50, 0.9) == 1.0
    assert hypergeometric_below(9, 100, 60, 50) == 0.0


@pytest.mark.parametrize(("n", "rate"), [(-1, 0.5), (3, 1.5), (3, -0.1)])
def test_what_is_no_distribution_is_refused(n: int, rate: float) -> None:
    """A bug upstream must not become a risk."""
    with pytest.raises(ValueError, match="no binomial"):
        binomial_below(1, n, rate)


@pytest.mark.parametrize(("lot", "marked", "drawn"), [(10, 11, 1), (10, 1, 11), (10, -1, 1)])
def test_a_lot_that_cannot_be_is_refused(lot: int, marked: int, drawn: int) -> None:
    """More marked or drawn than there are."""
    with pytest.raises(ValueError, match="do not fit a lot"):
        hypergeometric_below(0, lot, marked, drawn)
