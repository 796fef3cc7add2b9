"""Cohen's kappa equals scikit-learn and its published examples; what only misaligned rows show is told apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from tools.stats.intervals import wilson
from tools.stats.raters import Confusion, cohen, confusions, disputes, misaligned
from tools.stats.ratings import Numbers, Share, majorities, tally, unanimous, used

tables = arrays(np.int64, (3, 3), elements=st.integers(0, 12))


def labels_of(table: Numbers) -> tuple[list[int], list[int]]:
    """The labels of two raters, item by item, that a table counts."""
    first, second = np.indices(table.shape)
    return np.repeat(first.ravel(), table.ravel()).tolist(), np.repeat(second.ravel(), table.ravel()).tolist()


@given(tables, st.sampled_from(["none", "linear", "quadratic"]))
def test_kappa_equals_scikit_learn(table: Numbers, weights: str) -> None:
    """Plain and weighted; where both use one class only it is not defined."""
    first, second = labels_of(table)
    found = cohen(table, weights=weights, draws=50)  # type: ignore[arg-type]  # any of the three
    if len(set(first) | set(second)) < 2:
        assert found.kappa.value is None
        return
    expected = cohen_kappa_score(first, second, labels=[0, 1, 2], weights=None if weights == "none" else weights)
    assert found.kappa.value == pytest.approx(expected, abs=1e-12)
    assert found.n == len(first)


def test_kappa_equals_the_textbook_example() -> None:
    """Fifty proposals, 20 and 15 judged alike, 5 and 10 not: agreement .7, by chance .5, kappa .4."""
    found = cohen(np.array([[20, 5], [10, 15]]))
    assert found.percent.value == pytest.approx(0.7)
    assert found.chance == pytest.approx(0.5)
    assert found.kappa.value == pytest.approx(0.4)


def test_the_interval_is_that_of_a_bootstrap_of_items() -> None:
    """Its bounds are those of scikit-learn's kappa over resampled rows, within the noise of both."""
    table = np.array([[60, 9, 2], [8, 50, 11], [1, 12, 47]])
    first, second = (np.array(side) for side in labels_of(table))
    rng = np.random.default_rng(3)
    drawn = []
    for _ in range(400):
        rows = rng.integers(0, first.size, first.size)
        drawn.append(cohen_kappa_score(first[rows], second[rows]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    found = cohen(table).kappa
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, abs=0.02)


def test_full_agreement_is_no_certainty() -> None:
    """R18: 25 of 25 alike leaves room below one."""
    found = cohen(np.array([[15, 0], [0, 10]]))
    assert found.kappa.value == 1
    assert found.kappa.low is not None
    assert found.kappa.low < 0.8


def test_no_items_have_no_kappa() -> None:
    """Nothing shared is nothing said."""
    found = cohen(np.zeros((2, 2), np.int64))
    assert (found.n, found.percent.value, found.kappa.value) == (0, None, None)


def test_rows_joined_to_the_wrong_items_are_recognised() -> None:
    """Labels of a good judge, shuffled against the people's: same margins, agreement by chance."""
    rng = np.random.default_rng(5)
    people = rng.random(400) < 0.4
    judge = np.where(rng.random(400) < 0.08, ~people, people)
    aligned, shuffled = (np.zeros((2, 2), np.int64) for _ in range(2))
    np.add.at(aligned, (judge.astype(int), people.astype(int)), 1)
    np.add.at(shuffled, (np.roll(judge, 1).astype(int), people.astype(int)), 1)
    assert misaligned(shuffled)
    assert not misaligned(aligned)


@pytest.mark.parametrize(
    "table",
    [
        [[8, 8], [8, 5]],  # 29 items
        [[285, 10], [5, 0]],  # one class rules: independent slips alone bring kappa below zero
        [[10, 90], [10, 90]],  # the margins differ: one sees the class everywhere
        [[60, 40], [40, 60]],  # weak, but better than chance
    ],
)
def test_other_low_agreement_is_not_called_misaligned(table: list[list[int]]) -> None:
    """Few items, a dominant class, other margins, or merely weak raters."""
    assert not misaligned(np.array(table))


def test_confusions_are_counted_label_by_label() -> None:
    """Of all labels on items of a gold class; the most frequent first, those that never occur left out."""
    by_gold = [
        tally([((3, 0, 0), 10), ((2, 1, 0), 4)], 3),
        tally([((0, 3, 0), 5), ((1, 1, 1), 2)], 3),
        tally([((0, 0, 3), 6)], 3),
    ]
    found = confusions(by_gold)
    assert [(one.of, one.taken_for, one.k, one.n) for one in found] == [(0, 1, 4, 42), (1, 0, 2, 21), (1, 2, 2, 21)]


def test_labels_of_one_item_are_not_taken_for_independent() -> None:
    """The interval is wider than Wilson's of as many labels where items are all wrong or all right."""
    whole = confusions([tally([((5, 0), 90), ((0, 5), 10)], 2), tally([], 2)])[0]
    spread = confusions([tally([((5, 0), 50), ((4, 1), 50)], 2), tally([], 2)])[0]
    assert (whole.k, whole.n, spread.k, spread.n) == (50, 500, 50, 500)
    assert (whole.low, whole.high) == pytest.approx(wilson(10, 100))
    assert (spread.low, spread.high) == pytest.approx(wilson(50, 500))


def test_without_gold_disputes_are_counted_item_by_item() -> None:
    """Items on which both classes were used, of those with the rarer one; lone labels dispute nothing."""
    ratings = tally([((2, 0, 0), 10), ((1, 1, 0), 3), ((0, 2, 0), 1), ((1, 0, 1), 2), ((0, 0, 1), 9)], 3)
    assert disputes(ratings) == [Confusion(1, 0, 3, 4, *wilson(3, 4)), Confusion(2, 0, 2, 2, *wilson(2, 2))]


def test_the_majority_is_compared_with_gold_and_ties_are_left_out() -> None:
    """A lone label is its item's majority; an even split has none."""
    found = majorities([tally([((2, 1), 7), ((1, 2), 2), ((1, 1), 5)], 2), tally([((0, 1), 4)], 2)])
    assert found.table.tolist() == [[7, 2], [0, 4]]
    assert (found.ties, found.right) == (5, Share(11, 13))


def test_the_rare_label_is_looked_at_where_anyone_used_it() -> None:
    """Three of the 43 items of the rule book's case."""
    ratings = tally([((2, 0), 957), ((1, 1), 40), ((0, 2), 3), ((0, 1), 6)], 2)
    assert used(ratings)[1] == Share(3, 43)
    assert unanimous(ratings) == Share(960, 1000)


def test_patterns_are_merged_and_empty_ones_dropped() -> None:
    """Equal patterns of different cells are one; an item that nobody labelled is none."""
    ratings = tally([((2, 0), 3), ((2, 0), 4), ((0, 0), 9), ((0, 2), 0)], 2)
    assert (ratings.counts.tolist(), ratings.items.tolist()) == ([[2, 0]], [7])


@pytest.mark.parametrize("pattern", [(1,), (1, 2, 3), (-1, 2)])
def test_a_pattern_that_does_not_fit_is_an_error(pattern: tuple[int, ...]) -> None:
    """Another number of classes, or fewer than no labels."""
    with pytest.raises(ValueError, match="2 counts"):
        tally([(pattern, 1)], 2)
