"""Changes between two sets of items, computed: members, labels, prevalence, composition; wording is elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.datasets.cells import CellCounts, cell_counts
from tools.datasets.compositions import Composition, composition, judged
from tools.datasets.item_differences import ItemJoin, item_join
from tools.datasets.relabelling import Place, Relabelled, comparable, place, relabelled
from tools.datasets.sides import Sides
from tools.stats.overlap import share_change
from tools.stats.paired import Joint
from tools.workspace import Workspace


@dataclass(frozen=True)
class Members:
    """Items by membership; `relabelled` is None where the label vocabularies have nothing in common."""

    shared: int
    added: int
    removed: int
    relabelled: Relabelled | None


@dataclass(frozen=True)
class Prevalence:
    """Positives of both sets, k of n, and the difference after - before with its bounds (95 %)."""

    before: tuple[int, int]
    after: tuple[int, int]
    difference: float
    low: float
    high: float


@dataclass(frozen=True)
class SliceChange:
    """One slice of a grouping: items and positives of both sets; `members` is None where items cannot be told apart."""

    name: str
    before: int
    after: int
    positives_before: int
    positives_after: int
    members: Members | None


@dataclass(frozen=True)
class Changes:
    """All of it. `join` is None where of one set only counts are known, and for two periods of one dataset.

    `crossing` is the composition by the grouping, None without one; `moved` are shared items whose value of a dimension
    is another now. `prevalence` is None where a set has more than two classes.
    """

    before: int
    after: int
    join: ItemJoin | None
    members: Members | None
    place: Place | None
    prevalence: Prevalence | None
    compositions: tuple[Composition, ...]
    crossing: Composition | None
    slices: tuple[SliceChange, ...]
    moved: dict[str, int]


def changes(workspace: Workspace, found: Sides, dimensions: list[str], group_by: list[str]) -> Changes | None:
    """Compare the two sides over the dimensions both have; None where a side has no item under its filters.

    Slices of shared items are those of the later set. Items that are in both sets count as shared in the test of a
    composition only where none of them moved: the one that moved varies in ways that the counts do not tell.

    Raises:
        SetupError: a file is missing, or is not the registered one any more.
    """
    before, after = (
        cell_counts(workspace.engine, side.entry).within(side.filters) for side in (found.before, found.after)
    )
    if not before.items or not after.items:
        return None
    joined = None if found.periods else item_join(workspace, found.before.entry, found.after.entry)
    mine = joined.within(found.before.filters, found.after.filters) if joined else None
    shared = mine.shared if mine else None
    # An item that moved into or out of the slice is not in both of its sides.
    steady = shared.steady(list(found.filters)) if shared else None
    compared = [name for name in dimensions if name != found.periods]
    crossings = [[name] for name in compared] + ([group_by] if len(group_by) > 1 else [])
    told = judged([_composition(by, before, after, steady, found) for by in crossings])
    return Changes(
        before=before.items,
        after=after.items,
        join=mine,
        members=_members(mine, found) if mine else None,
        place=_place(shared, found, compared) if shared and not group_by else None,
        prevalence=_prevalence(before, after, steady, found) if _binary(found) else None,
        compositions=tuple(one for one in told if one.name in compared),
        crossing=next((one for one in told if one.name == " × ".join(group_by)), None),
        slices=tuple(_slices(before, after, mine, found, group_by)) if group_by else (),
        moved=_moved(shared, dimensions) if shared else {},
    )


def _binary(found: Sides) -> bool:
    """Whether both sets have the same two classes, the second being the positive one."""
    classes = found.before.entry.classes
    return len(classes) == 2 and classes == found.after.entry.classes


def _composition(
    by: list[str], before: CellCounts, after: CellCounts, steady: ItemJoin | None, found: Sides
) -> Composition:
    shared = {}
    if steady and steady.steady(by).items == steady.items:
        shared = steady.slices.summed(by, steady.n)
    return composition(" × ".join(by), before.by(by), after.by(by), shared, found.inflation)


def _members(mine: ItemJoin, found: Sides) -> Members:
    shared, entries = mine.shared, (found.before.entry, found.after.entry)
    return Members(
        shared.items,
        int(mine.n[mine.before < 0].sum()),
        int(mine.n[mine.after < 0].sum()),
        relabelled(shared, *entries) if comparable(*entries) else None,
    )


def _place(shared: ItemJoin, found: Sides, dimensions: Sequence[str]) -> Place | None:
    entries = found.before.entry, found.after.entry
    return place(shared, *entries, dimensions) if comparable(*entries) else None


def _prevalence(before: CellCounts, after: CellCounts, steady: ItemJoin | None, found: Sides) -> Prevalence:
    sides = (before.positives, before.items), (after.positives, after.items)
    joint = Joint()
    if steady:
        joint = Joint(
            *(int(steady.n[(steady.before == old) & (steady.after == new)].sum()) for old, new in _PAIRS)
        )  # fmt: skip
    return Prevalence(*sides, *share_change(*sides, joint, found.inflation))


_PAIRS = ((1, 1), (1, 0), (0, 1), (0, 0))


def _slices(
    before: CellCounts, after: CellCounts, mine: ItemJoin | None, found: Sides, by: list[str]
) -> list[SliceChange]:
    old, new = before.by(by), after.by(by)
    old_positives, new_positives = before.positives_by(by), after.positives_by(by)
    names, places = mine.slices.grouped(by) if mine else ([], np.zeros(0, np.int64))
    members = {name: _members(mine.take(places == at), found) for at, name in enumerate(names)} if mine else {}
    nobody = Members(0, 0, 0, Relabelled(0, ())) if mine else None
    return [
        SliceChange(
            name,
            old.get(name, 0),
            new.get(name, 0),
            old_positives.get(name, 0),
            new_positives.get(name, 0),
            members.get(name, nobody),
        )
        for name in dict.fromkeys([*new, *old])
    ]


def _moved(shared: ItemJoin, dimensions: list[str]) -> dict[str, int]:
    counts = {name: shared.items - shared.steady([name]).items for name in dimensions}
    return {name: n for name, n in counts.items() if n}
