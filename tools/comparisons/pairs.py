"""Two runs on the same items: their joint counts, computed once from the predictions and then kept.

R16 is kept here: only items that both runs hold, with the same gold label in both, are ever compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from tools.errors import ToolError
from tools.evals.cells import cell_key
from tools.evals.identity import predictions_folder
from tools.runs import RunEntry
from tools.stats.formats import count
from tools.stats.histogram import BINS
from tools.stats.joint_counts import CELLS
from tools.stats.paired import Joint
from tools.store.session import insert_missing, reading, writing
from tools.store.tables import JointCell
from tools.workspace import Workspace

if TYPE_CHECKING:
    from tools.evals.joint import Joined

# With less than half of the smaller run in common, neither run's own numbers are about what is compared, and nobody
# could tell the two apart any more.
LEAST_OVERLAP = 0.5
KEPT_PAIRS = 64  # at most 100 kB each at 1,000 cells
KEPT_UNITS = 8  # at most 30 MB each: 1,000 cells x 1,024 buckets, nearly all of them empty
KEPT_ITEMS = 200_000  # 48 bytes each; the scores of more items are read anew for every question
Key = tuple[str, str, int, int]  # run a, run b, and their thresholds in units of 1/10,000
Table = tuple[tuple[dict[str, str], ...], NDArray[np.int64]]  # values and counts of a `Pair`


@dataclass(frozen=True)
class PairCell:
    """One slice cell: the joint counts of its positives or of its negatives."""

    values: dict[str, str]
    label: int
    joint: Joint


@dataclass(frozen=True, eq=False)
class Pair:
    """The joint counts of runs a and b, and how many items one run alone has: those are left out.

    `counts` is int64 of shape (cells, 8), a row for each of `values`, the columns as in `tools.stats.joint_counts`.
    """

    values: tuple[dict[str, str], ...]
    counts: NDArray[np.int64]
    only_a: int = 0
    only_b: int = 0

    @property
    def restricted(self) -> bool:
        """Whether a run has items that the other has not."""
        return bool(self.only_a or self.only_b)

    @property
    def items(self) -> int:
        """The items that both runs hold."""
        return int(self.counts.sum())


def joint_cells(
    workspace: Workspace, a: RunEntry, b: RunEntry, threshold_a: float, threshold_b: float, dimensions: list[str]
) -> list[PairCell]:
    """Joint counts of runs a and b at two thresholds, by cell and label.

    Raises:
        ToolError: the runs do not hold the very same items (R16).
    """
    found = joint_counts(workspace, a, b, threshold_a, threshold_b, dimensions)
    if found.restricted:
        raise ToolError(
            f"Runs {a.id} and {b.id} do not hold the same items with the same labels, so I don't compare them (R16)."
        )
    return [
        PairCell(values, label, Joint(*(int(n) for n in row[start : start + 4])))
        for values, row in zip(found.values, found.counts, strict=True)
        for label, start in ((1, 0), (0, 4))
        if row[start : start + 4].any()
    ]


def joint_counts(
    workspace: Workspace, a: RunEntry, b: RunEntry, threshold_a: float, threshold_b: float, dimensions: Sequence[str]
) -> Pair:
    """Joint counts of the items that runs a and b share, at two thresholds; new ones are counted and stored.

    Raises:
        ToolError: the runs share too few items, an item has two gold labels (R16), or predictions are gone.
    """
    key: Key = (a.id, b.id, round(threshold_a * BINS), round(threshold_b * BINS))
    values, counts = _kept(workspace.engine, key)
    if not values:  # nobody asked yet, so the next question must look again
        _kept.cache_clear()
        values, counts = _table(_counted(workspace, a, b, threshold_a, threshold_b, dimensions, key))
    common = int(counts.sum())
    return Pair(values, counts, a.rows - common, b.rows - common)


def unit_counts(
    workspace: Workspace, a: RunEntry, b: RunEntry, threshold_a: float, threshold_b: float, dimensions: Sequence[str],
    *, clustered: bool, weighted: bool,
) -> "Joined | None":  # fmt: skip
    """The decisions on the common items by cluster and weight; None where a run was made before these were kept.

    Raises:
        ToolError: predictions are gone.
    """
    folder = _folder(workspace, a, b)
    return _units(folder, a.id, b.id, tuple(dimensions), threshold_a, threshold_b, clustered, weighted)


def item_scores(
    workspace: Workspace, a: RunEntry, b: RunEntry, dimensions: Sequence[str], *, clustered: bool
) -> "Joined":
    """Both scores of every common item.

    Raises:
        ToolError: predictions are gone.
    """
    counted = _scores if a.rows <= KEPT_ITEMS else _scores.__wrapped__
    return counted(_folder(workspace, a, b), a.id, b.id, tuple(dimensions), clustered)


def _counted(
    workspace: Workspace, a: RunEntry, b: RunEntry, threshold_a: float, threshold_b: float, dimensions: Sequence[str],
    key: Key,
) -> tuple[PairCell, ...]:  # fmt: skip
    from tools.evals.joint import scan_pair  # brings DuckDB in, which stored counts do not need

    found = scan_pair(_folder(workspace, a, b), a.id, b.id, dimensions, threshold_a, threshold_b)
    if (found.rows_a, found.rows_b) != (a.rows, b.rows):
        raise ToolError(
            f"The predictions of runs {a.id} and {b.id} do not hold the same items as the runs: a part of them is gone."
            " So I don't compare them."
        )
    cells = tuple(PairCell(values, label, joint) for values, label, joint in found.cells)
    common = sum(cell.joint.n for cell in cells)
    if found.relabelled or common < LEAST_OVERLAP * min(a.rows, b.rows):
        raise ToolError(_refusal(a, b, common, found.relabelled))
    rows = [
        {
            "run_a": key[0], "run_b": key[1], "threshold_a": key[2], "threshold_b": key[3],
            "cell": cell_key(cell.values), "label": cell.label, "values": cell.values, "both": cell.joint.both,
            "only_a": cell.joint.only_a, "only_b": cell.joint.only_b, "neither": cell.joint.neither,
        }
        for cell in cells
    ]  # fmt: skip
    with writing(workspace.engine) as session:
        insert_missing(session, JointCell, rows)
    return cells


@lru_cache(maxsize=KEPT_PAIRS)
def _kept(engine: Engine, key: Key) -> Table:
    """Stored joint counts; a pair of finished runs never changes."""
    wanted = (JointCell.run_a, JointCell.run_b, JointCell.threshold_a, JointCell.threshold_b)
    counts = (JointCell.both, JointCell.only_a, JointCell.only_b, JointCell.neither)
    statement = select(JointCell.values, JointCell.label, *counts)
    statement = statement.where(*(column == value for column, value in zip(wanted, key, strict=True)))
    with reading(engine) as session:
        rows = session.execute(statement.order_by(JointCell.cell, JointCell.label)).all()
    return _table([PairCell(row[0], row[1], Joint(*row[2:])) for row in rows])


def _table(cells: Sequence[PairCell]) -> Table:
    """A row a slice cell, positives and negatives side by side."""
    places: dict[str, int] = {}
    values: list[dict[str, str]] = []
    counts = np.zeros((len(cells), CELLS), np.int64)
    for cell in cells:
        at = places.setdefault(cell_key(cell.values), len(places))
        if at == len(values):
            values.append(cell.values)
        start, joint = (0 if cell.label == 1 else 4), cell.joint
        counts[at, start : start + 4] = joint.both, joint.only_a, joint.only_b, joint.neither
    return tuple(values), counts[: len(values)]


@lru_cache(maxsize=KEPT_UNITS)
def _units(
    folder: Path, a: str, b: str, dimensions: tuple[str, ...], threshold_a: float, threshold_b: float, clustered: bool,
    weighted: bool,
) -> "Joined | None":  # fmt: skip
    from tools.evals.joint import keeps, scan_units

    if not keeps(folder, a, clustered=clustered, weighted=weighted):
        return None
    return scan_units(folder, a, b, dimensions, threshold_a, threshold_b, clustered=clustered, weighted=weighted)


@lru_cache(maxsize=KEPT_UNITS)
def _scores(folder: Path, a: str, b: str, dimensions: tuple[str, ...], clustered: bool) -> "Joined":
    from tools.evals.joint import keeps, scan_scores

    clustered = clustered and keeps(folder, a, clustered=True, weighted=False)
    return scan_scores(folder, a, b, dimensions, clustered=clustered)


def _folder(workspace: Workspace, a: RunEntry, b: RunEntry) -> Path:
    folder = predictions_folder(workspace.root)
    if not all(any((folder / run.id).glob("*.parquet")) for run in (a, b)):
        raise ToolError("The predictions of these runs are no longer kept, so a paired comparison is not possible.")
    return folder


def _refusal(a: RunEntry, b: RunEntry, common: int, relabelled: int) -> str:
    runs = f"Runs {a.id} and {b.id} do not hold the same items with the same labels, so I don't compare them (R16):"
    if relabelled:
        return (
            f"{runs} {count(relabelled)} of the {count(common + relabelled)} items they share have another gold label"
            " in the other run, and a difference could come from the labels. Evaluate both models on one version of"
            " the dataset."
        )
    return (
        f"{runs} they share {count(common)} of {count(a.rows)} and {count(b.rows)} items, fewer than half of the"
        " smaller. Evaluate both models on one version of the dataset."
    )
