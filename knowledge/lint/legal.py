"""Legal facts: each carries the day it was checked and sends people to Legal; old ones are called stale (R19)."""

import re
from collections.abc import Iterator
from datetime import date

from knowledge.lint.drafts import Drafts
from knowledge.lint.findings import Finding
from knowledge.search.words import words

RULE = "legal-date"
_AS_OF = re.compile(r"\bas[ -]of:?\s{1,3}(\d{4}-\d{2}-\d{2})(?!\d)", re.IGNORECASE)
_ASK = re.compile(r"\bask(?:ed of|s)? legal\b", re.IGNORECASE)


def legal_dates(drafts: Drafts) -> Iterator[Finding]:
    """Sections of documents whose id or scope says legal, without an as-of date, with an old one, or without the route.

    The latest date counts where a section has several.
    """
    for draft in drafts.current:
        if "legal" not in words(f"{draft.claimed} {draft.source.scope}"):
            continue
        for part in draft.parts:
            if part.bare:
                continue
            days = [day for match in _AS_OF.finditer(part.prose) if (day := _day(match[1]))]
            if not days:
                says = "A legal fact needs the day it was checked; write `As of YYYY-MM-DD` (R19)."
                yield part.finding(RULE, "error", says)
            elif (age := (drafts.today - max(days)).days) > drafts.limits.legal_days:
                says = (
                    f"It was checked {age} days ago, on {max(days)}, and is stale; ask Legal and renew the date (R19)."
                )
                yield part.finding(RULE, "warning", says)
            elif age < 0:
                says = f"Its as-of date {max(days)} has not come yet; write the day it was checked (R19)."
                yield part.finding(RULE, "error", says)
            if not _ASK.search(part.prose):
                yield part.finding(
                    RULE, "warning", "A legal fact is no advice; end the section with `Ask Legal.` (R19)."
                )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
