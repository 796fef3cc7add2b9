"""Lines of the form `steward …`, checked against the commands that really exist, without running anything."""

import shlex
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from bot.cli import app

PROMPT = "$ steward"


def commands() -> dict[str, Any]:
    """Every command a person can run, by its words (`knowledge add`); groups are under their own name."""

    def below(words: str, command: Any) -> Iterator[tuple[str, Any]]:
        if words:
            yield words, command
        for name, child in getattr(command, "commands", {}).items():
            yield from below(f"{words} {name}".strip(), child)

    return dict(below("", get_command(app)))


def check(arguments: list[str]) -> str:
    """The words of the command that these arguments name; what follows is parsed as if the command ran.

    Raises:
        ValueError: there is no such command.
        Exception: Typer's own, saying which option or argument does not exist or is missing.
    """
    known = commands()
    for length in (2, 1):
        words = " ".join(arguments[:length])
        if words in known and not hasattr(known[words], "commands"):
            known[words].make_context(words, arguments[length:])
            return words
    raise ValueError(f"no such command: steward {shlex.join(arguments)}")


def arguments_of(line: str) -> list[str]:
    """The arguments of `steward …`, as a shell splits them; variables may stand before it, a pipe or file after it."""
    words = shlex.split(line)
    start = words.index("steward") + 1
    end = next((place for place, word in enumerate(words) if word in ("|", ">", "&&", ";")), len(words))
    return words[start:end]


def runnable(document: str) -> list[str]:
    """The lines `$ steward …` of a Markdown document's fences that are marked `console`, without the prompt."""
    lines, fence = [], ""
    for line in document.splitlines():
        text = line.strip()
        if text.startswith("```"):
            fence = "" if fence else text.removeprefix("```").strip() or "plain"
        elif fence == "console" and text.startswith(PROMPT):
            lines.append(text.removeprefix("$ "))
    return lines
