"""Wanted: what a question on changes asks for: document, versions, days, section, topic, class."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge import Edition
from knowledge.changes import Asked, Class
from tools.guidelines.changes.dates import days
from tools.guidelines.changes.names import document_in, document_named
from tools.guidelines.changes.phrases import (
    BACK,
    CHANGED,
    FILLING,
    NUMBER,
    OLDER,
    ONLY,
    SECTION,
    STANDING,
    TOUCHED,
    UPCOMING,
)


@dataclass(frozen=True)
class Wanted:
    """A question on changes, read.

    `document` is an id or empty; `asked` versions or days; `section` a number; `topic` words that are none of these;
    `only` a class; `touched`: what was labelled under the older text is the question; `standing`: which version counts.
    """

    document: str
    asked: Asked
    section: str
    topic: tuple[str, ...]
    only: Class | None
    touched: bool
    upcoming: bool = False
    standing: bool = False


@dataclass(frozen=True)
class Given:
    """What the arguments beside the question say; what the question itself names goes before them."""

    document: str | None = None
    before: str | None = None
    after: str | None = None
    since: date | None = None
    until: date | None = None
    section: str | None = None
    only: Class | None = None


def wanted(
    query: str, given: Given, editions: Sequence[Edition], numbers: Callable[[str], Collection[str]], today: date
) -> Wanted:
    """Read a question; `numbers` are the numbers of the sections that any version of a document has.

    Raises:
        ToolError: an argument names a document that there is not; carries the nearest titles.
    """
    stated = days(query, today)
    text = stated.rest
    named, words = document_in(NUMBER.sub(" ", text), editions)
    argument = document_named(given.document, editions) if given.document else ""
    document = named or argument
    old = given if argument in ("", document) else Given(only=given.only)
    section, text = _section(text)
    versions: list[re.Match[str]] = []
    for match in NUMBER.finditer(text):
        if _is_version(match[1], document, editions) or (document and match[1] not in numbers(document)):
            versions.append(match)
        else:
            section = section or match[1]
    asked = _versions(text, versions)
    if asked == Asked() and BACK.search(query) and document:
        asked = Asked(after=_before(old.after, editions, document))
    if asked == Asked():
        asked = Asked(since=stated.since, until=stated.until)
    upcoming = bool(UPCOMING.search(query)) and asked == Asked()
    if upcoming:
        asked = Asked(since=today + timedelta(days=1), until=date.max)
    said = [word for word in re.findall(r"[^\W_]+(?:-\d+)?", NUMBER.sub(" ", text).lower()) if word not in words]
    topic = tuple(dict.fromkeys(w for w in said if w not in FILLING and not w.isdigit() and len(w) > 2))
    # “Did the exclusion rule change” asks for no class.
    only = next((name for name, pattern in ONLY if pattern.search(query)), None) if not (topic or section) else None
    return Wanted(
        document=document,
        asked=asked if asked != Asked() else Asked(old.before, old.after, old.since, old.until),
        section=section or (old.section or "").rsplit("/", 1)[-1].removeprefix("section").strip(),
        topic=topic,
        only=given.only or only,
        touched=bool(TOUCHED.search(query)),
        upcoming=upcoming,
        standing=bool(document and not topic and STANDING.search(query) and not CHANGED.search(query)),
    )


def _section(text: str) -> tuple[str, str]:
    """The section that is called one, and the text without it."""
    match = SECTION.search(text)
    return (match[1], text[: match.start()] + text[match.end() :]) if match else ("", text)


def _is_version(number: str, document: str, editions: Sequence[Edition]) -> bool:
    return any(one.version == number and document in ("", one.id) for one in editions)


def _versions(text: str, found: Sequence[re.Match[str]]) -> Asked:
    """Two versions, else one: the older side after “since” or “against”, else the newer."""
    if len(found) >= 2:
        return Asked(before=found[0][1], after=found[1][1])
    if not found:
        return Asked()
    return Asked(before=found[0][1]) if OLDER.search(text[: found[0].start()]) else Asked(after=found[0][1])


def _before(version: str | None, editions: Sequence[Edition], document: str) -> str | None:
    """The version before the one told last, else before the one in force; the oldest one stays."""
    held = [one for one in editions if one.id == document]
    told = [at for at, one in enumerate(held) if one.version == version]
    told = told or [at for at, one in enumerate(held) if one.standing == "in force"]
    return held[max(told[0] - 1, 0)].version if told else None
