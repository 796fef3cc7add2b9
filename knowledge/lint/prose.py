"""Prose: a text with its code and comments blanked out, so that a rule reads only what people read."""

import re
from itertools import pairwise

MOST = 100_000  # characters of a section that the rules look at; a longer one is reported for its length
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_INLINE = re.compile(r"`[^`\n]{1,300}`")
_LETTER = re.compile(r"[^\s]")


def prose(text: str, inline: bool = True) -> str:
    """The text, at most 100,000 characters, with spaces where code and comments stood; places stay the same.

    `inline` leaves `code` within a line standing when False.
    """
    text = _without_comments(_without_fences(text[:MOST]))
    return _INLINE.sub(_blank, text) if inline else text


def comments(text: str) -> list[tuple[int, int]]:
    """Start and end of each HTML comment outside fenced code; an end of -1 means that it is never closed."""
    text = _without_fences(text)
    found: list[tuple[int, int]] = []
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        found.append((start, end + 3 if end >= 0 else -1))
        start = text.find("<!--", end + 3) if end >= 0 else -1
    return found


def _without_fences(text: str) -> str:
    fences = [(match.start(), match[1]) for match in _FENCE.finditer(text)]
    blanked: list[tuple[int, int]] = []
    open_at, mark = -1, ""
    for start, fence in fences:
        if open_at < 0:
            open_at, mark = start, fence
        elif fence[0] == mark[0] and len(fence) >= len(mark):
            blanked.append((open_at, start + len(fence)))
            open_at = -1
    if open_at >= 0:
        blanked.append((open_at, len(text)))
    return _blanked(text, blanked)


def _without_comments(text: str) -> str:
    return _blanked(text, [(start, len(text) if end < 0 else end) for start, end in comments(text)])


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    edges = [0, *(at for span in spans for at in span), len(text)]
    parts = [text[a:b] for a, b in pairwise(edges)]
    return "".join(_LETTER.sub(" ", part) if at % 2 else part for at, part in enumerate(parts))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
