"""Likeness of a question to the examples by meaning: cosines of the embedded, masked texts.

With names replaced by their kinds, meaning and words together find the tool of a left-out example more often than
either alone (`make bench` prints it). The vectors of the examples are kept in a file, for they cost 10 ms each.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge import Embedder

Matrix = NDArray[np.float32]
_MASK = re.compile(r"__([a-z]+)__")


class Meanings:
    """Example questions, searchable by meaning. `cache` is a file; a broken one is made anew."""

    def __init__(self, masked: Sequence[str], embedder: Embedder, cache: Path | None = None) -> None:
        """`masked` are the examples with their names replaced by kinds."""
        self.embedder = embedder
        self._vectors = _embedded([_spoken(text) for text in masked], embedder, cache)

    def likeness(self, text: str) -> Matrix:
        """The cosine to each example."""
        found: Matrix = self._vectors @ self.embedder.embed_query(_spoken(text))
        return found

    def alike(self) -> Matrix:
        """The cosine of each example to every other."""
        found: Matrix = self._vectors @ self._vectors.T
        return found


def _spoken(masked: str) -> str:
    """`__model__` as the word it stands for, which the embedder knows."""
    return " ".join(_MASK.sub(r" \1 ", masked).split())


def _embedded(texts: list[str], embedder: Embedder, cache: Path | None) -> Matrix:
    known = _read(cache, embedder.id) if cache else {}
    names = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts]
    missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    if missing:
        known |= dict(zip(missing, embedder.embed_documents(list(missing.values())), strict=True))
        if cache:
            _write(cache, embedder.id, {name: known[name] for name in names})
    return np.stack([known[name] for name in names])


def _read(cache: Path, embedder: str) -> dict[str, Any]:
    try:
        with np.load(cache, allow_pickle=False) as stored:
            head = json.loads(str(stored["head"]))
            if head["embedder"] != embedder or len(head["names"]) != len(stored["vectors"]):
                return {}
            return dict(zip(head["names"], stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError):
        return {}  # missing or broken: made anew


def _write(cache: Path, embedder: str, vectors: dict[str, Any]) -> None:
    head = json.dumps({"embedder": embedder, "names": list(vectors)})
    partial = cache.with_name(f"{cache.stem}.partial.npz")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(partial, head=np.array(head), vectors=np.stack(list(vectors.values())))
        partial.replace(cache)
    except OSError:
        partial.unlink(missing_ok=True)  # a full disk costs the next process two seconds, nothing more
