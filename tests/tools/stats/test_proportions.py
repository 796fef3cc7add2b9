"""What k of n shows is decided by its bounds; two of them are compared as SciPy and a published table do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact, hypergeom

from tools.stats.proportions import Proportion, by_chance, contrast, mid_p, proportion

shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_seventeen_of_seventeen_does_not_show_95_percent() -> None:
    """Its lower bound is 81.6 %: a target of .95 is not shown, one of .8 is (R18)."""
    found = proportion(17, 17)
    assert found.low == pytest.approx(0.816, abs=5e-4)
    assert (found.at_least(0.95), found.at_least(0.8)) == ("not shown", "shown")


@given(shares, st.floats(0.01, 0.99))
def test_a_target_is_shown_by_the_bound_and_not_by_the_share(share: tuple[int, int], target: float) -> None:
    """Shown, missed or neither; an upper limit is the same question about the rest."""
    found, rest = proportion(*share), proportion(share[1] - share[0], share[1])
    verdict = found.at_least(target)
    assert (verdict == "shown") == (found.low >= target)
    assert (verdict == "shown to be missed") == (found.high < target)
    if abs(found.low - target) > 1e-9 and abs(found.high - target) > 1e-9:
        assert rest.at_most(1 - target) == verdict


@given(shares, shares)
def test_mid_p_is_fishers_test_less_half_the_table(a: tuple[int, int], b: tuple[int, int]) -> None:
    """Equal to SciPy's exact test and its point probability."""
    (k, n), (j, m) = a, b
    exact = fisher_exact([[k, n - k], [j, m - j]])[1]
    expected = exact - hypergeom.pmf(k, n + m, k + j, n) / 2
    assert mid_p(k, n, j, m) == pytest.approx(expected, abs=1e-8)


def test_the_interval_equals_published_examples() -> None:
    """Newcombe 1998, examples a and c by method 10: 56/70 - 48/80 is .0524 to .3339, 5/56 - 0/29 is -.0381 to .1926."""
    first = contrast(proportion(56, 70), proportion(48, 80))
    assert (first.difference, first.low, first.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert first.verdict == "higher"
    second = contrast(proportion(5, 56), proportion(0, 29))
    assert (second.low, second.high) == pytest.approx((-0.0381, 0.1926), abs=5e-5)


def test_forty_five_against_forty_of_fifty_is_no_difference_shown() -> None:
    """Ten points apart, and compatible with none."""
    found = contrast(proportion(45, 50), proportion(40, 50))
    assert found.verdict == "not shown"
    assert found.low < 0 < found.high
    assert found.p > 0.05


@given(shares, shares)
def test_a_difference_turns_with_the_question(a: tuple[int, int], b: tuple[int, int]) -> None:
    """b - a is a - b with its sign turned, at the same p."""
    one, two = contrast(proportion(*a), proportion(*b)), contrast(proportion(*b), proportion(*a))
    assert (two.difference, two.low, two.high) == pytest.approx((-one.difference, -one.high, -one.low), abs=1e-12)
    assert two.p == pytest.approx(one.p, abs=1e-9)
    assert -1 <= one.low <= one.difference <= one.high <= 1


def test_the_level_of_the_test_is_kept() -> None:
    """Over all tables of 40 and 25 items at the same rate, a difference is shown in less than 6 % of cases."""
    for rate in (0.05, 0.2, 0.5, 0.9):
        wrong = 0.0
        for k in range(41):
            for j in range(26):
                weight = binom.pmf(k, 40, rate) * binom.pmf(j, 25, rate)
                if weight > 1e-7 and contrast(proportion(k, 40), proportion(j, 25)).verdict != "not shown":
                    wrong += weight
        assert wrong < 0.06


def test_three_red_of_forty_slices_are_to_be_expected() -> None:
    """Two come by chance alone, and three or more in a third of all cases."""
    expected, chance = by_chance(40, 3)
    assert expected == pytest.approx(2.0)
    assert chance == pytest.approx(binom.sf(2, 40, 0.05))
    assert 0.3 < chance < 0.35


def test_a_large_table_is_answered_at_once() -> None:
    """Half a million on each side, from the terms that count."""
    assert mid_p(250_000, 500_000, 250_000, 500_000) == pytest.approx(1.0, abs=1e-3)
    assert mid_p(251_500, 500_000, 250_000, 500_000) == pytest.approx(0.0027, abs=2e-4)


@pytest.mark.parametrize(("k", "n"), [(3, 2), (0, 0), (-1, 4)])
def test_what_is_no_share_is_refused(k: int, n: int) -> None:
    """Nothing of nothing included."""
    with pytest.raises(ValueError, match=r"proportion|no items"):
        proportion(k, n)


def test_a_share_is_k_of_n() -> None:
    """Between its bounds."""
    found = proportion(45, 50)
    assert isinstance(found, Proportion)
    assert found.low < found.value == 0.9 < found.high
