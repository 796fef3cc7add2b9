"""What k of n shows: against a target, against another k of n on different items, and as one of many."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

from tools.stats.intervals import wilson
from tools.stats.tails import binomial_below, hypergeometric

ALPHA = 0.05
Shown = Literal["shown", "not shown", "shown to be missed"]
Differs = Literal["higher", "lower", "not shown"]


@dataclass(frozen=True)
class Proportion:
    """k of n with its Wilson interval (95 %)."""

    k: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, between 0 and 1."""
        return self.k / self.n

    def at_least(self, target: float) -> Shown:
        """Whether the share is shown to be at least this: the lower bound decides, not the share itself."""
        return "shown" if self.low >= target else "shown to be missed" if self.high < target else "not shown"

    def at_most(self, target: float) -> Shown:
        """Whether the share is shown to be at most this: the upper bound decides."""
        return "shown" if self.high <= target else "shown to be missed" if self.low > target else "not shown"


@dataclass(frozen=True)
class Contrast:
    """The difference `a - b` of two shares on different items, with its interval (95 %) and p-value."""

    difference: float
    low: float
    high: float
    p: float

    @property
    def verdict(self) -> Differs:
        """A difference is shown only where interval and test agree."""
        if self.p >= ALPHA or self.low <= 0 <= self.high:
            return "not shown"
        return "higher" if self.difference > 0 else "lower"


def proportion(k: int, n: int) -> Proportion:
    """k of n with its Wilson interval.

    Raises:
        ValueError: not 0 <= k <= n, or n is 0.
    """
    if n < 1:
        raise ValueError("a share of no items is not defined")
    return Proportion(k, n, *wilson(k, n))


def contrast(a: Proportion, b: Proportion) -> Contrast:
    """Two shares on different items: Newcombe's hybrid score interval (1998, method 10) and Fisher's mid-p.

    On the same items this throws the pairing away; `tools.stats.paired` keeps it.
    """
    difference = a.value - b.value
    low = difference - ((a.value - a.low) ** 2 + (b.high - b.value) ** 2) ** 0.5
    high = difference + ((a.high - a.value) ** 2 + (b.value - b.low) ** 2) ** 0.5
    return Contrast(difference, max(-1.0, low), min(1.0, high), mid_p(a.k, a.n, b.k, b.n))


def mid_p(k: int, n: int, other_k: int, other_n: int) -> float:
    """Fisher's two-sided mid-p: the exact p-value less half the probability of the table itself.

    The exact test is needlessly conservative in small samples; mid-p keeps close to its level (Lydersen, Fagerland and
    Laake 2009).
    """
    hits, whole = k + other_k, n + other_n
    seen = hypergeometric(k, whole, hits, n)
    mean, variance = n * hits / whole, n * hits * (whole - hits) * other_n / whole**3
    reach = 40 * variance**0.5 + 1  # what lies further out adds nothing to any p-value that is shown
    first = max(0, n + hits - whole, floor(mean - reach))
    last = min(n, hits, ceil(mean + reach))
    # Tables as likely as the one seen count as well; rounding must not part them.
    tail = sum(p for i in range(first, last + 1) if (p := hypergeometric(i, whole, hits, n)) <= seen * (1 + 1e-7))
    return min(1.0, max(0.0, tail - seen / 2))


def by_chance(tests: int, significant: int, alpha: float = ALPHA) -> tuple[float, float]:
    """Of many tests without any effect: how many are significant on average, and P(at least as many as seen).

    For tests that are independent of each other; 3 of 40 at .05: 2 on average, and 3 or more in .323 of all cases.
    """
    return tests * alpha, 1 - binomial_below(significant - 1, tests, alpha)
