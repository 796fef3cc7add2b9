"""Results as Markdown: the deterministic answer, and the only text of a result that a language model sees (R2).

Field by field from an allow-list: headline, the declared columns of the rows, defaults, caveats, quotes, provenance.
"""

from collections.abc import Sequence
from typing import Any

from tools.results import Citation, Column, Result
from tools.stats.formats import count, interval, p_value, rate, signed

MAX_ROWS = 20  # a table longer than this is not read on a phone; the rest is said to be left out


def render(result: Result) -> str:
    """Everything of one result: what the planner answers, and what a failed grounding falls back to."""
    return "\n\n".join(part for part in (result.headline, details(result)) if part)


def details(result: Result) -> str:
    """All but the headline: table, quotes, defaults used, caveats, provenance."""
    shown = " ".join(result.headline.split())  # a headline quotes a sentence of several lines on one
    quotes = [quote(one) for one in result.citations if " ".join(one.quote.split()) not in shown]
    parts = [table(result.columns, result.rows), *quotes]
    if result.defaults:
        parts.append(f"Used: {', '.join(result.defaults)}.")
    parts += list(result.caveats)
    parts += [f"`{source.line()}`" for source in result.provenance]
    return "\n\n".join(part for part in parts if part)


def quote(citation: Citation) -> str:
    """The section line and, where it may be shown, its sentence."""
    line = f"**{citation.line()}**"
    return f"{line}\n> {citation.quote}" if citation.quote else line


def table(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> str:
    """A Markdown table of at most twenty rows; empty without columns."""
    if not columns or not rows:
        return ""
    lines = ["| " + " | ".join(column.label for column in columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(cell(column, row) for column in columns) + " |" for row in rows[:MAX_ROWS]]
    if len(rows) > MAX_ROWS:
        left = len(rows) - MAX_ROWS
        lines.append(f"\n{left} more {'row is' if left == 1 else 'rows are'} left out here.")
    return "\n".join(lines)


def cell(column: Column, row: dict[str, Any]) -> str:
    """One value as text; a missing one is a dash."""
    value, other = row.get(column.key), row.get(column.other) if column.other else None
    if value is None:
        return "–"
    if column.unit == "rate":
        return rate(value)
    if column.unit == "count":
        return count(value)
    if column.unit == "share":
        return f"{count(value)}/{count(other or 0)}"
    if column.unit == "change":
        return f"{rate(value)} → {rate(other) if other is not None else '–'}"
    if column.unit == "interval":
        return interval(value, other if other is not None else value)
    if column.unit == "signed":
        return signed(value)
    if column.unit == "signed interval":
        return f"{signed(value)} to {signed(other if other is not None else value)}"
    if column.unit == "p":
        return p_value(value)
    return str(value).replace("|", "/").replace("\n", " ")
