"""`steward knowledge add`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import say_report
from bot.commands.progress import progress


def add(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of Markdown, HTML, DOCX, PDF or text files.")],
    collection: Annotated[str, typer.Option("--collection", help="The set the folder belongs to.")],
    link_base: Annotated[
        str | None,
        typer.Option(
            "--link-base", metavar="URL", help="Where people read the folder; a file's path is put behind it."
        ),
    ] = None,
) -> None:
    """Add a folder of documents, or replace what it held before.

    Example: steward knowledge add guidelines --collection policy --link-base https://wiki.example.org/guidelines/
    """
    with opened() as knowledge, progress() as tell:
        report = knowledge.add(folder, collection, tell, link_base=link_base)
    say_report(f"Added {folder} to {collection}", report)
