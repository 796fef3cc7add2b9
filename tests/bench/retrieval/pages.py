"""Pages: documentation of Debian packages as Markdown, made where the packages are installed.

The texts are under the GPL and other licences of their own: what is made stays in the cache folder of whoever runs
the bench and is never part of the repository.
"""

import os
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

_OUTSIDE = "a.headerlink, script, style, img, div.toc, div.navheader, div.navfooter, div.contents, nav.contents"


def cache() -> Path:
    """Where what the bench makes is kept between runs; may be deleted at any time."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "steward-bench"


def body(page: Path) -> Tag:
    """What a page says, without navigation."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    found = soup.select_one("div.body") or soup.body or soup
    for outside in found.select(_OUTSIDE):
        outside.decompose()
    return found


def markdown(content: Tag) -> str:
    """The content as Markdown with `#` headings, links as their words."""
    return str(MarkdownConverter(heading_style="ATX", bullets="-", strip=["a"]).convert_soup(content))


def write(folder: Path, name: str, text: str) -> None:
    """Write a document, unless it is there with this text."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.md"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
