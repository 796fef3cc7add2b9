"""Formats: which reader takes which file."""

from collections.abc import Callable
from dataclasses import replace

from knowledge.sources.docx import read_docx
from knowledge.sources.extracts import BrokenError, Extract
from knowledge.sources.html import read_html
from knowledge.sources.markdown import read_markdown
from knowledge.sources.pdf import read_pdf
from knowledge.sources.plain import read_plain

Reader = Callable[[bytes], Extract]

READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".txt": read_plain,
}
MARKDOWN = (".md", ".markdown")
NAMES = ", ".join(READERS)


def extract(suffix: str, raw: bytes) -> Extract:
    """What the reader of this suffix takes from the bytes; whatever a parser raises becomes a BrokenError."""
    try:
        found = READERS[suffix](raw)
        # What a page shows is no comment of its author: as one it could mark a section, or hide from its reader.
        return found if suffix in MARKDOWN else replace(found, body=found.body.replace("<!--", "<! --"))
    except BrokenError:
        raise
    except RecursionError:
        raise BrokenError("is nested too deeply to be read; simplify it") from None
    except MemoryError:
        raise BrokenError("needs more memory than there is; split it") from None
    except Exception as problem:  # a parser of a foreign format fails in any way it likes
        what = " ".join(str(problem).split())[:120]
        raise BrokenError(
            f"cannot be read ({type(problem).__name__}: {what}); save it anew or export it again"
        ) from None
