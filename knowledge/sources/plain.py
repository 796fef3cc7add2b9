"""Plain text: lines with a section number before them are headings; the rest is read as Markdown."""

import re

from knowledge.sources.extracts import Extract
from knowledge.sources.markdown import decoded

# `3.2 Requests for a place`, at most 80 characters, no sentence and no item of a list ("1. do this").
NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4}\.?|\d{1,2})[ \t]+(?=\S{2})(?=[^\d\W])([^\n]{2,80}?)(?<![.,;:!?])")


def read_plain(raw: bytes) -> Extract:
    """A text file as Markdown; a numbered line between blank lines becomes a heading."""
    text = "".join(c for c in decoded(raw) if c.isprintable() or c in "\n\t")
    lines = text.split("\n")
    made = []
    for at, line in enumerate(lines):
        alone = not "".join(lines[max(0, at - 1) : at] + lines[at + 1 : at + 2]).strip()
        level = heading_level(line.strip()) if alone else 0
        made.append(f"{'#' * level} {line.strip()}" if level else line)
    return Extract("\n".join(made))


def heading_level(line: str) -> int:
    """2 for `3 Contact`, 3 for `3.2 Requests` and so on; 0 where the line is no numbered heading."""
    match = NUMBERED.fullmatch(line)
    return min(6, 1 + len(match[1].strip(".").split("."))) if match else 0
