"""Joint counts are a join by item, and runs that do not share every item and label are not compared (R16)."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, func, select

from tests.tools.asked import asking
from tests.tools.bench import POLICY, Bench, Columns, furnished, items
from tests.tools.runs_made import done, entries
from tools.errors import ToolError
from tools.evals.identity import predictions_folder
from tools.pairs import PairCell, joint_cells
from tools.registry import register
from tools.runs import RunEntry, find_run
from tools.store.session import reading
from tools.store.tables import JointCell

DIMENSIONS = ["policy", "language"]


def _found(engine: Engine, run: str) -> RunEntry:
    entry = find_run(engine, run)
    assert entry is not None
    return entry


def _check(cells: list[PairCell], columns: Columns, threshold_a: float, threshold_b: float) -> None:
    """Each cell against NumPy on the rows; all items of the policy are in one."""
    label, old, new = (np.asarray(columns[name]).astype(np.float64) for name in ("label", "old", "new"))
    counted = 0
    for cell in cells:
        mine = label == cell.label
        for dimension, value in cell.values.items():
            mine &= np.equal(columns[dimension], value)
        a, b = old[mine] >= threshold_a, new[mine] >= threshold_b
        expected = [(a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum()]
        assert [cell.joint.both, cell.joint.only_a, cell.joint.only_b, cell.joint.neither] == expected
        counted += cell.joint.n
    assert counted == int(np.equal(columns["policy"], POLICY).sum())


@pytest.mark.parametrize(("threshold_a", "threshold_b"), [(0.5, 0.45), (0.33, 0.33), (0.0, 1.0)])
def test_joint_counts_are_what_numpy_joins(
    engine: Engine, bench: Bench, threshold_a: float, threshold_b: float
) -> None:
    """At the thresholds of the two models and at others, on and off the scores that many items share."""
    register(engine, bench.root, bench.registry)
    a, b = (_found(engine, done(engine, bench.root, model)) for model in ("echo@v1", "echo@v2"))
    workspace = asking(engine, bench.root).workspace
    cells = joint_cells(workspace, a, b, threshold_a, threshold_b, DIMENSIONS)
    _check(cells, items(), threshold_a, threshold_b)
    again = joint_cells(workspace, a, b, threshold_a, threshold_b, DIMENSIONS)
    key = [(cell.values, cell.label, cell.joint) for cell in again]
    assert sorted(key, key=str) == sorted([(cell.values, cell.label, cell.joint) for cell in cells], key=str)


def test_items_are_matched_by_id_and_not_by_place(engine: Engine, bench: Bench) -> None:
    """The order in which two runs wrote their items does not matter."""
    register(engine, bench.root, bench.registry)
    a, b = (_found(engine, done(engine, bench.root, model)) for model in ("echo@v1", "echo@v2"))
    folder = predictions_folder(bench.root) / b.id
    first, last = folder / "00000.parquet", folder / "00003.parquet"
    shutil.move(first, folder / "x.parquet")
    shutil.move(last, first)
    shutil.move(folder / "x.parquet", last)
    _check(joint_cells(asking(engine, bench.root).workspace, a, b, 0.5, 0.45, DIMENSIONS), items(), 0.5, 0.45)


def test_stored_joint_counts_need_the_predictions_no_more(engine: Engine, bench: Bench) -> None:
    """Asked for once they are kept; at a threshold that nobody asked for there is a sentence instead."""
    register(engine, bench.root, bench.registry)
    a, b = (_found(engine, done(engine, bench.root, model)) for model in ("echo@v1", "echo@v2"))
    workspace = asking(engine, bench.root).workspace
    joint_cells(workspace, a, b, 0.5, 0.45, DIMENSIONS)
    shutil.rmtree(predictions_folder(bench.root))
    _check(joint_cells(workspace, a, b, 0.5, 0.45, DIMENSIONS), items(), 0.5, 0.45)
    with pytest.raises(ToolError, match="predictions of these runs are no longer kept"):
        joint_cells(workspace, a, b, 0.5, 0.46, DIMENSIONS)


def _other(what: str) -> Columns:
    columns = items()
    mine = int(np.flatnonzero(np.equal(columns["policy"], POLICY))[5])
    if what == "a label":
        columns["label"] = np.where(np.arange(400) == mine, 1 - np.asarray(columns["label"]), columns["label"])
    elif what == "an item":
        columns["item_id"] = [f"{name}x" if at == mine else name for at, name in enumerate(columns["item_id"])]
    elif what == "one item less":
        columns = {name: np.delete(np.asarray(values), mine) for name, values in columns.items()}
    else:
        columns["item_id"] = [f"j{number}" for number in range(400)]
    return columns


@pytest.mark.parametrize("what", ["a label", "an item", "one item less", "every item"])
def test_runs_on_different_items_or_labels_are_not_compared(engine: Engine, bench: Bench, what: str) -> None:
    """One of 400 is enough; and nothing of the pair is stored (R16)."""
    bench.dataset("2", _other(what))
    register(engine, bench.root, bench.registry)
    a = _found(engine, done(engine, bench.root, "echo@v1", "gold@1"))
    b = _found(engine, done(engine, bench.root, "echo@v2", "gold@2"))
    for pair in ((a, b), (b, a)):
        with pytest.raises(ToolError, match="do not hold the same items with the same labels"):
            joint_cells(asking(engine, bench.root).workspace, *pair, 0.5, 0.45, DIMENSIONS)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(JointCell)) == 0


def test_a_run_that_lost_a_shard_of_predictions_is_not_compared(engine: Engine, bench: Bench) -> None:
    """Half of the items would look like all of them."""
    register(engine, bench.root, bench.registry)
    a, b = (_found(engine, done(engine, bench.root, model)) for model in ("echo@v1", "echo@v2"))
    for run in (a, b):
        (predictions_folder(bench.root) / run.id / "00002.parquet").unlink()
    with pytest.raises(ToolError, match="do not hold the same items"):
        joint_cells(asking(engine, bench.root).workspace, a, b, 0.5, 0.45, DIMENSIONS)


def test_two_people_who_compare_at_once_both_get_their_answer(database: Engine, tmp_path: Path) -> None:
    """Six threads compute the same pair: none fails, and it is stored once."""
    bench = furnished(tmp_path / "it's a [home]")
    register(database, bench.root, bench.registry)
    a, b = (_found(database, done(database, bench.root, model)) for model in ("echo@v1", "echo@v2"))
    workspace = asking(database, bench.root).workspace
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: joint_cells(workspace, a, b, 0.5, 0.45, DIMENSIONS), range(6)))
    for cells in answers:
        _check(cells, items(), 0.5, 0.45)
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(JointCell)) == len(answers[0])
    assert entries(database, "echo@v1", "gold@1")[0].threshold == 0.5
