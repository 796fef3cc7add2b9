"""Dense search: which vectors answer, and why not where none do."""

import sqlite3
import time
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from knowledge.errors import REINDEX, EmbeddingError
from knowledge.index.chroma import Chroma, ChromaError, HeldError
from knowledge.index.chroma_server import ChromaServer, Server
from knowledge.index.embeddings import Embedder, Loaded, Loader, request_size
from knowledge.index.file import meta
from knowledge.index.vectors import Exact, Nearest, Stored, brought_up_to_date, documents_of, read_vectors

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

Store = Literal["auto", "chroma", "exact"] | Server

# Importing chromadb and one query cost .83 s of CPU; NumPy reads and searches 300 blobs in .002 s and 10,000 in
# .036 s, and warm it is the faster one up to there (.8 against 2.2 ms). Memory is what Chroma saves beyond.
CHROMA_FROM = 20_000

AGAIN = 30.0  # seconds until what failed from outside (an API, a server) is tried again
_AT_ONCE = 1_000  # vectors that a question may copy to a server, in about a second; more are for those who wait

_SENTENCES = 2_000  # vectors of guideline sentences kept for quotes, 3 MB; a question's vector is never kept


class Dense:
    """The vectors of one home: loaded at first use, read again when the index changes, given up at `close`."""

    def __init__(self, home: Path, loader: Loader, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._home, self._loader, self._store, self._clock = home, loader, store, clock
        self._loaded: Loaded | None = None
        self._failed, self._failed_at = "", 0.0
        self._provisional: float | None = None
        self._generation: tuple[str, str] | None = None
        self._nearest: Nearest | None = None
        self._why, self._dimension = "", 0
        self._chroma: Chroma | ChromaServer | None = None
        self._exact: Exact | None = None
        self._exact_for = ("", "", 0)
        self._sentence = lru_cache(_SENTENCES)(self._embed_sentence)

    @property
    def loaded(self) -> Loaded:
        """The embedder, or why there is none; found once."""
        if self._loaded is None:
            self._loaded = self._loader()
        if self._failed and self._clock() - self._failed_at >= AGAIN:
            self._failed, self._generation = "", None
        return Loaded(None, self._failed, self._loaded.spans) if self._failed else self._loaded

    def embed(self, query: str) -> "Vectors | None":
        """The query's vector; None where there is no embedder, or it fails: then it is left alone for a while."""
        embedder = self.loaded.embedder
        if embedder is None or not query:
            return None
        try:
            return embedder.embed_query(query)
        except EmbeddingError as problem:
            self._fail(str(problem))
            return None

    def closeness(self, sentences: Sequence[str], query: str) -> list[float] | None:
        """The cosine of each sentence of the guidelines to the query; None where there is no embedder or it fails."""
        asked = self.embed(query)
        if asked is None:
            return None
        try:
            return [float(self._sentence(sentence) @ asked) for sentence in sentences]
        except EmbeddingError as problem:
            self._fail(str(problem))
            return None

    def state(self, connection: sqlite3.Connection) -> str:
        """How vectors are searched now, or why they are not; a sentence for the status. Nothing is embedded."""
        self._refresh(connection, most=None)
        return self._why

    def search(
        self, connection: sqlite3.Connection, query: "Vectors", excluded: Collection[int], count: int
    ) -> list[tuple[int, float]]:
        """(chunk, cosine), best first, without the excluded documents; empty where vectors cannot be searched."""
        self._refresh(connection, most=_AT_ONCE)
        if self._nearest is None:
            return []
        if len(query) != self._dimension:
            self._fail(f"the embedder gives {len(query)} numbers where it gave {self._dimension}")
            return []
        try:
            found = self._nearest.nearest(query, excluded, count)
        except ChromaError as problem:
            self._use_exact(connection, f"exact search (NumPy): {self._where} failed ({problem})")
            found = self._nearest.nearest(query, excluded, count)
        # Chroma and NumPy sum in another order: a difference of rounding is a tie, and ties keep the index's order.
        return sorted(found, key=lambda pair: (-round(pair[1], 5), pair[0]))

    def close(self) -> None:
        """Give up the Chroma folder, if this object owns it."""
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None
        self._generation, self._nearest, self._exact = None, None, None

    def _fail(self, why: str) -> None:
        self._failed, self._failed_at = why, self._clock()

    def _embed_sentence(self, sentence: str) -> "Vectors":
        return self._embedder.embed_query(sentence)

    def _refresh(self, connection: sqlite3.Connection, most: int | None) -> None:
        generation = (meta(connection, "index"), meta(connection, "generation"))
        loaded = self.loaded
        if self._failed:
            self._nearest, self._why = None, f"off: {self._failed}"
        elif generation != self._generation or self._overdue(most):
            self._choose(connection, loaded, most)
            self._generation = generation

    def _overdue(self, most: int | None) -> bool:
        """Whether exact search stands in for a server, and it is time to try that again; one who waits tries now."""
        return self._provisional is not None and (most is None or self._clock() - self._provisional >= AGAIN)

    def _choose(self, connection: sqlite3.Connection, loaded: Loaded, most: int | None) -> None:
        self._nearest, self._provisional = None, None
        if loaded.embedder is None:
            self._why = f"off: {loaded.reason}"
            return
        made_by, self._dimension = meta(connection, "embedder"), int(meta(connection, "dimension"))
        if not made_by:
            self._why = f"off: the index was made without an embedder; make its vectors with `{REINDEX}`"
            return
        # One that must embed a word to know its dimension is not asked here: the status sends no text anywhere.
        known = loaded.embedder.dimension if request_size(loaded.embedder) is None else self._dimension
        if (made_by, self._dimension) != (loaded.embedder.id, known):
            self._why = (
                f"off: the vectors were made by {made_by} ({self._dimension} numbers), the embedder here is"
                f" {loaded.embedder.id}; make them again with `{REINDEX}`"
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
        self._pick(connection, chunks, most)

    def _pick(self, connection: sqlite3.Connection, chunks: int, most: int | None) -> None:
        if self._store == "exact" or (self._store == "auto" and chunks < CHROMA_FROM):
            self._use_exact(connection, f"exact search (NumPy) over {chunks} vectors")
            return
        try:
            if isinstance(self._store, Server):
                self._use_server(connection, self._store, chunks, most)
            else:
                self._use_chroma(connection, chunks)
        except HeldError:
            held = f"copies to {self._where}" if isinstance(self._store, Server) else "holds the Chroma folder"
            self._use_exact(connection, f"exact search (NumPy): another process {held}")
        except ChromaError as problem:
            self._use_exact(connection, f"exact search (NumPy): {self._where} failed ({problem})")

    def _use_chroma(self, connection: sqlite3.Connection, chunks: int) -> None:
        index, generation = meta(connection, "index"), meta(connection, "generation")
        chroma = self._chroma
        if not isinstance(chroma, Chroma) or chroma.made_for != (index, self._embedder.id):
            if chroma is not None:
                chroma.close()
            self._chroma = chroma = Chroma(self._home, index, self._embedder.id)
        chroma.follow(generation, documents_of(connection), partial(self._some, connection))
        self._exact = None
        self._nearest, self._why = chroma, f"Chroma over {chunks} vectors"

    def _use_server(self, connection: sqlite3.Connection, server: Server, chunks: int, most: int | None) -> None:
        index = meta(connection, "index")
        chroma = self._chroma
        if not isinstance(chroma, ChromaServer) or chroma.made_for != (index, self._embedder.id):
            if chroma is not None:
                chroma.close()
            self._chroma = chroma = ChromaServer(server, self._home, index, self._embedder.id)
        chroma.follow(connection, partial(self._some, connection), most)
        self._exact = None
        self._nearest, self._why = chroma, f"{self._where} over {chunks} vectors"

    def _use_exact(self, connection: sqlite3.Connection, why: str) -> None:
        made_for = (meta(connection, "index"), self._embedder.id, self._dimension)
        before = self._exact.stored if self._exact is not None and self._exact_for == made_for else None
        if before is None:
            stored = read_vectors(connection, self._embedder.id, self._dimension)
        else:
            stored = brought_up_to_date(connection, self._embedder.id, before)
        self._exact, self._exact_for = Exact(stored), made_for
        self._nearest, self._why = self._exact, why
        if isinstance(self._store, Server):
            self._provisional = self._clock()

    @property
    def _where(self) -> str:
        return f"the Chroma server {self._store.url}" if isinstance(self._store, Server) else "Chroma"

    def _some(self, connection: sqlite3.Connection, chunks: Collection[int]) -> Stored:
        return read_vectors(connection, self._embedder.id, self._dimension, chunks)

    @property
    def _embedder(self) -> Embedder:
        embedder = self.loaded.embedder
        assert embedder is not None, "vectors are chosen only where an embedder was found"
        return embedder
