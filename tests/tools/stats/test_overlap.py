"""The change of a share between two sets: independent, paired, and in between."""

import numpy as np
import pytest

from tools.stats.intervals import wilson
from tools.stats.overlap import share_change
from tools.stats.paired import Joint


def test_without_shared_items_it_is_newcombes_interval_for_independent_shares() -> None:
    """56/70 against 48/80, as in Newcombe 1998, table II: .20 with .0524 to .3339."""
    assert share_change((48, 80), (56, 70), Joint()) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_with_shared_items_alone_it_is_newcombes_interval_for_paired_shares() -> None:
    """The correlation of the pairs, with its continuity correction, joins Wilson's bounds."""
    joint = Joint(both=43, only_a=0, only_b=1, neither=0)
    (la, ua), (lb, ub) = wilson(43, 44), wilson(44, 44)
    delta, low, high = share_change((43, 44), (44, 44), joint)
    assert delta == pytest.approx(1 / 44)
    # One of the shares does not vary, so there is no correlation to use.
    assert low == pytest.approx(delta - ((1 - lb) ** 2 + (ua - 43 / 44) ** 2) ** 0.5)
    assert high == pytest.approx(delta + ((ub - 1) ** 2 + (43 / 44 - la) ** 2) ** 0.5)


@pytest.mark.parametrize("shared", [0, 200, 300])
def test_the_interval_holds_the_truth_in_95_of_100(shared: int) -> None:
    """Over two thousand draws, whatever part of the items is shared and however alike their labels."""
    draw, hits, trials = np.random.default_rng(7), 0, 2_000
    for _ in range(trials):
        old = draw.random(300) < 0.15
        kept = old[:shared]
        new = np.concatenate([kept ^ (draw.random(shared) < 0.03), draw.random(350 - shared) < 0.2])
        truth = (shared * (0.15 * 0.97 + 0.85 * 0.03) + (350 - shared) * 0.2) / 350 - 0.15
        after = new[:shared]
        joint = Joint(
            *(int((kept == one).astype(int) @ (after == other)) for one, other in _PAIRS)
        )  # fmt: skip
        _, low, high = share_change((int(old.sum()), 300), (int(new.sum()), 350), joint)
        hits += low <= truth <= high
    assert hits / trials == pytest.approx(0.955, abs=0.02)


_PAIRS = ((True, True), (True, False), (False, True), (False, False))


def test_shared_items_narrow_the_interval() -> None:
    """Their labels do not vary between the sets."""
    alone = share_change((60, 400), (66, 420), Joint())
    known = share_change((60, 400), (66, 420), Joint(both=50, only_a=2, only_b=3, neither=300))
    assert known[0] == alone[0]
    assert known[2] - known[1] < 0.7 * (alone[2] - alone[1])


def test_clusters_widen_the_interval() -> None:
    """As if there were so many times fewer items."""
    assert share_change((60, 400), (66, 420), Joint(), (4.0, 4.0))[1:] == pytest.approx(
        share_change((15, 100), (33, 210), Joint(), (1.0, 2.0))[1:], abs=1e-9
    )


def test_an_empty_set_says_nothing() -> None:
    """Anything is possible."""
    assert share_change((0, 0), (3, 10), Joint()) == (0.0, -1.0, 1.0)
