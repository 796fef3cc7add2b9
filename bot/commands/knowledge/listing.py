"""`steward knowledge list`."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import count, say

if TYPE_CHECKING:
    from knowledge import Edition


def list_documents(
    collection: Annotated[str | None, typer.Option("--collection", help="List this set only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List the documents with their versions: which are in force, from when, and who owns them.

    Example: steward knowledge list --collection policy
    """
    from dataclasses import asdict

    with opened() as knowledge:
        editions = [one for one in knowledge.editions() if collection in (None, one.collection)]
    if as_json:
        sys.stdout.write(json.dumps([asdict(one) for one in editions], default=str, indent=2) + "\n")
        return
    for one in editions:
        say(_line(one))
    if not editions:
        say("There is no document in it.")


def _line(one: "Edition") -> str:
    parts = [
        f"{one.collection} / {one.id} {one.version}",
        one.standing + (f" from {one.effective}" if one.effective else ""),
        count(one.sections, "section"),
        one.owner,
        one.path,
    ]
    return " · ".join(part for part in parts if part)
