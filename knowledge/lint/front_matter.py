"""Front matter: what a citation needs of each document, and dates that leave open which version is in force."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from knowledge.lint.drafts import Draft, Drafts
from knowledge.lint.findings import Finding
from knowledge.sources.documents import UNVERSIONED

RULE, DATES = "front-matter", "effective-dates"
LEVELS = ("general", "internal", "restricted")


def front_matter(drafts: Drafts) -> Iterator[Finding]:
    """Version, effective date and owner that are missing (R17), a sensitivity nobody knows (R6), a date far ahead."""
    for draft in drafts.linted:
        source = draft.source
        if source.sensitivity and source.sensitivity not in LEVELS:
            says = f"The sensitivity {source.sensitivity!r} is none of {', '.join(LEVELS)}; write one of them."
            yield draft.finding(RULE, "error", says)
        if draft.standing == "superseded":
            continue
        missing = [
            name
            for name, there in (
                ("version", source.stated and source.version != UNVERSIONED),
                ("effective", source.effective),
                ("owner", source.owner),
            )
            if not there
        ]
        if missing:
            listed = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
            says = f"The front matter lacks {listed}; a citation names them, so add {'them' if missing[1:] else 'it'}."
            yield draft.finding(RULE, "warning", says)
        if source.effective and source.effective > drafts.today + timedelta(days=drafts.limits.ahead_days):
            ahead = f"more than {drafts.limits.ahead_days} days ahead"
            says = f"It comes into force on {source.effective}, {ahead}; check the year."
            yield draft.finding(RULE, "note", says)


def effective_dates(drafts: Drafts) -> Iterator[Finding]:
    """Versions of one document whose dates are equal, missing, or run against their numbers."""
    versions: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in drafts.every:
        versions[draft.collection, draft.claimed].append(draft)
    for same in versions.values():
        if len({draft.version for draft in same}) < 2:
            continue
        ordered = sorted(same, key=lambda draft: (_numbers(draft.version), draft.version))
        for draft in ordered:
            if draft.effective is None and draft.linted:
                says = "It has no effective date and so counts as the oldest of its versions."
                yield draft.finding(DATES, "warning", f"{says} Add the day it came into force.")
        dated = [draft for draft in ordered if draft.effective]
        for older, newer in pairwise(dated):
            if not newer.linted or older.version == newer.version or not (older.effective and newer.effective):
                continue
            if older.effective == newer.effective:
                says = f"Versions {older.version} and {newer.version} both come into force on {newer.effective}"
                yield newer.finding(
                    DATES, "error", f"{says}; give each its own day, or one of them is never answered from."
                )
            elif older.effective > newer.effective:
                says = f"Version {newer.version} comes into force on {newer.effective}, before {older.version} on"
                yield newer.finding(
                    DATES, "warning", f"{says} {older.effective}, which then replaces it; check both dates."
                )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isascii() and part.isdigit() and len(part) < 10]
