"""Markdown: read as it is, its front matter split off."""

from knowledge.sources.extracts import BrokenError, Extract
from knowledge.sources.front_matter import front_matter

MAX_BYTES = 10_000_000  # a million and a half words; to index them takes 2 s of CPU, to embed them ten minutes
MAX_LINES = 200_000


def read_markdown(raw: bytes) -> Extract:
    """The text below the front matter, newlines as `\\n`; raises BrokenError."""
    stated, body = front_matter(decoded(raw))
    return Extract(body, stated)


def decoded(raw: bytes) -> str:
    """UTF-8 text with plain newlines; raises BrokenError where the bytes are no text, or too much of it."""
    if len(raw) > MAX_BYTES:
        raise BrokenError(f"holds more than {MAX_BYTES // 1_000_000} MB of text; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BrokenError(f"is not UTF-8 (byte {problem.start}); save it as UTF-8") from None
    if "\0" in text:
        raise BrokenError("holds NUL characters; it is not a text file")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise BrokenError(f"has more than {MAX_LINES:,} lines; split it")
    return text
