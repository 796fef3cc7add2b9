"""Pages: printed lines put together again: headings found, furniture dropped, paragraphs joined."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.sources.plain import heading_level

_EDGE = 2  # lines at the top and the foot of a page that may be furniture
_LARGER = 1.12  # of the body's letters: a heading
_LONGEST = 120  # characters of a heading
_ITEM = re.compile(r"(?:[-•◦▪*–]|\(?[a-z0-9]{1,2}[.)])\s")
_BULLET = re.compile(r"[•◦▪–]\s*")


@dataclass(frozen=True)
class Line:
    """A printed line and the size of its letters in points, 0 where unknown."""

    text: str
    size: float


def markdown_of_pages(pages: Sequence[Sequence[Line]], outline: Mapping[str, int]) -> str:
    """The pages as one Markdown text. `outline` gives the titles of headings and their depth, 1 at the top."""
    lines = [line for page in _without_furniture(pages) for line in page]
    levels = _levels(lines, outline)
    blocks: list[str] = []
    open_paragraph, before = False, 0
    for line, level in zip(lines, levels, strict=True):
        text = line.text
        if level and before == level and not heading_level(text) and blocks and len(blocks[-1]) < _LONGEST:
            blocks[-1] = f"{blocks[-1]} {text}"  # a heading of two lines
        elif level:
            blocks.append(f"{'#' * level} {text}")
            open_paragraph = False
        elif _ITEM.match(text):
            blocks.append(_BULLET.sub("- ", text, count=1))
            open_paragraph = True
        elif open_paragraph:
            blocks[-1] = _joined(blocks[-1], text)
        else:
            blocks.append(text)
            open_paragraph = True
        before = level
        if not level and len(text) < 60 and text.endswith((".", "!", "?", ":")):
            open_paragraph = False  # a short last line ends a paragraph
    return "\n\n".join(blocks) + "\n"


def _levels(lines: Sequence[Line], outline: Mapping[str, int]) -> list[int]:
    """The heading level of each line, 0 for text: by the outline, else by size, else by number."""
    by_title = {_key(title): min(6, 1 + depth) for title, depth in outline.items()}
    listed = [by_title.get(_key(line.text), 0) if len(line.text) <= 300 else 0 for line in lines]
    if sum(map(bool, listed)) >= max(1, len(by_title) // 2):
        return listed
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    body = letters.most_common(1)[0][0] if letters else 0.0
    larger = sorted({line.size for line in lines if _may_head(line.text) and line.size > body * _LARGER}, reverse=True)
    if body and larger:
        order = {size: min(6, 1 + at) for at, size in enumerate(larger)}
        return [order.get(line.size, 0) if _may_head(line.text) else 0 for line in lines]
    return [heading_level(line.text) for line in lines]


def _may_head(text: str) -> bool:
    return len(text) <= _LONGEST and any(c.isalpha() for c in text) and not text.endswith((".", ",", ";"))


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without the lines that stand at the same edge of most of them, numbers apart, and page numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(page[at].text) for at in _edges(len(page))})
    often = {shape for shape, n in seen.items() if n >= 3 and n > len(pages) / 2}
    kept = []
    for page in pages:
        edges = _edges(len(page))
        kept.append([line for at, line in enumerate(page) if at not in edges or not _furniture(line.text, often)])
    return kept


def _edges(count: int) -> set[int]:
    return {*range(min(_EDGE, count)), *range(max(0, count - _EDGE), count)}


def _furniture(text: str, often: set[str]) -> bool:
    return (
        _shape(text) in often or re.fullmatch(r"(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?", text, re.I) is not None
    )


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _joined(before: str, text: str) -> str:
    """Two lines of a paragraph; a word cut at the line's end is made whole."""
    if re.search(r"[^\W\d_]-\Z", before) and text[:1].islower():
        return before[:-1] + text
    return f"{before} {text}"
