"""Bags: an embedder of hashed words, for tests that need vectors of a chosen size and no model."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from knowledge import Loaded

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors


@dataclass
class Bags:
    """Counts of words, hashed into `dimension` places; `seen` keeps every text that was embedded."""

    id: str = "bags"
    dimension: int = 32
    seen: list[str] = field(default_factory=list)

    def embed_documents(self, texts: Sequence[str]) -> "Vectors":
        self.seen.extend(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> "Vectors":
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in text.lower().split():
            vector[zlib.crc32(word.strip(".,").encode()) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def load(self) -> Loaded:
        """What a Knowledge takes as its embedder."""
        return Loaded(self)


def alone() -> Loaded:
    """No embedder: words are searched alone."""
    return Loaded(None, "switched off")
