"""Confluence: the pages of a space exported as HTML."""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_MODIFIED = re.compile(r"last (?:modified|updated)(?: by (?P<by>.+?))? on (?P<on>[^,]+\d{1,4}(?:, \d{4})?)", re.I)
_CREATED = re.compile(r"created by (?P<by>.+?)(?: on (?P<on>.+?))?(?:,|$)", re.IGNORECASE)
_BESIDE = ("attachments", "images", "styles")
_FORMATS = ("%b %d, %Y", "%d %b, %Y", "%d %b %Y", "%B %d, %Y", "%d %B %Y", "%Y-%m-%d", "%d/%b/%y", "%d.%m.%Y")


def confluence_page(soup: "BeautifulSoup") -> "tuple[Tag, dict[str, str]] | None":
    """The main content of an exported page, its title, owner and date; None where this is no such page."""
    from bs4 import Tag

    main = soup.find("div", id="main-content")
    if not isinstance(main, Tag) or not (soup.find(id="title-heading") or soup.find(id="breadcrumbs")):
        return None
    title = _title(soup)
    said = {"title": title, "id": title.replace("/", "-")}
    line = soup.find(class_="page-metadata")
    if line is not None:
        text = " ".join(line.get_text(" ").split()).replace(" ,", ",")
        modified, created = _MODIFIED.search(text), _CREATED.search(text)
        on = (modified and modified["on"]) or (created and created["on"]) or ""
        said["effective"] = _date(on)
        said["owner"] = ((created and created["by"]) or (modified and modified["by"]) or "").strip(" ,.")[:100]
    for tag in main.find_all(class_=("toc-macro", "page-metadata", "aui-icon")):
        tag.decompose()
    return main, said


def without_contents(paths: Iterable[Path]) -> list[Path]:
    """The files without the list of pages an export begins with, and without what is attached to its pages."""
    paths = list(paths)
    exports = {path.parent for path in paths if path.name == "index.html" and _lists_pages(path)}
    return [
        path
        for path in paths
        if not (path.parent in exports and path.name == "index.html")
        and not (path.parent.parent in exports and path.parent.name in _BESIDE)
        and not (path.parent.parent.parent in exports and path.parent.parent.name in _BESIDE)
    ]


def _lists_pages(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            raw = file.read(200_000)
    except OSError:
        return False
    return b"Available Pages" in raw and b'id="main-content"' not in raw


def _title(soup: "BeautifulSoup") -> str:
    """`Space : Page` is the page's title; the space is dropped."""
    heading = soup.find(id="title-text") or soup.find(id="title-heading") or soup.title
    text = " ".join(heading.get_text(" ").split()) if heading else ""
    return text.partition(" : ")[2] or text


def _date(text: str) -> str:
    text = " ".join(text.split()).strip(" ,.")
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  (only the day is used)
        except ValueError:
            continue
    return ""
