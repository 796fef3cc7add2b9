"""Agreement equals published examples, a slow computation from the definitions, and keeps its coverage."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.stats import slow_agreement as slow
from tools.stats.agreement import Agreement, Coefficient, agreement, ordinal_weights
from tools.stats.intervals import wilson
from tools.stats.ratings import Ratings, tally

ANNOTATIONS = Path(__file__).parents[4] / "shared" / "data" / "rater_annotations.csv"

# Krippendorff 2011, Computing Krippendorff's alpha-reliability, example C: four observers, twelve units, gaps.
KRIPPENDORFF = [
    [1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4], [1, 1, 2, 1],
    [2, 2, 2, 2], [5, 5, 5], [1, 1], [3],
]  # fmt: skip
FIVE = [[label - 1 for label in labels] for labels in KRIPPENDORFF]

labels = st.integers(0, 3)
cases = st.lists(st.lists(labels, min_size=1, max_size=6), min_size=1, max_size=40)


def rated(items: Sequence[Sequence[int]], classes: int) -> Ratings:
    """The pattern counts of items given as lists of labels."""
    return tally(((tuple(list(item).count(c) for c in range(classes)), 1) for item in items), classes)


def same(found: Coefficient, expected: float | None) -> bool:
    """Equal to rounding, or both not defined."""
    if expected is None:
        return found.value is None
    return found.value == pytest.approx(expected, abs=1e-12)


def test_alpha_equals_krippendorffs_example() -> None:
    """Nominal .743 and ordinal .815 with missing values, as he publishes them."""
    assert agreement(rated(FIVE, 5)).alpha.value == pytest.approx(0.743, abs=5e-4)
    assert agreement(rated(FIVE, 5), ordinal=True).alpha.value == pytest.approx(0.815, abs=5e-4)


def test_alpha_equals_krippendorffs_example_of_two_observers() -> None:
    """His example A, binary, ten units: .095."""
    first, second = "0100000010", "1110010000"
    items = [[int(a), int(b)] for a, b in zip(first, second, strict=True)]
    assert agreement(rated(items, 2)).alpha.value == pytest.approx(0.095, abs=5e-4)


def test_kappa_and_ac1_equal_gwets_published_values() -> None:
    """His reference package on the same units: percent agreement .8182, Fleiss' kappa .76117, AC1 .77544."""
    found = agreement(rated(FIVE, 5))
    assert found.percent.value == pytest.approx(0.8181818, abs=5e-8)
    assert found.fleiss.value == pytest.approx(0.76117, abs=5e-6)
    assert found.chance == pytest.approx(0.2387153, abs=5e-8)
    assert found.ac.value == pytest.approx(0.77544, abs=5e-6)


def test_fleiss_kappa_equals_the_textbook_table() -> None:
    """Ten subjects, fourteen raters, five categories: agreement .378, by chance .213, kappa .210."""
    table = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    found = agreement(tally(((row, 1) for row in table), 5))
    assert found.percent.value == pytest.approx(0.378, abs=5e-4)
    assert found.chance == pytest.approx(0.213, abs=5e-4)
    assert found.fleiss.value == pytest.approx(0.210, abs=5e-4)


def test_ac1_stays_where_kappa_collapses() -> None:
    """Gwet 2008: 118 of 125 cases positive for both, none negative for both: kappa -.023, AC1 .941."""
    found = agreement(tally([((2, 0), 118), ((1, 1), 7)], 2))
    assert found.percent.value == pytest.approx(0.944)
    assert found.ac.value == pytest.approx(0.9408, abs=5e-5)
    assert found.alpha.value is not None
    assert found.alpha.value < 0
    assert found.one_class


def test_the_case_of_the_rule_book_is_one_of_one_class() -> None:
    """1,000 cases, 96 % agreement, 97.7 % of the labels the same: kappa about .11, chance agreement .955, AC1 .958."""
    found = agreement(tally([((2, 0), 957), ((1, 1), 40), ((0, 2), 3)], 2))
    assert found.shares[found.dominant] == pytest.approx(0.977)
    assert found.chance == pytest.approx(0.955, abs=5e-4)
    assert found.fleiss.value == pytest.approx(0.110, abs=5e-4)
    assert found.ac.value == pytest.approx(0.958, abs=5e-4)
    assert found.one_class


@given(cases)
def test_every_coefficient_equals_the_slow_one(items: list[list[int]]) -> None:
    """Any number of raters an item, lone ones included; nominal and ordinal."""
    for ordinal in (False, True):
        found = agreement(rated(items, 4), ordinal=ordinal, draws=20)
        paired = [item for item in items if len(item) > 1]
        assert (found.items, found.lone) == (len(paired), len(items) - len(paired))
        if not paired:
            assert found.percent.value is None
            continue
        assert same(found.percent, slow.percent(items))
        assert same(found.alpha, slow.krippendorff(items, 4, ordinal=ordinal))
        assert same(found.ac, slow.gwet(items, 4, ordinal=ordinal))
        alike = max(slow.mean_shares(items, 4)) > 1 - 1e-9
        assert same(found.fleiss, None if alike else slow.fleiss(items, 4))


@given(cases, st.permutations(range(4)))
def test_the_order_of_classes_does_not_matter_unless_it_is_one(items: list[list[int]], order: list[int]) -> None:
    """Nominal coefficients are those of any renaming of the classes."""
    renamed = [[order[label] for label in item] for item in items]
    first, second = agreement(rated(items, 4), draws=20), agreement(rated(renamed, 4), draws=20)
    for name in ("percent", "fleiss", "alpha", "ac"):
        assert same(getattr(first, name), getattr(second, name).value)


@given(cases)
def test_an_interval_holds_its_value_and_ends_at_one(items: list[list[int]]) -> None:
    """Up to 1, whatever the draws do."""
    found = agreement(rated(items, 4), draws=200)
    for one in (found.percent, found.fleiss, found.alpha, found.ac):
        if one.value is not None:
            assert one.low is not None
            assert one.high is not None
            assert one.low <= one.value <= one.high <= 1


def test_agreement_without_exception_is_no_certainty() -> None:
    """R18: 30 of 30 agree, so the lower bound is Wilson's, and that of a coefficient follows from it."""
    found = agreement(tally([((3, 0), 20), ((0, 3), 10)], 2))
    low, _ = wilson(30, 30)
    assert found.percent.value == 1
    assert found.percent.low == pytest.approx(low)
    for one in (found.fleiss, found.alpha, found.ac):
        assert one.value == 1
        assert one.low is not None
        assert one.low < low


def test_one_label_only_has_no_kappa() -> None:
    """Nothing varies: kappa and alpha are not defined, percent agreement and AC1 are."""
    found = agreement(tally([((3, 0), 40)], 2))
    assert (found.fleiss.value, found.alpha.value) == (None, None)
    assert found.percent.value == found.ac.value == 1
    assert found.one_class


def test_two_raters_have_wilsons_interval() -> None:
    """Percent agreement is then a proportion of items."""
    found = agreement(tally([((2, 0), 70), ((1, 1), 9), ((0, 2), 21)], 2))
    assert (found.percent.low, found.percent.high) == pytest.approx(wilson(91, 100))


def test_a_lone_label_says_nothing_of_agreement_but_counts_among_the_labels() -> None:
    """It is left out of the items, and said to be."""
    with_lone = agreement(tally([((2, 0), 50), ((1, 1), 20), ((0, 2), 30), ((1, 0), 100)], 2))
    without = agreement(tally([((2, 0), 50), ((1, 1), 20), ((0, 2), 30)], 2))
    assert (with_lone.items, with_lone.lone, with_lone.labels) == (100, 100, 300)
    assert with_lone.percent == without.percent
    assert with_lone.alpha.value == without.alpha.value
    assert with_lone.shares != without.shares


def test_no_pair_at_all_leaves_everything_undefined() -> None:
    """Items with one label each, or none."""
    for ratings in (tally([((1, 0), 5)], 2), tally([], 2)):
        found = agreement(ratings)
        assert found.items == 0
        assert {found.percent.value, found.alpha.value, found.ac.value, found.fleiss.value} == {None}


def test_one_class_is_no_vocabulary() -> None:
    """Agreement needs something to disagree on."""
    with pytest.raises(ValueError, match="two classes"):
        agreement(tally([((3,), 4)], 1))


def test_gwets_ordinal_weights_are_those_he_tabulates() -> None:
    """For three classes 1, 2/3 and 0; for two they are no weights at all."""
    assert np.allclose(ordinal_weights(3), [[1, 2 / 3, 0], [2 / 3, 1, 2 / 3], [0, 2 / 3, 1]])
    assert np.array_equal(ordinal_weights(2), np.eye(2))


def _drawn(rng: np.random.Generator, n: int, raters: int, prevalence: float, error: float) -> Agreement:
    truth = rng.random(n) < prevalence
    said = np.where(rng.random((n, raters)) < error, ~truth[:, None], truth[:, None]).sum(axis=1)
    found = Counter(said.tolist())
    return agreement(tally((((raters - k, k), items) for k, items in found.items()), 2), draws=2_000)


@pytest.mark.parametrize("n", [50, 200])
@pytest.mark.parametrize(("prevalence", "raters"), [(0.5, 3), (0.1, 2), (0.1, 5)])
def test_intervals_cover_the_truth(n: int, prevalence: float, raters: int) -> None:
    """95 % intervals hold the coefficient of the population in 92 to 99.5 % of 250 samples, a rare label included."""
    rng = np.random.default_rng([n, raters, int(prevalence * 100)])
    agreeing = 0.9**2 + 0.1**2
    of_positive = prevalence * 0.9 + (1 - prevalence) * 0.1
    chance = of_positive**2 + (1 - of_positive) ** 2
    truth = {
        "percent": agreeing,
        "alpha": (agreeing - chance) / (1 - chance),
        "ac": (agreeing - (1 - chance)) / chance,
    }
    found = [_drawn(rng, n, raters, prevalence, 0.1) for _ in range(250)]
    for name, value in truth.items():
        held = [getattr(one, name) for one in found]
        share = sum(one.value is None or one.low <= value <= one.high for one in held) / len(held)
        assert 0.92 <= share <= 0.995, (name, share)


def test_few_items_are_noise() -> None:
    """The half-width of alpha is above .2 on 20 items and under .05 on 1,000 of the same kind."""
    shape = [((2, 0), 10), ((1, 1), 3), ((0, 2), 7)]
    widths = []
    for times in (1, 50):
        alpha = agreement(tally([(pattern, n * times) for pattern, n in shape], 2)).alpha
        assert alpha.low is not None
        assert alpha.high is not None
        widths.append((alpha.high - alpha.low) / 2)
    assert widths[0] > 0.2
    assert widths[1] < 0.05


@pytest.mark.skipif(not ANNOTATIONS.is_file(), reason="the real annotations are not beside the repository")
def test_real_annotations_have_their_published_alpha() -> None:
    """Ten raters, five of them a case: .939 over all; in slices of one gold class it collapses while people agree."""
    with ANNOTATIONS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    raters = [f"rater_{number}" for number in range(1, 11)]
    classes = sorted({row["label_gold"] for row in rows})
    items = [[classes.index(row[rater]) for rater in raters if row[rater]] for row in rows]
    found = agreement(rated(items, 2))
    assert found.alpha.value == pytest.approx(0.939, abs=5e-4)
    assert same(found.alpha, slow.krippendorff(items, 2))
    assert not found.one_class
    collapsed = 0
    for name in {row["functionality"] for row in rows}:
        part = agreement(
            rated([item for item, row in zip(items, rows, strict=True) if row["functionality"] == name], 2)
        )
        agrees = part.percent.value is not None and part.percent.value > 0.9
        collapsed += agrees and part.one_class and (part.alpha.value is None or part.alpha.value < 0.2)
    assert collapsed > 5
