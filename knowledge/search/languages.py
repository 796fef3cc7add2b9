"""Questions in other languages: their words brought to English by word lists, before anything else reads them.

A list of words, not a translation: names are the same in every language, and the words of a question are few. A text is
touched only if it holds a word of another language that English has not (so English stays as it is).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

GUIDELINE_WORDS = Path(__file__).with_name("languages.yaml")
"""The words that questions about guidelines are made of, in eight languages."""

_WORD = re.compile(r"[a-z]+")
_TOKEN = re.compile(r"[\w-]+|[^\w\s-]")
_CHARACTER = re.compile(r"\S")
_SEPARATOR = " "
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # 2.2 s against .3 s for the list of guideline words
_GUIDED = ("tl", "hi-Latn")  # two of their short words tell them: no other language here has “ng” or “ka”
# Words of English alone, of the eight. Where they are as many as the telling words, a list has taken a word of English
# for its own, which happens ("may", "on", "profile"), and the text is left as it is.
_ENGLISH_ALONE = (
    "the of and which what how does for with this that when who can must it my we they there have from should would are"
    " if be not you your into than their his its our were been did had while because about"
)
_ENGLISH = frozenset(_ENGLISH_ALONE.split())
_UNSPACED = ("zh", "ja")  # written without spaces: a word is found anywhere


@dataclass(frozen=True)
class WordList:
    """One language: what its words and phrases are in English.

    `starts` holds, by their first token, the phrases as tokens, the longest first; `telling` are the words that tell
    the language: a text that holds none of them is left alone.
    """

    language: str
    english: Mapping[str, str]
    starts: Mapping[str, Sequence[tuple[str, ...]]]
    telling: frozenset[str]

    def found(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, listed word) of each word or phrase of the text, the longest from the left."""
        places = _tokens(text, self.language)
        words = [text[start:end].lower() for start, end in places]
        found, at = [], 0
        while at < len(words):
            fits = (one for one in self.starts.get(words[at], ()) if tuple(words[at : at + len(one)]) == one)
            phrase = next(fits, None)
            if phrase:
                after = at + len(phrase)
                found.append((places[at][0], places[after - 1][1], _SEPARATOR.join(phrase)))
            at += len(phrase or " ")
        return found

    def replaced(self, text: str) -> str:
        """The text with every listed word in English."""
        out, at = [], 0
        for start, end, word in self.found(text):
            out += [text[at:start], f" {self.english[word]} "]
            at = end
        plain = "".join([*out, text[at:]])
        return " ".join(plain.replace("¿", " ").replace("¡", " ").replace("？", "?").replace("。", ". ").split())


@cache
def read_lists(file: Path) -> tuple[WordList, ...]:
    """The word lists of a YAML file, `language: {word: english}`.

    Its key `english` holds, in one text, words that are English as well: alone they tell no language.
    """
    entries = yaml.load(file.read_text("utf-8"), _LOADER)  # noqa: S506  (a safe loader, in C where it is there)
    shared = frozenset(str(entries.pop("english", "")).split())
    return tuple(_list(language, words, shared) for language, words in entries.items())


def _list(language: str, words: Mapping[str, str], shared: frozenset[str]) -> WordList:
    english: dict[str, str] = {}
    starts: dict[str, list[tuple[str, ...]]] = {}
    telling = set()
    for word, meaning in words.items():
        listed = str(word).lower()
        tokens = tuple(listed[start:end] for start, end in _tokens(listed, language))
        key = _SEPARATOR.join(tokens)
        english[key] = str(meaning)
        starts.setdefault(tokens[0], []).append(tokens)
        if listed not in shared:
            telling.add(key)
    for phrases in starts.values():
        phrases.sort(key=len, reverse=True)
    return WordList(language, english, starts, frozenset(telling))


def language_of(text: str, lists: Sequence[WordList]) -> WordList | None:
    """The language whose telling words cover most of the text; None where it is English or unknown."""
    best, most = None, 0.0
    english = english_words(text)
    for one in lists:
        words = [word for _, _, word in one.found(text)]
        telling = [len(word) for word in words if word in one.telling]
        told = sum(telling) + 0.1 * len(words)
        # A word or two that only guide (“sa”, “ng”) tell a language where there are several of them.
        guides = one.language in _GUIDED and len({word for word in words if len(word) == 2}) >= 2
        if (guides or len(telling) > english) and told > most:
            best, most = one, told
    return best


def plainly_english(text: str) -> bool:
    """Whether a fourth of the words are of English alone: then no list need be read at all."""
    return text.isascii() and 4 * english_words(text) >= max(4, len(_WORD.findall(text.lower())))


def english_words(text: str) -> int:
    """How many words of the text are English and of no other language here."""
    return sum(word in _ENGLISH for word in _WORD.findall(text.lower()))


def to_english(text: str, lists: Sequence[WordList]) -> str:
    """The text with the words of one other language replaced; English and what no list knows stay as they are."""
    found = language_of(text, lists)
    return found.replaced(text) if found else text


def _tokens(text: str, language: str) -> list[tuple[int, int]]:
    """Words and marks, or single characters where a language is written without spaces."""
    pattern = _CHARACTER if language in _UNSPACED else _TOKEN
    return [match.span() for match in pattern.finditer(text)]
