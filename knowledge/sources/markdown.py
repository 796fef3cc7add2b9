"""Markdown: read as it is, its front matter split off."""

from knowledge.sources.extracts import BrokenError, Extract
from knowledge.sources.front_matter import front_matter


def read_markdown(raw: bytes) -> Extract:
    """The text below the front matter, newlines as `\\n`; raises BrokenError."""
    stated, body = front_matter(decoded(raw))
    return Extract(body, stated)


def decoded(raw: bytes) -> str:
    """UTF-8 text, newlines as `\\n`; raises BrokenError where the bytes are no text."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BrokenError(f"is not UTF-8 (byte {problem.start}); save it as UTF-8") from None
    if "\0" in text:
        raise BrokenError("holds NUL characters; it is not a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")
