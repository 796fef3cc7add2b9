"""Public collections: the Developer's Reference with questions of our own, and FAQs whose headings are questions."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bs4 import Tag

from tests.bench.retrieval.pages import body, cache, markdown, write
from tests.bench.retrieval.questions import Asked, Collection, read

SHARE = Path("/usr/share")
FAQ = Path("doc") / "debian" / "FAQ"
LANGUAGES = ("de", "fr", "it", "ja", "ko", "nl", "pt", "ru", "zh-cn")

_NUMBER = re.compile(r"^(\d+(?:\.\d+)*)\.?\s+")
_NOT_CHAPTERS = {"index", "search", "developers-reference", "genindex", "tools"}


def collections(share: Path = SHARE) -> list[Collection]:
    """All of them; those whose package is not installed hold no question and name it."""
    first = [make(share) for make in (hard, debian_faq, python_faq, git_faq)]
    return [*first, *(debian_faq_in(language, share) for language in LANGUAGES)]


def hard(share: Path = SHARE) -> Collection:
    """204 questions, each answered by one section of 218; half of them share 14 % of their words with it."""
    pages = [page for page in sorted(share.glob("developers-reference/*.html")) if page.stem not in _NOT_CHAPTERS]
    if not pages:
        return Collection("hard", Path(), (), "developers-reference")
    folder = cache() / "documents" / "hard"
    for page in pages:
        write(folder, page.stem, markdown(body(page)))
    return Collection("hard", folder, read("public_hard"))


def debian_faq(share: Path = SHARE) -> Collection:
    """Known item: the question of the FAQ finds the answer it stood over, in which it is left out."""
    return _known_items("debian-faq", sorted((share / FAQ).glob("*.en.html")), "debian-faq")


def python_faq(share: Path = SHARE) -> Collection:
    """The same over Python's FAQ."""
    found = sorted(share.glob("doc/python3.*/html/faq"))
    return _known_items("python-faq", sorted(found[-1].glob("*.html")) if found else [], "python3-doc")


def git_faq(share: Path = SHARE) -> Collection:
    """The same over Git's FAQ, whose questions are terms of a list."""
    page = share / "doc" / "git-doc" / "gitfaq.html"
    return _known_items("git-faq", [page] if page.is_file() else [], "git-doc", _terms_as_headings)


def debian_faq_in(language: str, share: Path = SHARE) -> Collection:
    """A question of the translated FAQ finds the English section; aligned by the anchors of headings."""
    name = f"faq-{language}"
    english = sorted((share / FAQ).glob("*.en.html"))
    translated = [share / FAQ / language / f"{_stem(page)}.{language}.html" for page in english]
    needed = {"debian-faq": english, f"debian-faq-{language}": translated}
    missing = [package for package, pages in needed.items() if not any(page.is_file() for page in pages)]
    if missing:
        return Collection(name, Path(), (), " ".join(missing))
    folder, asked = cache() / "documents" / "debian-faq-with-headings", []
    for source, translation in zip(english, translated, strict=True):
        content = body(source)
        write(folder, _stem(source), markdown(content))
        numbers = {anchor: (number, words) for anchor, number, words in _anchored(content)}
        for anchor, _, words in _anchored(body(translation)) if translation.is_file() else ():
            number, original = numbers.get(anchor, ("", words))
            if words != original and _asks(words):
                asked.append(Asked(words, {f"{_stem(source)}/{number}": 2}, language))
    return Collection(name, folder, asked)


def _known_items(
    name: str, pages: Sequence[Path], package: str, prepare: Callable[[Tag], None] | None = None
) -> Collection:
    folder, asked = cache() / "documents" / name, []
    for page in pages:
        content = body(page)
        if prepare:
            prepare(content)
        for place, heading in enumerate(content.find_all(["h2", "h3", "h4"]), 1):
            words = _words(heading)
            heading.string = f"{place}."
            if _asks(words):
                asked.append(Asked(words, {f"{_stem(page)}/{place}": 2}))
        write(folder, _stem(page), markdown(content))
    return Collection(name, folder, asked, "" if pages else package)


def _terms_as_headings(content: Tag) -> None:
    for before, after in (("dt", "h3"), ("dd", "div"), ("dl", "div")):
        for tag in content.find_all(before):
            tag.name = after


def _anchored(content: Tag) -> Iterator[tuple[str, str, str]]:
    """(anchor, number, words) of each numbered heading."""
    for heading in content.find_all(["h2", "h3"]):
        anchor, number = heading.find("a", id=True), _NUMBER.match(" ".join(heading.get_text().split()))
        if anchor is not None and number:
            yield str(anchor["id"]), number[1], _words(heading)


def _words(heading: Tag) -> str:
    return _NUMBER.sub("", " ".join(heading.get_text().split()))


def _asks(words: str) -> bool:
    return any(mark in words for mark in "?？؟") or words.endswith(("か", "か。"))


def _stem(page: Path) -> str:
    return page.name.split(".")[0]
