"""Names: which document of the guidelines people mean when they say “the unsafe contact one”."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from rapidfuzz import fuzz

from knowledge import Edition
from tools.catalog import nearest, short
from tools.errors import ToolError

LIKE = 84  # rapidfuzz ratio from which a word of five letters or more is taken for a misspelt one
SURE = 0.3  # rarity times coverage of a name; below it nobody meant the document

# Words that half the documents or any question may hold: they say which document only beside another word of its name.
_WEAK = frozenset(
    """
    dataset data golden gold set label labels labeling labelling standard process path order sampling quality minor
    safety duties gate evaluation release card cards first action content people team
    """.split()  # noqa: SIM905
)
_EMPTY = frozenset("and or of the a an in on for to with guideline guidelines policy".split())  # noqa: SIM905


def document_in(text: str, editions: Sequence[Edition]) -> tuple[str, frozenset[str]]:
    """The id of the document that a text names best, and the words of the text that do; empty where none is named."""
    said = re.findall(r"[^\W_]+", text.lower())
    names = {one.id: _words(one) for one in editions}
    having = Counter(word for words in names.values() for word in words)
    best: tuple[float, str, frozenset[str]] = (0.0, "", frozenset())
    for id, words in names.items():
        fits = {word: {other for other in said if _alike(other, word)} for word in words}
        found = {word for word, others in fits.items() if others}
        if not found or (found <= _WEAK and len(found) < min(2, len(words))):
            continue
        strong = sum((0.3 if word in _WEAK else 1) / having[word] for word in found)
        score = strong * (0.5 + 0.5 * len(found) / len(words))
        if score > best[0]:
            best = (score, id, frozenset(other for others in fits.values() for other in others))
    return (best[1], best[2]) if best[0] >= SURE else ("", frozenset())


def document_named(name: str, editions: Sequence[Edition]) -> str:
    """The id of the document that an argument names.

    Raises:
        ToolError: none is; carries the nearest titles.
    """
    wanted = name.strip().lower()
    exact = [one.id for one in editions if wanted in (one.id.lower(), one.title.lower(), one.path.lower())]
    found = exact[0] if exact else document_in(name, editions)[0]
    if not found:
        titles = nearest(name, dict.fromkeys(one.title for one in editions))
        raise ToolError(
            f"I don't know a guideline “{short(name)}”. Did you mean {', '.join(titles)}?", tried=name, nearest=titles
        )
    return found


def _words(one: Edition) -> frozenset[str]:
    """The words of a document's title and id; of its scope only where that is not every area."""
    scope = "" if one.scope in ("all", "") or "," in one.scope else one.scope
    words = re.findall(r"[^\W_]+", f"{one.title} {one.id} {scope}".lower())
    return frozenset(word for word in words if word not in _EMPTY and not word.isdigit())


def _alike(said: str, word: str) -> bool:
    if said == word or said.rstrip("s") == word.rstrip("s"):
        return True
    if min(len(said), len(word)) < 5:
        return False
    shared = next((at for at, (a, b) in enumerate(zip(said, word, strict=False)) if a != b), min(len(said), len(word)))
    return fuzz.ratio(said, word) >= LIKE or (shared >= 6 and shared >= 0.6 * max(len(said), len(word)))


def known(words: Collection[str], said: str) -> bool:
    """Whether a word is one of those, or nearly."""
    return any(_alike(said, word) for word in words)
