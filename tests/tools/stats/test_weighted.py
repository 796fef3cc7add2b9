"""The weighted estimator has no bias and its interval covers what it promises, by simulation over 4,000 draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2

from tools.stats.intervals import wilson
from tools.stats.stratified import Band, allocate
from tools.stats.weighted import Drawn, Weighted, weighted_recall, weighted_share

DRAWS = 4_000
RARE = ((90_000, 0.0005), (6_000, 0.01), (2_500, 0.05), (1_000, 0.3), (500, 0.8))
HIDDEN = ((90_000, 0.002), (6_000, 0.02), (2_500, 0.1), (1_000, 0.4), (500, 0.9))
COMMON = ((50_000, 0.02), (20_000, 0.05), (15_000, 0.2), (10_000, 0.5), (5_000, 0.95))
POPULATIONS = {"rare": RARE, "hidden": HIDDEN, "common": COMMON}
by_population = pytest.mark.parametrize("population", POPULATIONS.values(), ids=POPULATIONS)
Population = tuple[tuple[int, float], ...]


def sampled(population: Population, labels: int, seed: int) -> tuple[list[list[Drawn]], NDArray[np.int64]]:
    """Samples of a finite population under the plan that its bands ask for, and its positives by band."""
    rng = np.random.default_rng(seed)
    volumes = np.array([volume for volume, _ in population])
    positives = np.array([round(volume * rate) for volume, rate in population])
    plan = allocate([Band(0, 0, volume, rate) for volume, rate in population], labels)
    sizes = [stratum.sample for stratum in plan.strata]
    found = rng.hypergeometric(positives, volumes - positives, sizes, (DRAWS, len(sizes)))
    samples = [
        [Drawn(float(v), n, int(k)) for v, n, k in zip(volumes, sizes, row, strict=True)] for row in found.tolist()
    ]
    return samples, positives


def coverage(found: list[Weighted], truth: float) -> float:
    """The share of intervals that hold the truth."""
    return float(np.mean([one.low <= truth <= one.high for one in found]))


@by_population
@pytest.mark.parametrize("labels", [300, 1_000, 3_000])
def test_the_weighted_share_has_no_bias_and_covers(population: Population, labels: int) -> None:
    """Its mean is the true prevalence within four standard errors, its interval holds it in 93 to 97 %."""
    samples, positives = sampled(population, labels, labels)
    truth = positives.sum() / sum(volume for volume, _ in population)
    found = [weighted_share(sample) for sample in samples]
    values = np.array([one.value for one in found])
    assert abs(values.mean() - truth) < 4 * values.std() / DRAWS**0.5
    assert 0.93 <= coverage(found, truth) <= 0.97


@by_population
@pytest.mark.parametrize("labels", [300, 3_000])
def test_the_weighted_recall_covers(population: Population, labels: int) -> None:
    """With the threshold between the third and the fourth band, in 93 to 97 %; its bias fades with the sample."""
    samples, positives = sampled(population, labels, labels + 1)
    truth = positives[3:].sum() / positives.sum()
    found = [weighted_recall(sample[3:], sample[:3]) for sample in samples]
    assert 0.93 <= coverage(found, truth) <= 0.97
    assert abs(np.mean([one.value for one in found]) - truth) < 18 / labels


def test_the_unweighted_share_would_be_far_off() -> None:
    """What the simulation above would notice: a sample by score is full of positives."""
    samples, positives = sampled(RARE, 1_000, 9)
    truth = positives.sum() / 100_000
    plain = np.mean([sum(d.positives for d in one) / sum(d.sampled for d in one) for one in samples])
    assert plain > 5 * truth


@given(st.integers(10, 5_000).flatmap(lambda n: st.tuples(st.integers(4, n - 4), st.just(n))))
def test_one_band_is_a_simple_random_sample(share: tuple[int, int]) -> None:
    """Without an end the estimate is k of n with Wilson's interval (from 4 of each outcome on)."""
    k, n = share
    found = weighted_share([Drawn(1.0, n, k)], finite=False)
    assert (found.low, found.high) == pytest.approx(wilson(k, n))
    assert found.value == k / n


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=6))
def test_a_population_that_was_labelled_whole_is_known(bands: list[tuple[int, int]]) -> None:
    """Nothing is left to chance."""
    drawn = [Drawn(float(n), n, min(k, n)) for n, k in bands]
    truth = sum(d.positives for d in drawn) / sum(d.sampled for d in drawn)
    found = weighted_share(drawn)
    assert (found.value, found.low, found.high) == pytest.approx((truth, truth, truth))


@given(st.floats(0.01, 1_000))
def test_volumes_may_be_counted_in_anything(scale: float) -> None:
    """Of a population without end only their proportions matter."""
    counts = [(9.0, 40, 1), (3.0, 30, 4), (1.0, 20, 15)]
    found = weighted_share([Drawn(v * scale, n, k) for v, n, k in counts], finite=False)
    plain = weighted_share([Drawn(v, n, k) for v, n, k in counts], finite=False)
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_no_positive_is_no_certainty() -> None:
    """A prevalence of nothing found has an upper bound; a recall of nothing could be anything (R18)."""
    flagged, left = [Drawn(100.0, 20, 0)], [Drawn(10_000.0, 80, 0)]
    share = weighted_share([*flagged, *left])
    assert (share.value, share.low) == (0.0, 0.0)
    assert share.high > 0.03
    assert weighted_recall(flagged, left) == Weighted(0.0, 0.0, 1.0)


def test_a_recall_without_a_miss_has_a_lower_bound() -> None:
    """The labels below the threshold were few, and each stands for many (R18)."""
    found = weighted_recall([Drawn(100.0, 50, 40)], [Drawn(10_000.0, 100, 0)])
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low < 0.3


def test_the_bounds_of_few_positives_are_quantiles_of_chi_squared() -> None:
    """Brown, Cai and DasGupta's modification: one, two or three positives of 200."""
    for k in (1, 2, 3):
        found = weighted_share([Drawn(1.0, 200, k)], finite=False)
        assert found.low == pytest.approx(chi2.ppf(0.05, 2 * k) / 2 / 200, rel=1e-5)
        assert found.low < wilson(k, 200)[0]


@pytest.mark.parametrize(
    "drawn",
    [[], [Drawn(10.0, 0, 0)], [Drawn(10.0, 5, 6)], [Drawn(0.0, 5, 1)], [Drawn(10.0, 11, 1)]],
    ids=["nothing", "nobody labelled", "more positives", "no volume", "more than there are"],
)
def test_a_band_that_says_nothing_is_refused(drawn: list[Drawn]) -> None:
    """Left out silently, its positives would be missing from the whole."""
    with pytest.raises(ValueError, match=r"sampled|do not fit"):
        weighted_share(drawn)
