"""Expected errors as one sentence and exit code 2, so that nobody sees a traceback for a thing they can mend."""

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

P = ParamSpec("P")
R = TypeVar("R")


def friendly(command: Callable[P, R]) -> Callable[P, R]:
    """Wrap a command: expected errors end it with a sentence, Ctrl-C with 130; bugs keep their traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from bot.logs import to_error_stream

        to_error_stream()
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            from knowledge import KnowledgeError
            from tools.errors import StewardError

            if not isinstance(error, StewardError | KnowledgeError):
                raise
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(2) from error

    return run
