"""Intervals of dependent or weighted rows: as wide as a bootstrap of the clusters, and never of feigned certainty."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tools.measures import MEASURES
from tools.stats.clusters import ClusterCounts
from tools.stats.histogram import SIZE, Histogram
from tools.stats.intervals import wilson
from tools.stats.rates import Share, Statistic, f_beta, gradient, mcc

RECALL = Share((1, 0, 0, 0), (1, 0, 1, 0))
ERROR = Share((0, 1, 1, 0), (1, 1, 1, 1))
STATISTICS: dict[str, Statistic] = {"recall": RECALL.rate, "error": ERROR.rate, "f1": f_beta(1), "mcc": mcc}
cells = st.lists(
    st.tuples(*[st.integers(0, 4)] * 4), min_size=1, max_size=30
).map(lambda rows: ClusterCounts(np.array(rows, float)))  # fmt: skip


def dependent(clusters: int, seed: int, size: int = 7, rho: float = 0.3, recall: float = 0.85) -> ClusterCounts:
    """Clusters of one label each whose items are decided alike."""
    draw = np.random.default_rng(seed)
    label = draw.random(clusters) < 0.3
    rate = np.where(label, recall, 0.08)
    if rho:
        rate = draw.beta(rate * (1 - rho) / rho, (1 - rate) * (1 - rho) / rho)
    flagged = draw.binomial(size, rate)
    rest = size - flagged
    return ClusterCounts(
        np.stack([flagged * label, flagged * ~label, rest * label, rest * ~label], axis=1).astype(float)
    )


def bootstrap(counts: ClusterCounts, statistic: Statistic, draws: int = 3_000) -> NDArray[np.float64]:
    """The statistic of resampled clusters."""
    n = len(counts.counts)
    weights = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=draws)
    return statistic(weights @ counts.counts)


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize(("clusters", "rho"), [(300, 0.3), (1_000, 0.6), (1_000, 0.0)])
def test_the_interval_is_as_wide_as_a_bootstrap_of_the_clusters(name: str, clusters: int, rho: float) -> None:
    """Within 12 % of the width, with rows that depend on each other much, little or not at all."""
    counts = dependent(clusters, 4, rho=rho)
    statistic = STATISTICS[name]
    found = counts.interval(statistic)
    assert found is not None
    low, high = np.quantile(bootstrap(counts, statistic), [0.025, 0.975])
    assert found[2] - found[1] == pytest.approx(high - low, rel=0.12)
    assert found[0] == pytest.approx(float(statistic(counts.totals)))


def test_dependent_rows_say_less_than_as_many_independent_ones() -> None:
    """Seven rows that are decided alike: the effective n is far below n, and the interval far wider than Wilson's."""
    counts = dependent(300, 1, rho=0.8)
    found = counts.share(RECALL)
    assert found is not None
    value, low, high, effective = found
    n = float(counts.totals[0] + counts.totals[2])
    assert effective < n / 3
    narrow = wilson(value * n, n)
    assert high - low > 1.6 * (narrow[1] - narrow[0])


def test_independent_rows_keep_their_interval() -> None:
    """One row a cluster: Wilson's to 3 % of its width."""
    counts = dependent(1_000, 2, size=1, rho=0.0)
    found = counts.share(RECALL)
    assert found is not None
    n = float(counts.totals[0] + counts.totals[2])
    low, high = wilson(float(counts.totals[0]), n)
    assert found[1:3] == pytest.approx((low, high), abs=0.03 * (high - low))


@given(cells)
def test_any_counts_have_an_interval_that_holds_their_value(counts: ClusterCounts) -> None:
    """One cluster or thirty, empty ones, no error at all; none where a metric is not defined."""
    for share in (RECALL, ERROR):
        found = counts.share(share)
        if float(counts.totals @ np.array(share.n)) == 0:
            assert found is None
            continue
        assert found is not None
        value, low, high, effective = found
        assert 0 <= low <= value <= high <= 1
        assert 0 < effective <= counts.totals @ np.array(share.n)
    for statistic in STATISTICS.values():
        bounded = counts.interval(statistic)
        if bounded is not None:
            assert bounded[1] <= bounded[0] <= bounded[2]


@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_clusters_does_not_matter_and_slices_add_up(counts: ClusterCounts, shuffler: object) -> None:
    """Merging two halves bucket by bucket is the whole."""
    order = list(range(len(counts.counts)))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    again = ClusterCounts(counts.counts[order]).share(ERROR)
    found = counts.share(ERROR)
    assert (again is None) == (found is None)
    if found and again:
        assert again == pytest.approx(found)
    half = counts.counts.copy()
    half[::2] = 0
    merged = ClusterCounts(half) + ClusterCounts(counts.counts - half)
    assert merged.counts.tolist() == counts.counts.tolist()


@given(cells, st.sampled_from([0.001, 0.37, 250.5]))
def test_the_scale_of_weights_does_not_matter(counts: ClusterCounts, scale: float) -> None:
    """Weights in per cent or in millions: the same interval, as soon as they are no whole numbers."""
    fine = counts.counts * (1 + np.arange(counts.counts.size).reshape(-1, 4) / 97)
    one, other = ClusterCounts(fine).share(ERROR), ClusterCounts(fine * scale).share(ERROR)
    if one and other and ClusterCounts(fine).weighted and ClusterCounts(fine * scale).weighted:
        assert other == pytest.approx(one, rel=1e-6)


def test_weights_cost_effective_items() -> None:
    """Items that were drawn one in eight count eight times, but say no more than one each."""
    draw = np.random.default_rng(8)
    weight = np.where(draw.random(1_000) < 0.5, 0.5, 8.5)
    right = draw.random(1_000) < 0.9
    counts = ClusterCounts(np.stack([weight * right, 0 * weight, weight * ~right, 0 * weight], axis=1))
    found = counts.share(RECALL)
    assert found is not None
    value, low, high, effective = found
    assert value == pytest.approx((weight * right).sum() / weight.sum())
    kish = weight.sum() ** 2 / (weight**2).sum()
    assert effective == pytest.approx(kish, rel=0.15)
    values = bootstrap(counts, RECALL.rate)
    assert high - low == pytest.approx(np.quantile(values, 0.975) - np.quantile(values, 0.025), rel=0.12)


def test_r18_without_a_miss_clusters_count_not_rows() -> None:
    """60 clusters of 7 variants without a miss: no better than 60 items without a miss, whatever the 420 rows say."""
    counts = ClusterCounts(np.tile([7.0, 0, 0, 0], (60, 1)))
    found = counts.share(RECALL)
    assert found is not None
    assert (found[0], found[2]) == (1.0, 1.0)
    assert found[1] == pytest.approx(wilson(60, 60)[0], abs=0.005)


@pytest.mark.parametrize("name", STATISTICS)
def test_the_gradient_is_that_of_small_steps(name: str) -> None:
    """The derivative by each count, against a difference quotient."""
    totals, statistic = np.array([410.0, 52.0, 61.0, 3_300.0]), STATISTICS[name]
    steps = np.eye(4) * 0.01
    expected = [(float(statistic(totals + s)) - float(statistic(totals - s))) / 0.02 for s in steps]
    assert gradient(statistic, totals) == pytest.approx(expected, rel=1e-4, abs=1e-12)


def test_metrics_of_scores_are_widened_by_the_design_effect_of_accuracy() -> None:
    """An approximation that is said to be one; the values stay."""
    draw = np.random.default_rng(3)
    positives = np.bincount(draw.integers(3_000, 10_000, 630), minlength=SIZE)
    negatives = np.bincount(draw.integers(0, 7_000, 1_470), minlength=SIZE)
    histogram, counts = Histogram(positives, negatives), dependent(300, 5, rho=0.8)
    for name in ("auc", "average_precision", "ece", "brier"):
        plain = MEASURES[name].estimate(histogram, 0.5)
        wide = MEASURES[name].estimate(histogram, 0.5, counts)
        assert plain.value == wide.value
        assert wide.high is not None
        assert wide.low is not None
        assert plain.high is not None
        assert plain.low is not None
        assert wide.high - wide.low > 1.5 * (plain.high - plain.low)
