"""Citations: the sentence of a section that best answers a question, exactly as it stands there (R17)."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from knowledge.search.words import stem, subject, words

LONGEST = 400  # characters of a quote

# A sentence ends at its mark unless the mark closes a short form or a number such as `3.2`.
_END = re.compile(r"""(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bcf)(?<!\bNo)(?<!\bArt)[.!?][)"'»”’\]*_]*(?=\s)|[。！？]""")
_BLOCK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d{1,3}[.)]|>|\||#{1,6}\s))")
_MARKER = re.compile(r"\s*(?:(?:[-*+>]|\d{1,3}[.)]|#{1,6})[ \t]+)*")


def sentences(text: str) -> list[str]:
    """The sentences, list items and table rows of a Markdown text, each a literal part of it."""
    return [part for part in _parts(text) if words(part)]


def quote(text: str, query: str, closeness: Sequence[float] | None = None) -> str:
    """The sentence of `text` that shares most with `query`, rare words counting more; a literal part of `text`.

    `closeness` may give the cosine of each of `sentences(text)` to the query, for a question in other words. Without
    any common word the first sentence is the answer. Empty only where the text holds no word.
    """
    candidates = sentences(text)
    if not candidates:
        return ""
    stems = [Counter(map(stem, words(candidate))) for candidate in candidates]
    seen = Counter(stem for counted in stems for stem in counted)
    asked = {stem(word) for word in subject(query[:4_000])}
    rarity = {stem: math.log(1 + len(candidates) / seen[stem]) for stem in asked if stem in seen}
    most = sum(rarity.values()) or 1.0
    best, best_score = 0, -1.0
    for at, counted in enumerate(stems):
        # Long sentences share words by chance: the square root takes half of that advantage back.
        length = math.sqrt(max(sum(counted.values()), 8) / 8)
        score = sum(rarity[stem] for stem in counted if stem in rarity) / most / length
        if closeness is not None:
            score += closeness[at]
        if score > best_score:
            best, best_score = at, score
    return shortened(candidates[best])


def shortened(sentence: str) -> str:
    """At most 400 characters, cut between words where it can be."""
    if len(sentence) <= LONGEST:
        return sentence
    cut = max(sentence.rfind(" ", 0, LONGEST + 1), sentence.rfind("\n", 0, LONGEST + 1))
    return sentence[: cut if cut > LONGEST // 2 else LONGEST].rstrip()


def _parts(text: str) -> Iterator[str]:
    first = 0
    for end in [*(match.start() for match in _BLOCK.finditer(text)), len(text)]:
        block = text[first:end]
        begin = _MARKER.match(block)
        at = begin.end() if begin else 0
        for match in _END.finditer(block, at):
            yield block[at : match.end()].strip()
            at = match.end()
        yield block[at:].strip()
        first = end
