"""Wordbook: keeps the lexicon of a home in step with its glossary, its terms and the words of its guidelines."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from knowledge.index.chunks import TokenSpans, approximate
from knowledge.passages import Passage
from knowledge.search.glossary import glossary_terms
from knowledge.search.languages import GUIDELINE_WORDS, WordList, read_lists
from knowledge.search.lexicon import Lexicon
from knowledge.search.terms import FILE, read_terms, stamps
from knowledge.search.words import words

_LARGEST = 30_000_000  # characters of guidelines whose words are listed; beyond it typos are left to the vectors
_REMEMBERED = 20_000  # words of questions


class Wordbook:
    """The lexicon of one home, made anew when the index or a file of terms has changed."""

    def __init__(self, home: Path) -> None:
        self.own = home / FILE
        self._made_for: object = None
        self._lexicon = Lexicon({})
        self._words: Mapping[str, int] | None = None
        self._connection: sqlite3.Connection | None = None

    def files(self, connection: sqlite3.Connection) -> list[Path]:
        """The files of terms there may be: one in each added folder, and the home's own, which wins."""
        folders = [Path(row[0]) for row in connection.execute("SELECT resolved FROM folders ORDER BY key")]
        return [*(folder / FILE for folder in folders), self.own]

    def lexicon(
        self, connection: sqlite3.Connection, generation: object, glossary: list[Passage], spans: TokenSpans
    ) -> Lexicon:
        """The lexicon now. `glossary` are the glossary's sections in force; `spans` finds a word's tokens."""
        files = self.files(connection)
        made_for = (generation, stamps(files), tuple(passage.text for passage in glossary))
        if made_for != self._made_for:

            def is_word(word: str) -> bool:
                return len(spans(word)) == 1

            terms, known = read_terms(files), glossary_terms(glossary)
            # Without the model's tokenizer no long word is known: two slips make a "reaction" of a "reduction".
            slips = 1 if spans is approximate else 2
            cached = lru_cache(_REMEMBERED)(is_word)
            self._lexicon = Lexicon(terms, known, self._words_now, cached, shipped, slips)
            self._made_for, self._words = made_for, None
        self._connection = connection
        return self._lexicon

    def _words_now(self) -> Mapping[str, int]:
        if self._words is None and self._connection is not None:
            self._words = _vocabulary(self._connection)
        return self._words or {}


@cache
def shipped() -> tuple[WordList, ...]:
    """The word lists that come with Steward."""
    return read_lists(GUIDELINE_WORDS) if GUIDELINE_WORDS.is_file() else ()


def _vocabulary(connection: sqlite3.Connection) -> Mapping[str, int]:
    """The words of all guidelines, and how often each occurs; empty where there are too many to list."""
    size = connection.execute("SELECT coalesce(sum(length(text)), 0) FROM sections").fetchone()[0]
    counted: Counter[str] = Counter()
    if size <= _LARGEST:
        for text in _texts(connection):
            counted.update(words(text))
    return {word: n for word, n in counted.items() if word.isascii()}


def _texts(connection: sqlite3.Connection) -> Iterator[str]:
    for path, text in connection.execute("SELECT path, text FROM sections"):
        yield f"{path} {text}"
