"""Two models on items that depend on each other: variants of one item, items of one user, items that carry weights.

The unit that is drawn and tossed is then the cluster and not the item. A table of units is float64 of shape (units, 8):
a row a cluster, the columns as in `joint_counts`, each the number of its items or the sum of their weights.
"""

import numpy as np

from tools.stats.intervals import HALF, SEED, Z, student
from tools.stats.joint_counts import CELLS, Array, extreme, gap, influence
from tools.stats.rates import Statistic

_LATTICE = 200_000  # the sum of all differences up to which their distribution is computed and not drawn


def effective(of: Statistic, units: Array, scope: list[int]) -> Array:
    """The eight cells as if drawn item by item: shares as they are, counts divided by the design effect.

    `scope` are the cells that the metric counts. The design effect is the variance of the difference between units
    (Obuchowski 1998, linearised for ratios) over the one that independent items would have. Few discordant items tell
    little about it, so half an item a cell is added to both, of clusters whose items all agree; a handful of units
    widens it as Student's distribution would.
    """
    units = units[units[:, scope].sum(axis=1) > 0]
    count, cells = len(units), units.sum(axis=0)
    if count < 2:
        return np.zeros(CELLS)
    moved = influence(of, cells + HALF)
    sizes = units[:, scope].sum(axis=1)
    alike = float((sizes**2).sum() / sizes.sum())
    # The influences sum to zero over all units but for the half counts; what is left is taken off.
    by_unit = units @ moved
    between = count / (count - 1) * float(((by_unit - by_unit.mean()) ** 2).sum())
    squares = moved**2
    half = HALF * float(squares[scope].sum())
    design = max(1.0, (between + alike * half) / (float(cells @ squares) + half))
    return np.asarray(cells / (design * few_units(count) ** 2))


def few_units(count: int) -> float:
    """How much wider an interval from so few clusters is than the normal distribution's: by Student's."""
    return student(count - 1) / Z


def clustered_mcnemar(differences: Array) -> float:
    """The two-sided p-value of a difference of two proportions on clusters of items; 1 where nothing is discordant.

    `differences` has the discordant items of each cluster, only a minus only b. It is Obuchowski's (1998) clustered
    McNemar statistic, their sum over the root of the sum of their squares, with its exact distribution when the models
    change places in whole clusters by the toss of a coin. With one item a cluster this is the exact McNemar test.
    """
    sizes = np.abs(differences[differences != 0])
    observed = abs(float(differences.sum()))
    if not sizes.size or not observed:
        return 1.0
    total = float(sizes.sum())
    if total > _LATTICE or np.any(sizes != np.round(sizes)):
        drawn = np.abs(_sums(sizes[:, None])[:, 0])
        return float((1 + (drawn >= observed - 1e-9 * total).sum()) / (1 + drawn.size))
    # The sum of c tosses of size s has the characteristic function cos(s t)**c, and a lattice needs no more points
    # than values, so one inverse transform gives the whole distribution.
    points = 2 * int(total) + 1
    angles = 2 * np.pi * np.arange(points) / points
    transform = np.ones(points)
    for size, times in zip(*np.unique(sizes, return_counts=True), strict=True):
        transform *= np.cos(size * angles) ** times
    chances = np.fft.ifft(transform).real
    reached = np.abs(np.fft.fftfreq(points, 1 / points)) >= observed - 0.5
    return float(min(1.0, max(0.0, chances[reached].sum())))


def clustered_randomisation(of: Statistic, units: Array) -> float:
    """The two-sided p-value of a difference of any metric: the models change places in whole clusters, drawn."""
    cells = units.sum(axis=0)
    observed = abs(float(gap(of, cells)))
    gaps = np.column_stack([units[:, 1] - units[:, 2], units[:, 5] - units[:, 6]])
    gaps = gaps[np.any(gaps != 0, axis=1)]
    if not gaps.size or observed != observed:
        return 1.0
    drawn = _sums(gaps)
    mine, other = ((cells[at] + cells[at + 1] + drawn[:, column]) / 2 for column, at in ((0, 1), (1, 5)))
    return float((1 + extreme(of, cells, mine, other, observed).sum()) / (1 + len(drawn)))


def _sums(gaps: Array) -> Array:
    """The sums of rows when each turns its sign by the toss of a coin, float64 (draws, columns).

    Equal rows are tossed together, so that the cost does not grow with the number of clusters.
    """
    leading = np.where(gaps[:, 0] != 0, gaps[:, 0], gaps[:, -1])
    rows, times = np.unique(gaps * np.sign(leading)[:, None], axis=0, return_counts=True)
    draws = 9_999 if len(rows) <= 200 else 1_999
    heads = np.random.default_rng(SEED).binomial(times, 0.5, size=(draws, len(rows)))
    return np.asarray((2.0 * heads - times) @ rows)
