"""Lexicon: what a question means in the guidelines' own words: other languages, typos, short forms, everyday words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from knowledge.search.glossary import GlossaryTerm
from knowledge.search.languages import WordList, language_of, plainly_english
from knowledge.search.typos import mended, replaced
from knowledge.search.words import is_small, words

_ACRONYM = 6  # letters up to which a one-word form is taken for a short form, to be written out
_MOST = 24  # phrases added to one question; a pasted text could name the whole glossary


@dataclass(frozen=True)
class Understood:
    """A question as search reads it.

    `text` is the question in English with typos mended; `meaning` has short forms and everyday words replaced by what
    they stand for, and is what is embedded; `phrases` are searched besides the words of `text`.
    """

    text: str
    meaning: str
    phrases: tuple[str, ...] = ()
    language: str = "en"
    typos: Mapping[str, str] = field(default_factory=dict)


class Lexicon:
    """The words of one home.

    Args:
        terms: short form or everyday word -> what it stands for, the likeliest first.
        glossary: the terms of the glossary documents; every form of a term leads to its other forms.
        vocabulary: the words of the guidelines, and how often each occurs; asked for only where a word is unknown.
        is_word: whether a word is a common one of English, so no typo.
        languages: word lists of other languages.
        slips: how many a long word may have; one where `is_word` knows few words.
    """

    def __init__(
        self,
        terms: Mapping[str, Iterable[str]],
        glossary: Iterable[GlossaryTerm] = (),
        vocabulary: Callable[[], Mapping[str, int]] = dict,
        is_word: Callable[[str], bool] = lambda word: False,
        languages: Callable[[], Iterable[WordList]] = tuple,
        slips: int = 2,
    ) -> None:
        self._vocabulary, self._is_word, self._languages, self._slips = vocabulary, is_word, languages, slips
        self._stands: dict[str, tuple[str, ...]] = {}
        for term in glossary:
            for form in term.forms:
                others = tuple(other for other in term.forms if other.lower() != form.lower())
                if others:
                    self._stands[_key(form)] = (*self._stands.get(_key(form), ()), *others)
        self._everyday = {_key(key): tuple(values) for key, values in terms.items()}

    def read(self, query: str, has: Callable[[str], bool] = lambda word: True) -> Understood:
        """The question in the guidelines' own words; one that needs nothing comes back as it is.

        `has` says whether a word, in whatever form, stands anywhere in the guidelines.
        """
        found = None if plainly_english(query) else language_of(query, tuple(self._languages()))
        text = found.replaced(query) if found else query
        typos = mended(text, has, self._is_word, self._vocabulary, self._spared, self._slips)
        text = replaced(text, typos)
        phrases: dict[str, None] = {}

        def written_out(match: re.Match[str]) -> str:
            key = _key(match[0])
            everyday, forms = self._everyday.get(key, ()), self._stands.get(key, ())
            # Without regard to case "ı" counts as "i" and is another key; "it" is no IT.
            if not (everyday or forms) or (is_small(key) and not match[0].isupper()):
                return match[0]
            phrases.update(dict.fromkeys((*everyday, *forms)))
            if everyday:
                return everyday[0]
            longest = max(forms, key=len)
            return longest if len(key) <= _ACRONYM and len(longest) > len(key) else match[0]

        meaning = self._pattern.sub(written_out, text) if self._pattern else text
        return Understood(text, meaning, tuple(phrases)[:_MOST], found.language if found else "en", typos)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        # A single letter is an article or the item of a list before it is anybody's short form.
        named = (key for key in self._everyday.keys() | self._stands.keys() if len(key) > 1 or not key.isascii())
        keys = sorted(filter(None, named), key=lambda key: (-len(key), key))
        choices = "|".join(re.escape(key).replace(r"\ ", r"\s+") for key in keys)
        return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])", re.IGNORECASE) if choices else None

    @cached_property
    def _spared(self) -> frozenset[str]:
        return frozenset(word for key in (*self._everyday, *self._stands) for word in words(key))


def _key(form: str) -> str:
    return " ".join(form.lower().split())
