"""Wording: a message as the gates read it, so that their patterns need not spell every form of a word."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_ACCENTS = re.compile(r"[\u0300-\u036f]")  # not the marks of Japanese
_MOST = 4_000  # characters read from the beginning, and half as many from the end: a question is shorter
_WORD = re.compile(r"[a-z]{6,}")
# Words that decide in a gate and are long enough to be told when one letter is wrong.
_MENDED: dict[tuple[str, int], list[str]] = {}
for _word in """
    annotator annotators comment comments caption captions example examples sample samples message messages profile
    profiles picture pictures screenshot screenshots transcript transcripts mistake mistakes generate bypass deploy
    promote retrain rollback production threshold delete approve schedule guidelines instructions something someone
    somebody horrible terrible disturbing upsetting illegal nightmares overwhelmed traumatised reported danger
    counsellor emergency violation labeller labellers
    moderator moderators reviewer reviewers slowest worst ignore pretend
    """.split():  # noqa: SIM905
    _MENDED.setdefault((_word[0], len(_word)), []).append(_word)


def plain(text: str) -> str:
    """Lower case, no accents and apostrophes (“can't” is “cant”), single spaces, near misspellings mended."""
    if len(text) > _MOST + _MOST // 2:
        text = f"{text[:_MOST]} {text[-_MOST // 2 :]}"
    text = re.sub(r"\n+", ". ", text)
    whole = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    whole = _APOSTROPHES.sub("", unicodedata.normalize("NFC", whole).casefold())
    return " ".join(_WORD.sub(lambda match: _mended(match.group()), whole).split())


def _mended(word: str) -> str:
    """The known word that this is with a letter too much, too few, swapped, or (in a long word) another."""
    nearby = [known for size in (-1, 0, 1) for known in _MENDED.get((word[0], len(word) + size), ())]
    return word if word in nearby else next((known for known in nearby if _near(word, known)), word)


def _near(word: str, known: str) -> bool:
    if word.startswith(known) or known.startswith(word):
        return False  # another form of it: “promoted” is no order to promote
    at = next((at for at, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), 0)
    rest, other = word[at:], known[at:]
    if len(word) == len(known):
        swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
        return swapped or (len(word) >= 8 and rest[1:] == other[1:])
    return rest[1:] == other if len(word) > len(known) else rest == other[1:]
