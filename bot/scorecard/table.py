"""The scorecard as people read it: a table by group, a sentence with the totals, and the misses."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from bot.scorecard.scoring import Scored
from bot.scorecard.tally import Runs, Tally, by_group, tally
from tools.stats.formats import count, rate

COLUMNS = ("group", "tool", "right", "offered", "refused", "numbers", "ms", "max")


def score_table(title: str, runs: Runs) -> Table:
    """A row a group and one for all; `ms` is the median time; `a run` the right ones of the worst and the best run."""
    table = Table(title=escape(title), box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    repeated = len(runs) > 1
    for number, name in enumerate((*COLUMNS, *(("a run",) if repeated else ()))):
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for group, found in by_group(runs).items():
        table.add_row(escape(group), *_cells(found, repeated=repeated))
    table.add_section()
    table.add_row("all", *_cells(tally(runs), repeated=repeated))
    return table


def totals(runs: Runs) -> str:
    """What stands in a report: right at first, with the readings offered, refusals, numbers, time."""
    found = tally(runs)
    parts = [
        f"Right at first {_share(found.right, found.questions)}",
        f"with offered readings {_share(found.right + found.offered, found.questions)}",
    ]
    if found.tools:
        parts.append(f"right tool {_share(found.tool, found.tools)}")
    if found.refusals:
        parts.append(f"refused {_of(found.refused, found.refusals)}")
    if found.checked:
        parts.append(f"every number grounded in {_of(found.grounded, found.checked)} answers")
    parts.append(f"median {found.median_ms:.0f} ms, at most {found.max_ms:.0f} ms")
    spread = f" From {found.fewest} to {found.most} right in {found.runs} runs." if found.runs > 1 else ""
    return f"{'; '.join(parts)}.{spread}"


def misses(runs: Runs) -> Iterator[str]:
    """A line for each question that was not right at first, and for each number without a source."""
    for number, run in enumerate(runs, 1):
        at = f"run {number}, " if len(runs) > 1 else ""
        for one in run:
            where = f"{at}line {one.entry.line}, {one.group}: {one.ask}"
            if one.wrong:
                yield f"{where} -> {one.wrong}" + (f"; offered: {one.offered}" if one.offered else "")
            if one.loose:
                yield f"{where} -> without a source: {', '.join(one.loose)}"


def unknown_tools(runs: Sequence[Sequence[Scored]], known: frozenset[str]) -> list[str]:
    """The tools that the questions expect and this installation does not have."""
    return sorted({tool for one in runs[0] for tool in one.entry.tools} - known)


def _cells(found: Tally, *, repeated: bool) -> list[str]:
    cells = [
        _cell(found.tool, found.tools),
        _cell(found.right, found.questions),
        f"+{found.offered}" if found.offered else "–",
        _cell(found.refused, found.refusals),
        _cell(found.grounded, found.checked),
        f"{found.median_ms:.0f}",
        f"{found.max_ms:.0f}",
    ]
    return [*cells, f"{found.fewest}-{found.most}"] if repeated else cells


def _cell(k: int, n: int) -> str:
    return f"{k}/{n}" if n else "–"  # no comma: the table fits 80 columns


def _of(k: int, n: int) -> str:
    return f"{count(k)} of {count(n)}"


def _share(k: int, n: int) -> str:
    return f"{_of(k, n)} ({rate(k / n)})"
