"""Marks: the comments under a heading (`<!-- owner: @x -->`) that are broken, unknown, or lead nowhere."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from knowledge.lint.drafts import Draft, Drafts
from knowledge.lint.findings import Finding
from knowledge.lint.front_matter import LEVELS
from knowledge.lint.prose import comments
from knowledge.search.conflicts import marked

RULE = "broken-mark"
NAMES = ("sensitivity", "owner", "conflicts", "questions", "change")
_MARK = re.compile(r"<!--\s{0,9}([A-Za-z][A-Za-z-]{0,30})\s{0,9}:[ \t]{0,9}([^\n]{0,2000}?)\s{0,9}-->")


def broken_marks(drafts: Drafts) -> Iterator[Finding]:
    """Comments never closed, marks of a name like one that is known, without a value or under no heading; a
    sensitivity nobody knows (R6); conflicts with sections that do not exist (R17).
    """
    sections = {part.section for draft in drafts.every for part in draft.parts}
    for draft in drafts.current:
        yield from _comments(draft)
        for part in draft.parts:
            level = part.marks.get("sensitivity", "")
            if level and level not in LEVELS:
                says = f"The mark gives the sensitivity {level!r}, not one of {', '.join(LEVELS)}; mend it."
                yield part.finding(RULE, "error", says)
            for name in marked(part.marks):
                if name == part.section:
                    says = "The mark says that the section is in conflict with itself; name the other section."
                    yield part.finding(RULE, "error", says)
                elif name not in sections:
                    near = get_close_matches(name, sorted(sections), n=1, cutoff=0.6)
                    hint = f"write {near[0]} if that is meant" if near else "write it as `document-id/3.2`"
                    says = f"The mark names a conflict with {name!r}, and there is no such section; {hint}."
                    yield part.finding(RULE, "error", says)


def _comments(draft: Draft) -> Iterator[Finding]:
    body = draft.source.body
    used = {(name, value) for part in draft.parts for name, value in part.marks.items()}
    line, counted = draft.first, 0
    for start, end in comments(body):
        if line is not None:
            line += body.count("\n", counted, start)
            counted = start
        if end < 0:
            says = (
                "A comment begins here and is never closed, so what follows may be read by nobody; end it with `-->`."
            )
            yield draft.finding(RULE, "error", says, line)
            break
        match = _MARK.fullmatch(body, start, end)
        if match is None:
            continue
        name, value = match[1].lower(), " ".join(match[2].split())
        near = get_close_matches(name, NAMES, n=1, cutoff=0.75)
        if name not in NAMES:
            if near:
                says = f"There is no mark {name!r}; write {near[0]!r} if that is meant."
                yield draft.finding(RULE, "warning", says, line)
        elif not value:
            says = f"The mark {name!r} has no value; write `<!-- {name}: … -->` or remove it."
            yield draft.finding(RULE, "warning", says, line)
        elif not any(name == key and value in whole for key, whole in used):
            says = f"The mark {name!r} counts only directly under a heading, on a line of its own; move it there."
            yield draft.finding(RULE, "warning", says, line)
