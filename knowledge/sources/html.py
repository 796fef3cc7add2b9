"""HTML: a page as Markdown. Nothing in it is run, fetched or followed; scripts, images and addresses are dropped."""

import re
from typing import TYPE_CHECKING

from knowledge.sources.confluence import confluence_page
from knowledge.sources.extracts import BrokenError, Extract
from knowledge.sources.notion import notion_page

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_BYTES = 10_000_000
MAX_TAGS = 300_000  # a parser in Python takes 30 microseconds for one: 10 s in all
_DROPPED = [
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "applet",
    "svg",
    "canvas",
    "math",
    "video",
    "audio",
    "picture",
    "img",
    "map",
    "form",
    "button",
    "input",
    "select",
    "textarea",
    "nav",
    "footer",
    "aside",
    "dialog",
    "link",
    "base",
]
_DATES = ("last-modified", "article:modified_time", "dcterms.modified", "dc.date.modified", "date", "dc.date")


def read_html(raw: bytes) -> Extract:
    """The page's main part as Markdown, its title, author and date; raises BrokenError."""
    from bs4 import BeautifulSoup

    if len(raw) > MAX_BYTES:
        raise BrokenError(f"is larger than {MAX_BYTES // 1_000_000} MB; split it")
    if raw.count(b"<") > MAX_TAGS:
        raise BrokenError(f"has more than {MAX_TAGS:,} tags; split it")
    if raw[:4] == b"PK\x03\x04" or raw[:5] == b"%PDF-":
        raise BrokenError("is no HTML, whatever its name says; give it the suffix of what it is")
    soup = BeautifulSoup(raw, "html.parser")
    found = {
        "title": _line(soup.title.get_text(" ")) if soup.title else "",
        "owner": _meta(soup, ("author", "dcterms.creator", "dc.creator")),
        "effective": _meta(soup, _DATES),
    }
    stated: dict[str, str] = {}
    main: Tag | None = None
    confluence, notion = confluence_page(soup), notion_page(soup)
    if confluence:
        main = confluence[0]
        found |= {key: value for key, value in confluence[1].items() if value}
    elif notion:
        main, stated = notion
    main = main or soup.find("main") or soup.find(role="main") or soup.body or soup
    return Extract(markdown_of(main), stated, found)


def markdown_of(main: "Tag") -> str:
    """The words of a part of a page as Markdown: headings, lists, tables and paragraphs."""
    from bs4.element import PreformattedString
    from markdownify import ATX, MarkdownConverter

    for tag in main.find_all(_DROPPED):
        tag.decompose()
    for tag in [*main.find_all(hidden=True), *main.find_all(style=re.compile(r"display\s*:\s*none", re.IGNORECASE))]:
        tag.decompose()
    for remark in main.find_all(string=lambda string: isinstance(string, PreformattedString)):
        remark.extract()  # comments, declarations, CDATA
    converter = MarkdownConverter(
        heading_style=ATX, bullets="-", strip=["a"], escape_asterisks=False, escape_underscores=False, escape_misc=False
    )
    text: str = converter.convert_soup(main)
    lines = (line.rstrip() for line in text.replace("\u00a0", " ").replace("\0", "").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _meta(soup: "BeautifulSoup", names: tuple[str, ...]) -> str:
    said: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        for key in ("name", "property", "http-equiv"):
            said.setdefault(str(tag.get(key, "")).lower(), _line(str(tag.get("content", ""))))
    return next((said[name] for name in names if said.get(name)), "")


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
