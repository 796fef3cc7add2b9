"""Ranking: how well a section answers, from words (BM25) and meaning (cosines), on one scale."""

import json
import math
import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knowledge.search.words import subject, words

POOL = 150  # chunks each ranking contributes; a section has one to three, and as many questions
_MAX_CHARACTERS = 4_000
_MAX_TERMS = 64
_MAX_PHRASE = 12  # words; `a-a-a-…` would make the index compare every place with every other
_SATURATED = 2.2  # k1 + 1 with FTS5's k1 of 1.2: what a term that fills a chunk can count at most, times its rarity
_UNIT = r"%|(?:percent|points?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|thousand|million|km|degrees?)\b"
_NUMBER = re.compile(rf"(?<![\w.-])\d{{1,3}}(?:\.\d{{1,3}})+(?![\w-]|\.\d|\s?(?:{_UNIT}))", re.IGNORECASE)
_JOINED = re.compile(r"(?<!\w)\w+(?:[-./]\w+)+")

# Weights, chosen on the halves for tuning of the own and the public hard set (`python -m tests.bench retrieval`).
SENTENCE, RULE, QUESTION, WORDS = 1.0, 0.5, 1.0, 0.3
NAMED = 0.15  # a section whose number the question names
SCOPED = 0.08  # a section of the document or area that the channel or thread is about


@dataclass(frozen=True)
class Signals:
    """What speaks for a section: cosines of its nearest chunk, sentence, first sentence and known question to the
    question, and `lexical`, its BM25 as a share of the most that any text could reach (0 to 1).

    A cosine is None where there is no such vector.
    """

    chunk: float | None = None
    sentence: float | None = None
    rule: float | None = None
    question: float | None = None
    lexical: float = 0.0
    named: bool = False
    scoped: bool = False

    @property
    def meaning(self) -> float:
        """The weighted mean of the cosines; what is missing counts as the chunk does. 0 without vectors."""
        if self.chunk is None:
            return 0.0
        sentence = self.chunk if self.sentence is None else self.sentence
        rule = self.chunk if self.rule is None else self.rule
        # A known question speaks for a section; that nobody asked it yet speaks against none.
        question = max(self.chunk, self.question or -1.0)
        total = self.chunk + SENTENCE * sentence + RULE * rule + QUESTION * question
        return total / (1 + SENTENCE + RULE + QUESTION)

    @property
    def score(self) -> float:
        """The scale sections are ranked on; about -.2 to 1.4."""
        return self.meaning + WORDS * self.lexical + NAMED * self.named + SCOPED * self.scoped


def cleaned(query: str) -> str:
    """The query as any index or model can read it: no control characters, no half characters, bounded."""
    text = query[:_MAX_CHARACTERS].encode("utf-8", "ignore").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def match_terms(query: str, phrases: Sequence[str] = ()) -> list[str]:
    """The words and phrases to search for; what is written as one name (`PRV-2`) counts as words and as a phrase."""
    names = (" ".join(words(name)[:_MAX_PHRASE]) for name in (*_JOINED.findall(query), *phrases))
    terms = dict.fromkeys([*subject(query), *names])
    return [term for term in terms if term][:_MAX_TERMS]


def match_expression(terms: Sequence[str]) -> str:
    """An FTS5 expression of quoted terms joined by OR, so that nothing a person writes is an operator."""
    return " OR ".join(f'"{term}"' for term in terms)


def by_words(
    connection: sqlite3.Connection, terms: Sequence[str], documents: Collection[int], count: int
) -> dict[int, float]:
    """At most `count` chunks of these documents whose words match, best first, with BM25 (more is better)."""
    if not terms:
        return {}
    rows = connection.execute(
        "SELECT words.rowid, -bm25(words) FROM words JOIN chunks c ON c.key = words.rowid WHERE words MATCH ?"
        " AND c.document IN (SELECT value FROM json_each(?)) ORDER BY bm25(words), words.rowid LIMIT ?",
        (match_expression(terms), json.dumps(sorted(documents)), count),
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Rarities:
    """The subject words of a question: how rare each is (BM25's idf), and which of them stand nowhere."""

    idf: Mapping[str, float]
    unseen: frozenset[str]

    @property
    def most(self) -> float:
        """The BM25 of a chunk that says nothing but the question, words that nobody wrote included.

        So a question whose telling words stand nowhere gets little from the words that do.
        """
        return max(sum(self.idf.values()) * _SATURATED, 1e-6)

    def share(self, words: Collection[str]) -> float:
        """How much of the question these words of it carry, 0 to 1."""
        total = sum(self.idf.values())
        return sum(value for word, value in self.idf.items() if word in words) / total if total else 0.0


def rarities(connection: sqlite3.Connection, query: str) -> Rarities:
    """How rare the words of a question are among all chunks."""
    total = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    idf: dict[str, float] = {}
    unseen = set()
    for word in list(dict.fromkeys(subject(query)))[:_MAX_TERMS]:
        # Beyond half of all chunks a word is worth nothing, so counting may stop there.
        seen = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)", (f'"{word}"', total // 2 + 1)
        ).fetchone()[0]
        idf[word] = max(math.log((total - seen + 0.5) / (seen + 0.5)), 1e-6)
        if not seen:
            unseen.add(word)
    return Rarities(idf, frozenset(unseen))


def occurs(connection: sqlite3.Connection, word: str) -> bool:
    """Whether a word, in whatever form, stands anywhere in the guidelines."""
    return connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (f'"{word}"',)).fetchone() is not None


def held(connection: sqlite3.Connection, section: int, words: Collection[str]) -> set[str]:
    """Which of these words, in whatever form, a section holds: in its text, its headings or its known questions."""
    rows = connection.execute("SELECT key FROM chunks WHERE section = ?", (section,))
    chunks = json.dumps([row[0] for row in rows])
    statement = "SELECT 1 FROM words WHERE words MATCH ? AND rowid IN (SELECT value FROM json_each(?)) LIMIT 1"
    return {word for word in words if connection.execute(statement, (f'"{word}"', chunks)).fetchone()}


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


def ranked(signals: Mapping[int, Signals]) -> list[int]:
    """The sections, best first; of equals the one stored first, so that the same index gives the same answer."""
    return sorted(signals, key=lambda section: (-round(signals[section].score, 6), section))
