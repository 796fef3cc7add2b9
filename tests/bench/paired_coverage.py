"""Paired comparisons in samples whose truth is known: how often the interval of a difference holds it, and how often
a test says that something changed where nothing did.

Printed by `python -m tests.bench.paired_coverage [draws]`. Two models decide the same items with correlated errors. In
the first of each two populations one of them is better, in the second they are alike. A metric that is not defined in
a sample is left out of the count.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tools.stats.differences import difference, needs_scores
from tools.stats.joint_counts import CELLS, JointCounts, statistic
from tools.stats.joint_scores import JointScores
from tools.stats.paired import Joint

METRICS = ("recall", "fpr", "accuracy", "precision", "f1", "mcc", "balanced_accuracy", "auc", "brier")
OF_COUNTS = METRICS[:-2]
DRAWS = 2_000
RED = 0.05
MANY = 4_000_000  # items for a truth that has no formula
LEVEL = -2.0  # added to the logit of a score: it makes the Brier score mean something


@dataclass(frozen=True)
class Twins:
    """Two models on n items, a latent score each: N(0, 1) for negatives, N(distance, 1) for positives.

    `shared` is the correlation of the two scores of an item. With `size` items a cluster, `tied` is the part of a
    score that all items of a cluster have in common, for each model its own. Above `cut` an item is flagged.
    """

    n: int
    prevalence: float
    distance_a: float
    distance_b: float
    cut: float = 1.3
    shared: float = 0.6
    size: int = 1
    tied: float = 0.0

    @property
    def alike(self) -> "Twins":
        """The same with two models that differ by chance only."""
        return replace(self, distance_a=self.distance_b)

    @property
    def what(self) -> str:
        """In words."""
        clusters = f", {self.n // self.size} clusters tied {self.tied:g}" if self.size > 1 else ""
        state = "alike" if self.distance_a == self.distance_b else "different"
        return f"n {self.n:,}, {self.prevalence:.0%} positive, {state}{clusters}"

    def sample(self, random: np.random.Generator, n: int | None = None) -> JointScores:
        """Labels, both scores on [0, 1], and clusters where there are any; all items of a cluster have one label."""
        groups = (n or self.n) // self.size
        label = np.repeat(random.random(groups) < self.prevalence, self.size)
        common = random.standard_normal(label.size) * self.shared**0.5
        scores = []
        for distance in (self.distance_a, self.distance_b):
            tied = np.repeat(random.standard_normal(groups), self.size) * self.tied**0.5
            own = random.standard_normal(label.size) * (1 - self.shared - self.tied) ** 0.5
            scores.append(1 / (1 + np.exp(-(LEVEL + common + tied + own + distance * label))))
        return JointScores(label, scores[0], scores[1], np.arange(label.size) // self.size if self.size > 1 else None)

    @property
    def threshold(self) -> float:
        """Where an item is flagged."""
        return float(1 / (1 + np.exp(-(LEVEL + self.cut))))

    def truth(self, metric: str) -> float:
        """The difference in the population."""
        if self.distance_a == self.distance_b:
            return 0.0
        of = statistic(metric)
        if of is not None:
            hit = [1 - NormalDist().cdf(self.cut - distance) for distance in (self.distance_a, self.distance_b)]
            alarm, rare = 1 - NormalDist().cdf(self.cut), self.prevalence
            a, b = (np.array([rare * h, (1 - rare) * alarm, rare * (1 - h), (1 - rare) * (1 - alarm)]) for h in hit)
            return float(of(a) - of(b))
        if metric == "auc":
            return NormalDist().cdf(self.distance_a / 2**0.5) - NormalDist().cdf(self.distance_b / 2**0.5)
        many = self.sample(np.random.default_rng(99), MANY)
        return float(((many.a - many.label) ** 2 - (many.b - many.label) ** 2).mean())


POPULATIONS = (
    Twins(50, 0.4, 2.6, 2.1),
    Twins(200, 0.2, 2.6, 2.3),
    Twins(200, 0.1, 2.6, 2.0),
    Twins(2_000, 0.2, 2.5, 2.4),
    Twins(2_000, 0.01, 2.7, 2.2),
    Twins(500, 0.5, 2.6, 2.3, size=5, tied=0.3),
    Twins(2_000, 0.3, 2.5, 2.4, size=5, tied=0.3),
    Twins(2_000, 0.3, 2.5, 2.4, size=5),
)


@dataclass(frozen=True)
class PairedCoverage:
    """A line of the table: of `defined` samples, in how many the interval held the truth, and in how many p < .05."""

    metric: str
    what: str
    truth: float
    defined: int
    held: int
    red: int

    @property
    def coverage(self) -> float:
        """The share of intervals that hold the truth: 95 % is meant."""
        return self.held / max(1, self.defined)

    @property
    def found(self) -> float:
        """The share of tests with p < .05: the power, or the size where nothing differs (at most 5 % is meant)."""
        return self.red / max(1, self.defined)

    def row(self) -> tuple[str, ...]:
        """The cells of its line."""
        size, power = (f"{self.found:.1%}", "") if self.truth == 0 else ("", f"{self.found:.1%}")
        return (self.metric, self.what, f"{self.truth:+.3f}", f"{self.coverage:.1%}", size, power, str(self.defined))


def paired_coverage(
    draws: int = DRAWS, populations: Sequence[Twins] = POPULATIONS, metrics: Sequence[str] = METRICS
) -> list[PairedCoverage]:
    """Every line: each metric in each population, where the models differ and where they are alike."""
    return [
        row for twins in populations for one in (twins, twins.alike) for row in covered(one, draws, metrics)
    ]  # fmt: skip


def covered(twins: Twins, draws: int, metrics: Sequence[str] = METRICS, seed: int = 3) -> list[PairedCoverage]:
    """The lines of one population."""
    truths = {metric: twins.truth(metric) for metric in metrics}
    tallies = {metric: [0, 0, 0] for metric in metrics}
    for scores, joint, units in _samples(twins, draws, seed):
        for metric in metrics:
            found = difference(metric, joint, units, scores if needs_scores(metric) else None)
            if found is None:
                continue
            tally = tallies[metric]
            tally[0] += 1
            tally[1] += found.low <= truths[metric] <= found.high
            tally[2] += found.p < RED
    return [PairedCoverage(metric, twins.what, truths[metric], *tallies[metric]) for metric in metrics]


def decided(
    scores: JointScores, threshold: float
) -> tuple[JointCounts, NDArray[np.float64] | None]:  # fmt: skip
    """The joint counts at a threshold, and the table of clusters where there are any."""
    place = 4 * ~scores.label + 2 * (scores.a < threshold) + (scores.b < threshold)
    counts = [int(count) for count in np.bincount(place, minlength=CELLS)]
    joint = JointCounts(Joint(*counts[:4]), Joint(*counts[4:]))
    if scores.unit is None:
        return joint, None
    units = np.zeros((int(scores.unit.max()) + 1, CELLS))
    np.add.at(units, (scores.unit, place), 1.0)
    return joint, units


def _samples(
    twins: Twins, draws: int, seed: int
) -> Iterator[tuple[JointScores, JointCounts, NDArray[np.float64] | None]]:  # fmt: skip
    random = np.random.default_rng(seed)
    for _ in range(draws):
        scores = twins.sample(random)
        yield scores, *decided(scores, twins.threshold)


def main() -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Differences on the same items: coverage of the 95 % interval, size and power of the test")
    for name in ("metric", "population", "truth", "coverage", "size", "power", "samples"):
        table.add_column(name)
    for row in paired_coverage(int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS):
        table.add_row(*row.row())
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
