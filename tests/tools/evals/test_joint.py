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
from tools.comparisons.pairs import PairCell, item_scores, joint_cells, joint_counts, unit_counts
from tools.errors import ToolError
from tools.evals.identity import predictions_folder
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


def _two_sets(engine: Engine, bench: Bench, what: str) -> tuple[RunEntry, RunEntry]:
    """A run of each model, the second on a set that differs."""
    bench.dataset("2", _other(what))
    register(engine, bench.root, bench.registry)
    a = _found(engine, done(engine, bench.root, "echo@v1", "gold@1"))
    return a, _found(engine, done(engine, bench.root, "echo@v2", "gold@2"))


@pytest.mark.parametrize("what", ["a label", "an item", "one item less", "every item"])
def test_runs_on_different_items_or_labels_are_not_compared(engine: Engine, bench: Bench, what: str) -> None:
    """One of 400 is enough, where the very same items are asked for (R16)."""
    a, b = _two_sets(engine, bench, what)
    for pair in ((a, b), (b, a)):
        with pytest.raises(ToolError, match="do not hold the same items with the same labels"):
            joint_cells(asking(engine, bench.root).workspace, *pair, 0.5, 0.45, DIMENSIONS)


@pytest.mark.parametrize(
    ("what", "why"), [("a label", "1 of the 33. items they share have another gold"), ("every item", "they share 0 of")]
)
def test_other_labels_or_hardly_an_item_in_common_are_refused(
    engine: Engine, bench: Bench, what: str, why: str
) -> None:
    """With the count that says why, and nothing of the pair is stored (R16)."""
    a, b = _two_sets(engine, bench, what)
    for pair in ((a, b), (b, a)):
        with pytest.raises(ToolError, match=why):
            joint_counts(asking(engine, bench.root).workspace, *pair, 0.5, 0.45, DIMENSIONS)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(JointCell)) == 0


@pytest.mark.parametrize(("what", "lonely"), [("an item", (1, 1)), ("one item less", (1, 0))])
def test_runs_that_share_most_items_are_compared_on_those(
    engine: Engine, bench: Bench, what: str, lonely: tuple[int, int]
) -> None:
    """The other items are counted and left out; asked again, the stored counts say the same (R16)."""
    a, b = _two_sets(engine, bench, what)
    workspace = asking(engine, bench.root).workspace
    for _ in range(2):
        pair = joint_counts(workspace, a, b, 0.5, 0.45, DIMENSIONS)
        assert (pair.only_a, pair.only_b) == lonely
        assert pair.items == a.rows - 1
        assert pair.restricted
        shutil.rmtree(predictions_folder(bench.root), ignore_errors=True)


def test_half_of_the_smaller_run_is_the_least_that_is_compared(engine: Engine, bench: Bench) -> None:
    """A run that holds half of the items and one more is compared, one item less and it is refused (R16)."""
    columns = items()
    mine = np.flatnonzero(np.equal(columns["policy"], POLICY))
    half = (mine.size + 1) // 2
    for version, common in (("2", half), ("3", half - 1)):
        renamed = dict(columns)
        names = np.array(columns["item_id"], dtype=object)
        names[mine[common:]] = [f"other-{at}" for at in mine[common:]]
        renamed["item_id"] = names.tolist()
        bench.dataset(version, renamed)
    register(engine, bench.root, bench.registry)
    workspace = asking(engine, bench.root).workspace
    a = _found(engine, done(engine, bench.root, "echo@v1", "gold@1"))
    enough, few = (_found(engine, done(engine, bench.root, "echo@v2", f"gold@{version}")) for version in "23")
    assert joint_counts(workspace, a, enough, 0.5, 0.45, DIMENSIONS).items == half
    with pytest.raises(ToolError, match="fewer than half of the smaller"):
        joint_counts(workspace, a, few, 0.5, 0.45, DIMENSIONS)


def test_decisions_by_cluster_are_what_numpy_counts(engine: Engine, bench: Bench) -> None:
    """Summed over clusters they are the joint counts; each cluster has its own items, weighted by their weight."""
    columns = items()
    columns["cluster"] = [f"c{number % 60}" for number in range(400)]
    columns["weight"] = np.linspace(0.5, 2.5, 400)
    bench.dataset("1", columns)
    register(engine, bench.root, bench.registry)
    a, b = (_found(engine, done(engine, bench.root, model)) for model in ("echo@v1", "echo@v2"))
    workspace = asking(engine, bench.root).workspace
    mine = np.equal(columns["policy"], POLICY)
    weight = np.where(mine, columns["weight"], 0) / columns["weight"][mine].mean()
    decided = [np.asarray(columns[name]).astype(float) >= at for name, at in (("old", 0.5), ("new", 0.45))]
    for weighted, per_item in ((False, mine.astype(float)), (True, weight)):
        found = unit_counts(workspace, a, b, 0.5, 0.45, DIMENSIONS, clustered=True, weighted=weighted)
        assert found
        assert found.n.sum() == pytest.approx(mine.sum())
        sizes = np.bincount(found.unit, found.n)
        expected = np.bincount(np.arange(400) % 60, per_item)
        assert sorted(sizes[sizes > 0]) == pytest.approx(sorted(expected[expected > 0]))
        for label in (0, 1):
            for first, second in ((0, 0), (0, 1), (1, 0), (1, 1)):
                rows = (found.label == label) & (found.a == first) & (found.b == second)
                there = (np.asarray(columns["label"]) == label) & (decided[0] == first) & (decided[1] == second)
                assert found.n[rows].sum() == pytest.approx(per_item[there].sum())


def test_runs_that_kept_no_cluster_say_so(engine: Engine, bench: Bench) -> None:
    """None, instead of items that pass for independent."""
    register(engine, bench.root, bench.registry)
    a, b = (_found(engine, done(engine, bench.root, model)) for model in ("echo@v1", "echo@v2"))
    workspace = asking(engine, bench.root).workspace
    assert unit_counts(workspace, a, b, 0.5, 0.45, DIMENSIONS, clustered=True, weighted=False) is None


def test_scores_are_joined_item_by_item(engine: Engine, bench: Bench) -> None:
    """Both scores of every item of the policy, each with its own cell and label."""
    register(engine, bench.root, bench.registry)
    a, b = (_found(engine, done(engine, bench.root, model)) for model in ("echo@v1", "echo@v2"))
    found = item_scores(asking(engine, bench.root).workspace, a, b, DIMENSIONS, clustered=False)
    columns = items()
    mine = np.equal(columns["policy"], POLICY)
    language = [found.values[cell]["language"] for cell in found.cell]
    got = sorted(zip(found.label.tolist(), found.a.tolist(), found.b.tolist(), language, strict=True))
    rows = zip(*(np.asarray(columns[name])[mine].tolist() for name in ("label", "old", "new", "language")), strict=True)
    assert got == sorted(rows)


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
