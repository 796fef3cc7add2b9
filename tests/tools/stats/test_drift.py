"""Drift: PSI, Jensen-Shannon and the test of homogeneity, against formulas and SciPy; noise is not called drift."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial import distance

from tools.stats.drift import SMOOTHING, drift, jensen_shannon, psi

Counts = NDArray[np.int64]
OLD, NEW = np.array([100, 200, 300, 50]), np.array([150, 180, 310, 90])
vectors = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12).filter(
    lambda pairs: all(sum(side) > 0 for side in zip(*pairs, strict=True))
)


def sides(pairs: list[tuple[int, int]]) -> tuple[Counts, Counts]:
    """Two vectors of counts."""
    before, after = np.array(pairs, np.int64).T
    return before, after


@given(vectors)
def test_psi_is_its_formula(pairs: list[tuple[int, int]]) -> None:
    """With one half added to each count of a value that either set has."""
    before, after = sides(pairs)
    kept = [(b + SMOOTHING, a + SMOOTHING) for b, a in pairs if b + a]
    n, m = (sum(side) for side in zip(*kept, strict=True))
    expected = sum((a / m - b / n) * np.log((a / m) / (b / n)) for b, a in kept)
    assert float(psi(before, after)) == pytest.approx(expected, abs=1e-12)
    assert float(psi(after, before)) == pytest.approx(expected, abs=1e-12)


@given(vectors)
def test_the_jensen_shannon_distance_is_scipys(pairs: list[tuple[int, int]]) -> None:
    """Base 2, so from 0 to 1; the same in both directions."""
    before, after = sides(pairs)
    # SciPy takes the root of what rounding leaves of zero; compare the squares.
    expected = np.nan_to_num(distance.jensenshannon(before, after, base=2)) ** 2
    assert jensen_shannon(before, after) ** 2 == pytest.approx(expected, abs=1e-12)
    assert 0 <= jensen_shannon(before, after) <= 1


def test_nothing_in_common_is_the_largest_distance() -> None:
    """And the same composition the smallest."""
    assert jensen_shannon(np.array([5, 0]), np.array([0, 9])) == 1.0
    assert jensen_shannon(np.array([5, 10]), np.array([50, 100])) == 0.0


def test_the_p_value_is_that_of_the_two_row_table() -> None:
    """Pearson's chi-square where nothing is shared and no count is small."""
    found = drift(OLD, NEW)
    assert found.p == pytest.approx(stats.chi2_contingency([OLD, NEW], correction=False).pvalue, rel=1e-10)
    assert not found.simulated


def test_small_counts_are_dealt_out_anew() -> None:
    """The p-value is then near that of all tables with these margins, drawn by SciPy."""
    old, new = np.array([9, 1, 8, 2]), np.array([2, 5, 9, 1])
    found = drift(old, new)
    assert found.simulated

    def statistic(table: Counts) -> float:
        return float(stats.chi2_contingency(table, correction=False).statistic)

    drawn = stats.random_table([20, 17], old + new).rvs(1_500, random_state=np.random.default_rng(5)).astype(np.int64)
    observed = statistic(np.array([old, new]))
    expected = np.mean([statistic(table[:, table.sum(axis=0) > 0]) >= observed - 1e-9 for table in drawn])
    assert found.p == pytest.approx(expected, abs=0.03)


def test_chance_is_what_random_samples_show() -> None:
    """The stated mean and 95 % point of PSI are those of pairs drawn from one population."""
    draw, shares = np.random.default_rng(11), [0.5, 0.3, 0.15, 0.05]
    old, new = draw.multinomial(900, shares, 4_000), draw.multinomial(400, shares, 4_000)
    seen = psi(old, new)
    stated = drift(old[0], new[0])
    assert stated.chance == pytest.approx(float(seen.mean()), rel=0.05)
    assert stated.ceiling == pytest.approx(float(np.quantile(seen, 0.95)), rel=0.06)


@pytest.mark.parametrize("shared", [0, 300])
@pytest.mark.parametrize("shares", [[0.5, 0.3, 0.15, 0.05], [0.2] * 5])
def test_r18_noise_is_called_drift_in_one_case_of_twenty(shared: int, shares: list[float]) -> None:
    """Also when two versions share most of their items, which makes chance smaller and the test no bolder."""
    draw = np.random.default_rng(3)
    trials, red = 1_000, 0
    for _ in range(trials):
        both, old, new = (draw.multinomial(n, shares) for n in (shared, 250, 400))
        red += drift(both + old, both + new, both).p < 0.05
    assert red / trials == pytest.approx(0.05, abs=0.02)


def test_shared_items_make_a_small_change_visible() -> None:
    """What is in both sets does not vary between them, so the same shift is surer, and PSI is what it was."""
    both, old, new = np.array([2_000, 2_000]), np.array([100, 100]), np.array([60, 140])
    alone, known = drift(both + old, both + new), drift(both + old, both + new, both)
    assert known.psi == alone.psi
    assert known.ceiling < alone.ceiling
    assert known.p < 0.001 < alone.p


def test_clusters_make_chance_larger() -> None:
    """Five alike items a cluster are worth one: the p-value is that of a fifth of the counts."""
    whole, clustered = drift(OLD * 5, NEW * 5), drift(OLD * 5, NEW * 5, inflation=(5.0, 5.0))
    assert clustered.p == pytest.approx(drift(OLD, NEW).p, rel=1e-9)
    assert clustered.ceiling == pytest.approx(5 * whole.ceiling)
    assert drift(OLD * 5, NEW, inflation=(5.0, 1.0)).p > 10 * drift(OLD * 5, NEW).p


def test_the_value_that_moved_most_is_named() -> None:
    """By its share, up or down."""
    assert drift(np.array([50, 30, 20]), np.array([20, 35, 45])).moved == 0
    assert drift(np.array([500, 300, 200]), np.array([500, 290, 410])).moved == 2


def test_the_same_set_has_not_drifted() -> None:
    """Every item shared: nothing varies, p is 1."""
    same = drift(OLD, OLD, OLD)
    assert (same.psi, same.js, same.p, same.ceiling) == (0.0, 0.0, 1.0, 0.0)


def test_a_value_that_neither_set_has_says_nothing() -> None:
    """It adds no degree of freedom."""
    padded, plain = drift(np.append(OLD, 0), np.append(NEW, 0)), drift(OLD, NEW)
    assert padded.psi == pytest.approx(plain.psi)
    assert padded.p == pytest.approx(plain.p)


def test_the_same_counts_give_the_same_answer_tomorrow() -> None:
    """What is drawn is drawn from one seed."""
    old, new = np.array([9, 1, 8, 2]), np.array([2, 5, 9, 1])
    assert drift(old, new) == drift(old, new)


@pytest.mark.parametrize(
    ("old", "new", "shared"),
    [([0, 0], [1, 2], None), ([1, 2], [1, 2, 3], None), ([1, -1], [1, 2], None), ([5, 5], [5, 5], [6, 0])],
)
def test_what_is_no_composition_is_refused(old: list[int], new: list[int], shared: list[int] | None) -> None:
    """Empty sets, other values, negative counts, more shared items than there are."""
    with pytest.raises(ValueError, match=r"composition|values|shared"):
        drift(np.array(old), np.array(new), None if shared is None else np.array(shared))
