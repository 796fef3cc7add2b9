"""Periods: which two versions of which documents a question about changes is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from knowledge.errors import UnknownNameError
from knowledge.versions import Edition


@dataclass(frozen=True)
class Span:
    """Two versions of one document. `between` are the versions after `before` up to `after`, the oldest first."""

    before: Edition | None
    after: Edition
    between: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What is asked for: versions, or days of which the first and the last count; nothing means the latest step."""

    before: str | None = None
    after: str | None = None
    since: date | None = None
    until: date | None = None


def spans(editions: Sequence[Edition], asked: Asked, today: date, *, named: bool) -> list[Span]:
    """The versions to compare, a document each; the document that changed last comes first.

    Args:
        editions: the versions held, in any order.
        named: one document was named, so it is answered for even where it has one version only.

    Raises:
        UnknownNameError: no such version; says the nearest.
    """
    documents: dict[str, dict[str, Edition]] = {}  # a folder may have been added to two collections
    for one in sorted(editions, key=_age):
        documents.setdefault(one.id, {}).setdefault(one.version, one)
    found = []
    for versions in documents.values():
        held = list(versions.values())
        span = _of_versions(held, asked) if asked.before or asked.after else _of_days(held, asked, today, named=named)
        if span is not None and (span.before is not None or named or asked.since or asked.after):
            found.append(span)
    if not found and (missing := [v for v in (asked.before, asked.after) if v and not _held(editions, v)]):
        names = list(dict.fromkeys(one.version for one in editions))
        raise UnknownNameError("version", missing[0], get_close_matches(missing[0], names, 5, 0.3) or names[-5:])
    return sorted(found, key=lambda span: span.after.effective or date.min, reverse=True)


def in_force(editions: Sequence[Edition], day: date) -> Edition | None:
    """Of one document's versions, the oldest first, the one in force on a day."""
    return next((one for one in reversed(editions) if one.effective is None or one.effective <= day), None)


def _age(one: Edition) -> tuple[date, list[int]]:
    return one.effective or date.min, [int(n) for n in re.findall(r"\d{1,9}", one.version)]


def _held(editions: Sequence[Edition], version: str) -> bool:
    return any(one.version == version for one in editions)


def _of_versions(held: list[Edition], asked: Asked) -> Span | None:
    if any(version and not _held(held, version) for version in (asked.before, asked.after)):
        return None
    places = [_place(held, version) for version in (asked.before, asked.after) if version]
    if len(places) == 2:
        return _span(held, min(places), max(places))
    if asked.after:
        return _span(held, places[0] - 1, places[0])
    later = [at for at, one in enumerate(held) if at > places[0] and one.standing == "in force"]
    return _span(held, places[0], (later or [min(places[0] + 1, len(held) - 1)])[0])


def _of_days(held: list[Edition], asked: Asked, today: date, *, named: bool) -> Span | None:
    now = in_force(held, asked.until or today) or (held[0] if named else None)
    if now is None:
        return None
    at = held.index(now)
    if asked.since is None:
        return _span(held, at - 1, at)
    then = in_force(held, asked.since - timedelta(days=1))
    if then == now:
        return _span(held, at, at) if named else None
    return _span(held, held.index(then) if then else -1, at)


def _span(held: list[Edition], first: int, last: int) -> Span:
    between = tuple(one.version for one in held[first + 1 : last + 1])
    return Span(held[first] if first >= 0 else None, held[last], between)


def _place(held: list[Edition], version: str) -> int:
    return next(at for at, one in enumerate(held) if one.version == version)
