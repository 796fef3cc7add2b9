"""Dense search: which vectors answer, and why not where none do."""

import sqlite3
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from knowledge.errors import REINDEX, EmbeddingError
from knowledge.index.chroma import Chroma, ChromaError, HeldError
from knowledge.index.embeddings import Embedder, Loaded, Loader
from knowledge.index.file import meta
from knowledge.index.vectors import Exact, Nearest, Stored, read_vectors

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

Store = Literal["auto", "chroma", "exact"]

# Importing chromadb and one query cost .83 s of CPU; NumPy reads and searches 300 blobs in .002 s and 10,000 in
# .036 s, and warm it is the faster one up to there (.8 against 2.2 ms). Memory is what Chroma saves beyond.
CHROMA_FROM = 20_000

_SENTENCES = 2_000  # vectors of guideline sentences kept for quotes, 3 MB; a question's vector is never kept


class Dense:
    """The vectors of one home: loaded at first use, read again when the index changes, given up at `close`."""

    def __init__(self, home: Path, loader: Loader, store: Store) -> None:
        self._home, self._loader, self._store = home, loader, store
        self._loaded: Loaded | None = None
        self._failed = ""
        self._generation: tuple[str, str] | None = None
        self._nearest: Nearest | None = None
        self._why = ""
        self._chroma: Chroma | None = None
        self._sentence = lru_cache(_SENTENCES)(self._embed_sentence)

    @property
    def loaded(self) -> Loaded:
        """The embedder, or why there is none; found once."""
        if self._loaded is None:
            self._loaded = self._loader()
        return Loaded(None, self._failed) if self._failed else self._loaded

    def embed(self, query: str) -> "Vectors | None":
        """The query's vector; None where there is no embedder, or it fails: then it is not tried again."""
        embedder = self.loaded.embedder
        if embedder is None or not query:
            return None
        try:
            return embedder.embed_query(query)
        except EmbeddingError as problem:
            self._failed = str(problem)
            return None

    def closeness(self, sentences: Sequence[str], query: str) -> list[float] | None:
        """The cosine of each sentence of the guidelines to the query; None where there is no embedder or it fails."""
        asked = self.embed(query)
        if asked is None:
            return None
        try:
            return [float(self._sentence(sentence) @ asked) for sentence in sentences]
        except EmbeddingError as problem:
            self._failed = str(problem)
            return None

    def state(self, connection: sqlite3.Connection) -> str:
        """How vectors are searched now, or why they are not; a sentence for the status."""
        self._refresh(connection)
        return self._why

    def search(
        self, connection: sqlite3.Connection, query: "Vectors", excluded: Collection[int], count: int
    ) -> list[tuple[int, float]]:
        """(chunk, cosine), best first, without the excluded documents; empty where vectors cannot be searched."""
        self._refresh(connection)
        if self._nearest is None:
            return []
        try:
            found = self._nearest.nearest(query, excluded, count)
        except ChromaError as problem:
            self._use_exact(connection, f"exact search (NumPy): Chroma failed ({problem})")
            found = self._nearest.nearest(query, excluded, count)
        # Chroma and NumPy sum in another order: a difference of rounding is a tie, and ties keep the index's order.
        return sorted(found, key=lambda pair: (-round(pair[1], 5), pair[0]))

    def close(self) -> None:
        """Give up the Chroma folder, if this object owns it."""
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None
        self._generation, self._nearest = None, None

    def _embed_sentence(self, sentence: str) -> "Vectors":
        return self._embedder.embed_query(sentence)

    def _refresh(self, connection: sqlite3.Connection) -> None:
        generation = (meta(connection, "index"), meta(connection, "generation"))
        if self._failed:
            self._nearest, self._why = None, f"off: {self._failed}"
        elif generation != self._generation:
            self._choose(connection)
            self._generation = generation

    def _choose(self, connection: sqlite3.Connection) -> None:
        self._nearest = None
        loaded = self.loaded
        if loaded.embedder is None:
            self._why = f"off: {loaded.reason}"
            return
        made_by, dimension = meta(connection, "embedder"), meta(connection, "dimension")
        if not made_by:
            self._why = f"off: the index was made without an embedder; make its vectors with `{REINDEX}`"
            return
        if (made_by, dimension) != (loaded.embedder.id, str(loaded.embedder.dimension)):
            self._why = (
                f"off: the vectors were made by {made_by} ({dimension} numbers), the embedder here is"
                f" {loaded.embedder.id} ({loaded.embedder.dimension}); make them again with `{REINDEX}`"
            )
            return
        chunks, without = connection.execute(
            "SELECT count(*), count(*) - count(v.hash) FROM chunks c"
            " LEFT JOIN vectors v ON v.hash = c.hash AND v.embedder = ?",
            (made_by,),
        ).fetchone()
        if without:
            self._why = f"off: {without} of {chunks} chunks have no vector; make them with `{REINDEX}`"
            return
        self._pick(connection, chunks)

    def _pick(self, connection: sqlite3.Connection, chunks: int) -> None:
        if self._store == "exact" or (self._store == "auto" and chunks < CHROMA_FROM):
            self._use_exact(connection, f"exact search (NumPy) over {chunks} vectors")
            return
        try:
            self._use_chroma(connection, chunks)
        except HeldError:
            self._use_exact(connection, "exact search (NumPy): another process holds the Chroma folder")
        except ChromaError as problem:
            self._use_exact(connection, f"exact search (NumPy): Chroma failed ({problem})")

    def _use_chroma(self, connection: sqlite3.Connection, chunks: int) -> None:
        index, generation = meta(connection, "index"), meta(connection, "generation")
        if self._chroma is None or self._chroma.made_for != (index, self._embedder.id):
            if self._chroma is not None:
                self._chroma.close()
            self._chroma = Chroma(self._home, index, self._embedder.id)
        self._chroma.follow(generation, chunks, lambda: self._stored(connection))
        self._nearest, self._why = self._chroma, f"Chroma over {chunks} vectors"

    def _use_exact(self, connection: sqlite3.Connection, why: str) -> None:
        self._nearest, self._why = Exact(self._stored(connection)), why

    def _stored(self, connection: sqlite3.Connection) -> Stored:
        return read_vectors(connection, self._embedder.id, self._embedder.dimension)

    @property
    def _embedder(self) -> Embedder:
        embedder = self.loaded.embedder
        assert embedder is not None, "vectors are chosen only where an embedder was found"
        return embedder
