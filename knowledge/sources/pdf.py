"""PDF: the text of its pages, with headings from the outline, else from the size of letters, else from numbers.

Nothing in the file is run or fetched: only text operators, the outline and the properties are read. A page whose text
is a picture has none; such a file is named.
"""

import io
import logging
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from knowledge.sources.extracts import BrokenError, Extract
from knowledge.sources.pages import Line, markdown_of_pages

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 2_000
MAX_TEXT = 10_000_000  # characters
MAX_OUTLINE = 5_000
_LETTERS = 20  # a page of a document has more


def read_pdf(raw: bytes) -> Extract:
    """The text as Markdown, and the title, author and date of its properties; raises BrokenError."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    if b"%PDF-" not in raw[:1_024]:
        raise BrokenError("is no PDF, whatever its name says; save it as PDF anew")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it says of every oddity what we say once
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BrokenError("is encrypted; save it without a password")
        pages, total = reader.pages, 0
        if len(pages) > MAX_PAGES:
            raise BrokenError(f"has more than {MAX_PAGES} pages; split it")
        read: list[list[Line]] = []
        for page in pages:
            read.append(_lines(page))
            total += sum(len(line.text) for line in read[-1])
            if total > MAX_TEXT:
                raise BrokenError(f"holds more than {MAX_TEXT // 1_000_000} million characters; split it")
        if total < _LETTERS:
            raise BrokenError("holds no text: its pages are pictures; recognise the text (OCR) and save it again")
        outline = _outline(reader)
        found = _properties(reader)
    except DependencyError:
        raise BrokenError("is encrypted; save it without a password") from None
    except PyPdfError as problem:
        what = " ".join(str(problem).split())[:100]
        raise BrokenError(f"is damaged ({what}); save it anew") from None
    return Extract(markdown_of_pages(read, outline), found=found)


def _lines(page: "PageObject") -> list[Line]:
    """The lines of a page in reading order, each with the size of its letters."""
    parts: list[tuple[str, float]] = []

    def visit(text: str, space: Sequence[float], matrix: Sequence[float], _: Any, size: float) -> None:
        if text:
            scale = abs(matrix[3] * space[3]) or abs(matrix[1] * space[1]) or 1.0
            parts.append((text, round(float(size or 0) * scale, 1)))

    page.extract_text(visitor_text=visit)
    lines: list[Line] = []
    words, sizes = "", dict[float, int]()
    for text, size in [*parts, ("\n", 0.0)]:
        for n, piece in enumerate(re.split(r"\r\n|\r|\n", text)):
            if n:
                line = "".join(c if c.isprintable() else " " for c in words).strip()
                if line:
                    lines.append(Line(" ".join(line.split()), max(sizes, key=lambda one: sizes[one], default=0.0)))
                words, sizes = "", {}
            words += piece
            if piece.strip():
                sizes[size] = sizes.get(size, 0) + len(piece)
    return lines


def _outline(reader: "PdfReader") -> dict[str, int]:
    """The titles of the outline with their depth, 1 at the top; empty where there is none or it is broken."""
    titles: dict[str, int] = {}

    def walk(entries: Sequence[Any], depth: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                if depth < 6:
                    walk(entry, depth + 1)
            elif len(titles) < MAX_OUTLINE:
                titles.setdefault(" ".join(str(getattr(entry, "title", "") or "").split()), depth)

    try:
        walk(reader.outline, 1)
    except Exception:  # an outline is a convenience; a broken one must not cost the text
        return {}
    titles.pop("", None)
    return titles


def _properties(reader: "PdfReader") -> Mapping[str, str]:
    try:
        said = reader.metadata
        if said is None:
            return {}
        try:
            changed = said.modification_date or said.creation_date
        except ValueError:
            changed = None
        return {
            "title": " ".join(str(said.title or "").split())[:300],
            "owner": " ".join(str(said.author or "").split())[:300],
            "effective": changed.date().isoformat() if changed else "",
        }
    except Exception:  # as with the outline
        return {}
