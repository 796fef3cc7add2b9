"""Strangers: words of a question that stand where a name should stand, and name nothing.

"recall on klingon" must not be answered as if the last word were not there. A word is a stranger when no example and no
name contains it, and it carries a digit (a version, a date), follows a word that introduces a name, or stands where the
metric should.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.agent.understanding.mentions import Mentions
from bot.agent.understanding.similarity import stem
from bot.agent.understanding.words import STOPWORDS, words_of

_INTRODUCES = {"on", "in", "for", "of", "by", "per", "with", "against", "vs", "versus", "across", "model", "dataset"}
_VERSION = re.compile(r"^v?\d[\w.-]*$|^\w+-\d[\w.-]*$")
# Words that often follow a preposition without naming anything.
_HARMLESS = frozenset(
    """
    me us now today yesterday tomorrow moment far general total overall average all any each every both them
    production prod detail details case cases time week month year deck slide slides meeting report boss team
    context short eod asap monday tuesday wednesday thursday friday
    """.split()  # noqa: SIM905
)


def known_words(texts: Iterable[str]) -> frozenset[str]:
    """The stems of all words that examples and names use."""
    return frozenset(stem(word.text) for text in texts for word in words_of(text))


@dataclass(frozen=True)
class Stranger:
    """A word that names nothing; `phrase` takes in the name right before it ("golden 2025-01")."""

    word: str
    phrase: str


def strangers(text: str, mentions: Mentions, known: frozenset[str], *, measures: bool) -> list[Stranger]:
    """The strangers of a question, in order; `measures`: it is read as asking for a metric."""
    taken = [(m.start, m.end) for m in mentions.names] + [(n.start, n.end) for n in mentions.numbers]
    found: list[Stranger] = []
    before, words = "", words_of(text)
    for word, after in zip(words, [*(w.text for w in words[1:]), ""], strict=True):
        named = any(start < word.end and word.start < end for start, end in taken)
        # "kappa of v7": the first word of such a pair names a metric, if nothing else in the question does.
        first = not found and all(start > word.start for start, _ in taken)
        measured = measures and after in ("of", "for") and not mentions.of("metric") and first
        if not named and _strange(word.text, "of" if measured else before, known):
            name = next((start for start, end in taken if 0 <= word.start - end <= 1), word.start)
            found.append(Stranger(word.text, text[name : word.end]))
        if named or word.text not in {"the", "a", "an", "our", "my", "this", "that"}:
            before = "" if named else word.text
    return found


def _strange(word: str, before: str, known: frozenset[str]) -> bool:
    if _VERSION.match(word) and not word.isdigit() and not re.fullmatch(r"[\d.]+", word):
        return True
    plain = word in STOPWORDS or word in _HARMLESS or stem(word) in known or len(word) < 3 or word.isdigit()
    return before in _INTRODUCES and not plain
