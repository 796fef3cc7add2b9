"""Snippets: differences as a line of chat: what went is ~~struck~~, what came **bold**, what stayed is cut short."""

import re
from collections.abc import Sequence

from knowledge.changes.differences import Run

CONTEXT = 6  # words of what stayed that are shown on either side of a change
LONGEST = 30  # words of one run that went or came
RUNS = 12  # runs that are shown of one text

# Marks of Markdown and of chat that a guideline's own text may hold; the plain runs keep them.
_MARKS = re.compile(r"[*~`|<>]")


def snippet(runs: Sequence[Run], context: int = CONTEXT, most: int = RUNS) -> str:
    """One line; ` … ` stands for words left out. Empty where nothing changed."""
    changed = [at for at, run in enumerate(runs) if run.part != "same"]
    if not changed:
        return ""
    shown = runs[:most]
    parts = [_part(run, context, first=at == 0, last=at == len(shown) - 1) for at, run in enumerate(shown)]
    text = " ".join(part for part in parts if part).replace("~~ **", "~~ → **")  # told without colours, too
    rest = sum(run.part != "same" for run in runs[len(shown) :])
    more = f" … and {rest} more {'change' if rest == 1 else 'changes'} of words" if rest else ""
    return re.sub(r"\s+([.,;:)!?])", r"\1", re.sub(r"…(?: …)+", "…", text)) + more


def _part(run: Run, context: int, *, first: bool, last: bool) -> str:
    words = _MARKS.sub("", run.text).split()
    if not words:
        return ""
    if not any(character.isalnum() for character in run.text):
        return "" if run.part == "removed" else " ".join(words)  # a comma in bold is no help
    if run.part != "same":
        mark = "~~" if run.part == "removed" else "**"
        text = " ".join(words if len(words) <= LONGEST else [*words[:LONGEST], "…"])
        return f"{mark}{text}{mark}"
    before, after = ([] if first else words[:context]), ([] if last else words[-context:])
    if len(before) + len(after) >= len(words) - 1 and not (first or last):
        return " ".join(words)
    if first:
        return " ".join(after) if len(after) == len(words) else " ".join(["…", *after])
    if last:
        return " ".join(before) if len(before) == len(words) else " ".join([*before, "…"])
    return " ".join([*before, "…", *after])
