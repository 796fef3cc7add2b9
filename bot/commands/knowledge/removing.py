"""`steward knowledge remove`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import count, say


def remove(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that was added.")],
    collection: Annotated[str, typer.Option("--collection", help="The set the folder belongs to.")],
) -> None:
    """Take a folder out of a collection; its files are not touched.

    Example: steward knowledge remove guidelines --collection policy
    """
    with opened() as knowledge:
        gone = knowledge.remove(folder, collection)
    say(f"Took {folder} out of {collection}: {count(gone, 'document')}.")
