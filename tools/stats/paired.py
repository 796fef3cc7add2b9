"""Two decisions on the same items: exact McNemar, the interval of the difference, and corrections for many slices."""

from collections.abc import Sequence
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
    """`a - b` of the positive rates on the same items: estimate, lower and upper bound (95 %).

    Newcombe's hybrid score interval for paired proportions (1998, method 10): Wilson's bounds of each, joined with
    the correlation of the two; it keeps its coverage where the plain delta interval collapses (few discordant items).
    """
    n = joint.n
    if n == 0:
        return 0.0, -1.0, 1.0
    pa, pb = joint.a / n, joint.b / n
    (la, ua), (lb, ub) = wilson(joint.a, n), wilson(joint.b, n)
    product = joint.a * (n - joint.a) * joint.b * (n - joint.b)
    phi = 0.0
    if product:
        cross = float(joint.both * joint.neither - joint.only_a * joint.only_b)
        # The continuity correction of method 10 applies to a positive correlation only.
        if cross > 0:
            cross = max(0.0, cross - n / 2)
        phi = cross / product**0.5
    below = (pa - la) ** 2 - 2 * phi * (pa - la) * (ub - pb) + (ub - pb) ** 2
    above = (ua - pa) ** 2 - 2 * phi * (ua - pa) * (pb - lb) + (pb - lb) ** 2
    delta = pa - pb
    return delta, max(-1.0, delta - max(0.0, below) ** 0.5), min(1.0, delta + max(0.0, above) ** 0.5)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values (Benjamini and Hochberg 1995), in the order given: for exploring many slices."""
    p = np.asarray(p_values, dtype=float)
    if not p.size:
        return []
    order = np.argsort(p)[::-1]
    scaled = p[order] * p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled))
    return [float(value) for value in adjusted]
