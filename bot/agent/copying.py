"""The line to copy: a figure with what it needs to stand on a slide, run, date and caveat attached."""

import re

from tools.results import Result

ASKED = "copy line"  # what the button says, and so what a thread is asked
_REQUEST = re.compile(
    r"^\W*(?:(?:please|pls|can i (?:have|get)|give me|i need|show me)\s+)*(?:a |the )?(?:copy|slide|paste)[ -]?line"
    r"(?:\s+(?:please|pls|of (?:that|this|it)|for (?:the|my|that) \w+))*\W*$|^\W*(?:a )?line to copy\W*$"
    r"|^\W*copy (?:that|this|it)\W*$",
    re.IGNORECASE,
)


def asks_to_copy(text: str) -> bool:
    """Whether a message asks for the line to copy of the answer before."""
    return bool(_REQUEST.search(text))


def copy_line(result: Result) -> str:
    """The first sentence of a result, its sources and its first caveat, on one line without marks."""
    first = result.headline.replace("**", "").split("\n")[0].strip()
    parts = [first, *(source.line() for source in result.provenance)]
    if result.caveats:
        parts.append(result.caveats[0])
    return " | ".join(" ".join(part.split()).rstrip(".") for part in parts)


def copied(results: list[Result]) -> str:
    """The lines of some results as a block that surfaces offer to copy."""
    lines = "\n".join(copy_line(result) for result in results)
    return f"```\n{lines}\n```"
