"""`steward knowledge sync`."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import say_changes, say_report
from bot.commands.knowledge.watching import watch
from bot.commands.progress import progress


def sync(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="An added folder; default: all of them.")] = None,
    watching: Annotated[bool, typer.Option("--watch", help="Go on: follow every change until Ctrl-C.")] = False,
) -> None:
    """Read the added folders again; what did not change is neither parsed nor embedded again.

    Example: steward knowledge sync --watch
    """
    with opened() as knowledge:
        with progress() as tell:
            report = knowledge.sync(tell, folder=folder)
        say_changes(report)
        say_report("Read again" if folder is None else f"Read {folder} again", report)
        if watching:
            places = [place for place in knowledge.folders() if folder is None or place == folder.resolve()]
            with suppress(KeyboardInterrupt):  # it may come in the middle of a sync, which then changed nothing
                watch(knowledge, places)
