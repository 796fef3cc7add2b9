"""DOCX: a Word document, by way of HTML. Its pictures, macros, links and embedded files are never opened."""

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from knowledge.sources.extracts import BrokenError, Extract
from knowledge.sources.html import markdown_of

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_UNPACKED = 100_000_000  # bytes of all parts, as the archive states them; zipfile reads no more than is stated
MAX_TEXT = 20_000_000  # bytes of one part that is parsed
MAX_TAGS = 1_000_000  # of one part; 30 microseconds each
MAX_PARTS = 5_000
_OLD_WORD = b"\xd0\xcf\x11\xe0"  # also the envelope of an encrypted DOCX


def read_docx(raw: bytes) -> Extract:
    """The text with its headings, lists and tables as Markdown, and the title, author and date of its properties."""
    import mammoth  # type: ignore[import-untyped]
    from bs4 import BeautifulSoup

    if raw[:4] == _OLD_WORD:
        raise BrokenError("is encrypted or an old .doc file; save it as .docx without a password")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BrokenError("is damaged or no Word document (.docx); save it anew") from None
    with archive:
        _check(archive)
        found = _properties(archive)
    result = mammoth.convert_to_html(io.BytesIO(raw), convert_image=_no_image, include_embedded_style_map=False)
    body = markdown_of(BeautifulSoup(result.value, "html.parser"))
    if not body.strip():
        raise BrokenError("holds no text; if its pages are pictures, give it as text")
    return Extract(body, found=found)


def _check(archive: zipfile.ZipFile) -> None:
    """Refuse what would unpack to more than a document holds, or is none; raises BrokenError."""
    parts = archive.infolist()
    if "word/document.xml" not in archive.namelist():
        raise BrokenError("is no Word document (.docx), whatever its name says; save it as .docx")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BrokenError(f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB; split it or take its pictures out")
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        if part.file_size > MAX_TEXT:
            raise BrokenError(f"holds more than {MAX_TEXT // 1_000_000} MB of text; split it")
        with archive.open(part) as file:
            # A declaration of entities has no place in a document, and is how a small file grows without bound.
            text = file.read(part.file_size).replace(b"\0", b"")
            if text.count(b"<") > MAX_TAGS:
                raise BrokenError(f"has more than {MAX_TAGS:,} tags; split it")
            if b"<!DOCTYPE" in text:
                raise BrokenError("declares XML entities, which no Word document does; save it anew")


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title, author and last change. The parser is expat, which `_check` has kept from any entity."""
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(archive.read("docProps/core.xml"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return {}
    said = {re.sub(r"\{.*\}", "", one.tag): " ".join((one.text or "").split())[:300] for one in root}
    return {
        "title": said.get("title", ""),
        "owner": said.get("creator", ""),
        "effective": said.get("modified", "") or said.get("created", ""),
    }


def _no_image(_: Any) -> "Sequence[Any]":
    return []
