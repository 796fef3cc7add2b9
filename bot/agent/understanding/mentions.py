"""What a question mentions: names of the catalogue, metrics, dimensions, values, numbers. Typos are forgiven."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.agent.understanding.numbers import BARE, EDITION, Number, find_numbers
from bot.agent.understanding.vocabulary import Kind, Meaning, Vocabulary
from bot.agent.understanding.words import Word, words_of

LONGEST = 5  # words in a name
SURE = 86  # rapidfuzz ratio from which a misspelt name is taken; chosen by hand, not measured
SHORTEST_FUZZY = 5  # shorter words are too easily one letter from another


_DIGIT = re.compile(r"\d")


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
class Mentions:
    """All that a question mentions, in order.

    Attributes:
        masked: the question with names replaced by their kinds.
        rest: the words that neither name anything nor say what a number is.
    """

    names: tuple[Mention, ...]
    numbers: tuple[Number, ...]
    masked: str
    rest: tuple[str, ...]

    def of(self, *kinds: Kind) -> list[Mention]:
        """The mentions of these kinds, in order."""
        return [mention for mention in self.names if mention.kind in kinds]

    def number(self, *kinds: str) -> float | None:
        """The first number of the first kind that there is one of."""
        return next((number.value for kind in kinds for number in self.numbers if number.kind == kind), None)


def find_mentions(text: str, vocabulary: Vocabulary) -> Mentions:
    """Link a question to the vocabulary: exact names first, the longest first, then misspelt ones."""
    numbers = find_numbers(text)
    taken = [(number.start, number.end) for number in numbers if number.kind not in (BARE, EDITION)]
    words = [word for word in words_of(text) if not _within(word, taken)]
    found: list[Mention] = []
    used: set[int] = set()
    for exact in (True, False):
        for size in range(LONGEST, 0, -1):
            for at in range(len(words) - size + 1):
                span = range(at, at + size)
                if not used.isdisjoint(span):
                    continue
                phrase = " ".join(word.text for word in words[at : at + size])
                meanings = vocabulary.exact(phrase) if exact else _misspelt(phrase, vocabulary)
                if not meanings:
                    continue
                used |= set(span)
                start, end = words[at].start, words[at + size - 1].end
                found += [Mention(m.kind, m.value, start, end, m.group, exact) for m in meanings]
    names = tuple(sorted(found, key=lambda mention: mention.start))
    # A version is no amount: what is part of a name is no bare number.
    spans = [(name.start, name.end) for name in names]
    numbers = tuple(
        n for n in numbers if n.kind not in (BARE, EDITION) or not any(n.start < e and s < n.end for s, e in spans)
    )
    said = [number.phrase for number in numbers if number.kind != BARE]
    rest = tuple(word.text for at, word in enumerate(words) if at not in used and not _within(word, said))
    return Mentions(names, numbers, _masked(text, names, numbers), rest)


def _misspelt(phrase: str, vocabulary: Vocabulary) -> tuple[Meaning, ...]:
    if len(phrase) < SHORTEST_FUZZY or _DIGIT.search(phrase):
        return ()
    found = process.extractOne(
        phrase, vocabulary.fuzzy_phrases(len(phrase.split())), scorer=fuzz.ratio, score_cutoff=SURE
    )
    return vocabulary.exact(found[0]) if found else ()


def _within(word: Word, spans: list[tuple[int, int]]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)


def _masked(text: str, names: tuple[Mention, ...], numbers: tuple[Number, ...]) -> str:
    """The question with each name replaced by its kind: two questions about different models then look alike.

    A version is a model; and where one is named, the name of its family beside it says nothing more.
    """
    versions = any(name.kind in ("model", "version") for name in names)
    masks = {"version": "__model__", "family": "" if versions else "__family__"}
    spans = {(m.start, m.end): masks.get(m.kind, f"__{m.kind}__") for m in reversed(names)}
    spans |= {(n.start, n.end): f"__{n.kind}__" for n in numbers if n.kind != BARE}
    out, at = [], 0
    for (start, end), mask in sorted(spans.items()):
        if start < at:
            continue
        out += [text[at:start], f" {mask} "]
        at = end
    return "".join([*out, text[at:]])
