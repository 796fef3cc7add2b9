"""Coverage: how often a 95 % interval holds the truth, in samples drawn from populations whose truth is known.

Printed by `python -m tests.bench.coverage [draws]`. A sample has n items, each positive by chance, so that the number
of positives varies from one sample to the next; a metric that is not defined in a sample is left out of the count.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tools.measures import MEASURES
from tools.stats.clusters import ClusterCounts
from tools.stats.histogram import BINS, SIZE, Histogram
from tools.stats.multiclass import PARTS, Confusion, Part

METRICS = ("recall", "precision", "f1", "f2", "mcc", "balanced_accuracy", "auc", "average_precision", "brier", "ece")
LIVE = 0.01  # the prevalence that precision and average precision are re-weighted to
MANY = 10**15  # items of a population: its metrics are then those of the distribution
DRAWS = 2_000


@dataclass(frozen=True)
class Population:
    """Scores on the logit scale: negatives N(0, 1), positives N(distance, spread), calibrated where spread is 1.

    The threshold catches `recall` of the positives.
    """

    n: int
    prevalence: float
    distance: float
    spread: float = 1.0
    recall: float = 0.85

    @property
    def threshold(self) -> float:
        """On the grid of four decimals."""
        at = self.distance - self.spread * NormalDist().inv_cdf(self.recall)
        logit = log(self.prevalence / (1 - self.prevalence)) + self.distance * at - self.distance**2 / 2
        return round(1 / (1 + exp(-logit)), 4)

    @cached_property
    def shares(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The chance of each bin for a positive and for a negative."""
        edges = np.arange(1, SIZE) / BINS
        edges[-1] = 1 - 1e-12
        logits = np.log(edges / (1 - edges))
        level = np.log(self.prevalence / (1 - self.prevalence)) - self.distance**2 / 2
        places = (logits - level) / self.distance
        below = [_normal((places - mean) / sd) for mean, sd in ((self.distance, self.spread), (0.0, 1.0))]
        positive, negative = (np.diff(np.concatenate([[0.0], each, [1.0]])) for each in below)
        return positive, negative

    @cached_property
    def whole(self) -> Histogram:
        """As many items as make no difference any more."""
        positive, negative = self.shares
        return Histogram(
            np.rint(positive * MANY * self.prevalence).astype(np.int64),
            np.rint(negative * MANY * (1 - self.prevalence)).astype(np.int64),
        )

    def samples(self, draws: int, seed: int = 1) -> Iterator[Histogram]:
        """Samples of n items."""
        random = np.random.default_rng(seed)
        positive, negative = (np.cumsum(share) for share in self.shares)
        for _ in range(draws):
            label = random.random(self.n) < self.prevalence
            place = random.random(self.n)
            hits = np.searchsorted(positive, place[label] * positive[-1])
            alarms = np.searchsorted(negative, place[~label] * negative[-1])
            yield Histogram(np.bincount(hits, minlength=SIZE), np.bincount(alarms, minlength=SIZE))


POPULATIONS = (
    Population(50, 0.3, 2.0),
    Population(50, 0.3, 3.0),
    Population(50, 0.3, 1.5, spread=0.5),
    Population(50, 0.1, 2.0),
    Population(200, 0.3, 2.0),
    Population(200, 0.05, 2.0),
    Population(200, 0.05, 3.0),
    Population(200, 0.05, 1.5, spread=1.7),
    Population(2_000, 0.3, 2.0),
    Population(2_000, 0.01, 2.0),
    Population(2_000, 0.01, 3.0),
    Population(2_000, 0.005, 2.0),
)


@dataclass(frozen=True)
class Coverage:
    """One line of the table: how many of `defined` samples had an interval that holds the truth, lies above, below."""

    metric: str
    what: str
    truth: float
    defined: int
    above: int
    below: int

    @property
    def held(self) -> float:
        """The share of intervals that hold the truth."""
        return 1 - (self.above + self.below) / max(1, self.defined)

    def row(self) -> tuple[str, ...]:
        """The cells of its line."""
        sides = [f"{side / max(1, self.defined):.1%}" for side in (self.above, self.below)]
        return (self.metric, self.what, f"{self.truth:.3f}", f"{self.held:.1%}", *sides, str(self.defined))


def coverage(population: Population, draws: int, metrics: Sequence[str] = METRICS) -> list[Coverage]:
    """The coverage of each metric in one population; a metric written `precision @ 0.01` is re-weighted to that."""
    asked = [(name, *_parts(name)) for name in metrics]
    truths = {
        name: MEASURES[metric].estimate(population.whole, population.threshold, prevalence=live).value
        for name, metric, live in asked
    }
    tallies = {name: [0, 0, 0] for name in metrics}
    for sample in population.samples(draws):
        for name, metric, live in asked:
            found = MEASURES[metric].estimate(sample, population.threshold, prevalence=live)
            truth = truths[name]
            if found.low is None or found.high is None or truth is None:
                continue
            tally = tallies[name]
            tally[0] += 1
            tally[1] += found.low > truth
            tally[2] += found.high < truth
    rare = f"n {population.n:,}, {population.prevalence:.1%} positive"
    shape = "" if population.spread == 1 else f", spread {population.spread:g}"
    what = f"{rare}, distance {population.distance:g}{shape}"
    return [Coverage(name, what, truths[name] or 0.0, *tallies[name]) for name in metrics]


@dataclass(frozen=True)
class Dependent:
    """Clusters of about seven items of one label, decided alike: within-cluster correlation `rho`."""

    clusters: int
    prevalence: float
    recall: float
    fpr: float
    rho: float

    def counts(self, random: np.random.Generator) -> ClusterCounts:
        """One sample of clusters."""
        sizes = random.poisson(6, self.clusters) + 1
        label = random.random(self.clusters) < self.prevalence
        rate = np.where(label, self.recall, self.fpr)
        if self.rho:
            rate = random.beta(rate * (1 - self.rho) / self.rho, (1 - rate) * (1 - self.rho) / self.rho)
        flagged = random.binomial(sizes, rate)
        rest = sizes - flagged
        cells = np.stack([flagged * label, flagged * ~label, rest * label, rest * ~label], axis=1)
        return ClusterCounts(cells.astype(float))


CLUSTERED = (
    Dependent(30, 0.3, 0.85, 0.1, 0.3),
    Dependent(100, 0.3, 0.9, 0.05, 0.3),
    Dependent(400, 0.1, 0.85, 0.02, 0.3),
    Dependent(400, 0.1, 0.85, 0.02, 0.0),
)


def clustered_coverage(dependent: Dependent, draws: int, metrics: Sequence[str]) -> list[Coverage]:
    """The coverage of metrics of counts where rows depend on each other."""
    hits, alarms = dependent.prevalence, 1 - dependent.prevalence
    cells = [hits * dependent.recall, alarms * dependent.fpr]
    cells += [hits * (1 - dependent.recall), alarms * (1 - dependent.fpr)]
    whole = ClusterCounts(np.array([cells]))

    random = np.random.default_rng(2)
    tallies, truths = {name: [0, 0, 0] for name in metrics}, dict[str, float]()
    for name in metrics:
        measure = MEASURES[name]
        statistic = measure.from_counts or (measure.share.rate if measure.share else None)
        assert statistic is not None
        truths[name] = float(statistic(whole.totals))
    for _ in range(draws):
        sample = dependent.counts(random)
        for name in metrics:
            measure = MEASURES[name]
            bounds = sample.share(measure.share) if measure.share else sample.interval(measure.from_counts or _never)
            if bounds is None:
                continue
            tallies[name][0] += 1
            tallies[name][1] += bounds[1] > truths[name]
            tallies[name][2] += bounds[2] < truths[name]

    what = f"{dependent.clusters} clusters, {dependent.prevalence:.0%} positive, correlation {dependent.rho:g}"
    return [Coverage(name, what, truths[name], *tallies[name]) for name in metrics]


@dataclass(frozen=True)
class Classes:
    """Classes of which each is half as frequent as the one before; a wrong one is any other by chance."""

    n: int
    classes: int
    right: float

    @property
    def chances(self) -> NDArray[np.float64]:
        """Of each cell of the confusion table."""
        share = 0.5 ** np.arange(self.classes) + 0.02
        share = share / share.sum()
        wrong = (1 - self.right) / (self.classes - 1)
        chances: NDArray[np.float64] = share[:, None] * np.where(np.eye(self.classes) > 0, self.right, wrong)
        return chances


CLASSES = (Classes(50, 3, 0.8), Classes(200, 5, 0.9), Classes(2_000, 5, 0.9), Classes(2_000, 10, 0.97))


def classes_coverage(classes: Classes, draws: int) -> list[Coverage]:
    """The coverage of the means over classes."""
    chances, k = classes.chances, classes.classes
    whole = Confusion(np.rint(chances * MANY).astype(np.int64))
    names = [(kind, part) for kind in ("macro", "weighted") for part in PARTS]
    truths = {name: _mean(whole, *name)[0] for name in names}
    tallies = {name: [0, 0, 0] for name in names}
    random = np.random.default_rng(3)
    for _ in range(draws):
        table = Confusion(random.multinomial(classes.n, chances.ravel()).reshape(k, k))
        for name in names:
            _, low, high = _mean(table, *name)
            tally = tallies[name]
            tally[0] += 1
            tally[1] += low > truths[name]
            tally[2] += high < truths[name]
    what = f"n {classes.n:,}, {k} classes, {classes.right:.0%} right"
    return [Coverage(f"{name[0]} {name[1]}", what, truths[name], *tallies[name]) for name in names]


def coverage_table(draws: int = DRAWS) -> list[Coverage]:
    """Every line: all metrics in all populations, three of them re-weighted as well, clusters, several classes."""
    live = (f"precision @ {LIVE}", f"f1 @ {LIVE}", f"average_precision @ {LIVE}")
    rows = [row for population in POPULATIONS for row in coverage(population, draws, (*METRICS, *live))]
    of_counts = ("recall", "precision", "f1", "mcc", "balanced_accuracy")
    rows += [row for dependent in CLUSTERED for row in clustered_coverage(dependent, draws, of_counts)]
    return rows + [row for classes in CLASSES for row in classes_coverage(classes, draws)]


def _mean(table: Confusion, kind: str, part: Part) -> tuple[float, float, float]:
    found = table.macro(part) if kind == "macro" else table.weighted(part)
    assert found is not None
    return found


def _parts(name: str) -> tuple[str, float | None]:
    metric, _, live = name.partition(" @ ")
    return metric, float(live) if live else None


def _never(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    raise AssertionError("a metric of scores has no coverage by clusters")


def _normal(z: NDArray[np.float64]) -> NDArray[np.float64]:
    cdf = NormalDist().cdf
    return np.array([cdf(float(value)) for value in z])


def main() -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Coverage of 95 % intervals")
    for name in ("metric", "population", "truth", "coverage", "too high", "too low", "samples"):
        table.add_column(name)
    for row in coverage_table(int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS):
        table.add_row(*row.row())
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
