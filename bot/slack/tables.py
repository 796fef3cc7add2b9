"""Tables: the pipe tables of a Markdown answer, as a Slack table or as aligned text."""

from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROWS, COLUMNS, CHARACTERS = 100, 20, 9_000
WIDTH = 40  # one long cell must not pad every row to its length


@dataclass(frozen=True)
class MarkdownTable:
    """A table found in Markdown: rows of plain cells, the first one the heading; `right` marks the number columns."""

    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]

    @property
    def fits(self) -> bool:
        """Whether Slack draws it as a table."""
        size = sum(len(cell) for row in self.rows for cell in row)
        return len(self.rows) <= ROWS and len(self.right) <= COLUMNS and size <= CHARACTERS

    def block(self) -> dict[str, Any]:
        """The table block; a cell must not be empty."""
        settings = [{"align": "right" if right else "left", "is_wrapped": True} for right in self.right]
        rows = [[{"type": "raw_text", "text": cell or "–"} for cell in row] for row in self.rows]
        return {"type": "table", "column_settings": settings, "rows": rows}

    def text(self) -> str:
        """The table in a fence, columns aligned."""
        widths = [min(WIDTH, max(len(row[at]) for row in self.rows)) for at in range(len(self.right))]

        def drawn(row: tuple[str, ...]) -> str:
            cells = zip(row, widths, self.right, strict=True)
            return "  ".join(cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells).rstrip()

        body = "\n".join(drawn(row) for row in self.rows).replace("```", "'''")
        return f"```\n{body}\n```"


def parts(markdown: str) -> list[str | MarkdownTable]:
    """Markdown cut into its tables and what stands between them, in order; blank stretches are left out."""
    lines, found, at = markdown.splitlines(), list[str | MarkdownTable](), 0
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    for index, token in enumerate(tokens):
        if token.type == "table_open" and token.map and token.level == 0:
            first, last = token.map
            found += ["\n".join(lines[at:first]), _table(tokens, index)]
            at = last
    found.append("\n".join(lines[at:]))
    return [part for part in found if isinstance(part, MarkdownTable) or part.strip()]


def _table(tokens: list[Token], start: int) -> MarkdownTable:
    rows: list[tuple[str, ...]] = []
    cells: list[str] = []
    right: list[bool] = []
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.type in ("th_open", "td_open"):
            cells.append(_words(tokens[index + 1]))
            if token.type == "th_open":
                right.append("right" in str(token.attrGet("style") or ""))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
            cells = []
        elif token.type == "table_close":
            break
    return MarkdownTable(tuple(rows), tuple(right))


def _words(inline: Token) -> str:
    pieces = [child.content for child in inline.children or [] if child.type in ("text", "code_inline")]
    return "".join(pieces).strip()
