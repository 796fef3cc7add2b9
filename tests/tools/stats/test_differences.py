"""Which method compares which metric; and that tests and intervals of all of them keep their promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.bench.paired_coverage import Twins, covered
from tools.measures import MEASURES
from tools.stats.differences import composition_matters, difference, has_paired_test, needs_scores
from tools.stats.joint_counts import JointCounts, sides
from tools.stats.paired import Joint, difference_interval

cells = st.integers(0, 40)
joints = st.builds(Joint, cells, cells, cells, cells)
both = st.builds(JointCounts, joints, joints)
SHARES = ("recall", "fnr", "fpr", "specificity", "accuracy", "flagged_rate")


def _pair(name: str, joint: JointCounts) -> Joint:
    """The four counts that McNemar sees, written out."""
    p, n = joint.positives, joint.negatives
    return {
        "recall": p,
        "fnr": Joint(p.neither, p.only_b, p.only_a, p.both),
        "fpr": n,
        "specificity": Joint(n.neither, n.only_b, n.only_a, n.both),
        "accuracy": Joint(p.both + n.neither, p.only_a + n.only_b, p.only_b + n.only_a, p.neither + n.both),
        "flagged_rate": p + n,
    }[name]


@given(both)
@pytest.mark.parametrize("name", SHARES)
def test_shares_of_items_are_tested_by_mcnemar(name: str, joint: JointCounts) -> None:
    """SciPy's binomial test of the discordant items, Newcombe's interval, k and n of both sides."""
    pair, found = _pair(name, joint), difference(name, joint)
    if not pair.n:
        assert found is None
        return
    assert found
    discordant = pair.only_a + pair.only_b
    assert found.p == pytest.approx(binomtest(pair.only_a, discordant).pvalue if discordant else 1.0)
    assert (found.value, found.low, found.high) == pytest.approx(difference_interval(pair))
    assert (found.a_k, found.b_k, found.n) == (pair.a, pair.b, pair.n)
    assert (found.only_a, found.only_b) == (pair.only_a, pair.only_b)


@given(both)
@pytest.mark.parametrize("name", ["precision", "f1", "f2", "mcc", "balanced_accuracy"])
def test_a_ratio_lies_within_its_own_interval(name: str, joint: JointCounts) -> None:
    """Or is not defined for one of the two; then there is no difference."""
    found = difference(name, joint)
    a, b = (sides(joint.cells)[side] for side in (0, 1))
    if found is None:
        undefined = {"precision": lambda c: c[0] + c[1], "f1": lambda c: 2 * c[0] + c[1] + c[2]}
        assert name not in undefined or 0 in (undefined[name](a), undefined[name](b))
        return
    assert found.low <= found.value <= found.high
    assert 0 < found.p <= 1


def test_what_stands_behind_a_difference_is_what_is_scarce() -> None:
    """The support that a floor is held against: flagged items, positives, the rarer label."""
    joint = JointCounts(Joint(20, 5, 3, 4), Joint(6, 2, 9, 100))
    support = {
        name: found.support
        for name in ("recall", "fpr", "precision", "f1", "mcc", "balanced_accuracy", "accuracy")
        if (found := difference(name, joint))
    }
    assert support == {
        "recall": 32, "fpr": 117, "precision": 33, "f1": 32, "mcc": 32, "balanced_accuracy": 32, "accuracy": 149,
    }  # fmt: skip
    precision = difference("precision", joint)
    assert precision
    assert (precision.a_k, precision.a_n, precision.b_k, precision.b_n) == (25, 33, 23, 38)


def test_every_metric_is_tested_or_said_to_have_no_test() -> None:
    """Prevalence is the same for both; the bootstrap of calibration error and average precision is not done."""
    without = {name for name in MEASURES if not has_paired_test(name)}
    assert without == {"prevalence", "ece", "average_precision"}
    assert {name for name in MEASURES if needs_scores(name)} == {"auc", "brier"}
    for name in without:
        with pytest.raises(ValueError, match="no paired test"):
            difference(name, JointCounts(Joint(1, 1, 1, 1), Joint(1, 1, 1, 1)))
    with pytest.raises(ValueError, match="needs the scores"):
        difference("auc", JointCounts(Joint(1, 1, 1, 1), Joint(1, 1, 1, 1)))


@given(st.lists(both, min_size=2, max_size=4))
@pytest.mark.parametrize("name", [*SHARES, "precision"])
def test_only_where_composition_matters_can_the_whole_leave_its_slices(name: str, parts: list[JointCounts]) -> None:
    """The whole of a share over gold labels lies between the smallest and the largest difference of its slices."""
    if composition_matters(name):
        assert name == "precision"
        return
    inside = [found.value for part in parts if (found := difference(name, part))]
    whole = difference(name, sum(parts, JointCounts()))
    if whole and inside:
        assert min(inside) - 1e-9 <= whole.value <= max(inside) + 1e-9


@pytest.mark.parametrize("twins", [Twins(400, 0.3, 2.3, 2.3), Twins(400, 0.3, 2.6, 2.3)], ids=["alike", "different"])
def test_tests_keep_their_size_and_intervals_their_coverage(twins: Twins) -> None:
    """300 samples: 1 to 8 % of the tests find a change where there is none, 92 to 98.5 % of the intervals hold."""
    for row in covered(twins, 300, ("recall", "accuracy", "precision", "f1")):
        assert 0.92 <= row.coverage <= 0.985, row
        if row.truth == 0:
            assert 0.01 <= row.found <= 0.08, row
