"""Stored statistics read by running sums give what the arrays give; what is not finished is looked for again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.clock import START
from tests.tools.bench import Bench
from tests.tools.runs_made import requested
from tests.tools.stats.scores import Scored, items
from tools.evals.evaluation import Evaluation, finish
from tools.run_statistics import RunStatistics, run_statistics
from tools.slices import describe_filters, load_slices, within
from tools.stats.counts import Counts
from tools.stats.histogram import BINS, SIZE, Tally, total
from tools.stats.moments import BANDS, Moments

EMPTY = Tally(*(np.zeros(0, np.int64) for _ in range(4)))
cells = st.lists(items, min_size=1, max_size=6)


def statistics(scored: list[Scored], moments: bool = True) -> RunStatistics:
    """A run whose cells hold these items."""
    held = [
        Moments(np.full(BANDS, float(number)), float(number)) if moments or number else None
        for number in range(len(scored))
    ]
    return RunStatistics(
        ({"cell": str(number)}, one.tally if one.label.size else EMPTY, held[number])
        for number, one in enumerate(scored)
    )


@given(cells, st.data())
def test_any_cells_at_any_threshold_are_what_their_arrays_are(scored: list[Scored], data: st.DataObject) -> None:
    """Running sums and dense arrays agree on every choice of cells, at every edge."""
    chosen = data.draw(st.lists(st.integers(0, len(scored) - 1), unique=True))
    found = statistics(scored).histogram(chosen)
    dense = total(scored[number].tally for number in chosen)
    for edge in [*data.draw(st.lists(st.integers(0, BINS), max_size=8)), 0, BINS]:
        assert found.at(edge / BINS) == dense.at(edge / BINS)
    np.testing.assert_array_equal(found.positives, dense.positives)
    np.testing.assert_array_equal(found.negatives, dense.negatives)
    assert found.positives.dtype == dense.positives.dtype == np.int64
    assert found.positives.shape == (SIZE,)


@given(cells)
def test_histograms_of_parts_add_up_to_that_of_the_whole(scored: list[Scored]) -> None:
    """Also when they are added after they were looked at."""
    held = statistics(scored)
    whole, parts = held.histogram(range(len(scored))), [held.histogram([number]) for number in range(len(scored))]
    summed = parts[0]
    for part in parts[1:]:
        summed = summed + part
    for threshold in (0, 0.25, 0.5, 1):
        assert summed.at(threshold) == whole.at(threshold)
    assert summed.moments is not None
    assert whole.moments is not None
    np.testing.assert_array_equal(summed.moments.sums, whole.moments.sums)


@given(cells, st.data())
def test_a_higher_threshold_flags_no_more(scored: list[Scored], data: st.DataObject) -> None:
    """And labels do not change with it."""
    found = statistics(scored).histogram(range(len(scored)))
    low, high = sorted(data.draw(st.tuples(st.integers(0, BINS), st.integers(0, BINS))))
    one, other = found.at(low / BINS), found.at(high / BINS)
    assert (other.tp <= one.tp, other.fp <= one.fp) == (True, True)
    assert one.tp + one.fn == other.tp + other.fn
    assert one.fp + one.tn == other.fp + other.tn


def test_no_cells_are_nought() -> None:
    """Of a run with cells and of one without."""
    for held in (RunStatistics(()), statistics([Scored(np.ones(1, np.int8), np.ones(1, np.float32))])):
        found = held.histogram([])
        assert found.at(0.5) == Counts(0, 0, 0, 0)
        assert found.positives.sum() == found.negatives.sum() == 0


def test_sums_are_missing_as_soon_as_one_cell_has_none() -> None:
    """Some would pass for all."""
    one = Scored(np.ones(1, np.int8), np.ones(1, np.float32))
    held = statistics([one, one], moments=False)
    assert held.histogram([0, 1]).moments is None
    assert held.histogram([1]).moments is not None


def test_a_run_is_kept_when_it_is_finished_and_not_before(engine: Engine, registered: Bench) -> None:
    """Asked about while it runs it has no cells; asked again, what came in between is there, and then stays."""
    run = requested(engine, registered.root)
    assert run_statistics(engine, run).values == ()
    assert load_slices(engine, run, {}, []) == []
    work = Evaluation(engine, registered.root, run)
    for number in range(work.shards):
        work.shard(number)
        assert run_statistics(engine, run).values == ()
    finish(engine, run, START)
    first = run_statistics(engine, run)
    assert len(first.values) == 2
    assert run_statistics(engine, run) is first


def test_a_run_that_is_not_finished_does_not_cost_the_others_what_is_kept(engine: Engine, registered: Bench) -> None:
    """Asking for it throws nothing away."""
    run = requested(engine, registered.root)
    work = Evaluation(engine, registered.root, run)
    for number in range(work.shards):
        work.shard(number)
    finish(engine, run, START)
    first = run_statistics(engine, run)
    assert run_statistics(engine, "unknown").values == ()
    assert run_statistics(engine, run) is first


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({}, True), ({"language": ["en"]}, True), ({"language": ["es", "en"]}, True), ({"language": ["es"]}, False),
        ({"language": []}, False), ({"surface": ["comment"]}, False), ({"language": ["en"], "policy": ["x"]}, False),
    ],
)  # fmt: skip
def test_a_cell_passes_the_filters_or_not(filters: dict[str, list[str]], passes: bool) -> None:
    """A dimension that it lacks passes only where it is not filtered on."""
    assert within({"language": "en", "policy": "bullying"}, filters) is passes


def test_filters_are_said_in_words() -> None:
    """As in the line under an answer."""
    assert describe_filters({"language": ["en", "es"], "surface": ["comment"]}) == "language en or es, surface comment"
    assert describe_filters({}) == ""
