"""Baselines that stay as they are while search changes: FTS5's BM25, vectors, and their plain fusion.

They read the sections in force through `Knowledge`, cut them as the index does (heading path in front of each chunk)
and rank sections at their best chunk: words by an OR of quoted words without stop words, vectors exactly, the fusion
by 1 / (10 + rank) with equal weights. No glossary, no questions, no scope, no typos.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from knowledge.index.chunks import chunk
from knowledge.index.embeddings import Loaded
from knowledge.knowledge import Knowledge

POOL, K = 50, 10
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = (
    "a an and any are as at be been but by can could do does did for from had has have how i if in into is it its"
    " just may me my no not of on one or our out so than that the their them then there these they this to us was we"
    " were what when where which who whom why will with would you your"
)
_STOP = frozenset(_STOP_WORDS.split())


class Baselines:
    """The three rankings of one collection's sections."""

    def __init__(self, knowledge: Knowledge, collection: str, loaded: Loaded) -> None:
        self._embedder = loaded.embedder
        self._sections: list[str] = []  # of each chunk
        self._words = sqlite3.connect(":memory:", isolation_level=None)
        self._words.execute("CREATE VIRTUAL TABLE words USING fts5 (heading, body, tokenize = 'porter unicode61')")
        texts: list[str] = []
        names = {one.id for one in knowledge.editions() if one.collection == collection}
        for name in sorted(names):
            for passage in knowledge.sections(name):
                if not passage.text or passage.standing != "in force":
                    continue
                for piece in chunk(passage.title, passage.heading.split(" > "), passage.text, loaded.spans):
                    body = passage.text[piece.start : piece.end]
                    self._words.execute(
                        "INSERT INTO words (rowid, heading, body) VALUES (?, ?, ?)",
                        (len(self._sections), piece.heading, body),
                    )
                    self._sections.append(passage.section)
                    texts.append(f"{piece.heading}\n\n{body}")
        self.sections = len({*self._sections})
        self._matrix = self._embedder.embed_documents(texts) if self._embedder else None

    def by_words(self, query: str) -> list[str]:
        """Sections by BM25."""
        words = _WORD.findall(query.casefold())
        kept = dict.fromkeys([word for word in words if word not in _STOP] or words)
        if not kept:
            return []
        rows = self._words.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words), rowid LIMIT ?",
            (" OR ".join(f'"{word}"' for word in kept), POOL),
        )
        return self._of(row[0] for row in rows)

    def by_vectors(self, query: str) -> list[str]:
        """Sections by cosine; none without an embedder."""
        if self._embedder is None or self._matrix is None:
            return []
        cosines = self._matrix @ self._embedder.embed_query(query)
        return self._of(int(place) for place in np.argsort(-cosines, kind="stable")[:POOL])

    def fused(self, query: str) -> list[str]:
        """Sections by the sum of 1 / (10 + rank) over both."""
        return plain_fusion(self.by_words(query), self.by_vectors(query))

    def _of(self, chunks: Iterable[int]) -> list[str]:
        return list(dict.fromkeys(self._sections[one] for one in chunks))


def plain_fusion(*rankings: Sequence[str]) -> list[str]:
    """Reciprocal rank fusion; ties keep the order of the first ranking."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, section in enumerate(ranking, 1):
            scores[section] = scores.get(section, 0.0) + 1 / (K + rank)
    return sorted(scores, key=lambda section: -scores[section])
