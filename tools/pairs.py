"""Two runs on the same items: their joint counts, computed once from the predictions and then kept."""

from dataclasses import dataclass

from sqlalchemy import select

from tools.errors import ToolError
from tools.evals.cells import cell_key
from tools.evals.identity import predictions_folder
from tools.runs import RunEntry
from tools.stats.histogram import BINS
from tools.stats.paired import Joint
from tools.store.session import insert_missing, reading, writing
from tools.store.tables import JointCell
from tools.workspace import Workspace


@dataclass(frozen=True)
class PairCell:
    """One slice cell: the joint counts of its positives and of its negatives."""

    values: dict[str, str]
    label: int
    joint: Joint


def joint_cells(
    workspace: Workspace, a: RunEntry, b: RunEntry, threshold_a: float, threshold_b: float, dimensions: list[str]
) -> list[PairCell]:
    """Joint counts of runs a and b at two thresholds; stored ones are read, new ones computed and stored.

    Raises:
        ToolError: the runs do not hold the very same items (R16).
    """
    key = (a.id, b.id, round(threshold_a * BINS), round(threshold_b * BINS))
    stored = _stored(workspace, key)
    if stored:
        return stored
    folder = predictions_folder(workspace.root)
    if not all(any((folder / run.id).glob("*.parquet")) for run in (a, b)):
        raise ToolError("The predictions of these runs are no longer kept, so a paired comparison is not possible.")
    from tools.evals.joint import scan_pair  # brings DuckDB in, which stored counts do not need

    found = scan_pair(folder, a.id, b.id, dimensions, threshold_a, threshold_b)
    matched = sum(joint.n for _, _, joint in found.cells)
    if found.only_a or found.only_b or matched != a.rows or matched != b.rows:
        raise ToolError(
            f"Runs {a.id} and {b.id} do not hold the same items with the same labels, so I don't compare them."
        )
    rows = [
        {
            "run_a": key[0], "run_b": key[1], "threshold_a": key[2], "threshold_b": key[3], "cell": cell_key(values),
            "label": label, "values": values, "both": joint.both, "only_a": joint.only_a, "only_b": joint.only_b,
            "neither": joint.neither,
        }
        for values, label, joint in found.cells
    ]  # fmt: skip
    with writing(workspace.engine) as session:
        insert_missing(session, JointCell, rows)
    return [PairCell(values, label, joint) for values, label, joint in found.cells]


def _stored(workspace: Workspace, key: tuple[str, str, int, int]) -> list[PairCell]:
    columns = (JointCell.run_a, JointCell.run_b, JointCell.threshold_a, JointCell.threshold_b)
    statement = select(JointCell).where(*(column == value for column, value in zip(columns, key, strict=True)))
    with reading(workspace.engine) as session:
        return [
            PairCell(row.values, row.label, Joint(row.both, row.only_a, row.only_b, row.neither))
            for row in session.scalars(statement.order_by(JointCell.cell, JointCell.label))
        ]
