"""Held out: what picking gives on unseen items, without the flattery of measuring where one picked."""

import numpy as np
import pytest
from hypothesis import given

from tests.tools.stats.scores import Scored, drawn, items
from tools.stats.held_out import held_out
from tools.stats.histogram import SIZE, Histogram
from tools.stats.operating_points import Curve, Demand


@given(items)
def test_every_item_is_measured_once_a_draw(scored: Scored) -> None:
    """With everything flagged the estimate is all positives and all negatives, whatever the split."""
    found = held_out(scored.histogram, Demand(cost_ratio=1e9))
    assert (found.positives, found.negatives) == (int((scored.label == 1).sum()), int((scored.label == 0).sum()))
    assert 0 <= found.tp <= found.positives
    assert 0 <= found.fp <= found.negatives
    everything = held_out(scored.histogram, Demand(min_recall=1.0, min_precision=0.0), draws=1)
    assert everything.tp <= found.positives


def test_the_same_counts_give_the_same_estimate() -> None:
    """Today and tomorrow: nobody asks twice and gets another number."""
    histogram = drawn(500, 1).histogram
    assert held_out(histogram, Demand(max_fpr=0.05)) == held_out(histogram, Demand(max_fpr=0.05))


@pytest.mark.parametrize("demand", [Demand(max_fpr=0.02), Demand(min_recall=0.9), Demand(cost_ratio=5)])
def test_with_many_items_it_agrees_with_the_pick(demand: Demand) -> None:
    """There is next to no flattery left, and joined bins do not show; a cost is flat around its best."""
    histogram = drawn(200_000, 3).histogram
    counts, found = Curve(histogram).best(demand).point.counts, held_out(histogram, demand)
    assert found.recall == pytest.approx(counts.tp / counts.positives, abs=0.01)
    assert found.fpr == pytest.approx(counts.fp / counts.negatives, abs=0.01)


def test_it_is_nearer_to_the_truth_than_the_pick_itself() -> None:
    """Cheapest thresholds of 300 small sets: the cost on the same items is too low, held out it is not."""
    population = Curve(drawn(400_000, 4).histogram)
    demand = Demand(cost_ratio=4, prevalence=0.3)

    def price(fn: float, positives: int, fp: float, negatives: int) -> float:
        return 4 * 0.3 * fn / positives + 0.7 * fp / negatives

    flattery, honest = [], []
    for seed in range(300):
        histogram = drawn(60, seed).histogram
        point = Curve(histogram).best(demand).point
        truth = population.at(point.threshold).counts
        really = price(truth.fn, truth.positives, truth.fp, truth.negatives)
        seen, held = point.counts, held_out(histogram, demand)
        flattery.append(price(seen.fn, seen.positives, seen.fp, seen.negatives) - really)
        honest.append(price(held.positives - held.tp, held.positives, held.fp, held.negatives) - really)
    assert np.mean(flattery) < -0.04
    assert abs(np.mean(honest)) < abs(np.mean(flattery)) / 2


def test_nothing_at_all_is_nothing() -> None:
    """An empty slice has no rate, and no error either."""
    empty = Histogram(np.zeros(SIZE, np.int64), np.zeros(SIZE, np.int64))
    found = held_out(empty, Demand(max_fpr=0.1))
    assert (found.recall, found.fpr) == (0.0, 0.0)
