"""A labelling budget: its floor, its bounds, its weights, and that it errs less than a blind sample."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.tools.stats.scores import drawn
from tools.stats.histogram import BINS, SIZE, Histogram
from tools.stats.stratified import FEWEST, Allocation, Band, allocate, score_bands

bands = st.lists(
    st.builds(Band, st.just(0.0), st.just(1.0), st.integers(2, 50_000), st.floats(0.0001, 0.9999)),
    min_size=1,
    max_size=8,
)
budgets, floors = st.integers(20, 5_000), st.floats(0.05, 0.7)


def planned(given: list[Band], labels: int, floor: float) -> Allocation:
    """A plan, where the budget allows one."""
    assume(labels <= sum(band.volume for band in given) and labels * (1 - floor) > FEWEST * len(given))
    return allocate(given, labels, floor)


@given(bands, budgets, floors)
def test_the_whole_budget_is_spent_and_no_band_is_overdrawn(given: list[Band], labels: int, floor: float) -> None:
    """Each band has two labels at least, and no more than items."""
    plan = planned(given, labels, floor)
    assert plan.labels == labels
    assert all(FEWEST <= stratum.sample <= stratum.band.volume for stratum in plan.strata)


@given(bands, budgets, floors)
def test_the_random_floor_is_never_below_its_share(given: list[Band], labels: int, floor: float) -> None:
    """It lies over all bands in proportion to their volumes, whatever the score thinks of them."""
    plan = planned(given, labels, floor)
    volume = sum(band.volume for band in given)
    assert plan.random >= floor * labels - 1e-6
    for stratum in plan.strata:
        assert 0 <= stratum.random <= stratum.sample
        assert stratum.random >= int(min(floor * labels * stratum.band.volume / volume, stratum.band.volume)) - 1


@given(bands, budgets, floors)
def test_a_weight_is_the_inverse_of_an_inclusion_probability(given: list[Band], labels: int, floor: float) -> None:
    """The weights of all labels add up to the population."""
    plan = planned(given, labels, floor)
    for stratum in plan.strata:
        assert 0 < stratum.probability <= 1
        assert stratum.weight * stratum.probability == pytest.approx(1)
    total = sum(stratum.weight * stratum.sample for stratum in plan.strata)
    assert total == pytest.approx(sum(band.volume for band in given))


def test_the_expected_standard_error_is_that_of_a_simulation() -> None:
    """20,000 draws without replacement by the plan, and as many without regard to the score."""
    given = [Band(0, 0.2, 9_000, 0.01), Band(0.2, 0.6, 800, 0.2), Band(0.6, 1, 200, 0.8)]
    plan, rng = allocate(given, 600), np.random.default_rng(4)
    volumes = np.array([9_000, 800, 200])
    positives = np.array([90, 160, 160])
    found = rng.hypergeometric(positives, volumes - positives, [s.sample for s in plan.strata], (20_000, 3))
    estimates = found @ np.array([stratum.weight for stratum in plan.strata]) / 10_000
    assert plan.standard_error == pytest.approx(estimates.std(), rel=0.03)
    blind = rng.hypergeometric(410, 9_590, 600, 20_000) / 600
    assert plan.simple_error == pytest.approx(blind.std(), rel=0.03)
    assert plan.rate == pytest.approx(0.041)


def test_the_rest_goes_where_it_lowers_the_error_most() -> None:
    """No other split of the part above the floor has a smaller expected error, by more than rounding."""
    given = [Band(0, 0.5, 9_000, 0.01), Band(0.5, 1, 1_000, 0.4)]
    plan = allocate(given, 200, 0.2, finite=False)
    first = plan.strata[0].random
    errors = [
        (given[0].spread ** 2 / n + given[1].spread ** 2 / (200 - n)) ** 0.5 / 10_000 for n in range(first + 2, 190)
    ]
    assert plan.standard_error <= min(errors) * 1.02
    assert plan.standard_error < plan.simple_error
    assert plan.worth > 200


def test_a_score_that_knows_nothing_is_worth_nothing_more() -> None:
    """Equal rates in every band: the plan is as good as a blind sample and not better."""
    plan = allocate([Band(0, 0.5, 5_000, 0.1), Band(0.5, 1, 5_000, 0.1)], 400, finite=False)
    assert plan.standard_error == pytest.approx(plan.simple_error)
    assert plan.worth == pytest.approx(400)


def test_a_population_without_end_is_never_used_up() -> None:
    """Volumes are then shares of traffic: a band gets more labels than its number, and they are no census of it."""
    given = [Band(0, 0.5, 0.95, 0.001), Band(0.5, 1, 0.05, 0.5)]
    plan = allocate(given, 500, finite=False)
    assert plan.labels == 500
    errors = [stratum.band.spread / stratum.sample**0.5 for stratum in plan.strata]
    assert plan.standard_error == pytest.approx(np.hypot(*errors))


@pytest.mark.parametrize(("labels", "floor"), [(3, 0.2), (1_001, 0.2), (100, 0.0), (100, 1.0), (4, 0.9)])
def test_a_budget_that_does_not_fit_is_refused(labels: int, floor: float) -> None:
    """Too few for two a band beside the floor, more than there are, or a floor that is none."""
    with pytest.raises(ValueError, match=r"do not fit|no share"):
        allocate([Band(0, 0.5, 900, 0.1), Band(0.5, 1, 100, 0.5)], labels, floor)


def test_bands_hold_the_counts_of_the_histogram() -> None:
    """Edges from 0 to 1, the threshold among them; volumes are the shares of items, rates those of the labels."""
    scored = drawn(20_000, 3)
    found = score_bands(scored.histogram, 0.35)
    edges = [band.low for band in found] + [found[-1].high]
    assert (edges[0], edges[-1]) == (0.0, 1.0)
    assert 0.35 in edges
    assert edges == sorted(set(edges))
    assert 3 <= len(found) <= 5
    score = scored.score.astype(np.float64)
    for band in found:
        last = band.high == 1.0
        within = (score >= band.low) & ((score < band.high) | last)
        assert band.volume == pytest.approx(within.mean(), abs=1e-12)
        assert band.rate == pytest.approx(scored.label[within].mean(), abs=0.02)


def test_bands_are_weighted_to_a_stated_prevalence() -> None:
    """Positives and negatives keep their scores; together the bands hold that prevalence."""
    histogram = drawn(20_000, 3).histogram
    found = score_bands(histogram, 0.35, 0.01)
    assert sum(band.volume for band in found) == pytest.approx(1)
    assert sum(band.volume * band.rate for band in found) == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.0])
def test_one_score_for_everything_still_makes_bands(threshold: float) -> None:
    """Whatever is empty gets no labels."""
    bins = np.zeros(SIZE, np.int64)
    bins[BINS // 2] = 30
    plan = allocate(score_bands(Histogram(bins, bins * 9), threshold), 50, finite=False)
    assert plan.labels == 50
    assert all(stratum.band.volume > 0 for stratum in plan.strata)


def test_without_positives_nothing_is_known_of_the_rates() -> None:
    """And nothing is planned."""
    bins = np.zeros(SIZE, np.int64)
    with pytest.raises(ValueError, match="no rate by score"):
        score_bands(Histogram(bins, bins + 1), 0.5)
