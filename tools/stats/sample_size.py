"""How many items a question needs: for the width of an interval, for a difference, for having enough positives."""

from bisect import bisect_left
from dataclasses import dataclass
from math import ceil
from statistics import NormalDist

from tools.stats.intervals import Z
from tools.stats.tails import binomial_below

POWER = 0.8
ENOUGH = 10  # expected errors (or successes, if rarer) from which the usual formula may be trusted
ASSURANCE = 0.95
_Z_POWER = NormalDist().inv_cdf(POWER)


@dataclass(frozen=True)
class WidthSize:
    """Items for a rate within +- a half-width: by the usual formula, and for the Wilson interval that is reported.

    `rarer` is how many of the rarer outcome the usual size is expected to hold.
    """

    usual: int
    wilson: int
    rarer: float

    @property
    def trusted(self) -> bool:
        """Whether the usual formula holds: it does not where hardly an error is expected."""
        return self.rarer >= ENOUGH

    @property
    def size(self) -> int:
        """The usual size where it may be trusted, else Wilson's."""
        return self.usual if self.trusted else self.wilson


@dataclass(frozen=True)
class PrevalenceSize:
    """Items to draw at random for a number of positives: on average, and to have them with 95 % assurance."""

    average: int
    assured: int


def size_for_half_width(rate: float, half_width: float) -> WidthSize:
    """Items for a 95 % interval of +- `half_width` at an expected rate.

    The usual formula is the normal approximation z^2 p (1 - p) / h^2, rounded up: recall .90 +-.03 takes 385, .95 +-.02
    takes 457. The Wilson interval at that very size is .0301 and .0202 wide on a side; it needs 388 and 469.

    Raises:
        ValueError: rate or half-width outside (0, 1).
    """
    _shares(rate, half_width)
    spread = Z * Z * rate * (1 - rate)
    usual = _up(spread / half_width**2)
    return WidthSize(usual, _wilson_size(rate, half_width), usual * min(rate, 1 - rate))


def wilson_half_width(rate: float, n: int) -> float:
    """The half-width of the Wilson interval where n items show this very rate."""
    zz = Z * Z
    return float(Z / (1 + zz / n) * (rate * (1 - rate) / n + zz / (4 * n * n)) ** 0.5)


def size_for_positives(positives: int, prevalence: float) -> PrevalenceSize:
    """Items to draw at random for this many positives.

    Raises:
        ValueError: no positive asked for, or a prevalence outside (0, 1).
    """
    _shares(prevalence)
    if positives < 1:
        raise ValueError("a sample for no positive is no sample")
    average = _up(positives / prevalence)
    assured = bisect_left(
        range(10 * average + 100),
        ASSURANCE - 1,
        lo=positives,
        key=lambda n: -binomial_below(positives - 1, n, prevalence),
    )
    return PrevalenceSize(average, assured)


def size_paired(difference: float, discordance: float) -> int:
    """Items for exact McNemar to show a difference on the same items with 80 % power.

    `discordance` is the share of items that the two decide differently. Connor (1987) with the continuity correction
    of one item, because the exact test is as conservative as the corrected one: n d - 1 = A sqrt(n) with
    A = z sqrt(D) + z_power sqrt(D - d^2).

    Raises:
        ValueError: a difference that is larger than the discordance which makes it.
    """
    _shares(difference, discordance)
    if difference > discordance:
        raise ValueError(f"a difference of {difference:g} takes at least that discordance, not {discordance:g}")
    a = Z * discordance**0.5 + _Z_POWER * (discordance - difference**2) ** 0.5
    root = (a + (a * a + 4 * difference) ** 0.5) / (2 * difference)
    return _up(root * root)


def size_unpaired(rate: float, other: float) -> int:
    """Items on each side to show a difference of two rates on different items with 80 % power.

    Fleiss, Levin and Paik (2003, formula 4.14), without the continuity correction: the mid-p test does not need it.

    Raises:
        ValueError: rates outside (0, 1), or no difference.
    """
    _shares(rate, other)
    if rate == other:
        raise ValueError("two equal rates have no difference to show")
    mean = (rate + other) / 2
    a = Z * (2 * mean * (1 - mean)) ** 0.5 + _Z_POWER * (rate * (1 - rate) + other * (1 - other)) ** 0.5
    return _up((a / (rate - other)) ** 2)


def size_to_show(share: float, target: float) -> int:
    """Items of which `share` must be right for the Wilson interval to clear the target, above or below it.

    The interval inverts the score test (Wilson 1927), so n = z^2 t (1 - t) / (p - t)^2; without a miss (share 1) a
    target of .95 takes 73.

    Raises:
        ValueError: a target outside (0, 1), or one that is the share itself.
    """
    _shares(target)
    if share == target:
        raise ValueError("no number of items shows that a share is above itself")
    return _up(Z * Z * target * (1 - target) / (share - target) ** 2)


def most_missed(n: int) -> float:
    """The miss rate that n items without a miss still allow: 0 of 60 allow .0487.

    The exact one-sided 95 % bound (Clopper and Pearson 1934): 1 - .05^(1/n); about 3 / n. Wilson's two-sided interval,
    which answers report, is wider: .0602 of 60.

    Raises:
        ValueError: no item at all.
    """
    if n < 1:
        raise ValueError("no item allows anything")
    return float(1 - 0.05 ** (1 / n))


def size_without_a_miss(target: float) -> int:
    """How many items, all right, show the target by the exact one-sided 95 % bound: .95 takes 59.

    Raises:
        ValueError: a target outside (0, 1).
    """
    _shares(target)
    return bisect_left(range(10**9), target - 1, lo=1, key=lambda n: -most_missed(n))


def _wilson_size(rate: float, half_width: float) -> int:
    """Wilson's half-width solved for n: a quadratic."""
    if half_width >= 0.5:
        return 1
    zz, hh = Z * Z, half_width**2
    b = zz * (rate * (1 - rate) - 2 * hh)
    return max(1, _up((b + (b * b + hh * zz * zz * (1 - 4 * hh)) ** 0.5) / (2 * hh)))


def _up(size: float) -> int:
    """Rounded up, but for the last digits of a float: 100 items stay 100."""
    return ceil(size - 1e-9)


def _shares(*values: float) -> None:
    for value in values:
        if not 0 < value < 1:
            raise ValueError(f"{value:g} is no share between 0 and 1")
