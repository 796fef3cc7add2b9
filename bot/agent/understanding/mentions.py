"""What a question mentions: names of the catalogue, metrics, dimensions, values, numbers. Typos are forgiven."""

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from bot.agent.understanding.vocabulary import Kind, Meaning, Vocabulary
from bot.agent.understanding.words import Word, words_of

LONGEST = 5  # words in a name
SURE = 86  # rapidfuzz ratio from which a misspelt name is taken; chosen by hand, not measured
SHORTEST_FUZZY = 5  # shorter words are too easily one letter from another

NumberKind = Literal["threshold", "support", "limit"]

_NUMBERS: tuple[tuple[NumberKind, re.Pattern[str]], ...] = (
    ("support", re.compile(r"\bn\s*(?:>=|≥|=>)\s*(\d{1,7})", re.IGNORECASE)),
    (
        "support",
        re.compile(r"\b(?:at least|min(?:imum)?(?: support)?(?: of)?)\s*(\d{1,7})(?!\s*%|\.\d)", re.IGNORECASE),
    ),
    ("support", re.compile(r"\bn\s*>\s*(\d{1,7})", re.IGNORECASE)),
    (
        "support",
        re.compile(
            r"\b(?:n|support|items?|samples?)\s+(?:over|above|more than|greater than)\s*(\d{1,7})", re.IGNORECASE
        ),
    ),
    (
        "support",
        re.compile(
            r"\b(?:over|more than|above)\s*(\d{1,7})\s+(?:items?|samples?|examples|positives|rows)", re.IGNORECASE
        ),
    ),
    ("threshold", re.compile(r"(?<![\w.])((?:0?\.\d{1,6})|[01]\.0+)(?![\w%]|\.\d)")),
    ("threshold", re.compile(r"(?<![\w.,])(0,\d{1,4})(?![\w%]|,\d)")),  # a decimal comma
    ("threshold", re.compile(r"\b(?:threshold|cut-?off|thr)\s*(?:of|at|to|=|is)?\s*([01])(?![\w.])", re.IGNORECASE)),
    ("limit", re.compile(r"\b(?:top|last|first|newest|latest)\s+(\d{1,2})\b", re.IGNORECASE)),
)
_INCLUSIVE_PATTERNS = 2  # the patterns after these mean "more than": one is added


@dataclass(frozen=True)
class Mention:
    """A name found in the question; `dimension_value` meanings carry both, `start` orders them."""

    kind: Kind
    value: str
    start: int
    end: int
    group: str = ""
    exact: bool = True


@dataclass(frozen=True)
class Number:
    """A number found in the question, and what it is."""

    kind: NumberKind
    value: float
    start: int
    end: int


@dataclass(frozen=True)
class Mentions:
    """All that a question mentions, in order; `masked` is the question with names replaced by their kinds."""

    names: tuple[Mention, ...]
    numbers: tuple[Number, ...]
    masked: str
    rest: tuple[str, ...]

    def of(self, *kinds: Kind) -> list[Mention]:
        """The mentions of these kinds, in order."""
        return [mention for mention in self.names if mention.kind in kinds]

    def number(self, kind: NumberKind) -> float | None:
        """The first number of a kind."""
        return next((number.value for number in self.numbers if number.kind == kind), None)


def find_mentions(text: str, vocabulary: Vocabulary) -> Mentions:
    """Link a question to the vocabulary: exact names first, the longest first, then misspelt ones."""
    numbers = _numbers(text)
    taken = [(number.start, number.end) for number in numbers]
    words = [word for word in words_of(text) if not _within(word, taken)]
    found: list[Mention] = []
    used: set[int] = set()
    for exact in (True, False):
        for size in range(LONGEST, 0, -1):
            for at in range(len(words) - size + 1):
                span = range(at, at + size)
                if used & set(span):
                    continue
                phrase = " ".join(word.text for word in words[at : at + size])
                meanings = vocabulary.exact(phrase) if exact else _misspelt(phrase, vocabulary)
                if not meanings:
                    continue
                used |= set(span)
                start, end = words[at].start, words[at + size - 1].end
                found += [Mention(m.kind, m.value, start, end, m.group, exact) for m in meanings]
    names = tuple(sorted(found, key=lambda mention: mention.start))
    rest = tuple(word.text for at, word in enumerate(words) if at not in used)
    return Mentions(names, numbers, _masked(text, names, numbers), rest)


def _numbers(text: str) -> tuple[Number, ...]:
    found: list[Number] = []
    for place, (kind, pattern) in enumerate(_NUMBERS):
        for match in pattern.finditer(text):
            if any(match.start() < number.end and number.start < match.end() for number in found):
                continue
            value = float(match.group(1).replace(",", "."))
            if kind == "support" and place >= _INCLUSIVE_PATTERNS:
                value += 1
            found.append(Number(kind, value, match.start(), match.end()))
    return tuple(sorted(found, key=lambda number: number.start))


def _misspelt(phrase: str, vocabulary: Vocabulary) -> tuple[Meaning, ...]:
    if len(phrase) < SHORTEST_FUZZY or any(character.isdigit() for character in phrase):
        return ()
    found = process.extractOne(
        phrase, vocabulary.fuzzy_phrases(len(phrase.split())), scorer=fuzz.ratio, score_cutoff=SURE
    )
    return vocabulary.exact(found[0]) if found else ()


def _within(word: Word, spans: list[tuple[int, int]]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)


def _masked(text: str, names: tuple[Mention, ...], numbers: tuple[Number, ...]) -> str:
    """The question with each name replaced by its kind: two questions about different models then look alike."""
    spans = {(m.start, m.end): f"__{m.kind}__" for m in reversed(names)}
    spans |= {(n.start, n.end): f"__{n.kind}__" for n in numbers}
    out, at = [], 0
    for (start, end), mask in sorted(spans.items()):
        if start < at:
            continue
        out += [text[at:start], f" {mask} "]
        at = end
    return "".join([*out, text[at:]])
