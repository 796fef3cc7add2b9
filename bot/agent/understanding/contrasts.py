"""Contrasts: what tells the examples of one tool from those of the others, beside what they are alike to.

Kernel ridge regression on the likenesses of the examples to each other: a word that many tools share weighs nothing,
one that only a tool has weighs much. Likeness alone leaves twice as many questions with the wrong tool.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
RIDGE = 0.2  # how little one example alone may say; .05 to .4 are equally good


class Contrasts:
    """A score for each label, about 1 for the right one and about 0 for any other."""

    def __init__(
        self, labels: Sequence[str], key: Sequence[str], alike: Callable[[], Matrix], cache: Path | None = None
    ) -> None:
        """Args:
        key: what the likenesses depend on; another key is another set of weights.
        alike: the likeness of every example to every other, asked for only where the cache has no weights.
        cache: a file; a broken one is made anew.
        """
        self.labels = sorted(set(labels))
        name = hashlib.sha256(json.dumps([RIDGE, list(labels), list(key)]).encode()).hexdigest()
        weights = _read(cache, name) if cache else None
        if weights is None:
            weights = _weights(labels, self.labels, alike())
            if cache:
                _write(cache, name, weights)
        self._weights = weights

    def scores(self, likenesses: Matrix) -> dict[str, float]:
        """From the likeness of a question to each example."""
        found = (likenesses + 1) @ self._weights
        return dict(zip(self.labels, map(float, found), strict=True))


def _weights(labels: Sequence[str], names: Sequence[str], alike: Matrix) -> Matrix:
    """Of an example for a label; a label with many examples does not outweigh one with few."""
    place = {name: number for number, name in enumerate(names)}
    of = np.array([place[label] for label in labels])
    rare = 1 / np.sqrt(np.bincount(of)[of])
    ridge = np.diag(RIDGE * rare.mean() / rare)
    solved: Matrix = np.linalg.solve(alike.astype(np.float64) + 1 + ridge, np.eye(len(names))[of]).astype(np.float32)
    return solved


def _read(cache: Path, name: str) -> Matrix | None:
    try:
        with np.load(cache, allow_pickle=False) as stored:
            weights: Matrix = stored["weights"]
            return weights if str(stored["name"]) == name else None
    except (OSError, ValueError, KeyError, EOFError):
        return None


def _write(cache: Path, name: str, weights: Matrix) -> None:
    partial = cache.with_name(f"{cache.stem}.partial.npz")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(partial, name=np.array(name), weights=weights)
        partial.replace(cache)
    except OSError:
        partial.unlink(missing_ok=True)
