"""Adjusted p-values equal SciPy and a hand computation, and keep the promise that their name makes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from tools.stats.corrections import ALPHA, CORRECTIONS, benjamini_hochberg, holm, red_by_chance

many = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@given(many)
def test_benjamini_hochberg_equals_scipy(p_values: list[float]) -> None:
    """In the order given, ties included."""
    assert benjamini_hochberg(p_values) == pytest.approx(list(false_discovery_control(p_values)), abs=1e-12)


def test_holm_equals_a_computation_by_hand() -> None:
    """.01 x 4, .02 x 3, .03 x 2 raised to the one before, .04 x 1 likewise; in the order given."""
    assert holm([0.02, 0.01, 0.04, 0.03]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])


@given(many)
def test_holm_is_its_definition(p_values: list[float]) -> None:
    """Step by step from the smallest: times the tests that are left, never below the step before, at most 1."""
    adjusted, floor = [0.0] * len(p_values), 0.0
    for done, at in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        floor = max(floor, min(1.0, p_values[at] * (len(p_values) - done)))
        adjusted[at] = floor
    assert holm(p_values) == pytest.approx(adjusted)


@given(many)
def test_adjusting_never_makes_a_difference_surer(p_values: list[float]) -> None:
    """Raw <= Benjamini-Hochberg <= Holm, so a gate is the strictest."""
    for raw, found, strict in zip(p_values, benjamini_hochberg(p_values), holm(p_values), strict=True):
        assert raw <= found + 1e-12
        assert found <= strict + 1e-12


@given(many)
@pytest.mark.parametrize("name", CORRECTIONS)
def test_the_order_of_slices_does_not_matter(name: str, p_values: list[float]) -> None:
    """Each slice keeps its own adjusted p-value."""
    adjust = CORRECTIONS[name]  # type: ignore[index]
    order = np.random.default_rng(len(p_values)).permutation(len(p_values))
    shuffled = adjust([p_values[at] for at in order])
    assert shuffled == pytest.approx([adjust(p_values)[at] for at in order])


def test_adjusting_nothing_gives_nothing() -> None:
    """No slice was assessed."""
    assert benjamini_hochberg([]) == holm([]) == []


def test_holm_lets_one_false_alarm_in_twenty_tables_through() -> None:
    """And Benjamini-Hochberg too, where nothing is different; unadjusted, most tables of 40 have one."""
    tables = np.random.default_rng(11).random((2_000, 40))
    assert 0.03 <= np.mean([min(holm(row)) < ALPHA for row in tables]) <= 0.06
    assert 0.03 <= np.mean([min(benjamini_hochberg(row)) < ALPHA for row in tables]) <= 0.06
    assert np.mean((tables < ALPHA).any(axis=1)) > 0.8


def test_two_of_forty_are_red_by_chance() -> None:
    """The trap of "3 red of 40 slices"."""
    assert red_by_chance(40) == pytest.approx(2)
    red = (np.random.default_rng(12).random((2_000, 40)) < ALPHA).sum(axis=1)
    assert red.mean() == pytest.approx(red_by_chance(40), abs=0.1)
