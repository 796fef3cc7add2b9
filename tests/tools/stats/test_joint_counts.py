"""The difference of any metric of counts: scikit-learn's values, tests as by brute force, bounds as by a bootstrap."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import balanced_accuracy_score, fbeta_score, matthews_corrcoef, precision_score

from tools.stats.joint_counts import (
    JointCounts,
    extreme,
    gap,
    influence,
    interval,
    randomisation_test,
    sides,
    statistic,
)
from tools.stats.paired import Joint, mcnemar
from tools.stats.rates import Statistic

RATIOS = ("precision", "f1", "f2", "f0.5", "mcc", "balanced_accuracy")
cells = st.integers(0, 45)  # so few that every outcome is listed
joints = st.builds(Joint, cells, cells, cells, cells)
both = st.builds(JointCounts, joints, joints)


def _of(name: str) -> Statistic:
    found = statistic(name)
    assert found is not None
    return found


def _rows(joint: JointCounts) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Label and both decisions of every item."""
    table = [(1, 1, 1), (1, 1, 0), (1, 0, 1), (1, 0, 0), (0, 1, 1), (0, 1, 0), (0, 0, 1), (0, 0, 0)]
    label, a, b = np.repeat(np.array(table), joint.cells.astype(int), axis=0).T
    return label, a, b


def _swapped(joint: JointCounts) -> JointCounts:
    turned = [Joint(j.both, j.only_b, j.only_a, j.neither) for j in (joint.positives, joint.negatives)]
    return JointCounts(*turned)


TABLE = JointCounts(Joint(40, 9, 4, 7), Joint(6, 8, 5, 120))


@pytest.mark.parametrize(
    ("name", "score"),
    [
        ("precision", precision_score),
        ("f1", lambda y, d: fbeta_score(y, d, beta=1)),
        ("f2", lambda y, d: fbeta_score(y, d, beta=2)),
        ("f0.5", lambda y, d: fbeta_score(y, d, beta=0.5)),
        ("mcc", matthews_corrcoef),
        ("balanced_accuracy", balanced_accuracy_score),
    ],
)
def test_both_values_equal_scikit_learn(name: str, score: object) -> None:
    """On the items that the joint counts stand for."""
    label, a, b = _rows(TABLE)
    mine, other = sides(TABLE.cells)
    assert float(_of(name)(mine)) == pytest.approx(score(label, a), abs=1e-12)  # type: ignore[operator]
    assert float(_of(name)(other)) == pytest.approx(score(label, b), abs=1e-12)  # type: ignore[operator]
    assert (TABLE.a.tp, TABLE.a.fp, TABLE.b.fn, TABLE.b.tn) == (49, 14, 16, 128)


@given(both)
@pytest.mark.parametrize("name", RATIOS)
def test_swapping_the_models_turns_the_sign(name: str, joint: JointCounts) -> None:
    """Of the difference; the p-value stays."""
    here, there = gap(_of(name), joint.cells), gap(_of(name), _swapped(joint).cells)
    assume(bool(np.isfinite(here)))
    assert float(here) == pytest.approx(-float(there), abs=1e-12)
    assert randomisation_test(_of(name), joint) == pytest.approx(
        randomisation_test(_of(name), _swapped(joint)), abs=1e-9
    )


@given(both)
def test_the_randomisation_test_of_recall_is_mcnemar(joint: JointCounts) -> None:
    """The same tosses, so the same exact p-value; of accuracy it is not, for it cannot tell labels apart."""
    assume(joint.positives.n)
    expected = mcnemar(joint.positives.only_a, joint.positives.only_b)
    assert randomisation_test(_of("recall"), joint) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", RATIOS)
def test_the_randomisation_test_equals_every_swap_listed(name: str) -> None:
    """Item by item: each of the 2**9 ways in which the models could have changed places."""
    joint = JointCounts(Joint(5, 3, 1, 2), Joint(1, 1, 4, 20))
    label, a, b = _rows(joint)
    discordant = np.flatnonzero(a != b)
    observed, reached = abs(float(gap(_of(name), joint.cells))), 0
    for flips in product((False, True), repeat=discordant.size):
        mine, other = a.copy(), b.copy()
        at = discordant[list(flips)]
        mine[at], other[at] = b[at], a[at]
        values = []
        for decided in (mine, other):
            tp, fp = (label * decided).sum(), ((1 - label) * decided).sum()
            fn, tn = (label * (1 - decided)).sum(), ((1 - label) * (1 - decided)).sum()
            values.append(float(_of(name)(np.array([tp, fp, fn, tn], float))))
        reached += not abs(values[0] - values[1]) < observed - 1e-12
    assert randomisation_test(_of(name), joint) == pytest.approx(reached / 2**discordant.size)


@pytest.mark.parametrize("name", RATIOS)
def test_drawn_tosses_agree_with_all_of_them(name: str) -> None:
    """Above ten thousand outcomes they are drawn; the p-value is then within its sampling error."""
    joint = JointCounts(Joint(400, 90, 70, 90), Joint(60, 130, 100, 3_000))
    drawn = randomisation_test(_of(name), joint)
    tosses = np.random.default_rng(1)
    mine, other = tosses.binomial(160, 0.5, 200_000), tosses.binomial(230, 0.5, 200_000)
    observed = abs(float(gap(_of(name), joint.cells)))
    expected = extreme(_of(name), joint.cells, mine.astype(float), other.astype(float), observed).mean()
    assert drawn == pytest.approx(expected, abs=0.02)


def test_nothing_discordant_is_no_evidence_and_no_certainty() -> None:
    """p is 1, and the interval leaves room on both sides (R18)."""
    joint = JointCounts(Joint(18, 0, 0, 2), Joint(1, 0, 0, 30))
    for name in RATIOS:
        low, high = interval(_of(name), joint.cells)
        assert low < -0.01 < 0.01 < high
        assert randomisation_test(_of(name), joint) == 1.0


@pytest.mark.parametrize("name", RATIOS)
def test_the_interval_is_that_of_a_row_bootstrap(name: str) -> None:
    """Of thousands of items, resampled one by one: the end points differ by less than a tenth of the width."""
    joint = JointCounts(Joint(400, 60, 40, 60), Joint(40, 30, 25, 1_345))
    low, high = interval(_of(name), joint.cells)
    label, a, b = _rows(joint)
    kind = np.array([4 * (1 - y) + 2 * (1 - x) + (1 - z) for y, x, z in zip(label, a, b, strict=True)])
    random, values = np.random.default_rng(5), []
    for _ in range(1_500):
        drawn = np.bincount(kind[random.integers(0, kind.size, kind.size)], minlength=8).astype(float)
        values.append(float(gap(_of(name), drawn)))
    slow = np.quantile(values, [0.025, 0.975])
    assert np.abs(np.array([low, high]) - slow).max() < 0.1 * (slow[1] - slow[0])


@pytest.mark.parametrize("name", [*RATIOS, "recall", "accuracy"])
def test_the_influence_of_an_item_is_a_derivative(name: str) -> None:
    """Against finite differences; over all items it sums to nothing."""
    found, step = influence(_of(name), TABLE.cells), 1e-5
    for cell in range(8):
        moved = np.zeros(8)
        moved[cell] = step
        slope = (gap(_of(name), TABLE.cells + moved) - gap(_of(name), TABLE.cells - moved)) / (2 * step)
        assert found[cell] == pytest.approx(float(slope), abs=1e-7)
    assert float(found @ TABLE.cells) == pytest.approx(0, abs=1e-9)


def test_metrics_of_scores_are_none_of_counts() -> None:
    """And an unknown word is none at all."""
    assert statistic("auc") is statistic("f") is statistic("prevalence") is None
    assert statistic("f1") is not None
