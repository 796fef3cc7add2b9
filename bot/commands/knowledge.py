"""`steward knowledge`: add guidelines, search them, mend the index, see its state."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.progress import progress

if TYPE_CHECKING:
    from knowledge import AddReport, Hit, Knowledge

app = typer.Typer(no_args_is_help=True, help="The team's guidelines: add, search, reindex.")

Collection = Annotated[str, typer.Option("--collection", help="The set the folder belongs to.")]


@app.command()
def add(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of Markdown files.")],
    collection: Collection,
) -> None:
    """Add a folder of Markdown files, or replace what it held before.

    Example: steward knowledge add guidelines --collection policy
    """
    with _opened() as knowledge, progress() as tell:
        report = knowledge.add(folder, collection, tell)
    _report(f"Added {folder} to {collection}", report)


@app.command()
def remove(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that was added.")],
    collection: Collection,
) -> None:
    """Take a folder out of a collection; its files are not touched.

    Example: steward knowledge remove guidelines --collection policy
    """
    with _opened() as knowledge:
        gone = knowledge.remove(folder, collection)
    _say(f"Took {folder} out of {collection}: {_count(gone, 'document')}.")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for, in your own words.")],
    collection: Annotated[str | None, typer.Option("--collection", help="Search this set only.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many sections at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list, best first.")] = False,
) -> None:
    """Find the sections that best answer a question.

    Example: steward knowledge search "who may approve a release" --limit 3
    """
    with _opened() as knowledge:
        hits = knowledge.search(query, collection=collection, limit=limit)
        state = "" if hits and hits[0].similarity is not None else knowledge.status().dense
    if state.startswith("off"):
        print(f"Searched by words alone; vectors are {state}.", file=sys.stderr)  # noqa: T201
    if as_json:
        sys.stdout.write(json.dumps([hit.as_json() for hit in hits], ensure_ascii=True, indent=2) + "\n")
    elif hits:
        _show(hits)
    else:
        _say("Nothing in the guidelines matches.")


@app.command()
def reindex() -> None:
    """Read every added folder again and make the index anew; mends a missing or damaged one.

    Example: steward knowledge reindex
    """
    with _opened() as knowledge, progress() as tell:
        report = knowledge.reindex(tell)
    _report("Made the index anew", report)


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say what is indexed and how it is searched.

    Example: steward knowledge status
    """
    from dataclasses import asdict

    with _opened() as knowledge:
        found = knowledge.status()
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), indent=2) + "\n")
        return
    sets = ", ".join(f"{name} ({_count(n, 'document')})" for name, n in found.collections.items())
    _say(f"Collections  {sets}")
    _say(f"Sections     {found.sections} in {_count(found.documents, 'document')}, {_count(found.chunks, 'chunk')}")
    _say(f"Embedder     {found.embedder}")
    _say(f"Vectors      {found.dense}")


@contextmanager
def _opened() -> Iterator["Knowledge"]:
    """The knowledge of this home; an error the person can mend becomes one sentence and exit code 2."""
    from bot.settings import load
    from knowledge import Knowledge, KnowledgeError

    knowledge = Knowledge(load().home / "knowledge")
    try:
        yield knowledge
    except KnowledgeError as problem:
        print(f"Error: {problem}", file=sys.stderr)  # noqa: T201
        raise typer.Exit(2) from None
    finally:
        knowledge.close()


def _report(what: str, report: "AddReport") -> None:
    sizes = f"{_count(report.documents, 'document')}, {_count(report.sections, 'section')}"
    _say(f"{what}: {sizes}, {_count(report.chunks, 'chunk')}, {report.embedded} newly embedded.")
    if report.without_vectors:
        _say(f"Words alone are indexed: {report.without_vectors}.")
    if report.unreadable:
        _say(f"Left out, {_count(len(report.unreadable), 'file')}:")
        for one in report.unreadable:
            _say(f"  {one.path} {one.reason}")


def _show(hits: list["Hit"]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for place, hit in enumerate(hits, 1):
        state = "" if hit.standing == "in force" else f", {hit.standing}"
        console.print(Text(f"{place}. {hit.title} {hit.version}{state} · {hit.heading}", style="bold"))
        console.print(Text(f"   {_printable(hit.snippet)}"))
        console.print(Text(f"   {hit.section} · {hit.document} · score {hit.score:.3f}", style="dim"))


def _say(text: str) -> None:
    typer.echo(_printable(text))


def _printable(text: str) -> str:
    """The text without control characters, which a guideline or a file name could use to write over the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
