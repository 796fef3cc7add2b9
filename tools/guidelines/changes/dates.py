"""Dates: the days that a question names, such as “since october”, “last 30 days”, “between 1 july and 2026-10-15”."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# English first, as in full and cut to three letters; then Spanish, Portuguese, French and German.
_MONTHS: dict[str, int] = {
    word: at
    for at, words in enumerate(
        (
            "january jan enero janeiro janvier januar",
            "february feb febrero fevereiro février februar",
            "march mar marzo março mars märz",
            "april apr abril avril",
            "may mayo maio mai",
            "june jun junio junho juin juni",
            "july jul julio julho juillet juli",
            "august aug agosto août",
            "september sept sep septiembre setembro septembre",
            "october oct octubre outubro octobre oktober",
            "november nov noviembre novembro novembre",
            "december dec diciembre dezembro décembre dezember",
        ),
        start=1,
    )
    for word in words.split()
}
_WORDS = {"may", "march", "mar", "mars", "mai", "dec", "jan", "sep"}  # words first: months only where one is called for
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,?\s+(?P<year>20\d\d))?"
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d-])(?P<iso>20\d\d-\d\d(?:-\d\d)?)(?![\d-])",
        rf"\b{_DAY}\s+(?:(?:of|de)\s+)?(?P<month>{_NAMES})\b{_YEAR}",
        rf"\b(?P<month>{_NAMES})\s+{_DAY}(?![\d.]){_YEAR}",
        rf"\b(?P<month>{_NAMES})\b\.?{_YEAR}",
        r"\b(?:last|past|previous)\s+(?P<n>\d{1,3}|two|three|four|six|twelve)\s+(?P<unit>day|week|month|year)s?\b",
        r"\b(?P<which>last|past|previous|this|the current)\s+(?P<unit>week|month|quarter|year)\b",
        r"\b(?P<n>\d{1,3}|a|one|two|three|four|six|twelve)\s+(?P<unit>day|week|month|year)s?\s+ago\b",
        r"\b(?P<near>yesterday|today)\b",
    )
)
_SINCE = re.compile(
    r"(?:since|after|from|as of|depuis|desde|seit|starting(?: from| in| on)?|later than)\s+"
    r"(?:(?:the|el|le|dem|o)\s+)?$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:until|till|to|up to|before|by|through|[-–—])\s*(?:the\s+)?$", re.IGNORECASE)
_WITHIN = re.compile(r"(?:in|during|on|of|over|within|between|and)\s+(?:(?:the|el|le|dem|o)\s+)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Days:
    """The days asked for, either side open; `rest` is the text without the words that said so."""

    since: date | None
    until: date | None
    rest: str


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    first: date
    last: date
    open: bool  # reaches to today by itself: “last 30 days”


def days(text: str, today: date) -> Days:
    """The days that a text names; a month without a year is the last one that has begun."""
    found = sorted(_found(text, today), key=lambda one: one.start)
    since = until = None
    rest, at = [], 0
    for one in found:
        ahead = text[at : one.start]
        word = next((m for m in (_SINCE.search(ahead), _UNTIL.search(ahead), _WITHIN.search(ahead)) if m), None)
        opening, closing = _SINCE.search(ahead), _UNTIL.search(ahead)
        if (closing and not opening) or since is not None:
            until = one.last
        else:
            since = one.first
            until = None if opening or one.open else one.last
        rest.append(ahead[: word.start()] if word else ahead)
        at = one.end
    return Days(since, until, " ".join("".join([*rest, " ", text[at:]]).split()))


def _found(text: str, today: date) -> Iterator[_Found]:
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            span = match.span()
            if any(start < span[1] and span[0] < end for start, end in taken) or _is_verb(text, match):
                continue
            named = _days(match, today)
            if named is not None:
                taken.append(span)
                yield _Found(span[0], span[1], *named)


def _is_verb(text: str, match: re.Match[str]) -> bool:
    """“may” and “march” are months only after a word that calls for one."""
    ahead = text[: match.start()]
    called = _SINCE.search(ahead) or _UNTIL.search(ahead) or _WITHIN.search(ahead)
    return match.group().lower() in _WORDS and not called


def _days(match: re.Match[str], today: date) -> tuple[date, date, bool] | None:
    """First and last day, and whether it is open to today; None for a day that no calendar has."""
    groups = match.groupdict()
    try:
        if groups.get("iso"):
            parts = [int(part) for part in groups["iso"].split("-")]
            return _whole(parts[0], parts[1], parts[2] if len(parts) > 2 else None)
        if groups.get("month"):
            month = _MONTHS[groups["month"].lower()]
            year = int(groups["year"]) if groups.get("year") else today.year
            if not groups.get("year") and date(year, month, 1) > today:
                year -= 1
            return _whole(year, month, int(groups["day"]) if groups.get("day") else None)
    except ValueError:
        return None
    if groups.get("near"):
        day = today - timedelta(days=groups["near"].lower() == "yesterday")
        return day, day, False
    unit = groups["unit"].lower()
    if groups.get("n"):
        n = int(groups["n"]) if groups["n"].isdigit() else _COUNTS[groups["n"].lower()]
        return today - timedelta(days=n * {"day": 1, "week": 7, "month": 30, "year": 365}[unit]), today, True
    first = _begin(today, unit)
    if groups["which"].lower() not in ("last", "past", "previous"):
        return first, today, True
    last = first - timedelta(days=1)
    return _begin(last, unit), last, False


def _whole(year: int, month: int, day: int | None) -> tuple[date, date, bool]:
    if day is not None:
        return date(year, month, day), date(year, month, day), False
    return date(year, month, 1), date(year, month, monthrange(year, month)[1]), False


def _begin(day: date, unit: str) -> date:
    """The first day of its week, month, quarter or year."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[unit]
    return date(day.year, month, 1)
