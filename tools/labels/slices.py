"""Slices of a label set: its stored counts, filtered and rolled up, and how often raters chose which pair of labels."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sqlalchemy import Engine, func, select

from tools.catalog import Filters, LabelSetEntry
from tools.slices import within
from tools.stats.ratings import Numbers, Ratings, tally
from tools.store.session import reading
from tools.store.tables import LabelSet, PatternCell, RaterCell

GOLD, MAJORITY = "gold", "majority"


@dataclass(frozen=True)
class LabelSlice:
    """One slice: its values in the order of the grouping (none: the whole), and what people said of its items.

    `by_gold` are the same ratings by gold class, empty without gold. `verdicts` (classes, classes) is the judge's label
    by the majority of the people, all zero without a judge. `people` labelled here; None where that is not known.
    """

    values: tuple[str, ...]
    ratings: Ratings
    by_gold: tuple[Ratings, ...]
    verdicts: Numbers
    people: int | None

    @property
    def name(self) -> str:
        """`hi-Latn · comment`."""
        return " · ".join(self.values) or "all"


@dataclass(frozen=True)
class RaterPair:
    """How often two raters of the same items chose which labels; `table` (classes, classes), rows are those of a."""

    rater_a: str
    rater_b: str
    table: Numbers

    @property
    def agreed(self) -> tuple[int, int]:
        """Items on which both said the same, of all they share."""
        return int(np.trace(self.table)), int(self.table.sum())


@dataclass(frozen=True)
class _Cell:
    """One slice cell: patterns as (gold, counts, items), verdicts as (judge, majority, items), and who labelled."""

    key: str
    values: dict[str, str]
    patterns: tuple[tuple[int, tuple[int, ...], int], ...]
    verdicts: tuple[tuple[int, int, int], ...]
    people: frozenset[str]


def load_label_slices(
    engine: Engine, entry: LabelSetEntry, filters: Filters, group_by: Sequence[str]
) -> list[LabelSlice]:
    """The slices of a label set, in the order of their names; without a grouping, one slice of all that passes."""
    groups: dict[tuple[str, ...], list[_Cell]] = {}
    for cell in _cells_of(engine, entry):
        if within(cell.values, filters):
            groups.setdefault(tuple(cell.values[dimension] for dimension in group_by), []).append(cell)
    return [_slice(key, groups[key], entry) for key in sorted(groups)]


def load_pairs(engine: Engine, entry: LabelSetEntry, filters: Filters) -> list[RaterPair]:
    """Every pair of raters that share items; `rater_b` is GOLD or MAJORITY for what a rater is compared with."""
    columns = (RaterCell.rater_a, RaterCell.rater_b, RaterCell.label_a, RaterCell.label_b)
    statement = select(*columns, func.sum(RaterCell.n)).where(RaterCell.label_set_id == entry.id).group_by(*columns)
    if filters:
        kept = [cell.key for cell in _cells_of(engine, entry) if within(cell.values, filters)]
        statement = statement.where(RaterCell.cell.in_(kept))
    tables: dict[tuple[str, str], Numbers] = {}
    size = len(entry.classes)
    with reading(engine) as session:
        for rater_a, rater_b, label_a, label_b, n in session.execute(statement):
            tables.setdefault((rater_a, rater_b), np.zeros((size, size), np.int64))[label_a, label_b] += int(n)
    return [RaterPair(*names, table) for names, table in sorted(tables.items())]


def _slice(values: tuple[str, ...], cells: list[_Cell], entry: LabelSetEntry) -> LabelSlice:
    size = len(entry.classes)
    patterns = [pattern for cell in cells for pattern in cell.patterns]
    verdicts = np.zeros((size, size), np.int64)
    for cell in cells:
        for judge, majority, n in cell.verdicts:
            verdicts[judge, majority] += n
    people = frozenset[str]().union(*(cell.people for cell in cells))
    return LabelSlice(
        values,
        tally(((counts, n) for _, counts, n in patterns), size),
        tuple(tally(((c, n) for gold, c, n in patterns if gold == index), size) for index in range(size))
        if entry.has_gold
        else (),
        verdicts,
        len(people) if people else None,
    )


def _cells_of(engine: Engine, entry: LabelSetEntry) -> tuple[_Cell, ...]:
    with reading(engine) as session:
        digest = session.scalar(select(LabelSet.digest).where(LabelSet.id == entry.id)) or ""
    return _kept(engine, entry.id, digest, str(entry.traits.get("judge", "")))


@lru_cache(maxsize=16)
def _kept(engine: Engine, label_set: str, digest: str, judge: str) -> tuple[_Cell, ...]:
    """The cells of a label set, read once: the same labels, by their file's digest, have the same counts."""
    patterns: dict[str, list[tuple[int, tuple[int, ...], int]]] = {}
    verdicts: dict[str, list[tuple[int, int, int]]] = {}
    people: dict[str, set[str]] = {}
    with reading(engine) as session:
        found = select(PatternCell.cell, PatternCell.gold, PatternCell.pattern, PatternCell.n)
        for cell, gold, pattern, n in session.execute(found.where(PatternCell.label_set_id == label_set)):
            patterns.setdefault(cell, []).append((gold, tuple(int(count) for count in pattern.split(",")), n))
        of = RaterCell.label_set_id == label_set
        who = select(RaterCell.cell, RaterCell.rater_a).where(of, RaterCell.rater_b == GOLD).distinct()
        for cell, rater in session.execute(who):
            people.setdefault(cell, set()).add(rater)
        said = select(RaterCell.cell, RaterCell.label_a, RaterCell.label_b, RaterCell.n)
        for cell, label, majority, n in session.execute(said.where(of, RaterCell.rater_b == MAJORITY)):
            verdicts.setdefault(cell, []).append((label, majority, n))
    return tuple(
        _Cell(
            cell,
            json.loads(cell),
            tuple(found_),
            tuple(verdicts.get(cell, ())),
            frozenset(people.get(cell, set()) - {judge}),
        )
        for cell, found_ in sorted(patterns.items())
    )
