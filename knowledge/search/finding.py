"""Finding: the sections that may answer a question, each with what speaks for it.

Two steps: words and vectors each name candidates among all chunks; then every candidate's vectors, with those of its
sentences, are read from the index and weighed exactly. So the second step costs the same at any size of the index.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from knowledge.errors import DamagedIndexError
from knowledge.index.dense import Dense
from knowledge.index.parts import read_parts
from knowledge.search.lexicon import Understood
from knowledge.search.ranking import POOL, Signals, by_number, by_words, match_terms, rarities, sections_of
from knowledge.versions import Filed

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

CANDIDATES = 120  # sections weighed exactly


@dataclass(frozen=True)
class Search:
    """What to search for and where: the documents by key, and the scope to prefer.

    `scope` holds ids of documents or policy areas, of the channel or the thread.
    """

    asked: Understood
    documents: frozenset[int]
    scope: frozenset[str] = field(default_factory=frozenset)


def find(
    connection: sqlite3.Connection, dense: Dense, filed: Mapping[int, Filed], search: Search
) -> dict[int, Signals]:
    """The candidates by key, each with its signals; empty where nothing matches."""
    asked = search.asked
    terms = match_terms(asked.text, asked.phrases)
    by_bm25 = by_words(connection, terms, search.documents, POOL)
    vector = dense.embed(asked.meaning)
    unwanted = filed.keys() - search.documents
    by_cosine = [] if vector is None else dense.search(connection, vector, unwanted, POOL)
    section = sections_of(connection, [*by_bm25, *(chunk for chunk, _ in by_cosine)])
    named = by_number(connection, asked.text, search.documents)
    most = rarities(connection, asked.text).most if by_bm25 else 1.0
    lexical: dict[int, float] = {}
    for chunk, value in by_bm25.items():
        lexical[section[chunk]] = max(lexical.get(section[chunk], 0.0), min(1.0, value / most))
    candidates = _candidates(named, [section[chunk] for chunk, _ in by_cosine], lexical)
    found = {key: Signals(lexical=lexical.get(key, 0.0), named=key in named) for key in candidates}
    if vector is not None and by_cosine:
        _weigh(connection, dense, vector, found)
    if search.scope:
        _scope(connection, filed, search.scope, found)
    return found


def _candidates(named: Iterable[int], by_meaning: Iterable[int], by_words: Iterable[int]) -> list[int]:
    """All in turn, so that none crowds the others out: every document may have a 3.2, of which few are meant."""
    meant, said = dict.fromkeys(by_meaning), dict.fromkeys(by_words)
    numbered = sorted(named, key=lambda section: section not in meant and section not in said)
    turns = zip_longest(numbered, meant, said)
    every = dict.fromkeys(section for turn in turns for section in turn if section is not None)
    return list(every)[:CANDIDATES]


def _weigh(connection: sqlite3.Connection, dense: Dense, asked: "Vectors", found: dict[int, Signals]) -> None:
    """Fill in the cosines, from the stored vectors of every chunk of every candidate."""
    import numpy as np

    embedder = dense.loaded.embedder
    if embedder is None:  # another thread has seen it fail since
        return
    dimension = len(asked)
    rows = connection.execute(
        # CROSS JOIN keeps this order: SQLite's own plan walks all vectors of the index (1.5 for 210 ms at 100,000).
        "SELECT c.section, c.kind, v.vector, v.parts FROM json_each(?) wanted"
        " CROSS JOIN chunks c ON c.section = wanted.value CROSS JOIN vectors v ON v.hash = c.hash AND v.embedder = ?"
        " ORDER BY c.key",
        (json.dumps(list(found)), embedder.id),
    ).fetchall()
    try:
        vectors = np.frombuffer(b"".join(row[2] for row in rows), dtype="<f4").reshape(len(rows), dimension)
        inside = read_parts(b"".join(row[3] for row in rows), dimension) @ asked
    except ValueError:
        raise DamagedIndexError("holds vectors of a wrong length") from None
    cosines = (vectors @ asked).tolist()
    if not (np.isfinite(cosines).all() and np.isfinite(inside).all()):
        raise DamagedIndexError("holds vectors that are not numbers")
    sizes = [len(row[3]) // (2 * dimension) for row in rows]
    near: dict[int, _Near] = {section: _Near() for section in found}
    at = 0
    for (section, kind, _, _), cosine, size in zip(rows, cosines, sizes, strict=True):
        best = near[section]
        if kind == "question":
            best.question = max(best.question, cosine)
        else:
            best.chunk = max(best.chunk, cosine)
            if size > 1:
                best.rule = max(best.rule, float(inside[at]))
                best.sentence = max(best.sentence, float(inside[at + 1 : at + size].max()))
        at += size
    for section, best in near.items():
        found[section] = best.added_to(found[section])


@dataclass
class _Near:
    """The highest cosines of one section while its rows are read; below -1 where there is none yet."""

    chunk: float = -2.0
    sentence: float = -2.0
    rule: float = -2.0
    question: float = -2.0

    def added_to(self, signals: Signals) -> Signals:
        """The signals with these cosines."""
        chunk, sentence, rule, question = (
            None if value < -1.5 else value for value in (self.chunk, self.sentence, self.rule, self.question)
        )
        return Signals(chunk, sentence, rule, question, signals.lexical, signals.named, signals.scoped)


def _scope(
    connection: sqlite3.Connection, filed: Mapping[int, Filed], scope: frozenset[str], found: dict[int, Signals]
) -> None:
    wanted = {key for key, d in filed.items() if d.id in scope or scope & {part.strip() for part in d.scope.split(",")}}
    rows = connection.execute(
        "SELECT key FROM sections WHERE key IN (SELECT value FROM json_each(?))"
        " AND document IN (SELECT value FROM json_each(?))",
        (json.dumps(list(found)), json.dumps(sorted(wanted))),
    )
    for (key,) in rows.fetchall():
        found[key] = replace(found[key], scoped=True)
