"""Moment: the day or the version of the guidelines that a question asks for; else what is in force now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge import Edition
from tools.guidelines.changes.dates import days

_AS_OF = re.compile(
    r"\b(?:as of|as at|back in|(?:valid|in force|applied|true) (?:on|in|as of)|on the day of)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w.])(?:v(?:ersion)?\s*)?(\d{1,3}\.\d{1,3})(?![\w.%])", re.IGNORECASE)
_CUE = re.compile(r"\b(?:under|in|by|of|per|what (?:did|does|do))\s+(?:the\s+)?$", re.IGNORECASE)
_SECTION = re.compile(r"(?:section|§|sec\.?)\s*$", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:old|older|previous|former|earlier|superseded|last)\s+(?:version|rule|guideline|policy|text|wording)\b"
    r"|\bused to (?:say|be)\b|\bbefore the change\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """`now`: what is in force; `day`: what was in force on `day`; `version`: editions called `version`; `before`: the
    edition before the one in force. `rest` is the question without the words that said so.
    """

    kind: Literal["now", "day", "version", "before"]
    day: date | None = None
    version: str = ""
    rest: str = ""


def moment(text: str, editions: Sequence[Edition], today: date, as_of: date | None = None) -> Moment:
    """Read the moment from a question; `as_of` is said already and wins. A day from tomorrow on counts as asked for."""
    if as_of is not None:
        return Moment("day", as_of) if as_of != today else Moment("now")
    past = {one.version for one in editions if one.standing != "in force"}
    current = {one.version for one in editions if one.standing == "in force"}
    for match in _NUMBER.finditer(text):
        if match[1] in past and match[1] not in current and not _SECTION.search(text[: match.start()]):
            return Moment("version", version=match[1], rest=_without(text, match))
    cue = _AS_OF.search(text)
    if cue:
        said = days(text[cue.start() :], today)
        day = said.since or said.until
        if day is not None:
            return Moment("day", day)
    before = _BEFORE.search(text)
    return Moment("before", rest=_without(text, before)) if before else Moment("now")


def _without(text: str, match: re.Match[str]) -> str:
    ahead = _CUE.sub("", text[: match.start()])
    return " ".join(f"{ahead} {text[match.end() :]}".split())
