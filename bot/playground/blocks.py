"""Blocks: the limits Slack puts on a message, checked as strictly as Slack checks them."""

from collections.abc import Callable, Iterator
from typing import Any

MESSAGE_BLOCKS = 50
MARKDOWN_TOTAL = 12_000
MESSAGE_TOTAL = 13_200  # measured by others: `msg_blocks_too_long` starts about there, whatever the blocks
TEXT = 40_000

Block = dict[str, Any]
Check = Callable[[Block], Iterator[str]]


def problem(text: str, blocks: list[Block]) -> tuple[str, list[str]] | None:
    """What Slack would refuse about a message: the error and its details, or None for a good message.

    A missing `text` is refused too, with blocks as without: the fall-back is what a screen reader reads.
    """
    if not text.strip():
        return "no_text", ["the top-level text is missing"]
    if len(text) > TEXT:
        return "msg_too_long", [f"text has more than {TEXT} characters"]
    details = list(_details(blocks))
    if details:
        return "invalid_blocks", details
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_TOTAL or sum(len(piece) for piece in _texts(blocks)) > MESSAGE_TOTAL:
        return "msg_blocks_too_long", ["the blocks hold too much text"]
    return None


def _details(blocks: list[Block]) -> Iterator[str]:
    if len(blocks) > MESSAGE_BLOCKS:
        yield f"no more than {MESSAGE_BLOCKS} items allowed"
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "block_id is not unique"
    if sum(isinstance(block, dict) and block.get("type") == "table" for block in blocks) > 1:
        yield "only one table allowed"
    for number, block in enumerate(blocks):
        check = CHECKS.get(block.get("type", "")) if isinstance(block, dict) else None
        found = ["unsupported type"] if check is None else list(check(block))
        if len(str(block.get("block_id", "")) if isinstance(block, dict) else "") > 255:
            found.append("block_id is longer than 255")
        yield from (f"{detail} [json-pointer:/blocks/{number}]" for detail in found)


def _text_object(value: Any, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield f"must be a text object of type {' or '.join(kinds)}"
    elif not isinstance(value.get("text"), str) or not 1 <= len(value["text"]) <= limit:
        yield f"text must have 1 to {limit} characters"


def _section(block: Block) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "missing required field: text or fields"
    if "text" in block:
        yield from _text_object(block["text"], 3_000)
    fields = block.get("fields", [])
    if len(fields) > 10:
        yield "no more than 10 fields allowed"
    for item in fields:
        yield from _text_object(item, 2_000)


def _header(block: Block) -> Iterator[str]:
    yield from _text_object(block.get("text"), 150, ("plain_text",))


def _context(block: Block) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 10:
        yield "context must have 1 to 10 elements"
    for element in elements:
        if element.get("type") != "image":
            yield from _text_object(element, 2_000)


def _actions(block: Block) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield "actions must have 1 to 25 elements"
    ids = [element.get("action_id") for element in elements]
    if len(ids) != len(set(ids)):
        yield "action_id is not unique"
    for element in elements:
        if element.get("type") != "button":
            yield "unsupported element"
            continue
        yield from _text_object(element.get("text"), 75, ("plain_text",))
        if len(element.get("value", "")) > 2_000:
            yield "value must have at most 2000 characters"
        if len(element.get("action_id", "")) > 255:
            yield "action_id must have at most 255 characters"
        if element.get("style", "primary") not in ("primary", "danger"):
            yield "unknown style"


def _markdown(block: Block) -> Iterator[str]:
    if not isinstance(block.get("text"), str) or not block["text"]:
        yield "text must be a string of at least one character"


def _table(block: Block) -> Iterator[str]:
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= 100:
        yield "a table must have 1 to 100 rows"
    if len(block.get("column_settings", [])) > 20:
        yield "no more than 20 column settings allowed"
    for row in rows:
        if not 1 <= len(row) <= 20:
            yield "a row must have 1 to 20 cells"
        for cell in row:
            if cell.get("type") not in ("raw_text", "rich_text"):
                yield "unsupported cell"
            elif cell["type"] == "raw_text" and not cell.get("text"):
                yield "a cell must have at least one character"


def _anything(block: Block) -> Iterator[str]:
    yield from ()


CHECKS: dict[str, Check] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "markdown": _markdown,
    "table": _table,
    "divider": _anything,
    "rich_text": _anything,
}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "text" and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
