"""A 95 % interval holds the truth in 93 to 97 of 100 samples; `tests/bench/coverage.py` prints it from 2,000 each.

Few samples can only tell a large defect: the bounds are those of a binomial count, three standard errors wide.
"""

import numpy as np
import pytest

from tests.bench.coverage import CLUSTERED, Dependent, Population, clustered_coverage, coverage
from tools.stats.intervals import wilson

DRAWS = 250
LEAST = 0.93 - 3 * (0.05 * 0.95 / DRAWS) ** 0.5
OF_COUNTS = ("recall", "precision", "f1", "f2", "mcc", "balanced_accuracy", "precision @ 0.01", "f1 @ 0.01")
OF_SCORES = ("auc", "average_precision", "brier")


@pytest.mark.parametrize(
    "population",
    [Population(50, 0.3, 2.0), Population(200, 0.05, 2.0), Population(2_000, 0.01, 3.0)],
    ids=lambda population: f"n {population.n}, {population.prevalence:.0%}",
)
def test_intervals_hold_the_truth_as_often_as_they_say(population: Population) -> None:
    """With few items, and with few positives; metrics of scores may be too cautious there, never too bold."""
    for row in coverage(population, DRAWS, (*OF_COUNTS, *OF_SCORES)):
        assert row.held >= LEAST, row
        assert row.metric in OF_SCORES or row.above + row.below > 0, row
        assert row.defined > 0.95 * DRAWS


def test_enough_items_are_covered_neither_too_seldom_nor_too_often() -> None:
    """2,000 items with 600 positives: 95 %, within what 250 samples can tell."""
    most = 0.97 + 3 * (0.05 * 0.95 / DRAWS) ** 0.5
    for row in coverage(Population(2_000, 0.3, 2.0), DRAWS, (*OF_COUNTS, *OF_SCORES)):
        assert LEAST <= row.held <= min(most, 0.996), row


@pytest.mark.parametrize("dependent", CLUSTERED[:2], ids=lambda dependent: f"{dependent.clusters} clusters")
def test_intervals_of_dependent_rows_hold_the_truth(dependent: Dependent) -> None:
    """As often as those of independent ones."""
    for row in clustered_coverage(dependent, DRAWS, ("recall", "precision", "f1", "mcc", "balanced_accuracy")):
        assert row.held >= LEAST, row


def test_the_check_would_notice_intervals_that_are_too_narrow() -> None:
    """Rows that depend on each other, taken for independent ones, are covered far too seldom."""
    random, held = np.random.default_rng(2), 0
    for _ in range(DRAWS):
        tp, _, fn, _ = CLUSTERED[1].counts(random).totals
        low, high = wilson(tp, tp + fn)
        held += low <= CLUSTERED[1].recall <= high
    assert held / DRAWS < LEAST - 0.05
