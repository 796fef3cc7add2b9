"""Brier score and calibration error are those of the scores, and say what chance makes of them."""

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss

from tests.tools.stats.scores import Scored, drawn, items
from tools.stats.calibration import brier, calibration_error, chance_error
from tools.stats.histogram import BINS, Histogram
from tools.stats.moments import BANDS, Moments


def with_moments(scored: Scored) -> Histogram:
    """The histogram with the sums of the scores themselves, by NumPy."""
    score = scored.score.astype(np.float64)
    band = np.minimum(np.floor(score * BINS).astype(int) * BANDS // BINS, BANDS - 1)
    sums = np.bincount(band, score, BANDS).astype(np.float64)
    plain = scored.histogram
    return Histogram(plain.positives, plain.negatives, Moments(sums, float(((score - scored.label) ** 2).sum())))


def by_hand(label: NDArray[np.int8], score: NDArray[np.float64]) -> float:
    """Expected calibration error band by band, as it is defined."""
    error = 0.0
    for band in range(10):
        inside = (score >= band / 10) & ((score < (band + 1) / 10) | (band == 9))
        if inside.any():
            error += inside.mean() * abs(score[inside].mean() - label[inside].mean())
    return error


@pytest.mark.parametrize(("n", "seed", "decimals"), [(60, 1, None), (900, 2, 2), (4_000, 3, None), (4_000, 4, 1)])
def test_with_moments_both_are_exact(n: int, seed: int, decimals: int | None) -> None:
    """The Brier score is scikit-learn's; the calibration error that of bands cut from the scores."""
    scored = drawn(n, seed, decimals=decimals)
    score = scored.score.astype(np.float64)
    found, error = brier(with_moments(scored)), calibration_error(with_moments(scored))
    assert found is not None
    assert error is not None
    assert found[0] == pytest.approx(brier_score_loss(scored.label, score), abs=1e-12)
    # A score such as float32(.3) lies just above .3, and in the band that begins there.
    assert error[0] == pytest.approx(by_hand(scored.label, score), abs=1e-9)


@pytest.mark.parametrize("seed", [5, 6])
def test_without_moments_the_middle_of_a_bin_stands_in(seed: int) -> None:
    """A tenth of the last digit that is shown."""
    scored = drawn(3_000, seed)
    for metric in (brier, calibration_error):
        plain, exact = metric(scored.histogram), metric(with_moments(scored))
        assert plain is not None
        assert exact is not None
        assert plain == pytest.approx(exact, abs=1e-4)


@given(items)
def test_both_lie_within_their_intervals_for_any_items(scored: Scored) -> None:
    """One label alone, all ties, perfect or absurd; of nothing there is none."""
    for metric in (brier, calibration_error):
        found = metric(with_moments(scored))
        if not scored.label.size:
            assert found is None
            continue
        assert found is not None
        assert 0 <= found[1] <= found[0] <= found[2] <= 1


@pytest.mark.parametrize(("n", "seed"), [(900, 21), (3_000, 22)])
def test_the_interval_of_the_brier_score_agrees_with_a_bootstrap_of_the_rows(n: int, seed: int) -> None:
    """End points within 8 % of the width of 4,000 resampled sets of rows."""
    scored = drawn(n, seed)
    errors = (scored.score.astype(np.float64) - scored.label) ** 2
    rows = np.random.default_rng(seed).integers(0, n, (4_000, n))
    low, high = np.quantile(errors[rows].mean(axis=1), [0.025, 0.975])
    found = brier(scored.histogram)
    assert found is not None
    assert found[1:] == pytest.approx((low, high), abs=0.08 * (high - low))


def calibrated(n: int, seed: int) -> Scored:
    """Items whose scores are the very chances of being positive."""
    draw = np.random.default_rng(seed)
    score = draw.beta(0.5, 2, n)
    return Scored((draw.random(n) < score).astype(np.int8), score.astype(np.float32))


def test_a_perfectly_calibrated_model_is_not_called_miscalibrated() -> None:
    """Its error is what chance makes of it, the less the more items; the lower bound is nought in 19 of 20 sets."""
    for n in (200, 5_000):
        found = [
            (calibration_error(each), chance_error(each)) for each in (calibrated(n, s).histogram for s in range(60))
        ]
        values = np.array([error[0] for error, _ in found if error])
        chance = np.array([by_chance for _, by_chance in found])
        assert values.mean() == pytest.approx(chance.mean(), rel=0.1)
        assert sum(error[1] > 0 for error, _ in found if error) <= 8  # of 60; more happen once in 100 times
    assert chance_error(Scored(np.zeros(0, np.int8), np.zeros(0, np.float32)).histogram) is None


def test_a_miscalibrated_model_is_found_out() -> None:
    """Scores that are twice the chance: the lower bound clears nought, and the interval holds the true gap."""
    draw = np.random.default_rng(9)
    score = draw.random(4_000)
    scored = Scored((draw.random(4_000) < score / 2).astype(np.int8), score.astype(np.float32))
    found = calibration_error(scored.histogram)
    assert found is not None
    assert 0.2 < found[1] < 0.25 < found[2] < 0.3


def test_r18_a_faultless_brier_score_is_no_certainty() -> None:
    """Scores of exactly 0 and 1, all of them right: 17 items allow some error."""
    label = np.r_[np.ones(7), np.zeros(10)].astype(np.int8)
    found = brier(with_moments(Scored(label, label.astype(np.float32))))
    assert found is not None
    assert found[:2] == (0.0, 0.0)
    assert 0.1 < found[2] < 0.3
