"""Chroma: the vector store for large collections and long-lived processes, a copy of the index's blobs.

Exactly one process may own its folder (several writers damage it, a second reader never sees new vectors), so the
owner holds a file lock for as long as it lives and everyone else searches the blobs themselves.
"""

import shutil
import uuid
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from knowledge.index.vectors import Stored

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

_NAME = "chunks"
_BATCH = 5_000  # Chroma takes 5,461 at once
Read = Callable[[Collection[int]], Stored]  # the vectors of some chunks
COSINE = {"hnsw": {"space": "cosine"}}


class HeldError(Exception):
    """Another process, or another object of this one, owns the Chroma folder."""


class ChromaError(Exception):
    """Chroma failed; the message says how."""


class Chroma:
    """The Chroma copy of one index, kept equal to it by chunk key (keys are never used twice)."""

    def __init__(self, home: Path, index: str, embedder: str) -> None:
        self._folder = home / "chroma"
        self.made_for = (index, embedder)
        self._mark = f"{index}-{embedder}"
        self._lock = FileLock(home / "chroma.lock", timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except (Timeout, OSError) as problem:
            raise HeldError from problem
        self._client: Any = None
        self._collection: Any = None

    def follow(self, generation: str, wanted: Mapping[int, int], read: Read) -> None:
        """Make the copy equal to the index at this generation: `wanted` chunks, each with its document.

        A copy that fails is thrown away once and made anew; then ChromaError.
        """
        try:
            self._open()
            self._copy(generation, wanted, read)
        except Exception:  # a damaged copy fails in many ways, and the blobs hold everything
            self._let_go()
            shutil.rmtree(self._folder, ignore_errors=True)
            try:
                self._open()
                self._copy(generation, wanted, read)
            except Exception as problem:
                raise ChromaError(str(problem) or type(problem).__name__) from problem

    def nearest(self, query: "Vectors", excluded: Collection[int], count: int) -> list[tuple[int, float]]:
        """(chunk, cosine), best first, without chunks of the excluded documents; raises ChromaError."""
        try:
            return ask(self._collection, query, excluded, count)
        except Exception as problem:
            # What was opened is not to be trusted any more, nor what lies there: the next change makes it anew.
            self._let_go()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise ChromaError(str(problem) or type(problem).__name__) from problem

    def close(self) -> None:
        """Give the folder up, so that another process may own it."""
        self._let_go()
        self._lock.release()

    def _open(self) -> None:
        if self._collection is not None:
            return
        import chromadb
        from chromadb.config import Settings

        self._folder.mkdir(parents=True, exist_ok=True)
        places = sorted(path for path in self._folder.iterdir() if path.is_dir())
        # A place that failed must not be opened again by this process: Chroma caches its broken client by path.
        place = places[0] if len(places) == 1 else self._folder / uuid.uuid4().hex
        for other in places:
            if other != place:
                shutil.rmtree(other, ignore_errors=True)
        self._client = chromadb.PersistentClient(str(place), Settings(anonymized_telemetry=False))
        self._collection = self._client.get_or_create_collection(_NAME, embedding_function=None, configuration=COSINE)

    def _copy(self, generation: str, wanted: Mapping[int, int], read: Read) -> None:
        record = dict(self._collection.metadata or {})
        if record.get("made_for") not in (self._mark, None):
            self._client.delete_collection(_NAME)
            self._collection = self._client.create_collection(_NAME, embedding_function=None, configuration=COSINE)
            record = {}
        if record.get("generation") == generation and self._collection.count() == len(wanted):
            return
        # The mark is taken off first: a kill in between leaves a copy that is compared again, never trusted.
        self._collection.modify(metadata={"made_for": self._mark, "generation": ""})
        make_equal(self._collection, keys_of(self._collection), wanted, read)
        self._collection.modify(metadata={"made_for": self._mark, "generation": generation})

    def _let_go(self) -> None:
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            with suppress(Exception):
                client.close()


def keys_of(collection: Any) -> set[int]:
    """The chunks that a collection holds."""
    return {int(key) for key in collection.get(include=[])["ids"]}


def make_equal(
    collection: Any, have: set[int], wanted: Mapping[int, int], read: Read, going: Callable[[], None] = lambda: None
) -> None:
    """Bring a collection that holds some chunks to those wanted; `going` is called before each batch."""
    gone = [str(key) for key in have if key not in wanted]
    new = sorted(wanted.keys() - have)
    for first in range(0, len(gone), _BATCH):
        going()
        collection.delete(ids=gone[first : first + _BATCH])
    for first in range(0, len(new), _BATCH):
        going()
        stored = read(new[first : first + _BATCH])
        collection.add(
            ids=[str(key) for key in stored.chunks],
            embeddings=stored.matrix,
            metadatas=[{"document": int(document)} for document in stored.documents],
        )


def ask(collection: Any, query: "Vectors", excluded: Collection[int], count: int) -> list[tuple[int, float]]:
    """(chunk, cosine), best first, without chunks of the excluded documents."""
    where = {"document": {"$nin": sorted(excluded)}} if excluded else None
    found = collection.query(query_embeddings=[query], n_results=count, where=where, include=["distances"])
    pairs = zip(found["ids"][0], found["distances"][0], strict=True)
    return [(int(key), 1.0 - float(distance)) for key, distance in pairs]
