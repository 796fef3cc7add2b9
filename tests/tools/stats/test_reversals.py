"""Simpson's reversals: found where they are real, not where noise has two signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.stats.differences import difference
from tools.stats.joint_counts import JointCounts
from tools.stats.paired import Joint
from tools.stats.reversals import Part, reversal

parts = st.builds(
    lambda value, half, weight: Part(value, value - half, value + half, weight),
    st.floats(-0.5, 0.5), st.floats(0.001, 0.3), st.floats(1, 100),
)  # fmt: skip


def _part(value: float, half: float = 0.01, weight: float = 100) -> Part:
    return Part(value, value - half, value + half, weight)


def test_all_slices_against_the_whole_are_a_reversal() -> None:
    """With the mean within slices and its bounds."""
    found = reversal(0.05, shown=True, parts=[_part(-0.02), _part(-0.04)])
    assert found
    assert found.within == pytest.approx(-0.03)
    assert (found.low, found.high) == pytest.approx((-0.03 - 0.01 / 2**0.5, -0.03 + 0.01 / 2**0.5))
    assert (found.against, found.parts) == (2, 2)


def test_the_slices_alone_may_show_it() -> None:
    """The whole is within chance, the slices are not; and the other way round."""
    assert reversal(0.001, shown=False, parts=[_part(-0.05), _part(-0.04)])
    assert reversal(0.05, shown=True, parts=[_part(-0.01, half=0.2), _part(-0.02, half=0.2)])


def test_two_differences_of_nothing_are_no_reversal() -> None:
    """Neither the whole nor the slices are beyond chance."""
    assert reversal(0.001, shown=False, parts=[_part(-0.01, half=0.2), _part(-0.02, half=0.2)]) is None


def test_one_small_slice_is_no_reversal() -> None:
    """It hides in the whole; that is said elsewhere, in other words."""
    assert reversal(0.05, shown=True, parts=[_part(0.06, weight=900), _part(-0.2, weight=100)]) is None


def test_without_slices_or_difference_there_is_nothing_to_reverse() -> None:
    """No part, no weight, no difference."""
    assert reversal(0.1, shown=True, parts=[]) is None
    assert reversal(0.0, shown=True, parts=[_part(-0.1)]) is None


@given(st.floats(-0.5, 0.5), st.lists(parts, min_size=1, max_size=6))
def test_a_reversal_has_two_signs(whole: float, slices: list[Part]) -> None:
    """The mean within slices goes against the whole; turning every sign turns the answer."""
    found = reversal(whole, shown=True, parts=slices)
    turned = [Part(-part.difference, -part.high, -part.low, part.weight) for part in slices]
    mirrored = reversal(-whole, shown=True, parts=turned)
    assert (found is None) == (mirrored is None)
    if found and mirrored:
        assert found.within * whole < 0
        assert mirrored.within == pytest.approx(-found.within)


def test_precision_can_reverse_on_the_very_same_items() -> None:
    """Each model is the more precise in both slices, and the less precise overall: it flags the other mix."""
    easy = JointCounts(Joint(80, 9, 380, 31), Joint(2, 0, 12, 486))  # a flags 91 there, b 474
    hard = JointCounts(Joint(60, 340, 10, 90), Joint(60, 190, 10, 240))  # a flags 650 there, b 140
    slices = [difference("precision", part) for part in (easy, hard)]
    whole = difference("precision", easy + hard)
    assert whole
    assert all(found and found.value > 0 for found in slices)
    assert whole.value < 0
    pieces = [Part(found.value, found.low, found.high, found.n) for found in slices if found]
    assert reversal(whole.value, shown=whole.p < 0.05, parts=pieces)
