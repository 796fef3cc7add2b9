"""Opening: the knowledge of this home, for a command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from knowledge import Knowledge


@contextmanager
def opened() -> Iterator["Knowledge"]:
    """The knowledge of this home; an error the person can mend becomes one sentence and exit code 2."""
    from bot.guidelines import open_guidelines
    from bot.settings import load
    from knowledge import KnowledgeError
    from tools.errors import SetupError

    try:
        knowledge = open_guidelines(load())
    except SetupError as problem:
        print(f"Error: {problem}", file=sys.stderr)  # noqa: T201
        raise typer.Exit(2) from None
    try:
        yield knowledge
    except KnowledgeError as problem:
        print(f"Error: {problem}", file=sys.stderr)  # noqa: T201
        raise typer.Exit(2) from None
    finally:
        knowledge.close()
