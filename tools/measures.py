"""The metrics Steward knows: their names and short forms, what they mean, and how each follows from counts."""

from collections.abc import Callable
from dataclasses import dataclass

from tools.stats.counts import Counts
from tools.stats.curves import auc
from tools.stats.histogram import Histogram
from tools.stats.intervals import f1_interval, wilson

Share = Callable[[Counts], tuple[int, int]]


@dataclass(frozen=True)
class Estimate:
    """A metric's value with its 95 % interval; `k` of `n` where it is a proportion. All None: not defined here."""

    value: float | None
    low: float | None
    high: float | None
    k: int | None = None
    n: int | None = None


@dataclass(frozen=True)
class Measure:
    """One metric. `share` gives (k, n) for proportions; `of` says in words what k and n count."""

    name: str
    title: str
    also: tuple[str, ...]
    meaning: str
    of: str = ""
    share: Share | None = None
    from_counts: Callable[[Counts], Estimate] | None = None
    from_scores: Callable[[Histogram], Estimate] | None = None
    higher_is_better: bool | None = True

    def estimate(self, histogram: Histogram, threshold: float) -> Estimate:
        """Value and interval of this metric for one slice."""
        if self.from_scores:
            return self.from_scores(histogram)
        counts = histogram.at(threshold)
        if self.from_counts:
            return self.from_counts(counts)
        assert self.share is not None
        k, n = self.share(counts)
        if n == 0:
            return Estimate(None, None, None, 0, 0)
        return Estimate(k / n, *wilson(k, n), k, n)


def _f1(counts: Counts) -> Estimate:
    below = 2 * counts.tp + counts.fp + counts.fn
    if not below:
        return Estimate(None, None, None)
    return Estimate(2 * counts.tp / below, *f1_interval(counts))


def _auc(histogram: Histogram) -> Estimate:
    found = auc(histogram)
    return Estimate(None, None, None) if found is None else Estimate(*found)


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure(
            "recall",
            "Recall",
            ("sensitivity", "true positive rate", "tpr", "detection rate", "catch rate", "how many we catch"),
            "The share of positive items that the model flags: TP / (TP + FN).",
            "positives",
            lambda c: (c.tp, c.positives),
        ),
        Measure(
            "precision",
            "Precision",
            ("ppv", "positive predictive value", "how many flags are right"),
            "The share of flagged items that are positive: TP / (TP + FP). On an enriched set it says nothing about"
            " live traffic, where positives are rarer.",
            "flagged items",
            lambda c: (c.tp, c.tp + c.fp),
        ),
        Measure(
            "fpr",
            "False positive rate",
            (
                "false positive rate",
                "false positives",
                "false alarms",
                "false alarm rate",
                "fp rate",
                "fps",
                "overflagging",
                "wrongly flag",
                "wrongly flagged",
                "falsely flagged",
                "false flags",
            ),
            "The share of negative items that the model flags: FP / (FP + TN).",
            "negatives",
            lambda c: (c.fp, c.negatives),
            higher_is_better=False,
        ),
        Measure(
            "fnr",
            "False negative rate",
            (
                "false negative rate",
                "false negatives",
                "miss rate",
                "missed positives",
                "positives we miss",
                "misses",
                "missed",
                "we miss",
                "do we miss",
                "fn rate",
            ),
            "The share of positive items that the model misses: FN / (TP + FN), that is 1 - recall.",
            "positives",
            lambda c: (c.fn, c.positives),
            higher_is_better=False,
        ),
        Measure(
            "specificity",
            "Specificity",
            ("true negative rate", "tnr"),
            "The share of negative items that the model leaves alone: TN / (FP + TN), that is 1 - FPR.",
            "negatives",
            lambda c: (c.tn, c.negatives),
        ),
        Measure(
            "accuracy",
            "Accuracy",
            ("acc", "share correct"),
            "The share of items decided as the gold label says. With rare positives it hides almost everything.",
            "items",
            lambda c: (c.tp + c.tn, c.n),
        ),
        Measure(
            "f1",
            "F1",
            ("f1 score", "f-score", "f measure", "f score"),
            "The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).",
            from_counts=_f1,
        ),
        Measure(
            "auc",
            "AUC",
            ("roc auc", "auroc", "area under the curve", "roc"),
            "The chance that a random positive scores above a random negative. It hides how the operating threshold"
            " behaves on the rare class.",
            from_scores=_auc,
        ),
        Measure(
            "prevalence",
            "Prevalence",
            ("positive share", "base rate", "share of positives"),
            "The share of positive items in the set.",
            "items",
            lambda c: (c.positives, c.n),
            higher_is_better=None,
        ),
        Measure(
            "flagged_rate",
            "Flagged rate",
            ("flag rate", "flagged share", "alert rate"),
            "The share of items that the model flags: (TP + FP) / n.",
            "items",
            lambda c: (c.tp + c.fp, c.n),
            higher_is_better=None,
        ),
    )
}
