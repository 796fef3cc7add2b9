"""A run counts every item once, whatever happens to it, and its cells are what NumPy counts."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from tests.clock import START
from tests.tools.bench import POLICY, Bench, Columns, furnished, items
from tests.tools.runs_made import done, entries, requested
from tests.tools.sample import shipped
from tests.tools.state import state
from tests.tools.stats.scores import Scored
from tools.errors import SetupError
from tools.evals.evaluation import Evaluation, evaluate, finish
from tools.evals.identity import predictions_folder, run_id
from tools.registry import register
from tools.runs import find_run
from tools.stats.histogram import Tally, total
from tools.store.session import reading
from tools.store.tables import RunCell
from tools.workspace import Workspace


def _cells(engine: Engine, run: str) -> list[RunCell]:
    with reading(engine) as session:
        return list(session.scalars(select(RunCell).where(RunCell.run_id == run).order_by(RunCell.cell)))


def _mask(columns: Columns, values: dict[str, str]) -> NDArray[np.bool_]:
    mask = np.full(len(columns["policy"]), True)
    for dimension, value in values.items():
        mask &= np.equal(np.asarray(columns[dimension]).astype(str), value)
    return mask


def _check(cells: list[RunCell], columns: Columns, label: NDArray[Any], score: NDArray[Any]) -> None:
    """Each cell holds the histogram of its items, and every item stands in one cell."""
    counted = 0
    for cell in cells:
        mine = _mask(columns, cell.values)
        expected = Scored(label[mine].astype(np.int8), score[mine].astype(np.float32))
        assert Tally.unpack(cell.histogram).pack() == expected.tally.pack()
        assert (cell.positives, cell.negatives) == (int(label[mine].sum()), int((1 - label[mine]).sum()))
        counted += int(mine.sum())
    assert counted == len(label)


def test_the_cells_of_a_run_are_what_numpy_counts(database: Engine, tmp_path: Path) -> None:
    """On either database, of the items of the model's own policy only."""
    bench = furnished(tmp_path / "root")
    register(database, bench.root, bench.registry)
    run = done(database, bench.root)
    columns = items()
    mine = np.equal(columns["policy"], POLICY)
    kept = {name: np.asarray(values)[mine] for name, values in columns.items()}
    _check(_cells(database, run), kept, kept["label"], kept["old"])
    found = find_run(database, run)
    assert found is not None
    assert (found.status, found.rows, found.done, found.finished_at) == ("done", int(mine.sum()), 4, START)


@pytest.mark.parametrize(
    ("model", "dataset"), [("bullying-text@v7", "golden@2026-10"), ("challenge-video@v4", "evasion@2")]
)
def test_the_stored_runs_of_the_sample_are_what_numpy_counts(sample: Workspace, model: str, dataset: str) -> None:
    """Read with PyArrow, scored by ONNX Runtime, counted by NumPy, with no code of ours in between."""
    expected = shipped.run(model, dataset)
    run = run_id(*entries(sample.engine, model, dataset))
    _check(_cells(sample.engine, run), expected.columns, expected.columns["label"], expected.score)


def test_the_predictions_hold_ids_labels_dimensions_and_scores_alone(engine: Engine, registered: Bench) -> None:
    """No feature, and nothing else, leaves the dataset (R1)."""
    run = done(engine, registered.root)
    table = pq.read_table(predictions_folder(registered.root) / run)
    assert table.column_names == ["item_id", "label", "policy", "language", "score"]


def test_a_shard_that_is_done_twice_counts_once(engine: Engine, registered: Bench) -> None:
    """Its row and its file are replaced by the same."""
    run = done(engine, registered.root)
    before = state(engine, registered.root)
    work = Evaluation(engine, registered.root, run)
    assert work.shard(2) == work.stored(2)
    finish(engine, run, START)
    assert state(engine, registered.root) == before


def test_finishing_twice_is_finishing_once(engine: Engine, registered: Bench) -> None:
    """The cells are replaced, not added."""
    run = done(engine, registered.root)
    before = state(engine, registered.root)
    finish(engine, run, START)
    assert state(engine, registered.root) == before


def test_a_run_cannot_be_finished_while_a_shard_is_missing(engine: Engine, registered: Bench) -> None:
    """It says how far it is and how to go on; it gets no cell."""
    run = requested(engine, registered.root)
    Evaluation(engine, registered.root, run).shard(0)
    before = state(engine, registered.root)
    with pytest.raises(SetupError, match=r"has 1 of 4 shards\. Run: steward eval list"):
        finish(engine, run, START)
    assert state(engine, registered.root) == before


def test_a_resumed_run_does_only_the_missing_shards(engine: Engine, registered: Bench) -> None:
    """The files of the shards that were there are not touched; the result is that of an uninterrupted run."""
    run = requested(engine, registered.root)
    work = Evaluation(engine, registered.root, run)
    work.shard(0)
    work.shard(2)
    folder = predictions_folder(registered.root) / run
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    told: list[tuple[int, int]] = []
    evaluate(engine, registered.root, run, lambda: START, lambda *far: told.append(far))
    after = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert {name: after[name] for name in before} == before
    assert sorted(after) == [f"{shard:05d}.parquet" for shard in range(4)]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    columns = items()
    mine = np.equal(columns["policy"], POLICY)
    kept = {name: np.asarray(values)[mine] for name, values in columns.items()}
    _check(_cells(engine, run), kept, kept["label"], kept["old"])


def test_a_shard_whose_predictions_are_gone_is_done_again(engine: Engine, registered: Bench) -> None:
    """Its counts alone would not serve a comparison."""
    run = requested(engine, registered.root)
    Evaluation(engine, registered.root, run).shard(0)
    path = predictions_folder(registered.root) / run / "00000.parquet"
    path.unlink()
    evaluate(engine, registered.root, run, lambda: START)
    assert path.is_file()


def test_labels_of_true_and_false_and_dimensions_of_numbers_are_understood(engine: Engine, bench: Bench) -> None:
    """Cells are of words, as the registry and the filters have them."""
    columns = items() | {"label": items()["label"].astype(bool), "language": np.arange(400) % 2}
    bench.dataset("1", columns, dimensions={"policy": [POLICY, "privacy"], "language": ["0", "1"]})
    register(engine, bench.root, bench.registry)
    cells = _cells(engine, done(engine, bench.root))
    assert {cell.values["language"] for cell in cells} == {"0", "1"}
    assert sum(cell.positives for cell in cells) == int((items()["label"] & np.equal(items()["policy"], POLICY)).sum())


def test_folders_with_unusual_names_serve_as_well(engine: Engine, tmp_path: Path) -> None:
    """Quotes, brackets, stars and spaces mean something to SQL and to patterns; here they are only letters."""
    bench = furnished(tmp_path / "it's a [home] *?{x} ü")
    register(engine, bench.root, bench.registry)
    done(engine, bench.root)
    assert len(_cells(engine, done(engine, bench.root, "echo@v2"))) == 2


def test_a_run_without_an_item_of_its_policy_is_done_and_empty(engine: Engine, registered: Bench) -> None:
    """No division by nothing, no cell."""
    registered.models["v1"].update(policy="dangerous-challenges")
    register(engine, registered.root, registered.registry)
    run = done(engine, registered.root)
    assert _cells(engine, run) == []
    found = find_run(engine, run)
    assert found is not None
    assert (found.status, found.rows) == ("done", 0)


def test_merging_is_a_sum(engine: Engine, registered: Bench) -> None:
    """The cells of the run, added up, are the histogram of all its items."""
    run = done(engine, registered.root)
    columns = items()
    mine = np.equal(columns["policy"], POLICY)
    whole = total(Tally.unpack(cell.histogram) for cell in _cells(engine, run))
    expected = Scored(np.asarray(columns["label"])[mine], np.asarray(columns["old"])[mine]).histogram
    assert whole.positives.tolist() == expected.positives.tolist()
    assert whole.negatives.tolist() == expected.negatives.tolist()
