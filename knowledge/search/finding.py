"""Finding: the sections that may answer a question, each with what speaks for it.

Two steps: words and vectors each name candidates among all chunks; then every candidate's vectors, with those of its
sentences, are read from the index and weighed exactly. So the second step costs the same at any size of the index.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    """What to search for and where: the documents by key, how many candidates at least, and the scope to prefer.

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
    """Both rankings in turn, so that neither crowds the other out."""
    turns = zip(dict.fromkeys(by_meaning), dict.fromkeys(by_words), strict=False)
    both = (section for pair in turns for section in pair)
    every = dict.fromkeys([*named, *both, *by_meaning, *by_words])
    return list(every)[:CANDIDATES]


def _weigh(connection: sqlite3.Connection, dense: Dense, asked: "Vectors", found: dict[int, Signals]) -> None:
    """Fill in the cosines, from the stored vectors of every chunk of every candidate."""
    import numpy as np

    embedder = dense.loaded.embedder
    assert embedder is not None, "there is a vector of the question"
    rows = connection.execute(
        "SELECT c.section, c.kind, v.vector, v.parts FROM chunks c JOIN vectors v ON v.hash = c.hash AND v.embedder = ?"
        " WHERE c.section IN (SELECT value FROM json_each(?)) ORDER BY c.key",
        (embedder.id, json.dumps(list(found))),
    ).fetchall()
    try:
        vectors = np.frombuffer(b"".join(row[2] for row in rows), dtype="<f4").reshape(len(rows), embedder.dimension)
        inside = read_parts(b"".join(row[3] for row in rows), embedder.dimension) @ asked
    except ValueError:
        raise DamagedIndexError("holds vectors of a wrong length") from None
    cosines = vectors @ asked
    sizes = np.array([len(row[3]) // (2 * embedder.dimension) for row in rows])
    ends = np.cumsum(sizes)
    for row, (section, kind, _, _) in enumerate(rows):
        own = inside[ends[row] - sizes[row] : ends[row]]
        cosine = float(cosines[row])
        if kind == "question":
            new = Signals(question=cosine)
        elif len(own) > 1:
            new = Signals(chunk=cosine, rule=float(own[0]), sentence=float(own[1:].max()))
        else:
            new = Signals(chunk=cosine)
        found[section] = _stronger(found[section], new)


def _stronger(one: Signals, other: Signals) -> Signals:
    return replace(
        one,
        chunk=_more(one.chunk, other.chunk),
        sentence=_more(one.sentence, other.sentence),
        rule=_more(one.rule, other.rule),
        question=_more(one.question, other.question),
    )


def _more(one: float | None, other: float | None) -> float | None:
    return other if one is None else one if other is None else max(one, other)


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
