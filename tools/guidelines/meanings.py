"""Meanings: what a slice value says about the method that may help, in the words that cards use."""

import re
from collections.abc import Iterable

from tools.catalog import Filters
from tools.dimension_values import LANGUAGES, spoken_forms

# Languages with little data and few pretrained models for their traffic here (K); a team may see it otherwise.
SMALL = ("tl", "vi", "id", "tr", "hi", "ko")
HINDI = "hi-Latn"
LATIN = "-Latn"  # BCP 47: a language written in Latin letters
EVASION = ("leetspeak", "homoglyph", "spacing", "emoji")
_ROMANISED = "romanised script and transliteration"
_LOW_RESOURCE = "low-resource languages"
_NORMALISE = "normalise, then augment"
_WORD = re.compile(r"[^\W_]+")


def cards_of(filters: Filters) -> tuple[str, ...]:
    """The names of the cards that a slice calls for by what it is, whatever its cause."""
    found = []
    for values in filters.values():
        for value in values:
            if value.endswith(LATIN):
                found.append(_ROMANISED)
            elif value in SMALL:
                found.append(_LOW_RESOURCE)
            elif value in EVASION:
                found.append(_NORMALISE)
    return tuple(dict.fromkeys(found))


def in_card_words(query: str) -> str:
    """A question as cards are searched with: slice values as the words that cards have for them.

    A large language goes: which one it is decides nothing, and its name is near to every card about languages.
    """
    kept = query
    for code in sorted(LANGUAGES.keys() - {*SMALL, HINDI}):
        names = "|".join(map(re.escape, _forms("language", code)))
        kept = re.sub(rf"\b(?:(?:in|on|for|of) )?(?:{names})\b|\b(?:in|on|for|of) {code}\b", " ", kept, flags=re.I)
    kept = " ".join(kept.split()) if _WORD.search(kept) else query
    return f"{kept} {meaning(query)}".strip()


def meaning(query: str) -> str:
    """The words that a card has for the slice values of a question; empty where it names none."""
    text = f" {' '.join(_WORD.findall(query.lower()))} "
    named: list[tuple[str, Iterable[str]]] = [
        (_ROMANISED, [*_forms("language", HINDI), "latn", "romanised", "romanized", "latin script", "latin letters"]),
        (_LOW_RESOURCE, [form for code in SMALL for form in _forms("language", code)]),
        (_NORMALISE, [form for value in EVASION for form in _forms("technique", value)]),
    ]
    for words, forms in named:
        if any(f" {form} " in text for form in forms):
            return words
    return ""


def _forms(dimension: str, value: str) -> list[str]:
    """What people call a value; codes of two letters are words of their own, and plain Hindi says no script."""
    return [form for form in spoken_forms(dimension, value) if len(form) > 2 and form != "hindi"]
