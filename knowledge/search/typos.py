"""Typos: a word that the guidelines do not have, one slip away from a word they have."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

_LEAST, _LONGEST = 4, 24  # letters of a word that can be told to be mistyped
_LONG = 8  # letters from which two slips are allowed
_MOST = 16  # unknown words of one question that are looked up; a pasted text may hold hundreds
_TOKEN = re.compile(r"[\w@]+(?:[-./@]\w+)*")
_WORD = re.compile(r"[^\W\d_]+")
_NAMING = re.compile(r"[\d@_]")  # in a token: `PRV-2`, `@owner-privacy`, `golden_set`
_ENDS = frozenset(".!?:;([{\"'“„«*-–—/|>")  # before a word: it may begin a sentence


def mended(
    text: str,
    has: Callable[[str], bool],
    is_word: Callable[[str], bool],
    vocabulary: Callable[[], Mapping[str, int]],
    spared: Collection[str] = (),
    slips: int = 2,
) -> dict[str, str]:
    """Each mistyped word of the text, in lower case, and the word of the guidelines it most likely is.

    A word counts as mistyped if no guideline `has` it, `is_word` does not know it and it is not among `spared`; a part
    of a name with digits or of a handle does not, nor a capitalised word inside a sentence: that is somebody's name.
    Of the `vocabulary` (word -> how often) the nearest by insertions, deletions, substitutions and swaps is meant:
    within one slip, within `slips` from eight letters on; the first letter is taken to be right. Of equally near words
    the more frequent one is meant.
    """
    found: dict[str, str] = {}
    unknown = 0
    for word in dict.fromkeys(_candidates(text)):
        if word in spared or not word.isascii() or is_word(word) or has(word):
            continue
        nearest = _nearest(word, vocabulary(), slips if len(word) >= _LONG else 1)
        if nearest:
            found[word] = nearest
        unknown += 1
        if unknown == _MOST:
            break
    return found


def replaced(text: str, words: Mapping[str, str]) -> str:
    """The text with these words (in lower case) replaced, but where they are parts of names."""

    def token(match: re.Match[str]) -> str:
        return match[0] if _NAMING.search(match[0]) else _WORD.sub(word, match[0])

    def word(match: re.Match[str]) -> str:
        return words.get(match[0].lower(), match[0])

    return _TOKEN.sub(token, text) if words else text


def _candidates(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        token, before = match[0], text[max(0, match.start() - 3) : match.start()].rstrip()
        inside = before and before[-1] not in _ENDS
        if _NAMING.search(token) or (inside and token[0].isupper() and not token.isupper()):
            continue
        yield from (word.lower() for word in _WORD.findall(token) if _LEAST <= len(word) <= _LONGEST)


def _nearest(word: str, vocabulary: Mapping[str, int], slips: int) -> str:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    lengths = range(max(_LEAST, len(word) - slips), len(word) + slips + 1)
    fitting = [one for one in vocabulary if one[0] == word[0] and len(one) in lengths]
    close = process.extract(word, fitting, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return min(((distance, -vocabulary[one], one) for one, distance, _ in close), default=(0, 0, ""))[2]
