"""Prints the tables of `make bench`, on a sample workspace of its own."""

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.settings import Settings
from bot.wiring import opened
from tests.bench.speed import Figure, cold, start_up, warm
from tests.bench.understanding import left_out, sixty


def main() -> None:
    """Set up, measure, print."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        figures = [start_up(home), *cold(home), *warm(home)]
        console.print(_speed(figures))
        with opened(Settings(home=home)) as steward:
            console.print(_understanding([*sixty(steward), *left_out(steward)]))


def _speed(figures: list[Figure]) -> Table:
    table = Table(title="Speed and memory")
    for name in ("what", "median", "min", "max", "runs", "goal"):
        table.add_column(name)
    for figure in figures:
        table.add_row(*figure.row())
    return table


def _understanding(rows: list[tuple[str, int, int]]) -> Table:
    table = Table(title="The planner")
    for name in ("what", "right", "of"):
        table.add_column(name)
    for what, right, of in rows:
        table.add_row(what, str(right), str(of))
    return table


main()
