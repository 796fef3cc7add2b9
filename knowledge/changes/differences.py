"""Differences: two texts compared word by word. White space counts for nothing."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Part = Literal["same", "removed", "added"]

_ENDS = frozenset(".!?。！？")
_TOKEN = re.compile(r"\w+(?:[-'’.,/]\w+)*|[^\w\s]")
# Matching words is quadratic, in the worst case worse: 500 against 500 words of two letters take 1 s. So sentences that
# stand once in either text are aligned first, and where still more stands against more, or much in all, it is shown
# as taken out and put in.
_PAIRS, _ALL_PAIRS = 160_000, 600_000
_ISLAND = 2  # so many equal words between changes are no help to read


@dataclass(frozen=True)
class Run:
    """Words that stand together and have one fate; `text` is as written, on one line."""

    part: Part
    text: str


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _Span:
    """Tokens `a` to `b` of the old text stand against `c` to `d` of the new one."""

    same: bool
    a: int
    b: int
    c: int
    d: int


def differences(before: str, after: str) -> tuple[Run, ...]:
    """The runs of words that stayed, went and came, in order; one run of `same` where nothing but spaces differs."""
    old, new = _tokens(before), _tokens(after)
    first = 0
    while first < min(len(old), len(new)) and old[first].text == new[first].text:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last].text == new[-1 - last].text:
        last += 1
    spans = [
        _Span(True, 0, first, 0, first),
        *_aligned(old, new, first, len(old) - last, first, len(new) - last),
        _Span(True, len(old) - last, len(old), len(new) - last, len(new)),
    ]
    return tuple(_runs(_joined(spans, new), before, after, old, new))


def same_words(before: str, after: str) -> bool:
    """Whether two texts differ in white space at most."""
    return before == after or before.split() == after.split()


def _tokens(text: str) -> list[_Token]:
    return [_Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _aligned(old: Sequence[_Token], new: Sequence[_Token], a: int, b: int, c: int, d: int) -> Iterator[_Span]:
    """Words against words where that is affordable, else sentences first."""
    if (b - a) * (d - c) <= _PAIRS:
        yield from _matched(old, new, _Span(False, a, b, c, d))
        return
    left = _ALL_PAIRS
    for span in _by_sentence(old, new, a, b, c, d):
        pairs = (span.b - span.a) * (span.d - span.c)
        if span.same or not pairs or pairs > min(_PAIRS, left):
            yield span
            continue
        left -= pairs
        yield from _matched(old, new, span)


def _matched(old: Sequence[_Token], new: Sequence[_Token], span: _Span) -> Iterator[_Span]:
    texts = [token.text for token in old[span.a : span.b]]
    others = [token.text for token in new[span.c : span.d]]
    for tag, x, y, u, v in SequenceMatcher(None, texts, others, autojunk=False).get_opcodes():
        yield _Span(tag == "equal", span.a + x, span.a + y, span.c + u, span.c + v)


def _by_sentence(old: Sequence[_Token], new: Sequence[_Token], a: int, b: int, c: int, d: int) -> Iterator[_Span]:
    """Sentences that stand once in either text and in the same order, and what is between them (patience diff)."""
    blocks, others = _sentences(old, a, b), _sentences(new, c, d)
    at, to = a, c
    for key in _in_order([key for key in blocks if key in others], [blocks, others]):
        (x, y), (u, v) = blocks[key], others[key]
        yield _Span(False, at, x, to, u)
        yield _Span(True, x, y, u, v)
        at, to = y, v
    yield _Span(False, at, b, to, d)


def _sentences(tokens: Sequence[_Token], first: int, after: int) -> dict[str, tuple[int, int]]:
    """The sentences that occur once, with the span of their tokens."""
    found: dict[str, tuple[int, int]] = {}
    twice: set[str] = set()
    start = first
    for at in range(first, after):
        if tokens[at].text in _ENDS or at + 1 == after:
            key = " ".join(token.text for token in tokens[start : at + 1])
            if key in found:
                twice.add(key)
            found[key] = (start, at + 1)
            start = at + 1
    return {key: span for key, span in found.items() if key not in twice}


def _in_order(keys: Sequence[str], places: Sequence[dict[str, tuple[int, int]]]) -> list[str]:
    """The longest part of the keys, in the order of the first text, that the second text has in that order too."""
    tails: list[int] = []  # place in the second text that ends the best chain of each length
    ends: list[int] = []  # the key that does
    before: list[int] = []
    for at, key in enumerate(keys):
        place = places[1][key][0]
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [at]
    chain, at = [], ends[-1] if ends else -1
    while at >= 0:
        chain.append(keys[at])
        at = before[at]
    return chain[::-1]


def _joined(spans: Sequence[_Span], new: Sequence[_Token]) -> list[_Span]:
    """Neighbours of one kind as one; an equal word or two between larger changes belong to them."""
    kept = [span for span in spans if span.a < span.b or span.c < span.d]
    for at in range(1, len(kept) - 1):
        left, span, right = kept[at - 1], kept[at], kept[at + 1]
        small = span.same and span.d - span.c <= _ISLAND
        between = not (left.same or right.same) and _whole(left) and _whole(right)
        if small and between and min(_size(left), _size(right)) > 2 * (span.d - span.c):
            kept[at] = _Span(False, span.a, span.b, span.c, span.d)
    joined: list[_Span] = []
    for span in kept:
        if joined and joined[-1].same == span.same:
            joined[-1] = _Span(span.same, joined[-1].a, span.b, joined[-1].c, span.d)
        else:
            joined.append(span)
    return joined


def _size(span: _Span) -> int:
    return span.b - span.a + span.d - span.c


def _whole(span: _Span) -> bool:
    """Words went and words came."""
    return span.a < span.b and span.c < span.d


def _runs(
    spans: Sequence[_Span], before: str, after: str, old: Sequence[_Token], new: Sequence[_Token]
) -> Iterator[Run]:
    for span in spans:
        if span.same:
            yield Run("same", _text(after, new, span.c, span.d))
            continue
        if span.a < span.b:
            yield Run("removed", _text(before, old, span.a, span.b))
        if span.c < span.d:
            yield Run("added", _text(after, new, span.c, span.d))


def _text(text: str, tokens: Sequence[_Token], first: int, after: int) -> str:
    return " ".join(text[tokens[first].start : tokens[after - 1].end].split())
