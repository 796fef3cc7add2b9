"""Sections: a Markdown document cut at its headings, each with a stable id, its heading path and its exact text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.sources.documents import slug

MAX_MARK = 2_000  # characters of a mark's value that are kept
_LOOKED_AT = 2_000  # characters of a heading that are parsed; some marks take the square of it
MAX_HEADING = 300  # characters of a heading that are kept; more would drown every list it stands in

_NUMBERED = re.compile(r"(?:§\s*|section\s+)?(\d{1,3}(?:\.\d{1,3})*)(?:[.):](?!\w)|(?=\s)|$)\s*(.*)", re.IGNORECASE)
_KEY = re.compile(r"[a-z][a-z-]{0,30}", re.IGNORECASE)


@dataclass(frozen=True)
class Section:
    """The text between a heading and the next one.

    `id` is `<document>/3.2` for a numbered heading, else `<document>/<slug path>`; `path` is the headings from the
    top, the last one this section's own; `text` is verbatim, without the heading line. A section that is nothing
    but a heading has an empty text if sections stand below it, else its heading line is its text. `marks` are what
    the author notes in comments directly under the heading, `<!-- owner: @x -->`; they are no part of the text.
    """

    id: str
    number: str
    path: tuple[str, ...]
    level: int
    text: str
    marks: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class _Heading:
    level: int
    first: int
    after: int
    words: str


def split(document: str, title: str, body: str) -> tuple[str, tuple[Section, ...]]:
    """Cut a Markdown body into sections; returns the document's title and them, in order.

    The title is the one given, else the first top-level heading, else the last part of the document's id. A
    heading that only repeats the title is left out of the paths.
    """
    lines = body.split("\n")
    headings = list(_headings(body))
    title = title or next((h.words for h in headings if h.level == 1 and h.words), "")
    title = title or (headings[0].words if headings and headings[0].words else document.rsplit("/", 1)[-1])
    taken: dict[str, int] = {}
    sections: list[Section] = []
    before = _verbatim(lines, 0, headings[0].first if headings else len(lines))
    if before:
        sections.append(Section(_free(f"{document}/preamble", taken), "", (title,), 1, before))
    above: list[tuple[int, str, str]] = []  # level, words, id part of the headings this one stands under
    for at, heading in enumerate(headings):
        end = headings[at + 1].first if at + 1 < len(headings) else len(lines)
        leaf = at + 1 == len(headings) or headings[at + 1].level <= heading.level
        marks, first = _marks(lines, heading.after, end)
        text = _verbatim(lines, first, end)
        if not text and leaf:
            text = _verbatim(lines, heading.first, heading.after)
        while above and above[-1][0] >= heading.level:
            above.pop()
        match = _NUMBERED.fullmatch(heading.words)
        number = match[1] if match else ""
        is_title = heading.level == 1 and heading.words == title
        part = number or "/".join([*([above[-1][2]] if above else []), slug(heading.words) or "section"])
        words = heading.words or "Untitled"
        path = (*(words for _, words, _ in above), words)
        identity = _free(f"{document}/{part}", taken)
        sections.append(Section(identity, number, path, heading.level, text, marks))
        if not is_title:
            above.append((heading.level, words, identity.removeprefix(f"{document}/")))
    return title, tuple(sections)


def _headings(body: str) -> Iterator[_Heading]:
    """Headings at the top of the block tree; one inside a quotation or a list belongs to that text."""
    parser = MarkdownIt("commonmark")
    # Inline parsing of a whole book costs minutes and is needed for headings alone.
    parser.core.ruler.enableOnly(["normalize", "block"])
    tokens = parser.parse(body)
    inline = MarkdownIt("commonmark")
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            words = _words(inline.parseInline(content.content[:_LOOKED_AT]))[:MAX_HEADING].rstrip()
            yield _Heading(int(opening.tag[1:]), opening.map[0], opening.map[1], words)


def _marks(lines: Sequence[str], first: int, end: int) -> tuple[dict[str, str], int]:
    """The marks under a heading and the line after them; a key that stands twice has both values, joined by `|`."""
    marks: dict[str, str] = {}
    after = first
    for at in range(first, end):
        line = lines[at].strip()
        mark = _mark(line)
        if mark:
            key, value = mark
            if len(marks.get(key, "")) < MAX_MARK:
                marks[key] = " | ".join(filter(None, (marks.get(key, ""), value)))[:MAX_MARK]
            after = at + 1
        elif line:
            break
    return marks, after


def _mark(line: str) -> tuple[str, str] | None:
    """Key and value of `<!-- key: value -->`; None where the line is no mark."""
    if not (line.startswith("<!--") and line.endswith("-->") and len(line) <= MAX_MARK + 100):
        return None
    key, colon, value = line[4:-3].partition(":")
    if not colon or "-->" in value or not _KEY.fullmatch(key.strip()):
        return None
    return key.strip().lower(), " ".join(value.split())


def _words(tokens: Sequence[Token]) -> str:
    """The words of a heading without its Markdown marks, on one line."""
    parts: list[str] = []
    for token in tokens:
        if token.children:
            parts.append(_words(token.children))
        elif token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return " ".join("".join(parts).split())


def _verbatim(lines: Sequence[str], first: int, after: int) -> str:
    """The lines as they stand, without the blank ones around them."""
    while first < after and not lines[first].strip():
        first += 1
    while after > first and not lines[after - 1].strip():
        after -= 1
    return "\n".join(lines[first:after])


def _free(wanted: str, taken: dict[str, int]) -> str:
    """The id, with `~2`, `~3` … where an earlier section of the document has it (a slug never holds `~`)."""
    n = taken[wanted] = taken.get(wanted, 0) + 1
    return wanted if n == 1 else f"{wanted}~{n}"
