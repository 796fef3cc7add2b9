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

_GUIDED = ("tl", "hi-Latn")  # two of their short words tell them: no other language here has “ng” or “ka”
_UNSPACED = ("zh", "ja")  # written without spaces: a word is found anywhere


@dataclass(frozen=True)
class WordList:
    """One language: its pattern, the longest words first, and what each is in English.

    `telling` are the words that tell the language; a text that holds none of them is left alone.
    """

    language: str
    pattern: re.Pattern[str]
    english: Mapping[str, str]
    telling: frozenset[str]

    def replaced(self, text: str) -> str:
        """The text with every listed word in English."""
        out = self.pattern.sub(lambda match: f" {self.english[match.group().lower()]} ", text)
        return " ".join(out.replace("¿", " ").replace("¡", " ").replace("？", "?").replace("。", ". ").split())


@cache
def read_lists(file: Path) -> tuple[WordList, ...]:
    """The word lists of a YAML file, `language: {word: english}`.

    Its key `english` holds, in one text, words that are English as well: alone they tell no language.
    """
    entries = yaml.safe_load(file.read_text("utf-8"))
    shared = frozenset(str(entries.pop("english", "")).split())
    found = []
    for language, words in entries.items():
        english = {str(word).lower(): str(meaning) for word, meaning in words.items()}
        choices = "|".join(re.escape(word) for word in sorted(english, key=len, reverse=True))
        edge = "" if language in _UNSPACED else r"(?<![\w-])(?:{})(?![\w-])"
        pattern = re.compile(edge.format(choices) if edge else f"(?:{choices})", re.IGNORECASE)
        found.append(WordList(language, pattern, english, frozenset(english.keys() - shared)))
    return tuple(found)


def language_of(text: str, lists: Sequence[WordList]) -> WordList | None:
    """The language whose telling words cover most of the text; None where it is English or unknown."""
    best, found = None, 0.0
    for one in lists:
        words = [match.group().lower() for match in one.pattern.finditer(text)]
        told = sum(len(word) for word in words if word in one.telling) + 0.1 * len(words)
        # A word or two that only guide (“sa”, “ng”) tell a language where there are several of them.
        guides = one.language in _GUIDED and len({word for word in words if len(word) == 2}) >= 2
        if (guides or any(word in one.telling for word in words)) and told > found:
            best, found = one, told
    return best


def to_english(text: str, lists: Sequence[WordList]) -> str:
    """The text with the words of one other language replaced; English and what no list knows stay as they are."""
    found = language_of(text, lists)
    return found.replaced(text) if found else text
