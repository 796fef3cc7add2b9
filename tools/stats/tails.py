"""Tails of the binomial and of the hypergeometric distribution, summed term by term: no normal approximation.

A term is taken in logarithms from the largest one outwards, so nothing underflows; up to a lot of 200 it comes from
exact integers (`math.comb`), above from log-gamma, whose error stays under 1e-7 up to a lot of ten million.
"""

from collections.abc import Callable
from math import comb, exp, lgamma, log

_EXACT = 200  # items in a lot; above, the integers take longer than everything else and log-gamma errs by 1e-12
_NEGLIGIBLE = 1e-17  # of the largest term
_LEAST = 5e-324  # no chance at all is only what cannot happen (R18)


def binomial_below(c: int, n: int, rate: float) -> float:
    """P(X <= c) of n independent draws with this rate.

    Raises:
        ValueError: a negative n, or a rate outside [0, 1].
    """
    if n < 0 or not 0 <= rate <= 1:
        raise ValueError(f"{n} draws at a rate of {rate:g} are no binomial distribution")
    if c < 0:
        return 0.0
    if c >= n or rate == 0:
        return 1.0
    if rate == 1:
        return 0.0
    odds = rate / (1 - rate)

    def term(k: int) -> float:
        return exp(_choose(n, k) + k * log(rate) + (n - k) * log(1 - rate))

    return _below(c, 0, n, round(n * rate), term, lambda k: (n - k) / (k + 1) * odds)


def hypergeometric_below(c: int, lot: int, marked: int, n: int) -> float:
    """P(X <= c) marked items among n drawn without replacement from a lot.

    Raises:
        ValueError: more marked or drawn than the lot holds.
    """
    first, last = _reach(lot, marked, n)
    if c < first:
        return 0.0
    if c >= last:
        return 1.0
    return _below(
        c, first, last, n * marked // lot, lambda k: hypergeometric(k, lot, marked, n), _ratio(lot, marked, n)
    )


def hypergeometric(k: int, lot: int, marked: int, n: int) -> float:
    """P(X = k) marked items among n drawn without replacement from a lot.

    Raises:
        ValueError: more marked or drawn than the lot holds.
    """
    first, last = _reach(lot, marked, n)
    if not first <= k <= last:
        return 0.0
    if lot <= _EXACT:
        return comb(marked, k) * comb(lot - marked, n - k) / comb(lot, n)
    return exp(_choose(marked, k) + _choose(lot - marked, n - k) - _choose(lot, n))


def _reach(lot: int, marked: int, n: int) -> tuple[int, int]:
    if not (0 <= marked <= lot and 0 <= n <= lot):
        raise ValueError(f"{marked} marked and {n} drawn do not fit a lot of {lot}")
    return max(0, n + marked - lot), min(n, marked)


def _ratio(lot: int, marked: int, n: int) -> Callable[[int], float]:
    """P(X = k + 1) / P(X = k)."""
    return lambda k: (marked - k) * (n - k) / ((k + 1) * (lot - marked - n + k + 1))


def _below(
    c: int, first: int, last: int, mode: int, term: Callable[[int], float], ratio: Callable[[int], float]
) -> float:
    """P(X <= c), or one minus the rest, whichever sum runs away from the mode: each term is then smaller.

    Here c is at least the first and below the last that can be drawn: strictly between 0 and 1, and so is the result.
    """
    if c < mode:
        total = value = term(c)
        for k in range(c - 1, first - 1, -1):
            value /= ratio(k)
            total += value
            if value < _NEGLIGIBLE * total:
                break
        return max(_LEAST, total)
    total = value = term(c + 1)
    for k in range(c + 1, last):
        value *= ratio(k)
        total += value
        if value < _NEGLIGIBLE * total:
            break
    return min(1.0 - 2.0**-53, 1.0 - total)


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
