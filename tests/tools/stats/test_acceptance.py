"""Acceptance plans are the smallest that keep both risks, counted again by brute force with SciPy."""

from itertools import pairwise
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from tools.stats.acceptance import Plan, acceptance, curve, judged, plan_of, smallest_plan


def brute_force(aql: float, ltpd: float, lot: int | None, most: int = 700) -> tuple[int, int] | None:
    """The first sample for which any acceptance number keeps both risks."""
    for n in range(1, (lot or most) + 1):
        c = np.arange(n + 1)
        if lot is None:
            good, bad = binom.cdf(c, n, aql), binom.cdf(c, n, ltpd)
        else:
            good = hypergeom.cdf(c, lot, floor(round(aql * lot, 9)), n)
            bad = hypergeom.cdf(c, lot, ceil(round(ltpd * lot, 9)), n)
        kept = np.flatnonzero((good >= 0.95) & (bad <= 0.1))
        if kept.size:
            return n, int(kept[0])
    return None


@pytest.mark.parametrize("lot", [None, 40, 100, 333, 1_000, 5_000])
@pytest.mark.parametrize(("aql", "ltpd"), [(0.01, 0.05), (0.01, 0.1), (0.02, 0.07), (0.005, 0.03)])
def test_a_plan_is_the_smallest_that_keeps_both_risks(lot: int | None, aql: float, ltpd: float) -> None:
    """No smaller sample has an acceptance number with a producer's risk of 5 % and a consumer's of 10 %."""
    plan = smallest_plan(aql, ltpd, lot)
    assert plan is not None
    assert (plan.sample, plan.number) == brute_force(aql, ltpd, lot)


def test_a_plan_equals_a_published_one() -> None:
    """AQL 1 %, LTPD 5 %: check 132, accept at most 3; the classical two-point plan."""
    assert smallest_plan(0.01, 0.05) == Plan(132, 3)


def test_a_finite_lot_needs_no_more_than_one_without_end() -> None:
    """And a huge one just as many."""
    sizes = [plan.sample for lot in (200, 1_000, 10_000) if (plan := smallest_plan(0.01, 0.05, lot))]
    assert sizes == sorted(sizes)
    assert sizes[-1] <= 132
    assert smallest_plan(0.01, 0.05, 10_000_000) == Plan(132, 3, 10_000_000)


@given(st.integers(10, 400), st.integers(0, 60), st.floats(0.001, 0.4), st.none() | st.integers(400, 3_000))
def test_the_operating_curve_equals_scipy(sample: int, number: int, rate: float, lot: int | None) -> None:
    """At any rate, for both kinds of lot."""
    found = acceptance(sample, number, rate, lot)
    marked = 0 if lot is None else round(rate * lot)
    expected = binom.cdf(number, sample, rate) if lot is None else hypergeom.cdf(number, lot, marked, sample)
    assert found == pytest.approx(expected, abs=1e-8)


@given(st.integers(1, 300), st.integers(0, 20), st.none() | st.just(500))
def test_a_worse_batch_is_never_accepted_more_often(sample: int, number: int, lot: int | None) -> None:
    """The operating curve falls from one to nothing."""
    chances = [chance for _, chance in curve(Plan(sample, number, lot), [at / 100 for at in range(101)])]
    assert chances[0] == 1.0
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(chances))


def test_the_certificate_of_the_rule_book() -> None:
    """40 severe items with at most 2 misses let 5 % of true-.85 labellers pass; 20 with 1 let 18 % pass."""
    assert acceptance(40, 2, 0.15) == pytest.approx(0.0486, abs=5e-5)
    assert acceptance(20, 1, 0.15) == pytest.approx(0.1756, abs=5e-5)


@given(st.integers(1, 600), st.sampled_from([0.02, 0.05, 0.1]), st.none() | st.just(600))
def test_the_number_of_a_drawn_sample_protects_the_consumer_first(sample: int, ltpd: float, lot: int | None) -> None:
    """It keeps the consumer's risk; one less would break the producer's, or one more the consumer's."""
    plan, good = plan_of(sample, 0.01, ltpd, lot), 0.01
    if plan is None:
        assert acceptance(sample, 0, ltpd, lot) > 0.1
        return
    assert plan.accepts(ltpd) <= 0.1
    if plan.accepts(good) < 0.95:
        assert Plan(sample, plan.number + 1, lot).accepts(ltpd) > 0.1
    elif plan.number:
        assert Plan(sample, plan.number - 1, lot).accepts(good) < 0.95


def test_the_sample_of_a_plan_has_the_number_of_the_plan() -> None:
    """Asked either way."""
    for lot in (None, 800):
        plan = smallest_plan(0.01, 0.05, lot)
        assert plan is not None
        assert plan_of(plan.sample, 0.01, 0.05, lot) == plan


def test_failed_by_one_is_failed() -> None:
    """At the acceptance number a batch passes, one above it does not, by one as well."""
    plan = Plan(132, 3)
    assert judged(plan, 3).accepted
    verdict = judged(plan, 4)
    assert (verdict.accepted, verdict.by_one, verdict.over) == (False, True, 1)
    assert not judged(plan, 6).by_one


def test_one_severe_defect_rejects() -> None:
    """Its acceptance number is 0, however few the others are."""
    verdict = judged(Plan(132, 3), 1, 1)
    assert (verdict.accepted, verdict.over) == (False, 0)


@pytest.mark.parametrize(("defects", "severe"), [(133, 0), (1, 2), (0, -1)])
def test_counts_that_do_not_fit_are_refused(defects: int, severe: int) -> None:
    """More wrong than checked, more severe than wrong."""
    with pytest.raises(ValueError, match="do not fit"):
        judged(Plan(132, 3), defects, severe)


def test_rates_too_close_to_tell_apart_have_no_plan() -> None:
    """None is made up; a whole lot that is checked tells any two of its rates apart."""
    assert smallest_plan(0.05, 0.051) is None
    assert smallest_plan(0.3, 0.31, 10) == Plan(10, 3, 10)


def test_a_rate_is_what_was_typed() -> None:
    """7 % of 100 are 7 items, though .07 times 100 is a little more as a float and would be called 8."""
    assert 0.07 * 100 > 7
    plan = smallest_plan(0.01, 0.07, 100)
    assert plan is not None
    assert plan.accepts(0.07) == pytest.approx(hypergeom.cdf(plan.number, 100, 7, plan.sample))
    assert (plan.sample, plan.number) == brute_force(0.01, 0.07, 100)


@pytest.mark.parametrize(("aql", "ltpd"), [(0.05, 0.05), (0.0, 0.1), (0.1, 0.05), (0.1, 1.0)])
def test_rates_in_the_wrong_order_are_refused(aql: float, ltpd: float) -> None:
    """The AQL lies below the LTPD."""
    with pytest.raises(ValueError, match="does not lie below"):
        smallest_plan(aql, ltpd)
