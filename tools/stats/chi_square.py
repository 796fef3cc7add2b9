"""The chi-square distribution: its upper tail and the quantiles of it, without SciPy."""

from math import exp, lgamma, log, sqrt
from statistics import NormalDist

_EPSILON = 1e-16
_TINY = 1e-300
_STEPS = 10_000  # far more than any count of values needs; the loops stop by themselves


def upper_tail(statistic: float, degrees: int) -> float:
    """P(X >= statistic) of a chi-square distribution with these degrees of freedom; 1 for none.

    The regularised incomplete gamma function Q(a, x): below a + 1 by its series, above by its continued fraction,
    evaluated as Lentz does (Press and others 2007, section 6.2).

    Raises:
        ValueError: a negative or infinite statistic, or negative degrees of freedom.
    """
    if not 0 <= statistic < float("inf") or degrees < 0:
        raise ValueError(f"a chi-square of {statistic:g} with {degrees} degrees of freedom is none")
    a, x = degrees / 2, statistic / 2
    if a == 0 or x == 0:
        return 1.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        return max(0.0, 1.0 - front * _series(a, x))
    return min(1.0, front * _fraction(a, x))


def quantile(probability: float, degrees: int) -> float:
    """The statistic that a chi-square variable stays below with this probability.

    Bisection on the upper tail, within Wilson and Hilferty's (1931) approximation widened to hold it.

    Raises:
        ValueError: a probability outside (0, 1), or fewer than one degree of freedom.
    """
    if not 0 < probability < 1 or degrees < 1:
        raise ValueError(f"no quantile of {probability:g} with {degrees} degrees of freedom")
    spread = 2 / (9 * degrees)
    guess = degrees * max(0.0, 1 - spread + NormalDist().inv_cdf(probability) * sqrt(spread)) ** 3
    low, high = 0.0, max(1.0, 2 * guess)
    while upper_tail(high, degrees) > 1 - probability:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if upper_tail(middle, degrees) > 1 - probability else (low, middle)
    return (low + high) / 2


def _series(a: float, x: float) -> float:
    """gamma(a, x) / (x**a exp(-x)), for x below a + 1."""
    total = term = 1 / a
    for step in range(1, _STEPS):
        term *= x / (a + step)
        total += term
        if term < _EPSILON * total:
            break
    return total


def _fraction(a: float, x: float) -> float:
    """Gamma(a, x) / (x**a exp(-x)), for x from a + 1 on."""
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for step in range(1, _STEPS):
        factor = -step * (step - a)
        b += 2
        d = factor * d + b
        d = 1 / (d if abs(d) > _TINY else _TINY)
        c = b + factor / c
        c = c if abs(c) > _TINY else _TINY
        change = d * c
        value *= change
        if abs(change - 1) < _EPSILON * 10:
            break
    return value
