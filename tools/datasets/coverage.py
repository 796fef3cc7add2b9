"""Coverage: how the items of a dataset fill the cells of a dimension or a crossing, the empty ones included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from tools.datasets.cells import CellCounts


@dataclass(frozen=True)
class CoverageCell:
    """One cell: items and, of a binary set, positives; both 0 where it is empty."""

    name: str
    items: int
    positives: int

    @property
    def negatives(self) -> int:
        """Items of the first class."""
        return self.items - self.positives


@dataclass(frozen=True)
class Coverage:
    """Every cell that the values of the dimensions make, the largest first."""

    cells: tuple[CoverageCell, ...]

    @property
    def filled(self) -> tuple[CoverageCell, ...]:
        """The cells with items."""
        return tuple(cell for cell in self.cells if cell.items)

    @property
    def empty(self) -> tuple[str, ...]:
        """The names of the cells without any."""
        return tuple(cell.name for cell in self.cells if not cell.items)

    @property
    def ratio(self) -> float:
        """Items of the largest cell over those of the smallest filled one."""
        sizes = [cell.items for cell in self.filled]
        return max(sizes) / min(sizes) if sizes else 1.0

    @property
    def effective(self) -> float:
        """The effective number of cells: as uneven as so many of equal size (Hill number of order 2, Hill 1973)."""
        return effective_number([cell.items for cell in self.cells])


def coverage(counts: CellCounts, by: list[str], values: Mapping[str, Sequence[str]]) -> Coverage:
    """The cells of a grouping; `values` are those a dimension may have, each combination of them being a cell."""
    items, positives = counts.by(by), counts.positives_by(by)
    names = dict.fromkeys([*items, *(" · ".join(combined) for combined in product(*(values[name] for name in by)))])
    cells = [CoverageCell(name, items.get(name, 0), positives.get(name, 0)) for name in names]
    return Coverage(tuple(sorted(cells, key=lambda cell: -cell.items)))


def effective_number(sizes: Sequence[int]) -> float:
    """One over the chance that two random items are in the same group; 0 of nothing."""
    total = sum(sizes)
    return total**2 / sum(size**2 for size in sizes) if total else 0.0
