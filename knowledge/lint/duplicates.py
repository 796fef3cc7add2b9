"""Duplicate ids: two things of one name, so that a citation would not say which is meant (R17)."""

from collections import defaultdict
from collections.abc import Iterator

from knowledge.lint.drafts import Draft, Drafts, Part
from knowledge.lint.findings import Finding

RULE = "duplicate-id"


def duplicate_ids(drafts: Drafts) -> Iterator[Finding]:
    """Documents that share id and version or a title; sections of a document that share a number or a heading."""
    yield from _documents(drafts)
    yield from _titles(drafts)
    for draft in drafts.current:
        yield from _sections(draft)


def _documents(drafts: Drafts) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str], list[Draft]] = defaultdict(list)
    for draft in drafts.every:
        groups[draft.collection, draft.claimed, draft.version].append(draft)
    for (_, claimed, version), same in groups.items():
        for draft in same[1:]:
            if draft.linted:
                says = (
                    f"{same[0].path} has the id {claimed!r} and the version {version} too; give one of them another"
                    " id or version, or questions are answered from either."
                )
                yield draft.finding(RULE, "error", says)


def _titles(drafts: Drafts) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in drafts.every:
        if draft.standing != "superseded":
            groups[draft.collection, draft.title.casefold()].append(draft)
    for same in groups.values():
        for draft in same[1:]:
            if draft.linted and draft.claimed != same[0].claimed:
                says = f"{same[0].path} is titled {draft.title!r} too; a reference by title cannot tell them apart."
                yield draft.finding(RULE, "warning", f"{says} Rename one.")


def _sections(draft: Draft) -> Iterator[Finding]:
    numbers: dict[str, Part] = {}
    headings: dict[tuple[tuple[str, ...], str], Part] = {}
    for part in draft.parts:
        if part.number:
            first = numbers.setdefault(part.number, part)
            if first is not part:
                says = f"Two sections are numbered {part.number}{_at(first)}; renumber one, with its references."
                yield part.finding(RULE, "error", says)
                continue
        first = headings.setdefault((part.path[:-1], part.heading.casefold()), part)
        if first is not part and not part.section.endswith("/preamble") and not first.section.endswith("/preamble"):
            says = f"The heading {part.heading!r} stands twice under one parent{_at(first)}; rename one of them."
            yield part.finding(RULE, "warning", says)


def _at(part: Part) -> str:
    return "" if part.line is None else f" (the other one on line {part.line})"
