"""Items in clusters: exact tosses of whole clusters, intervals by effective items, and both keep what they promise."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.bench.paired_coverage import Twins, covered
from tools.stats.differences import difference
from tools.stats.intervals import Z, student
from tools.stats.joint_counts import JointCounts, gap, interval, statistic
from tools.stats.joint_units import clustered_mcnemar, clustered_randomisation, effective, few_units
from tools.stats.paired import Joint, mcnemar

Table = NDArray[np.float64]
ALL = list(range(8))


def _alone(joint: JointCounts) -> Table:
    """A cluster for every item."""
    return np.repeat(np.eye(8), joint.cells.astype(int), axis=0)


def _clusters(seed: int = 4, count: int = 60) -> Table:
    """Clusters of one label, of one to six items, that lean to one model or the other."""
    random = np.random.default_rng(seed)
    units = np.zeros((count, 8))
    for unit in units:
        start = 4 * int(random.random() < 0.5)
        lean = random.dirichlet([2.0, 0.8, 0.5, 2.0])
        unit[start : start + 4] = random.multinomial(random.integers(1, 7), lean)
    return units


@given(st.integers(0, 300), st.integers(0, 300))
def test_with_one_item_a_cluster_it_is_mcnemar(only_a: int, only_b: int) -> None:
    """The exact test, to the last digits."""
    gaps = np.array([1.0] * only_a + [-1.0] * only_b + [0.0] * 5)
    assert clustered_mcnemar(gaps) == pytest.approx(mcnemar(only_a, only_b), abs=1e-12)


@pytest.mark.parametrize(
    "gaps", [[3, -1, 2, 2, -5, 1, 4], [1, 1, 1, 6], [2, 2, 2, 2, -2], [0, 0, 3], [5, -5, 1], [7, 3, -2, 1, 1, 1, -1, 4]]
)
def test_the_clustered_test_equals_every_toss_listed(gaps: list[int]) -> None:
    """Each of the 2**k ways in which whole clusters could have fallen."""
    sums = [abs(sum(sign * gap for sign, gap in zip(signs, gaps, strict=True)))
            for signs in product((1, -1), repeat=len(gaps))]  # fmt: skip
    expected = np.mean([total >= abs(sum(gaps)) for total in sums])
    assert clustered_mcnemar(np.array(gaps, float)) == pytest.approx(expected, abs=1e-12)
    weighted = clustered_mcnemar(np.array(gaps) * 0.731)  # weights are no whole numbers: the tosses are drawn
    assert weighted == pytest.approx(expected, abs=0.02)


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=12))
def test_neither_the_order_of_clusters_nor_the_side_matters(gaps: list[int]) -> None:
    """Shuffled, or with the models swapped, the p-value is the same; it is a probability."""
    table = np.array(gaps, float)
    found = clustered_mcnemar(table)
    assert clustered_mcnemar(-table[::-1]) == pytest.approx(found, abs=1e-12)
    assert 0 <= found <= 1


@pytest.mark.parametrize("name", ["recall", "fpr", "accuracy", "precision", "f1", "mcc", "balanced_accuracy"])
def test_items_that_are_their_own_cluster_are_independent(name: str) -> None:
    """Interval and p-value are those without clusters, but for Student's and the drawing."""
    joint = JointCounts(Joint(438, 42, 19, 42), Joint(57, 25, 21, 700))
    plain, clustered = difference(name, joint), difference(name, joint, _alone(joint))
    assert plain
    assert clustered
    assert clustered.p == pytest.approx(plain.p, abs=0.015)
    assert (clustered.low, clustered.high) == pytest.approx(
        (plain.low, plain.high), abs=0.03 * (plain.high - plain.low)
    )


@pytest.mark.parametrize("name", ["recall", "accuracy", "precision", "f1"])
def test_copies_of_an_item_add_nothing(name: str) -> None:
    """Every item five times over, a cluster each: the test is that of the items alone, the interval hardly narrower."""
    joint = JointCounts(Joint(60, 14, 6, 20), Joint(8, 9, 7, 176))
    five = JointCounts(Joint(300, 70, 30, 100), Joint(40, 45, 35, 880))
    alone, copied, naive = (
        difference(name, joint), difference(name, five, 5 * _alone(joint)), difference(name, five),
    )  # fmt: skip
    assert alone
    assert copied
    assert naive
    assert copied.p == pytest.approx(alone.p, abs=0.015)
    assert naive.p < alone.p
    assert copied.high - copied.low == pytest.approx(alone.high - alone.low, rel=0.12)
    assert naive.high - naive.low < 0.6 * (alone.high - alone.low)
    assert (copied.n, copied.units) == (5 * alone.n, alone.n) if name in ("recall", "accuracy") else True


def test_the_design_effect_is_that_of_resampled_clusters() -> None:
    """The standard error of a bootstrap of whole clusters, within a tenth."""
    units, random = _clusters(count=300), np.random.default_rng(6)
    for name, scope in (("recall", [0, 1, 2, 3]), ("accuracy", ALL), ("f1", ALL)):
        of = statistic(name)
        assert of is not None
        drawn = random.multinomial(len(units), np.full(len(units), 1 / len(units)), size=3_000) @ units
        slow = float(np.std(gap(of, drawn)))
        low, high = interval(of, effective(of, units, scope))
        assert (high - low) / (2 * Z) == pytest.approx(slow, rel=0.1)


@pytest.mark.parametrize("scale", [0.01, 3.0])
def test_the_unit_of_weights_does_not_matter_to_a_test(scale: float) -> None:
    """Of a proportion and of a ratio."""
    units = _clusters()
    gaps = units[:, 1] - units[:, 2]
    assert clustered_mcnemar(gaps * scale) == pytest.approx(clustered_mcnemar(gaps), abs=0.02)
    of = statistic("precision")
    assert of is not None
    assert clustered_randomisation(of, units * scale) == pytest.approx(clustered_randomisation(of, units), abs=0.02)


def test_one_cluster_says_nothing() -> None:
    """However many items it has: no effective item, p 1."""
    units = np.array([[40.0, 12, 1, 3, 2, 9, 1, 80]])
    for name in ("recall", "precision"):
        found = difference(name, JointCounts(Joint(40, 12, 1, 3), Joint(2, 9, 1, 80)), units)
        assert found
        assert found.p == 1.0
        assert found.high - found.low > 0.9
        assert found.support == 1


def test_a_handful_of_clusters_widens_the_interval_as_student_would() -> None:
    """By the quotient of the two quantiles."""
    assert few_units(11) == pytest.approx(student(10) / Z)
    assert few_units(2) > 5


@pytest.mark.parametrize("tied", [0.0, 0.3])
def test_the_clustered_test_finds_nothing_where_nothing_is(tied: float) -> None:
    """In 2 to 8 % of 400 samples of 100 clusters of five, one in twenty being meant; intervals hold in 93 % or more."""
    rows = covered(Twins(500, 0.5, 2.3, 2.3, size=5, tied=tied), 400, ("recall", "accuracy"))
    for row in rows:
        assert 0.01 <= row.found <= 0.08, row
        assert row.coverage >= 0.93, row


def test_rows_taken_for_independent_would_cry_wolf() -> None:
    """Why all of this is needed: McNemar on the items of tied clusters finds a change in one of eight samples."""
    twins, red = Twins(500, 0.5, 2.3, 2.3, size=5, tied=0.3), 0
    random = np.random.default_rng(8)
    for _ in range(300):
        scores = twins.sample(random)
        a, b = scores.a >= twins.threshold, scores.b >= twins.threshold
        red += mcnemar(int((a & ~b).sum()), int((b & ~a).sum())) < 0.05
    assert red / 300 > 0.1
