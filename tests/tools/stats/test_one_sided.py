"""The one-sided test of two shares equals the hypergeometric distribution of an independent library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from tools.stats.one_sided import fewer

N = st.integers(1, 400)


@st.composite
def two_shares(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """k of n and another k of n."""
    n, other = draw(N), draw(N)
    return draw(st.integers(0, n)), n, draw(st.integers(0, other)), other


@given(two_shares())
def test_the_p_value_is_that_of_the_exact_distribution(shares: tuple[int, int, int, int]) -> None:
    """The lower tail less half the probability of the table itself."""
    k, n, other_k, other_n = shares
    table = hypergeom(n + other_n, k + other_k, n)
    assert fewer(*shares) == pytest.approx(table.cdf(k) - table.pmf(k) / 2, abs=1e-10)


@given(two_shares())
def test_both_directions_add_up_to_one(shares: tuple[int, int, int, int]) -> None:
    """Being no smaller and being no larger are all there is, the table itself half on either side."""
    k, n, other_k, other_n = shares
    assert fewer(k, n, other_k, other_n) + fewer(n - k, n, other_n - other_k, other_n) == pytest.approx(1, abs=1e-9)


def test_a_side_without_items_shows_nothing() -> None:
    """There is nothing to compare with."""
    assert fewer(0, 0, 5, 9) == fewer(5, 9, 0, 0) == 1.0


@pytest.mark.parametrize("shares", [(3, 2, 1, 1), (-1, 2, 1, 1), (1, 1, 2, 1)])
def test_no_share_is_no_p_value(shares: tuple[int, int, int, int]) -> None:
    """More hits than items, or less than none."""
    with pytest.raises(ValueError, match="no two shares"):
        fewer(*shares)


def test_large_counts_neither_overflow_nor_lose_the_tail() -> None:
    """A million items on one side: still the exact tail."""
    expected = hypergeom(1_001_000, 900_850, 1_000)
    assert fewer(850, 1_000, 900_000, 1_000_000) == pytest.approx(expected.cdf(850) - expected.pmf(850) / 2, rel=1e-6)
