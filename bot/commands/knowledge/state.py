"""`steward knowledge status`."""

import json
import sys
from typing import Annotated

import typer

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import count, say


def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say what is indexed and how it is searched.

    Example: steward knowledge status
    """
    from dataclasses import asdict

    with opened() as knowledge:
        found = knowledge.status()
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), indent=2) + "\n")
        return
    sets = ", ".join(f"{name} ({count(n, 'document')})" for name, n in found.collections.items())
    say(f"Collections  {sets}")
    say(f"Sections     {found.sections} in {count(found.documents, 'document')}, {count(found.chunks, 'chunk')}")
    if found.kept:
        say(f"Kept         {count(found.kept, 'earlier text')} of files that were changed in place")
    say(f"Embedder     {found.embedder}")
    say(f"Vectors      {found.dense}")
