"""Measures of one ranking, and paired bootstrap intervals of their means over questions.

A ranking is section ids, best first. Grade 2 answers the question, grade 1 helps. nDCG has linear gains and log2
discounts (Järvelin and Kekäläinen 2002), as sklearn.metrics.ndcg_score; the others look at grade 2 alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEPTH = 10
DRAWS, SEED = 2_000, 20_240_601
MEASURES = ("nDCG@10", "recall@5", "MRR", "hit@5")

Scores = Mapping[str, NDArray[np.float64]]
"""One value a question, by measure."""


@dataclass(frozen=True)
class Interval:
    """A mean over questions and its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    def shown(self, signed: bool = False) -> str:
        """`.612 [.550, .671]`, with signs for a difference."""
        mean, low, high = (format(value, "+.3f" if signed else ".3f") for value in (self.mean, self.low, self.high))
        return f"{mean} [{low}, {high}]".replace("0.", ".")


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Discounted gain of the first `depth`, as a share of the best that is possible."""
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(one, 0) for one in ranking[:depth]]) / best if best else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 5) -> float:
    """The share of the governing sections among the first `depth`."""
    governing = _governing(grades)
    return len(governing & {*ranking[:depth]}) / len(governing) if governing else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """1 / the place of the first governing section; 0 below `depth`."""
    governing = _governing(grades)
    return next((1 / place for place, one in enumerate(ranking[:depth], 1) if one in governing), 0.0)


def hit(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 5) -> float:
    """1 if a governing section is among the first `depth`."""
    return float(bool(_governing(grades) & {*ranking[:depth]}))


def scored(rankings: Sequence[Sequence[str]], grades: Sequence[Mapping[str, int]]) -> Scores:
    """Every measure of every question."""
    pairs = list(zip(rankings, grades, strict=True))
    measures = zip(MEASURES, (ndcg, recall, reciprocal_rank, hit), strict=True)
    return {name: np.array([measure(*pair) for pair in pairs]) for name, measure in measures}


def interval(values: NDArray[np.float64], draws: int = DRAWS, seed: int = SEED) -> Interval:
    """The mean and the 2.5 and 97.5 percentiles of its bootstrap over questions.

    One seed draws the same questions for every arm, so that an interval of differences is a paired one.
    """
    if not len(values):
        return Interval(math.nan, math.nan, math.nan)
    drawn = np.random.default_rng(seed).integers(0, len(values), (draws, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def _governing(grades: Mapping[str, int]) -> set[str]:
    return {one for one, grade in grades.items() if grade == 2}
