"""Paired tests equal SciPy; the interval of a paired difference equals published figures and keeps its coverage."""

from math import lgamma

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tools.stats.intervals import wilson
from tools.stats.paired import Joint, difference_interval, mcnemar, newcombe

cells = st.integers(0, 300)
joints = st.builds(Joint, cells, cells, cells, cells)


@given(st.integers(0, 4_000), st.integers(0, 4_000))
def test_mcnemar_equals_the_exact_binomial_test(only_a: int, only_b: int) -> None:
    """Of SciPy, on both sides of the thousand above which it is summed in logarithms."""
    expected = binomtest(only_a, only_a + only_b, 0.5).pvalue if only_a + only_b else 1.0
    assert mcnemar(only_a, only_b) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("n", [1_000, 1_001, 5_000, 40_001])
@pytest.mark.parametrize("lean", [0.5, 0.49, 0.45, 0.2, 0.0])
def test_mcnemar_stays_exact_for_many_discordant_items(n: int, lean: float) -> None:
    """From no difference to a p-value that is zero in every respect."""
    k = int(n * lean)
    assert mcnemar(k, n - k) == pytest.approx(binomtest(k, n, 0.5).pvalue, rel=1e-8, abs=1e-300)


def test_mcnemar_equals_a_published_example() -> None:
    """Cavo et al. 2012, as Fagerland, Lydersen and Laake analyse it: 6 and 16 discordant, p = .052479."""
    assert mcnemar(6, 16) == pytest.approx(0.052479, abs=5e-7)


def test_the_interval_equals_a_published_example() -> None:
    """The same table: Newcombe's square-and-add interval is -.1186 to -.0046 about -.0621."""
    found = difference_interval(Joint(59, 6, 16, 80))
    assert found == pytest.approx((-0.0621, -0.1186, -0.0046), abs=5e-5)


@given(joints)
def test_the_interval_turns_with_the_question(joint: Joint) -> None:
    """b - a is a - b with its sign turned; and so is the difference of the negative decisions."""
    delta, low, high = difference_interval(joint)
    assert -1 <= low <= delta <= high <= 1
    swapped = difference_interval(Joint(joint.both, joint.only_b, joint.only_a, joint.neither))
    negative = difference_interval(Joint(joint.neither, joint.only_b, joint.only_a, joint.both))
    assert swapped == pytest.approx((-delta, -high, -low), abs=1e-9)
    assert negative == pytest.approx((-delta, -high, -low), abs=1e-9)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_without_correlation_the_interval_is_that_of_two_samples(a: int, b: int, scale: int) -> None:
    """Where both models decide independently the correlation is nothing: Wilson's bounds are joined by Pythagoras."""
    joint = Joint(a * b * scale, a * (41 - b) * scale, (41 - a) * b * scale, (41 - a) * (41 - b) * scale)
    n, pa, pb = joint.n, joint.a / joint.n, joint.b / joint.n
    (la, ua), (lb, ub) = wilson(joint.a, n), wilson(joint.b, n)
    expected = (pa - pb, pa - pb - np.hypot(pa - la, ub - pb), pa - pb + np.hypot(ua - pa, pb - lb))
    assert difference_interval(joint) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "shares",
    [(0.7, 0.1, 0.1, 0.1), (0.8, 0.02, 0.08, 0.1), (0.25, 0.25, 0.25, 0.25), (0.9, 0.06, 0.02, 0.02)],
)
def test_the_interval_covers_what_it_promises(shares: tuple[float, float, float, float]) -> None:
    """Over all 4,960 tables of 29 items, weighted by their probability: at least 93.5 % coverage, at most 99.5 %."""
    n, truth = 29, shares[1] - shares[2]
    coverage = 0.0
    for both in range(n + 1):
        for only_a in range(n - both + 1):
            for only_b in range(n - both - only_a + 1):
                table = (both, only_a, only_b, n - both - only_a - only_b)
                _, low, high = difference_interval(Joint(*table))
                if low <= truth <= high:
                    logs = [k * np.log(share) - lgamma(k + 1) for k, share in zip(table, shares, strict=True)]
                    coverage += np.exp(lgamma(n + 1) + sum(logs))
    assert 0.935 <= coverage <= 0.995


def test_no_discordant_item_is_no_certainty() -> None:
    """Equal decisions on 20 items leave room on both sides; on none, everything is possible."""
    delta, low, high = difference_interval(Joint(both=18, neither=2))
    assert delta == 0
    assert low < -0.01 < 0.01 < high
    assert difference_interval(Joint()) == (0.0, -1.0, 1.0)
    assert mcnemar(0, 0) == 1.0


def test_joint_counts_add_up() -> None:
    """Merged cells have the sums of their counts."""
    whole = Joint(1, 2, 3, 4) + Joint(10, 20, 30, 40)
    assert whole == Joint(11, 22, 33, 44)
    assert (whole.n, whole.a, whole.b) == (110, 33, 44)


@given(joints, st.integers(2, 9))
def test_fewer_effective_items_widen_the_interval(joint: Joint, share: int) -> None:
    """The same shares of a part of the items leave more room on both sides."""
    if joint.n:
        _, low, high = difference_interval(joint)
        counts = (joint.both, joint.only_a, joint.only_b, joint.neither)
        wide = newcombe(*(count / share for count in counts))
        assert wide[1] - wide[0] >= high - low - 1e-9
