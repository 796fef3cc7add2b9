"""Single sampling plans for a batch of labels: how many to check, and how many wrong ones still let it pass.

Computed, not copied from a standard's tables: the smallest sample whose acceptance number keeps both risks. The
producer's risk is that a batch at the AQL is rejected, the consumer's that one at the LTPD is accepted. A finite lot is
hypergeometric, a lot without end binomial (Schilling and Neubauer 2009, chapter 5).
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import ceil, floor

from tools.stats.tails import binomial_below, hypergeometric_below

PRODUCER, CONSUMER = 0.05, 0.10
LARGEST_NUMBER = 200  # acceptance numbers tried: beyond, AQL and LTPD are too close for a plan of any use
LARGEST_SAMPLE = 20_000


@dataclass(frozen=True)
class Plan:
    """Check `sample` items of a lot (None: without end); more than `number` wrong ones reject it."""

    sample: int
    number: int
    lot: int | None = None

    def accepts(self, rate: float) -> float:
        """The probability that a batch with this share of wrong labels is accepted: the operating curve."""
        return acceptance(self.sample, self.number, rate, self.lot)


@dataclass(frozen=True)
class Verdict:
    """What a checked batch comes to; `over` is by how many wrong labels it is above the acceptance number."""

    accepted: bool
    over: int
    severe: int

    @property
    def by_one(self) -> bool:
        """One wrong label too many is too many."""
        return self.over == 1


def acceptance(sample: int, number: int, rate: float, lot: int | None = None) -> float:
    """The probability of at most `number` wrong labels in a sample from a batch with this share of them.

    A finite lot holds whole wrong labels: the nearest number of them to `rate` times the lot.
    """
    if lot is None:
        return binomial_below(number, sample, rate)
    return hypergeometric_below(number, lot, round(_exactly(rate) * lot), sample)


def whole_rates(aql: float, ltpd: float, lot: int | None) -> tuple[float, float]:
    """The two rates as a lot can have them: the most wrong labels within the AQL, the fewest that reach the LTPD."""
    if lot is None:
        return aql, ltpd
    return floor(_exactly(aql) * lot) / lot, ceil(_exactly(ltpd) * lot) / lot


def smallest_plan(aql: float, ltpd: float, lot: int | None = None) -> Plan | None:
    """The smallest sample that accepts at the AQL in 95 % and at the LTPD in at most 10 %; None: there is none.

    Rates that no sample up to 20,000, or no acceptance number up to 200, tells apart have no plan.

    Raises:
        ValueError: not 0 < aql < ltpd < 1.
    """
    if not 0 < aql < ltpd < 1:
        raise ValueError(f"an AQL of {aql:g} does not lie below an LTPD of {ltpd:g}")
    good, bad = whole_rates(aql, ltpd, lot)
    most = LARGEST_SAMPLE if lot is None else min(lot, LARGEST_SAMPLE)
    sample = 0
    for number in range(LARGEST_NUMBER + 1):
        # The risk falls as the sample grows, so the first sample that keeps it is found by bisection.
        sample = bisect_left(range(most + 1), -CONSUMER, lo=sample, key=partial(_rejecting, number, bad, lot))
        if sample > most:
            return None
        if acceptance(sample, number, good, lot) >= 1 - PRODUCER:
            return Plan(sample, number, lot)
    return None


def plan_of(sample: int, aql: float, ltpd: float, lot: int | None = None) -> Plan | None:
    """The plan of a sample that was drawn, whatever its size.

    Of the acceptance numbers that keep the consumer's risk, the smallest that keeps the producer's as well, else the
    largest: the consumer is protected first. None: even without a wrong label a batch at the LTPD passes more often
    than in 10 %.
    """
    good, bad = whole_rates(aql, ltpd, lot)
    most = bisect_left(range(sample + 1), True, key=lambda c: acceptance(sample, c, bad, lot) > CONSUMER) - 1
    if most < 0:
        return None
    fair = bisect_left(range(sample + 1), 1 - PRODUCER, key=lambda c: acceptance(sample, c, good, lot))
    return Plan(sample, min(fair, most), lot)


def judged(plan: Plan, defects: int, severe: int = 0) -> Verdict:
    """The verdict on a batch: wrong labels against the acceptance number, and no severe one at all.

    Raises:
        ValueError: more wrong labels than were checked, or more severe ones than wrong ones.
    """
    if not 0 <= severe <= defects <= plan.sample:
        raise ValueError(f"{severe} severe of {defects} wrong of {plan.sample} checked do not fit")
    over = max(0, defects - plan.number)
    return Verdict(over == 0 and severe == 0, over, severe)


def curve(plan: Plan, rates: Sequence[float]) -> list[tuple[float, float]]:
    """The operating curve at these rates: (rate, probability of acceptance)."""
    return [(rate, plan.accepts(rate)) for rate in rates]


def _rejecting(number: int, rate: float, lot: int | None, sample: int) -> float:
    return -acceptance(sample, number, rate, lot)


def _exactly(rate: float) -> Fraction:
    """The rate as it was typed: .07 of 100 are 7 items, not 7.000000000000001 of them, which would be called 8."""
    return Fraction(rate).limit_denominator(10**9)
