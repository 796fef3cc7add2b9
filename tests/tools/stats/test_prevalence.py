"""Metrics at another prevalence are those of a set in which positives are as rare as that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.stats.scores import Scored, drawn, items, thresholds
from tools.measures import MEASURES
from tools.stats.counts import Counts
from tools.stats.histogram import Histogram
from tools.stats.prevalence import reweighted
from tools.stats.rates import cells_of

LIVE = [measure for measure in MEASURES.values() if measure.live and not measure.from_scores]
PRECISION = reweighted(lambda cells: cells[..., 0] / (cells[..., 0] + cells[..., 1]), 0.01)


def test_the_example_of_the_rule_book() -> None:
    """A classifier with precision .838 at 13 % prevalence has .259 at 1 % and .034 at 0.1 %."""
    positives, negatives = 130_000, 870_000
    tp = 100_000
    fp = round(tp * (1 / 0.838 - 1))
    counts = cells_of(Counts(tp, fp, positives - tp, negatives - fp))
    share = MEASURES["precision"].share
    assert share is not None
    assert float(share.rate(counts)) == pytest.approx(0.838, abs=5e-4)
    found = [float(reweighted(share.rate, prevalence)(counts)) for prevalence in (0.01, 0.001)]
    assert found == pytest.approx([0.259, 0.034], abs=1e-3)


@given(items, thresholds)
def test_at_its_own_prevalence_a_set_is_what_it_is(scored: Scored, threshold: float) -> None:
    """Re-weighting to the share of positives that there is changes no metric."""
    counts = scored.histogram.at(threshold)
    if not counts.positives or not counts.negatives:
        return
    own = counts.positives / counts.n
    for measure in LIVE:
        here = measure.estimate(scored.histogram, threshold)
        there = measure.estimate(scored.histogram, threshold, prevalence=own)
        assert there.value == (None if here.value is None else pytest.approx(here.value, abs=1e-12))


@pytest.mark.parametrize("times", [10, 99])
@pytest.mark.parametrize("name", [*(measure.name for measure in LIVE), "average_precision"])
def test_a_set_with_more_negatives_has_the_metrics_that_were_foretold(name: str, times: int) -> None:
    """As many times the negatives, scored alike: exactly what the small set says of that prevalence."""
    small = drawn(2_000, 3, decimals=3, share=0.4).histogram
    large = Histogram(small.positives, small.negatives * times)
    counts = large.at(0.5)
    foretold = MEASURES[name].estimate(small, 0.5, prevalence=counts.positives / counts.n)
    found = MEASURES[name].estimate(large, 0.5)
    assert found.value == pytest.approx(foretold.value, abs=1e-12)
    assert found.low is not None
    assert found.high is not None
    assert foretold.low is not None
    assert foretold.high is not None
    assert foretold.high - foretold.low > found.high - found.low  # it rests on fewer negatives


@given(items, thresholds, st.lists(st.floats(0.0001, 0.9999), min_size=2, max_size=2).map(sorted))
def test_precision_falls_with_prevalence_and_recall_does_not(
    scored: Scored, threshold: float, pair: list[float]
) -> None:
    """And so do its bounds; what does not depend on prevalence is left as it is."""
    low, high = (MEASURES["precision"].estimate(scored.histogram, threshold, prevalence=each) for each in pair)
    if low.value is not None and high.value is not None:
        assert low.value <= high.value + 1e-12
        assert (low.low or 0) <= (high.low or 0) + 1e-12
        assert (low.high or 0) <= (high.high or 0) + 1e-12
    for name in ("recall", "fpr", "specificity", "balanced_accuracy", "auc", "ece", "brier", "prevalence"):
        measure = MEASURES[name]
        plain = measure.estimate(scored.histogram, threshold)
        assert measure.estimate(scored.histogram, threshold, prevalence=pair[0]) == plain


def test_r18_without_a_false_positive_precision_is_no_certainty_in_live_traffic() -> None:
    """40 negatives left alone may hide an FPR that at 0.1 % leaves hardly any precision."""
    scored = drawn(400, 5, decimals=2)
    perfect = Histogram(scored.histogram.positives, scored.histogram.negatives * 0)
    perfect.negatives[1000] = 40
    found = MEASURES["precision"].estimate(perfect, 0.2, prevalence=0.001)
    assert found.value == 1.0
    assert found.high == 1.0
    assert found.low is not None
    assert found.low < 0.05


@pytest.mark.parametrize("prevalence", [0.0, 1.0, -0.1, 1.5])
def test_a_prevalence_of_none_or_all_is_refused(prevalence: float) -> None:
    """There is no precision where there are no positives."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        reweighted(PRECISION, prevalence)
