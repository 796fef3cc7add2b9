"""Meanings: what a slice value says about the method that may help, in the words that cards use."""

from collections.abc import Iterable

from tools.catalog import Filters
from tools.dimension_values import spoken_forms

# Languages with little data and few pretrained models for their traffic here (K); a team may see it otherwise.
SMALL = ("tl", "vi", "id", "tr", "hi", "ko")
LATIN = "-Latn"  # BCP 47: a language written in Latin letters
EVASION = ("leetspeak", "homoglyph", "spacing", "emoji")
_ROMANISED = "romanised script and transliteration"
_LOW_RESOURCE = "low-resource languages"
_NORMALISE = "normalise, then augment"


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


def meaning(query: str) -> str:
    """The words that a card has for the slice values of a question; empty where it names none."""
    text = f" {' '.join(query.lower().replace('-', ' ').split())} "
    named: list[tuple[str, Iterable[str]]] = [
        (_ROMANISED, [*_forms("language", "hi-Latn")[:-2], "latn", "romanised", "romanized", "latin script"]),
        (_LOW_RESOURCE, [form for code in SMALL for form in _forms("language", code) if len(form) > 2]),
        (_NORMALISE, [form for value in EVASION for form in _forms("technique", value)]),
    ]
    for words, forms in named:
        if any(f" {form} " in text.replace("?", " ").replace(",", " ") for form in forms):
            return words
    return ""


def _forms(dimension: str, value: str) -> tuple[str, ...]:
    return spoken_forms(dimension, value)
