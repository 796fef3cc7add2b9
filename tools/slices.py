"""Slices of a run: its stored cells, filtered and rolled up. Counts are summed first, then divided."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from tools.catalog import Filters
from tools.run_statistics import run_statistics
from tools.stats.histogram import Histogram


@dataclass(frozen=True)
class Slice:
    """One slice: its values in the order of the grouping (none: the whole), and its scores."""

    values: tuple[str, ...]
    histogram: Histogram

    @property
    def name(self) -> str:
        """`hi-Latn · comment`."""
        return " · ".join(self.values) or "all"


def within(values: dict[str, str], filters: Filters) -> bool:
    """Whether a cell passes the filters; a dimension the cell lacks passes only when it is not filtered on."""
    return all(values.get(dimension) in allowed for dimension, allowed in filters.items())


def load_slices(engine: Engine, run: str, filters: Filters, group_by: Sequence[str]) -> list[Slice]:
    """The slices of a run, in the order of their names; without a grouping, one slice of all that passes."""
    statistics = run_statistics(engine, run)
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, values in enumerate(statistics.values):
        if within(values, filters):
            groups.setdefault(tuple(values[dimension] for dimension in group_by), []).append(number)
    return [Slice(key, statistics.histogram(groups[key])) for key in sorted(groups)]


def describe_filters(filters: Filters) -> str:
    """`language hi-Latn, surface comment`; empty for no filter."""
    return ", ".join(f"{dimension} {' or '.join(values)}" for dimension, values in filters.items())
