"""`steward scorecard`: files of questions asked of this installation, and how much of it was right."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import typer

from bot.agent.planner import NAME as PLANNER
from bot.commands.asking import who
from bot.scorecard.questions import Entry, read_questions
from bot.scorecard.scoring import Scored, new_session, score
from bot.scorecard.table import misses, score_table, totals, unknown_tools
from bot.scorecard.tally import Runs, by_group, tally
from bot.scorecard.threads import clear, fork
from bot.settings import load
from bot.terminal import bars, console, notes
from bot.wiring import Steward, opened
from tools.toolbox import TOOLS


def run_scorecard(
    files: Sequence[Path],
    *,
    model: str,
    repeat: int,
    as_json: bool,
    show_misses: bool,
    floor: float | None,
    person: str,
) -> None:
    """Ask all questions of all files, `repeat` times each; exit code 1 when a file's worst run is below the floor."""
    asked = {file: read_questions(file) for file in files}  # all are read before any is asked
    settings = load()
    if model:
        settings = settings.model_copy(update={"model": "" if model == PLANNER else model})
    with opened(settings) as steward:
        steward.warm()  # the time of an answer is measured, not that of starting
        found = {file: _runs(steward, file, entries, repeat, person) for file, entries in asked.items()}
    name = settings.model or PLANNER
    if as_json:
        document = {"model": name, "files": [_document(file, runs) for file, runs in found.items()]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        for file, runs in found.items():
            _print(file, name, runs, show_misses=show_misses)
    low = [file for file, runs in found.items() if floor is not None and tally(runs).worst < floor]
    if low:
        names = ", ".join(file.name for file in low)
        notes.print(f"Below the floor of {floor:g}: {names}.", highlight=False, markup=False)
        raise typer.Exit(1)


def _runs(steward: Steward, file: Path, entries: list[Entry], repeat: int, person: str) -> list[list[Scored]]:
    asker, session = who(steward, person), new_session()
    runs: list[list[Scored]] = []
    try:
        with bars() as tell:
            done = count(1)
            for number in range(repeat):
                runs.append(
                    score(
                        entries,
                        steward.answer,
                        asker,
                        partial(fork, steward.engine),
                        session=f"{session}:{number}",
                        told=lambda: tell(file.name, next(done), len(entries) * repeat),
                    )
                )
    finally:
        clear(steward.engine, session)
    return runs


def _print(file: Path, model: str, runs: Runs, *, show_misses: bool) -> None:
    times = f", {len(runs)} runs" if len(runs) > 1 else ""
    console.print(score_table(f"{file.name}, {model}{times}", runs))
    console.print(totals(runs), highlight=False, markup=False)
    absent = unknown_tools(runs, frozenset(tool.name for tool in TOOLS))
    if absent:
        console.print(f"Expected, but not there: {', '.join(absent)}.", highlight=False, markup=False)
    if show_misses:
        for line in misses(runs):
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def _document(file: Path, runs: Runs) -> dict[str, Any]:
    return {
        "file": str(file),
        "total": asdict(tally(runs)),
        "groups": {group: asdict(found) for group, found in by_group(runs).items()},
        "misses": [_miss(number, one) for number, run in enumerate(runs, 1) for one in run if one.wrong or one.loose],
    }


def _miss(run: int, one: Scored) -> dict[str, Any]:
    first = one.answer.results[0] if one.answer.results else None
    return {
        "run": run,
        "line": one.entry.line,
        "group": one.group,
        "thread": one.entry.thread,
        "ask": one.ask,
        "wrong": one.wrong,
        "offered": one.offered,
        "loose": list(one.loose or ()),
        "kind": one.answer.kind,
        "tool": first.tool if first else None,
        "query": first.query if first else None,
    }
