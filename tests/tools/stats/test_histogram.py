"""Counts at a threshold, and the sums of histograms, are exact."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tools.stats.scores import Scored, drawn, items, thresholds
from tools.stats.histogram import BINS, Tally, merged, threshold_bin, total


@given(items, thresholds)
@example(Scored(np.array([1], np.int8), np.array([0.35], np.float32)), 0.35)
def test_a_threshold_of_four_decimals_is_exact_on_float32_scores(scored: Scored, threshold: float) -> None:
    """Also for scores one bit below, on and above the threshold: the counts are NumPy's `score >= threshold`."""
    called = scored.score.astype(np.float64) >= threshold
    counts = scored.histogram.at(threshold)
    positive = scored.label == 1
    assert (counts.tp, counts.fp) == (int((called & positive).sum()), int((called & ~positive).sum()))
    assert (counts.fn, counts.tn) == (int((~called & positive).sum()), int((~called & ~positive).sum()))


def test_every_threshold_of_the_grid_is_exact_on_every_score_of_the_grid() -> None:
    """All 10,001 grid points as scores: at each threshold, NumPy's number of them is at or above it."""
    score = (np.arange(BINS + 1) / BINS).astype(np.float32)
    whole = Scored(np.ones(BINS + 1, np.int8), score).histogram
    wide = np.sort(score.astype(np.float64))
    for bin_ in range(BINS + 1):
        assert whole.at(bin_ / BINS).tp == len(wide) - np.searchsorted(wide, bin_ / BINS, "left")


@given(items, st.lists(thresholds, min_size=2, max_size=2).map(sorted))
def test_a_higher_threshold_never_flags_more(scored: Scored, pair: list[float]) -> None:
    """True and false positives fall or stay, and nothing is lost on the way."""
    low, high = (scored.histogram.at(threshold) for threshold in pair)
    assert low.tp >= high.tp
    assert low.fp >= high.fp
    assert (low.positives, low.negatives) == (high.positives, high.negatives)


@given(items, st.lists(st.integers(0, 3), min_size=60, max_size=60))
def test_the_sum_of_the_shards_is_the_whole(scored: Scored, shards: list[int]) -> None:
    """However items are dealt to shards, the merged tally is that of all items at once."""
    dealt = np.array(shards[: len(scored.label)], int)
    pieces = [scored.part(dealt == shard).tally for shard in range(4)]
    assert total(pieces).positives.tolist() == scored.histogram.positives.tolist()
    assert total(pieces).negatives.tolist() == scored.histogram.negatives.tolist()
    assert merged(pieces).pack() == scored.tally.pack()


@given(items, st.randoms(use_true_random=False))
def test_the_order_of_items_and_shards_does_not_matter(scored: Scored, shuffler: object) -> None:
    """Merging backwards, and items in any order, give the same tally."""
    order = list(range(len(scored.label)))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    again = Scored(scored.label[order], scored.score[order])
    assert again.tally.pack() == scored.tally.pack()
    half = np.arange(len(order)) % 2 == 0
    pieces = [scored.part(half).tally, scored.part(~half).tally]
    assert merged(pieces).pack() == merged(pieces[::-1]).pack()


@given(items)
def test_a_tally_survives_packing(scored: Scored) -> None:
    """Unpacking gives what was packed, of nothing as well."""
    again = Tally.unpack(scored.tally.pack())
    assert again.pack() == scored.tally.pack()
    assert (again.positives, again.negatives) == (scored.tally.positives, scored.tally.negatives)
    assert total([again]).positives.tolist() == scored.histogram.positives.tolist()


def test_a_large_tally_survives_packing() -> None:
    """Compressed cells come back the same, with counts up to two billion in one bin."""
    tally = drawn(20_000, 1).tally
    assert Tally.unpack(tally.pack()).pack() == tally.pack()
    one = np.array([3], np.int64)
    many = Tally(one, np.array([2**31 - 1], np.int64), one, one)
    assert Tally.unpack(many.pack()).positives == 2**31 - 1


def test_a_count_that_does_not_fit_is_refused_rather_than_wrapped() -> None:
    """One more than four bytes hold is an error, never a small number."""
    one = np.array([3], np.int64)
    with pytest.raises(ValueError, match="two billion"):
        Tally(one, np.array([2**31], np.int64), one, one).pack()


def test_the_sum_of_nothing_is_nothing() -> None:
    """No shard gives no items."""
    assert total([]).at(0.5).n == 0
    assert (merged([]).positives, merged([]).negatives) == (0, 0)


@pytest.mark.parametrize("threshold", [-0.0001, 1.0001, float("nan"), float("inf")])
def test_a_threshold_outside_zero_to_one_is_refused(threshold: float) -> None:
    """It would silently count everything or nothing."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        threshold_bin(threshold)
