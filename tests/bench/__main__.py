"""Prints the tables of `make bench`; `python -m tests.bench engine` prints one part of them, `--help` all options."""

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.settings import Settings
from bot.wiring import opened
from tests.bench.coverage import coverage_table
from tests.bench.engine import against_others, against_rows
from tests.bench.paired_coverage import paired_coverage
from tests.bench.retrieval.options import Options, parsed
from tests.bench.retrieval.part import Printed, retrieval
from tests.bench.retrieval.scale import knowledge
from tests.bench.speed import cold, start_up, warm
from tests.bench.stored import stored
from tests.bench.understanding import left_out, sixty

PICTURE = Path(__file__).parents[2] / "tools" / "evals" / "cost.svg"  # the README shows it
console = Console(width=150)


def speed(folder: Path) -> None:
    """Commands and answers, on a sample workspace of its own."""
    home = folder / "home"
    figures = [start_up(home), *cold(home), *warm(home)]
    _print("Speed and memory", ("what", "median", "min", "max", "runs", "goal"), [figure.row() for figure in figures])


def planner(folder: Path) -> None:
    """How well the planner understands."""
    home = folder / "home"
    if not home.exists():
        start_up(home)
    with opened(Settings(home=home)) as steward:
        rows = [(what, str(right), str(of)) for what, right, of in [*sixty(steward), *left_out(steward)]]
    _print("The planner", ("what", "right", "of"), rows)


def engine(folder: Path) -> None:
    """The evaluation engine: against others, against rows, and over stored statistics."""
    title = "One million rows, 40 slices (medians of 5 runs; the others once)"
    _print(title, ("what", "seconds", "peak MB", "times Steward", "goal"), against_others(folder))
    title = "Cost against rows: two models x four metrics x 40 slices, differences, B=2000 (medians of 5, min-max)"
    _print(
        title, ("rows", "bare scan, s", "Steward, s", "ratio", "peak MB", "goal"), against_rows(folder, picture=PICTURE)
    )
    title = "Questions over stored statistics, ms in the process (median of 15, first in brackets)"
    _print(title, ("what", "cells", "items", "ms", "goal"), stored(folder))


def coverage(folder: Path) -> None:
    """Whether 95 % intervals hold the truth in 95 % of cases."""
    heading = ("metric", "population", "truth", "coverage", "too high", "too low", "samples")
    _print("Coverage of the 95 % intervals", heading, [row.row() for row in coverage_table()])
    _print(
        "Coverage of paired differences",
        ("metric", "population", "truth", "coverage", "size", "power", "samples"),
        [row.row() for row in paired_coverage()],
    )


PARTS: dict[str, Callable[[Path], None]] = {"speed": speed, "planner": planner, "engine": engine, "coverage": coverage}
WITH_OPTIONS: dict[str, Callable[[Options], Iterable[Printed]]] = {"retrieval": retrieval, "knowledge": knowledge}


def main() -> None:
    """Measure and print what the command line names, or everything."""
    names, options = parsed(sys.argv[1:], [*PARTS, *WITH_OPTIONS])
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            if name in PARTS:
                PARTS[name](Path(folder))
                continue
            for table in WITH_OPTIONS[name](options):
                _print(table.title, table.heading, table.rows)


def _print(title: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(title=title)
    for name in heading:
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    main()
