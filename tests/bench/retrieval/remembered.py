"""An embedder that remembers its vectors between runs: embedding 1,500 chunks anew takes minutes."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from knowledge.index.embeddings import Embedder, Loaded, SentenceEmbedder

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors


class Remembered:
    """The vectors of another embedder, kept in a file by its id and what was embedded."""

    def __init__(self, embedder: Embedder, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._embedder = embedder
        self._file = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._file.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
        self._file.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")
        self.id, self.dimension = embedder.id, embedder.dimension

    def embed_documents(self, texts: Sequence[str]) -> "Vectors":
        """One float32 row of length 1 a text, read or made."""
        import numpy as np

        rows = [self._known(f"document\0{text}") for text in texts]
        for place, text in enumerate(texts):
            if rows[place] is None:
                rows[place] = self._keep(f"document\0{text}", self._embedder.embed_documents([text]))
        found = [cast("Vectors", row) for row in rows]
        return np.concatenate(found) if found else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_query(self, text: str) -> "Vectors":
        """One float32 vector of length 1."""
        known = self._known(f"query\0{text}")
        rows = self._keep(f"query\0{text}", self._embedder.embed_query(text)) if known is None else known
        return rows.reshape(self.dimension)

    def _known(self, what: str) -> "Vectors | None":
        import numpy as np

        row = self._file.execute("SELECT vector FROM vectors WHERE key = ?", (self._key(what),)).fetchone()
        return None if row is None else np.frombuffer(row[0], dtype=np.float32).reshape(-1, self.dimension)

    def _keep(self, what: str, vectors: "Vectors") -> "Vectors":
        import numpy as np

        rows = np.asarray(vectors, dtype=np.float32).reshape(-1, self.dimension)
        self._file.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", (self._key(what), rows.tobytes()))
        return rows

    def _key(self, what: str) -> str:
        return hashlib.sha256(f"{self.id}\0{what}".encode()).hexdigest()


class RememberedSentences(Remembered):
    """The same for an embedder that gives vectors of sentences, too."""

    def __init__(self, embedder: SentenceEmbedder, path: Path) -> None:
        super().__init__(embedder, path)
        self._sentences = embedder

    def embed_sentences(self, text: str, spans: Sequence[tuple[int, int]]) -> "tuple[Vectors, Vectors]":
        """The text's vector, and one row a span."""
        import numpy as np

        what = f"sentences\0{json.dumps(list(spans))}\0{text}"
        rows = self._known(what)
        if rows is None:
            whole, inside = self._sentences.embed_sentences(text, spans)
            rows = self._keep(what, np.vstack([whole, inside]))
        return rows[0], rows[1:]


def remembering(loaded: Loaded, path: Path) -> Loaded:
    """What was loaded, with a memory."""
    if isinstance(loaded.embedder, SentenceEmbedder):
        return Loaded(RememberedSentences(loaded.embedder, path), loaded.reason, loaded.spans)
    if loaded.embedder is None:
        return loaded
    return Loaded(Remembered(loaded.embedder, path), loaded.reason, loaded.spans)
