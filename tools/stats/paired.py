"""Two decisions on the same items: exact McNemar, and the interval of the difference."""

from dataclasses import dataclass
from math import comb, lgamma, log

import numpy as np

from tools.stats.intervals import wilson


@dataclass(frozen=True)
class Joint:
    """How two models decide the same items of one label: both positive, only a, only b, neither."""

    both: int = 0
    only_a: int = 0
    only_b: int = 0
    neither: int = 0

    def __add__(self, other: "Joint") -> "Joint":
        return Joint(
            self.both + other.both,
            self.only_a + other.only_a,
            self.only_b + other.only_b,
            self.neither + other.neither,
        )

    @property
    def n(self) -> int:
        """All items of this label."""
        return self.both + self.only_a + self.only_b + self.neither

    @property
    def a(self) -> int:
        """Items that a calls positive."""
        return self.both + self.only_a

    @property
    def b(self) -> int:
        """Items that b calls positive."""
        return self.both + self.only_b


def mcnemar(only_a: int, only_b: int) -> float:
    """The exact two-sided McNemar p-value of the discordant counts (binomial test at one half); 1 without any."""
    n, k = only_a + only_b, min(only_a, only_b)
    if n == 0 or only_a == only_b:
        return 1.0
    if n <= 1_000:
        return min(1.0, float(2 * sum(comb(n, i) for i in range(k + 1)) / (1 << n)))
    # Above that, Python's exact integers get slow: the same sum in logarithms, from the largest term down.
    top = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)
    terms, term = [0.0], 0.0
    for i in range(k, 0, -1):
        term += log(i) - log(n - i + 1)
        terms.append(term)
        if term < -40:
            break
    return float(min(1.0, 2 * np.exp(top + np.logaddexp.reduce(np.array(terms)))))


def difference_interval(joint: Joint) -> tuple[float, float, float]:
    """`a - b` of the positive rates on the same items: estimate, lower and upper bound (95 %); see `newcombe`."""
    if joint.n == 0:
        return 0.0, -1.0, 1.0
    low, high = newcombe(joint.both, joint.only_a, joint.only_b, joint.neither)
    return joint.a / joint.n - joint.b / joint.n, low, high


def newcombe(both: float, only_a: float, only_b: float, neither: float) -> tuple[float, float]:
    """The bounds of a - b (95 %) from the four counts, or effective counts; (-1, 1) of nothing.

    Newcombe's hybrid score interval for paired proportions (1998, method 10): Wilson's bounds of each, joined with
    the correlation of the two; it keeps its coverage where the plain delta interval collapses (few discordant items).
    """
    n = both + only_a + only_b + neither
    if n <= 0:
        return -1.0, 1.0
    a, b = both + only_a, both + only_b
    pa, pb = a / n, b / n
    (la, ua), (lb, ub) = wilson(a, n), wilson(b, n)
    product = a * (n - a) * b * (n - b)
    phi = 0.0
    if product > 0:
        cross = both * neither - only_a * only_b
        # The continuity correction of method 10 applies to a positive correlation only.
        if cross > 0:
            cross = max(0.0, cross - n / 2)
        phi = cross / product**0.5
    below = (pa - la) ** 2 - 2 * phi * (pa - la) * (ub - pb) + (ub - pb) ** 2
    above = (ua - pa) ** 2 - 2 * phi * (ua - pa) * (pb - lb) + (pb - lb) ** 2
    delta = pa - pb
    return max(-1.0, delta - max(0.0, below) ** 0.5), min(1.0, delta + max(0.0, above) ** 0.5)
