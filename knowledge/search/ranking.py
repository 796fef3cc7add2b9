"""Search: words (FTS5, BM25) and vectors, each ranking sections, fused by reciprocal rank."""

import json
import re
import sqlite3
from collections.abc import Collection, Sequence

from knowledge.search.words import subject, words

POOL = 50  # chunks a ranking contributes at least
K = 10  # of 1 / (K + rank): better than the customary 60 on all five sets measured
VECTORS = 1.5  # their weight against 1 for words, as in the best mixture measured (.6 to .4)
_MAX_CHARACTERS = 4_000
_MAX_TERMS = 64
_NUMBER = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3})+(?![\w-])")
_JOINED = re.compile(r"(?<!\w)\w+(?:[-./]\w+)+")


def cleaned(query: str) -> str:
    """The query as any index or model can read it: no control characters, no half characters, bounded."""
    text = query[:_MAX_CHARACTERS].encode("utf-8", "ignore").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def match_expression(query: str) -> str:
    """An FTS5 expression of quoted words joined by OR, so that nothing a person writes is an operator.

    What is written as one name (`PRV-2`, `age-restricted`) counts as words and once more as a phrase.
    """
    phrases = [" ".join(words(name)) for name in _JOINED.findall(query)]
    terms = dict.fromkeys([*subject(query), *phrases])
    return " OR ".join(f'"{term}"' for term in list(terms)[:_MAX_TERMS] if term)


def by_words(connection: sqlite3.Connection, query: str, documents: Collection[int], count: int) -> list[int]:
    """At most `count` chunks of these documents whose words match, best first."""
    expression = match_expression(query)
    if not expression:
        return []
    rows = connection.execute(
        "SELECT words.rowid FROM words JOIN chunks c ON c.key = words.rowid WHERE words MATCH ?"
        " AND c.document IN (SELECT value FROM json_each(?)) ORDER BY bm25(words), words.rowid LIMIT ?",
        (expression, json.dumps(sorted(documents)), count),
    )
    return [row[0] for row in rows]


def by_number(connection: sqlite3.Connection, query: str, documents: Collection[int]) -> list[int]:
    """The sections of these documents whose number the query names (`3.2`)."""
    named = sorted(set(_NUMBER.findall(query)))
    if not named:
        return []
    rows = connection.execute(
        "SELECT key FROM sections WHERE number IN (SELECT value FROM json_each(?)) AND text <> ''"
        " AND document IN (SELECT value FROM json_each(?)) ORDER BY key",
        (json.dumps(named), json.dumps(sorted(documents))),
    )
    return [row[0] for row in rows]


def sections_of(connection: sqlite3.Connection, chunks: Collection[int]) -> dict[int, int]:
    """The section each chunk belongs to."""
    rows = connection.execute(
        "SELECT key, section FROM chunks WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(sorted(chunks)),)
    )
    return {row[0]: row[1] for row in rows}


def fused(lexical: Sequence[int], dense: Sequence[int], named: Collection[int] = ()) -> list[tuple[int, float]]:
    """(section, score), best first: the weighted sum of 1 / (K + rank) over the rankings, ranks from 1.

    A section counts once in each ranking, at its best place. One whose number the query names counts as first in a
    ranking of its own. Ties keep the order of words, then vectors, so the same index gives the same answer.
    """
    scores: dict[int, float] = {}
    for weight, ranking in ((1.0, lexical), (VECTORS, dense)):
        for rank, section in enumerate(dict.fromkeys(ranking), 1):
            scores[section] = scores.get(section, 0.0) + weight / (K + rank)
    for section in named:
        scores[section] = scores.get(section, 0.0) + 1.0 / (K + 1)
    return sorted(scores.items(), key=lambda item: -item[1])
