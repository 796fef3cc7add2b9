"""Typos: a word that the guidelines do not have, one slip away from a word they have."""

import re
from collections.abc import Callable, Collection, Mapping

_LEAST = 4  # letters of a word that can be told to be mistyped
_WORD = re.compile(r"[^\W\d_]{4,24}")
_LONG = 8  # letters from which two slips are allowed


def mended(
    text: str,
    has: Callable[[str], bool],
    is_word: Callable[[str], bool],
    vocabulary: Callable[[], Mapping[str, int]],
    spared: Collection[str] = (),
) -> dict[str, str]:
    """Each mistyped word of the text, in lower case, and the word of the guidelines it most likely is.

    A word counts as mistyped if no guideline `has` it, `is_word` does not know it and it is not among `spared`. Of the
    `vocabulary` (word -> how often) the nearest by insertions, deletions, substitutions and swaps is meant: within one
    slip, two from eight letters on; the first letter is taken to be right. Of equally near words the more frequent one
    is meant.
    """
    found: dict[str, str] = {}
    for word in dict.fromkeys(match.lower() for match in _WORD.findall(text)):
        if word in spared or not word.isascii() or is_word(word) or has(word):
            continue
        nearest = _nearest(word, vocabulary())
        if nearest:
            found[word] = nearest
    return found


def replaced(text: str, words: Mapping[str, str]) -> str:
    """The text with these words (in lower case) replaced."""
    return _WORD.sub(lambda match: words.get(match[0].lower(), match[0]), text) if words else text


def _nearest(word: str, vocabulary: Mapping[str, int]) -> str:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 2 if len(word) >= _LONG else 1
    close = process.extract(word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=slips, limit=20)
    fitting = [(slips, -vocabulary[one], one) for one, slips, _ in close if one[0] == word[0] and len(one) >= _LEAST]
    return min(fitting)[2] if fitting else ""
