"""Chunks: the pieces of a section that are indexed. The section stays what is found and cited."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SMALLEST, LARGEST = 180, 220  # tokens, heading path included; MiniLM reads 256
MAX_PREFIX = 48

TokenSpans = Callable[[str], Sequence[tuple[int, int]]]
"""From a text to the (start, end) of each of its tokens, in order."""


@dataclass(frozen=True)
class Chunk:
    """`section.text[start:end]`, and the heading path that stands in front of it when it is indexed."""

    heading: str
    start: int
    end: int


_WORD = re.compile(r"\w{1,8}|[^\w\s]")
_SENTENCE_END = re.compile(r"""[.!?:;。！？][)"'»”’\]]*\s+|\n""")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")


def approximate(text: str) -> list[tuple[int, int]]:
    """Token spans where the tokenizer is missing: up to eight letters, or one mark, count as a token."""
    return [match.span() for match in _WORD.finditer(text)]


def chunk(title: str, path: Sequence[str], text: str, spans: TokenSpans = approximate) -> tuple[Chunk, ...]:
    """Cut a section's text. One that fits is one chunk of any size; a longer one gives chunks of 180-220 tokens.

    Cuts fall at the last paragraph, else sentence, else token end that fits; the last chunk reaches back into the
    one before it until it is long enough. Sizes count the heading path, which is shortened from the top.
    """
    heading = _heading(title, path, spans)
    room = LARGEST - len(spans(heading))
    least = room - (LARGEST - SMALLEST)
    tokens = spans(text)
    if len(tokens) <= room:
        return (Chunk(heading, 0, len(text)),)
    starts = [start for start, _ in tokens]
    paragraphs, sentences = _cuts(_PARAGRAPH_END, text, starts), _cuts(_SENTENCE_END, text, starts)
    chunks: list[Chunk] = []
    first = 0
    while len(tokens) - first > room:
        after = _last(paragraphs, first + least, first + room) or _last(sentences, first + least, first + room)
        after = after or first + room
        chunks.append(Chunk(heading, starts[first] if first else 0, tokens[after - 1][1]))
        first = after
    low, high = max(0, len(tokens) - room), len(tokens) - least
    if first > high:
        first = _last(paragraphs, low, high) or _last(sentences, low, high) or high
    chunks.append(Chunk(heading, starts[first], len(text)))
    return tuple(chunks)


def _heading(title: str, path: Sequence[str], spans: TokenSpans) -> str:
    parts = [title, *(part for part in path if part != title)]
    while len(parts) > 1 and len(spans(" > ".join(parts))) > MAX_PREFIX:
        parts.pop(0)
    heading = " > ".join(parts)
    tokens = spans(heading)
    return heading if len(tokens) <= MAX_PREFIX else heading[: tokens[MAX_PREFIX - 1][1]]


def _cuts(pattern: re.Pattern[str], text: str, starts: Sequence[int]) -> list[int]:
    """The token numbers at which a new paragraph or sentence begins, ascending."""
    return sorted({bisect_left(starts, match.end()) for match in pattern.finditer(text)})


def _last(cuts: Sequence[int], low: int, high: int) -> int | None:
    at = bisect_right(cuts, high) - 1
    return cuts[at] if at >= 0 and cuts[at] >= low and cuts[at] > 0 else None
