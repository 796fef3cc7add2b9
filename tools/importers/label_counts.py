"""Counts of rater labels by slice cell: patterns, pairs of raters, raters against gold and the judge against people."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from tools.errors import SetupError
from tools.evals.cells import cell_key
from tools.evals.duck import identifier, quoted
from tools.evals.items_file import ITEM
from tools.importers.source import Source
from tools.store.tables import PatternCell, RaterCell

GOLD, MAJORITY = "gold", "majority"
MOST_PAIRS = 100_000  # rows of pairs of people that are kept; of more, only those with gold and the judge
MOST_CELLS = 10_000
LONGEST_CELL = 500  # of its column in the database, names and marks included
Row = dict[str, Any]


@dataclass(frozen=True)
class LabelCounts:
    """Rows of `PatternCell` and `RaterCell` without their label set; `pairs` tells whether pairs of people are kept."""

    patterns: list[Row]
    raters: list[Row]
    pairs: bool


def count_labels(source: Source, labels: Path, dimensions: Sequence[str], classes: int, judge: str) -> LabelCounts:
    """The counts of a written label file; only the judge's labels are left out of the patterns.

    Raises:
        SetupError: the slices cross to more cells than can be kept, or one is longer than the database takes.
    """
    table = f"read_parquet([{quoted(str(labels.resolve()))}])"
    by = "".join(f"{identifier(name)}, " for name in dimensions)
    counts = ", ".join(f"count(*) FILTER (label = {index} AND NOT judged) AS n{index}" for index in range(classes))
    numbers = ", ".join(f"n{index}" for index in range(classes))
    marked = f"(SELECT *, rater = {quoted(judge)} AS judged FROM {table})"
    items = (
        f"(SELECT {by}{ITEM}, any_value(gold) AS gold, any_value(label) FILTER (judged) AS verdict, {counts}"
        f" FROM {marked} GROUP BY {by}{ITEM})"
    )
    found = source.all(
        f"SELECT {by}coalesce(gold, -1), {numbers}, count(*) FROM {items} WHERE greatest({numbers}) > 0"
        " GROUP BY ALL ORDER BY ALL"
    )
    width = len(dimensions)
    patterns = [
        _cell(dimensions, row) | {"gold": row[width], "pattern": ",".join(map(str, row[width + 1 : -1])), "n": row[-1]}
        for row in found
    ]
    _check_cells({row["cell"] for row in patterns})
    against = source.all(
        f"SELECT {by}rater, {quoted(GOLD)}, label, gold, count(*) FROM {table} WHERE gold IS NOT NULL"
        " GROUP BY ALL ORDER BY ALL"
    )
    raters = [_pair(dimensions, row) for row in against]
    if judge:
        verdicts = source.all(
            f"SELECT {by}verdict, {numbers}, count(*) FROM {items}"
            f" WHERE verdict IS NOT NULL AND greatest({numbers}) > 0 GROUP BY ALL ORDER BY ALL"
        )
        raters += _against_majority(dimensions, verdicts, judge)
    together = ", ".join(f"a.{identifier(name)}" for name in dimensions) + (", " if dimensions else "")
    pairs = source.all(
        f"SELECT {together}a.rater, b.rater, a.label, b.label, count(*) FROM {marked} a JOIN {marked} b"
        f" ON a.{ITEM} = b.{ITEM} AND a.rater < b.rater WHERE NOT a.judged AND NOT b.judged"
        f" GROUP BY ALL ORDER BY ALL LIMIT {MOST_PAIRS + 1}"
    )
    kept = len(pairs) <= MOST_PAIRS
    raters += [_pair(dimensions, row) for row in pairs] if kept else []
    return LabelCounts(patterns, raters, kept)


def store_counts(session: Session, label_set: str, counts: LabelCounts) -> None:
    """Write the counts of a label set in place of those that are there."""
    for table, rows in ((PatternCell, counts.patterns), (RaterCell, counts.raters)):
        session.execute(delete(table).where(table.label_set_id == label_set))
        if rows:
            session.execute(insert(table), [{"label_set_id": label_set, **row} for row in rows])


def _check_cells(cells: set[str]) -> None:
    if len(cells) > MOST_CELLS:
        raise SetupError(
            f"The slices cross to {len(cells):,} cells; {MOST_CELLS:,} are kept at most. Name fewer with --slices, or"
            " group their values before importing."
        )
    if max(map(len, cells), default=0) > LONGEST_CELL:
        raise SetupError(
            f"The slice values of one item are together longer than {LONGEST_CELL} characters. Name fewer slices with"
            " --slices, or shorten their values before importing."
        )


def _against_majority(dimensions: Sequence[str], verdicts: Sequence[tuple[Any, ...]], judge: str) -> list[Row]:
    """The judge's label by the majority of the people; items on which people are divided have none."""
    width = len(dimensions)
    merged: dict[tuple[Any, ...], int] = {}
    for row in verdicts:
        verdict, *votes, n = row[width:]
        if votes.count(max(votes)) == 1:
            key = (*row[:width], judge, MAJORITY, verdict, votes.index(max(votes)))
            merged[key] = merged.get(key, 0) + n
    return [_pair(dimensions, (*key, n)) for key, n in sorted(merged.items())]


def _cell(dimensions: Sequence[str], row: Sequence[Any]) -> Row:
    values = dict(zip(dimensions, row, strict=False))
    return {"cell": cell_key(values), "values": values}


def _pair(dimensions: Sequence[str], row: Sequence[Any]) -> Row:
    names = ("rater_a", "rater_b", "label_a", "label_b", "n")
    return _cell(dimensions, row) | dict(zip(names, row[len(dimensions) :], strict=True))
