"""`steward knowledge search`."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import printable, say

if TYPE_CHECKING:
    from knowledge import Hit


def search(
    query: Annotated[str, typer.Argument(help="What to look for, in your own words.")],
    collection: Annotated[str | None, typer.Option("--collection", help="Search this set only.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many sections at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list, best first.")] = False,
) -> None:
    """Find the sections that best answer a question.

    Example: steward knowledge search "who may approve a release" --limit 3
    """
    with opened() as knowledge:
        hits = knowledge.search(query, collection=collection, limit=limit)
        state = "" if hits and hits[0].similarity is not None else knowledge.status().dense
    if state.startswith("off"):
        print(f"Searched by words alone; vectors are {state}.", file=sys.stderr)  # noqa: T201
    if as_json:
        sys.stdout.write(json.dumps([hit.as_json() for hit in hits], ensure_ascii=True, indent=2) + "\n")
    elif hits:
        _show(hits)
    else:
        say("Nothing in the guidelines matches.")


def _show(hits: list["Hit"]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for place, hit in enumerate(hits, 1):
        state = "" if hit.standing == "in force" else f", {hit.standing}"
        console.print(Text(f"{place}. {hit.title} {hit.version}{state} · {hit.heading}", style="bold"))
        console.print(Text(f"   {printable(hit.snippet)}"))
        console.print(Text(f"   {hit.section} · {hit.document} · score {hit.score:.3f}", style="dim"))
