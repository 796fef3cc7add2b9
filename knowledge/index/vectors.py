"""Vectors: the blobs beside the sections, and exact search over them with NumPy."""

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import DamagedIndexError
from knowledge.index.embeddings import Embedder, SentenceEmbedder, request_size
from knowledge.index.file import Index
from knowledge.index.parts import embed_with_parts

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    from knowledge.index.embeddings import Vectors

_BATCH = 16  # vectors saved at once: what a kill can cost is a second's work


class Nearest(Protocol):
    """Finds the chunks whose vectors point most nearly where the query's does."""

    def nearest(self, query: "Vectors", excluded: Collection[int], count: int) -> list[tuple[int, float]]:
        """(chunk, cosine), best first, without chunks of the excluded documents."""


@dataclass(frozen=True)
class Stored:
    """All vectors of the index: row i belongs to chunk `chunks[i]` of document `documents[i]`."""

    chunks: "NDArray[int64]"
    documents: "NDArray[int64]"
    matrix: "Vectors"


def documents_of(connection: sqlite3.Connection) -> dict[int, int]:
    """Every chunk, ascending, and the document it is of."""
    return dict(connection.execute("SELECT key, document FROM chunks ORDER BY key"))


def read_vectors(
    connection: sqlite3.Connection, embedder: str, dimension: int, chunks: Collection[int] | None = None
) -> Stored:
    """The vectors by this embedder of these chunks, else of every one, in the order of their keys.

    A blob of another length means a damaged index.
    """
    import numpy as np

    if chunks is None:
        rows = connection.execute(
            "SELECT c.key, c.document, v.vector FROM chunks c JOIN vectors v ON v.hash = c.hash AND v.embedder = ?"
            " ORDER BY c.key",
            (embedder,),
        ).fetchall()
    else:
        # CROSS JOIN keeps this order of the tables: SQLite's own plan walks every vector of the index.
        rows = connection.execute(
            "SELECT c.key, c.document, v.vector FROM json_each(?) wanted CROSS JOIN chunks c ON c.key = wanted.value"
            " CROSS JOIN vectors v ON v.hash = c.hash AND v.embedder = ? ORDER BY c.key",
            (json.dumps(sorted(chunks)), embedder),
        ).fetchall()
    if any(len(row[2]) != 4 * dimension for row in rows):
        raise DamagedIndexError("holds vectors of a wrong length")
    matrix = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.float32).reshape(len(rows), dimension)
    if not np.isfinite(matrix).all():
        raise DamagedIndexError("holds vectors that are not numbers")
    keys = np.array([row[0] for row in rows], dtype=np.int64)
    return Stored(keys, np.array([row[1] for row in rows], dtype=np.int64), matrix)


def brought_up_to_date(connection: sqlite3.Connection, embedder: str, before: Stored) -> Stored:
    """All vectors, those read before taken over: a chunk's never changes, and its key is never used again.

    A sync of one file among 100,000 sections reads 20 vectors instead of 150 MB.
    """
    import numpy as np

    wanted = documents_of(connection)
    keys = np.fromiter(wanted, dtype=np.int64, count=len(wanted))
    new = np.setdiff1d(keys, before.chunks, assume_unique=True)
    dimension = before.matrix.shape[1]
    if 2 * len(new) > len(keys):
        return read_vectors(connection, embedder, dimension)
    stays = np.isin(before.chunks, keys, assume_unique=True)
    if stays.all() and not len(new):
        return before
    added = read_vectors(connection, embedder, dimension, new.tolist())
    chunks = np.concatenate([before.chunks[stays], added.chunks])
    documents = np.concatenate([before.documents[stays], added.documents])
    matrix = np.concatenate([before.matrix[stays], added.matrix])
    order = np.argsort(chunks, kind="stable")
    if not (order[1:] > order[:-1]).all():  # keys only grow, so a new one stands last; to be sure
        chunks, documents, matrix = chunks[order], documents[order], matrix[order]
    return Stored(chunks, documents, matrix)


class Exact:
    """Exact search: one matrix product."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored

    def nearest(self, query: "Vectors", excluded: Collection[int], count: int) -> list[tuple[int, float]]:
        """(chunk, cosine), best first, without chunks of the excluded documents."""
        import numpy as np

        # Not `@`: from 10,000 rows on BLAS's idle threads spin for 30 ms of CPU after it, and it is no faster.
        cosines = np.einsum("ij,j->i", self.stored.matrix, query)
        if excluded:
            cosines[np.isin(self.stored.documents, list(excluded))] = -np.inf
        best = np.argpartition(-cosines, count)[:count] if count < len(cosines) else np.arange(len(cosines))
        best = best[np.argsort(-cosines[best], kind="stable")]
        return [(int(self.stored.chunks[i]), float(cosines[i])) for i in best if np.isfinite(cosines[i])]


def drop_unsound(connection: sqlite3.Connection, embedder: Embedder) -> None:
    """Delete this embedder's vectors that are not of its dimension and of length 1, so that they are made again."""
    import numpy as np

    rows = connection.execute("SELECT hash, vector FROM vectors WHERE embedder = ?", (embedder.id,))
    unsound = [
        hashed
        for hashed, blob in rows
        if len(blob) != 4 * embedder.dimension
        or not abs(float(np.linalg.norm(np.frombuffer(blob, dtype="<f4"))) - 1.0) < 0.01
    ]
    connection.executemany(
        "DELETE FROM vectors WHERE embedder = ? AND hash = ?", [(embedder.id, hashed) for hashed in unsound]
    )


def embed_missing(
    index: Index, embedder: Embedder, texts: dict[str, str], progress: Callable[[str, int, int], None] | None
) -> int:
    """Embed the texts (by hash) that have no vector yet, saving as it goes; returns how many. Raises EmbeddingError."""
    with index.read(empty=True) as connection:
        have = {row[0] for row in connection.execute("SELECT hash FROM vectors WHERE embedder = ?", (embedder.id,))}
    missing = [(hashed, text) for hashed, text in texts.items() if hashed not in have]
    size = request_size(embedder) or _BATCH
    for first in range(0, len(missing), size):
        batch = missing[first : first + size]
        rows = _rows(embedder, batch)
        with index.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors (embedder, hash, vector, parts) VALUES (?, ?, ?, ?)", rows
            )
        if progress:
            progress("embedding", first + len(batch), len(missing))
    return len(missing)


def _rows(embedder: Embedder, batch: Sequence[tuple[str, str]]) -> list[tuple[str, str, bytes, bytes]]:
    """The rows of a batch. An embedder that knows no sentences takes the whole batch at once, as an API likes it."""
    import numpy as np

    if request_size(embedder) is None and isinstance(embedder, SentenceEmbedder):
        made = [embed_with_parts(embedder, text) for _, text in batch]
    else:
        made = [(vector, b"") for vector in embedder.embed_documents([text for _, text in batch])]
    return [
        (embedder.id, hashed, np.ascontiguousarray(vector, dtype="<f4").tobytes(), parts)
        for (hashed, _), (vector, parts) in zip(batch, made, strict=True)
    ]
