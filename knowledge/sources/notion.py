"""Notion: pages exported as Markdown or HTML, whose file names end in an id of 32 hexadecimal digits."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_ID = re.compile(r"[ _-]+[0-9a-f]{32}(?=$|/)")
_PROPERTY = re.compile(r"([A-Za-z][\w /()-]{0,40}):[ \t]+(\S.*)")
_NAMES = {
    "owner": "owner", "author": "owner", "maintainer": "owner",
    "version": "version", "effective": "effective", "effective date": "effective",
    "sensitivity": "sensitivity", "scope": "scope", "url": "url", "id": "id",
    "last edited time": "edited", "last edited": "edited", "last updated": "edited",
}  # fmt: skip
_FORMATS = ("%B %d, %Y %I:%M %p", "%B %d, %Y", "%Y-%m-%d", "%b %d, %Y", "%d/%m/%Y", "%Y/%m/%d")


def is_notion(path: str) -> bool:
    """Whether a path (without its suffix) bears Notion's id."""
    return _ID.search(path) is not None


def without_ids(path: str) -> str:
    """The path without Notion's ids."""
    return _ID.sub("", path)


def notion_markdown(body: str) -> tuple[str, dict[str, str]]:
    """The text without the property lines under its title, and what they say."""
    lines = body.split("\n")
    at = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not lines[at].startswith("# "):
        return body, {}
    first = after = next((n for n in range(at + 1, len(lines)) if lines[n].strip()), len(lines))
    pairs: list[tuple[str, str]] = []
    while after < len(lines) and (match := _PROPERTY.fullmatch(lines[after].strip())):
        pairs.append((match[1], match[2]))
        after += 1
    # Properties are a block of their own; a sentence with a colon in a paragraph is none.
    if not pairs or (after < len(lines) and lines[after].strip()) or not _named(pairs):
        return body, {}
    return "\n".join([*lines[:first], *lines[after:]]), _named(pairs)


def notion_page(soup: "BeautifulSoup") -> "tuple[Tag, dict[str, str]] | None":
    """The body of an exported page with its title and properties; None where this is no such page."""
    page = soup.find("div", class_="page-body")
    heading = soup.find(class_="page-title")
    if page is None or heading is None:
        return None
    said = {"title": " ".join(heading.get_text(" ").split())[:300]}
    table = soup.find("table", class_="properties")
    pairs = []
    for row in table.find_all("tr") if table else ():
        name, value = row.find("th"), row.find("td")
        if name and value:
            pairs.append((name.get_text(" "), value.get_text(" ")))
    return page, {**said, **_named(pairs)}


def _named(pairs: list[tuple[str, str]]) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in pairs:
        field = _NAMES.get(" ".join(name.split()).lower())
        if field in ("effective", "edited"):
            value = _date(value)
        if field and value.strip():
            said.setdefault(field, " ".join(value.split())[:300])
    edited = said.pop("edited", "")
    if edited:
        said.setdefault("effective", edited)
    return said


def _date(text: str) -> str:
    text = " ".join(text.split())
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  (only the day is used)
        except ValueError:
            continue
    return ""
