"""Signatures: what each planted cause looks like in the shipped files, as figures anyone can compute again."""

from dataclasses import dataclass
from datetime import date
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.sample.items import Column, Items
from tools.sample.rater_figures import Figures, RaterLabels
from tools.sample.scoring import scores
from tools.sample.shards import read


@dataclass(frozen=True)
class Scored:
    """Items of one policy with the decisions of one model at its operating threshold."""

    items: Items
    age: Column
    score: Column
    threshold: float

    @property
    def decision(self) -> NDArray[np.bool_]:
        """True where the model calls an item positive."""
        return np.asarray(self.score >= self.threshold, dtype=np.bool_)

    def at(self, threshold: float) -> "Scored":
        """The same scores at another threshold."""
        return Scored(self.items, self.age, self.score, threshold)

    def rows(self, *, label: int, age: str | None = None, **values: str) -> NDArray[np.bool_]:
        """A mask of the items with a label in a slice."""
        mask = self.items.where(**values) & np.equal(self.items.label, label)
        return mask if age is None else mask & np.equal(self.age, age)

    def recall(self, age: str | None = None, **values: str) -> Figures:
        """Of the positives in a slice, how many are called positive."""
        return share(self.decision[self.rows(label=1, age=age, **values)])

    def false_positives(self, age: str | None = None, **values: str) -> Figures:
        """Of the negatives in a slice, how many are called positive."""
        return share(self.decision[self.rows(label=0, age=age, **values)])

    def auc(self) -> float:
        """The area under the ROC curve, ties counted half."""
        negatives = np.sort(self.score[self.items.label == 0])
        positives = self.score[self.items.label == 1]
        below = np.searchsorted(negatives, positives, side="left")
        upto = np.searchsorted(negatives, positives, side="right")
        return round(float((below + upto).sum() / 2 / len(negatives) / len(positives)), 4)


class Workspace:
    """The shipped models and datasets, read as anyone would read them."""

    def __init__(self, folder: Path, registry: dict[str, Any]) -> None:
        self._folder = folder
        self._models = {f"{model['name']}@{model['version']}": model for model in registry["models"]}
        self._datasets = {f"{dataset['name']}@{dataset['version']}": dataset for dataset in registry["datasets"]}
        self._labels = {f"{labels['name']}@{labels['version']}": labels for labels in registry["label_sets"]}

    @property
    def models(self) -> tuple[str, ...]:
        """The names of all models, `name@version`."""
        return tuple(self._models)

    def items(self, dataset: str) -> Items:
        """All items of a dataset."""
        entry = self._datasets[dataset]
        return read(self._folder / entry["path"], date.fromisoformat(entry["as_of"]))

    def labels(self, name: str) -> RaterLabels:
        """A set of rater labels."""
        return RaterLabels(self._folder / self._labels[name]["path"])

    def scored(self, model: str, dataset: str) -> Scored:
        """A model on the dataset's items of its policy."""
        entry = self._models[model]
        items = self.items(dataset)
        items = items.take(items.where(policy=entry["policy"]))
        age = items.age(date.fromisoformat(self._datasets[dataset]["as_of"]))
        artifact = (self._folder / entry["artifact"]).read_bytes()
        return Scored(items, age, scores(artifact, items.features), entry["threshold"])


def share(hits: Column) -> Figures:
    """k of n and their ratio, for a column of truth values."""
    k, n = int(hits.sum()), len(hits)
    return {"k": k, "n": n, "rate": round(k / n, 4)}


def paired(before: Scored, after: Scored, rows: Column) -> Figures:
    """How two models differ in their decisions on the same items: exact McNemar, two-sided."""
    lost = int((before.decision & ~after.decision & rows).sum())
    won = int((after.decision & ~before.decision & rows).sum())
    tail = sum(comb(lost + won, i) for i in range(min(lost, won) + 1)) / 2 ** (lost + won)
    return {"only_before": lost, "only_after": won, "p": round(min(1.0, 2 * tail), 6)}


def agreement(one: Items, other: Items, **values: str) -> Figures:
    """On the items two sets share in a slice, how many labels differ, and in which direction."""
    one = one.take(one.where(**values))
    labels = dict(zip(other.item_id.tolist(), other.label.tolist(), strict=True))
    pairs = [
        (label, labels[item])
        for item, label in zip(one.item_id.tolist(), one.label.tolist(), strict=True)
        if item in labels
    ]
    return {
        "shared_items": len(pairs),
        "differ": sum(a != b for a, b in pairs),
        "from_0_to_1": pairs.count((0, 1)),
        "from_1_to_0": pairs.count((1, 0)),
    }
