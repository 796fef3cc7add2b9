"""`steward knowledge lint`."""

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import count, printable, say

if TYPE_CHECKING:
    from knowledge.lint import Finding

_WORDS = 400


def lint(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A folder, added or not; without one all that was added.")
    ] = None,
    collection: Annotated[
        str | None, typer.Option("--collection", help="Lint this set only; with DIR, the set it is meant for.")
    ] = None,
    longest: Annotated[int, typer.Option("--longest", min=1, help="Words a section may have.")] = _WORDS,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count like errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """Check guidelines before people ask them: references, ids, terms, examples, lengths, conflicting numbers, dates.

    The exit code is 1 if there are errors (with --strict also for warnings).

    Example: steward knowledge lint guidelines --strict
    """
    with opened() as knowledge:
        from knowledge.lint import Limits

        findings = knowledge.lint(folder, collection, limits=Limits(words=longest))
    if as_json:
        sys.stdout.write(json.dumps([one.as_json() for one in findings], ensure_ascii=True, indent=2) + "\n")
    else:
        _show(findings)
    failing = {"error", "warning"} if strict else {"error"}
    if any(one.severity in failing for one in findings):
        raise typer.Exit(1)


def _show(findings: list["Finding"]) -> None:
    for document, found in groupby(findings, key=lambda one: one.document):
        say(document)
        for one in found:
            place = f"{one.line:>5}  " if one.line else "       "
            section = f"{one.section}: " if one.section else ""
            say(f"{place}{one.severity:<8}{section}{printable(one.says)} [{one.rule}]")
        say("")
    counted = [sum(one.severity == kind for one in findings) for kind in ("error", "warning", "note")]
    errors, warnings, notes = (count(n, kind) for n, kind in zip(counted, ("error", "warning", "note"), strict=True))
    documents = count(len({one.document for one in findings}), "document")
    say(f"{errors}, {warnings} and {notes} in {documents}." if findings else "Nothing to mend.")
