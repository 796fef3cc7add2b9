"""A run counts every item once, whatever happens to it, and its cells are what NumPy counts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from tests.clock import START
from tests.tools.bench import FEATURES, POLICY, Bench, Columns, furnished, items
from tests.tools.onnx_file import gather
from tests.tools.runs_made import done, entries, requested
from tests.tools.sample import shipped
from tests.tools.state import state
from tests.tools.stats.scores import Scored
from tools.errors import SetupError
from tools.evals.evaluation import Evaluation, evaluate, finish
from tools.evals.identity import predictions_folder, run_id
from tools.registry import register
from tools.runs import find_run, request_run
from tools.stats.histogram import Tally, total
from tools.store.session import reading, writing
from tools.store.tables import Run, RunCell, RunShard
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


@pytest.fixture
def registered(engine: Engine, bench: Bench) -> Bench:
    """The bench, registered: 400 items in four shards."""
    register(engine, bench.root, bench.registry)
    return bench


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


def test_the_same_question_is_the_same_run(engine: Engine, registered: Bench) -> None:
    """Asked twice it is requested once."""
    assert requested(engine, registered.root) == requested(engine, registered.root)
    with reading(engine) as session:
        assert len(session.scalars(select(Run)).all()) == 1


CHANGES: dict[str, Callable[[Bench], Any]] = {
    "the threshold": lambda b: b.models["v1"].update(threshold=0.6),
    "the model file": lambda b: b.model("v1", gather([2, 3], len(FEATURES))),
    "the policy": lambda b: b.models["v1"].update(policy="privacy"),
    "the dataset file": lambda b: b.dataset("1", items(seed=8)),
    "the dimensions": lambda b: b.dataset(
        "1", {k: v for k, v in items().items() if k != "language"}, dimensions={"policy": [POLICY, "privacy"]}
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_another_question_is_another_run(engine: Engine, registered: Bench, what: str) -> None:
    """Whatever decides scores, cells or decisions is part of the run's id."""
    before = run_id(*entries(engine, "echo@v1", "gold@1"))
    CHANGES[what](registered)
    register(engine, registered.root, registered.registry)
    assert run_id(*entries(engine, "echo@v1", "gold@1")) != before


def test_what_decides_nothing_leaves_the_run_as_it_is(engine: Engine, registered: Bench) -> None:
    """An alias, a date, a card."""
    before = run_id(*entries(engine, "echo@v1", "gold@1"))
    registered.models["v1"].update(aliases=["old"], released="2026-05-05")
    registered.datasets["1"].update(card={"dataUseCases": "evaluation"})
    register(engine, registered.root, registered.registry)
    assert run_id(*entries(engine, "echo@v1", "gold@1")) == before


def test_a_failed_run_that_is_asked_for_again_is_queued_again(engine: Engine, registered: Bench) -> None:
    """As another attempt, with the shards it has."""
    run = requested(engine, registered.root)
    Evaluation(engine, registered.root, run).shard(1)
    with writing(engine) as session:
        row = session.get_one(Run, run)
        row.status, row.error, row.finished_at = "failed", "A sentence.", START
    assert requested(engine, registered.root) == run
    found = find_run(engine, run)
    assert found is not None
    assert (found.status, found.error, found.finished_at, found.done) == ("queued", None, None, 1)
    assert found.parameters["attempt"] == 2


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


SPOKEN = items() | {"transcript": ["meet-me"] * 400}
BROKEN: dict[str, tuple[Callable[[Bench], Any], str]] = {
    "the dataset has changed": (lambda b: b.dataset("1", items(seed=8)), "has changed since it was registered"),
    "the dataset is gone": (lambda b: (b.root / "data/1.parquet").unlink(), "is missing"),
    "the dataset got a text column": (lambda b: b.dataset("1", SPOKEN), r"undeclared text column\(s\) transcript"),
    "the model has changed": (lambda b: b.model("v1", gather([2, 3], len(FEATURES))), "not the one that was regist"),
    "the model is gone": (lambda b: (b.root / "models/v1.onnx").unlink(), "is missing"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_an_evaluation_of_files_that_are_not_the_registered_ones_does_not_begin(
    engine: Engine, registered: Bench, what: str
) -> None:
    """A sentence, and nothing written: no shard, no prediction, no cell."""
    run = requested(engine, registered.root)
    spoil, message = BROKEN[what]
    spoil(registered)
    before = state(engine, registered.root)
    with pytest.raises(SetupError, match=message):
        evaluate(engine, registered.root, run, lambda: START)
    assert state(engine, registered.root) == before


def test_a_dataset_that_changes_in_the_middle_stops_the_evaluation(engine: Engine, registered: Bench) -> None:
    """Between two shards; no number mixes two files."""
    run = requested(engine, registered.root)
    work = Evaluation(engine, registered.root, run)
    work.shard(0)
    registered.dataset("1", items(seed=8))
    before = state(engine, registered.root)
    with pytest.raises(SetupError, match="changed while it was read"):
        work.shard(1)
    assert state(engine, registered.root) == before


@pytest.mark.parametrize("score", [1.0001, -0.2, float("nan"), float("inf")])
def test_a_score_outside_zero_to_one_stops_the_evaluation(engine: Engine, bench: Bench, score: float) -> None:
    """In whichever shard it is: the ones before are kept, of this one nothing is, and the run has no cells."""
    columns = items()
    columns["policy"] = [POLICY] * 400
    old = np.array(columns["old"])
    old[250] = score
    bench.dataset("1", columns | {"old": old})
    register(engine, bench.root, bench.registry)
    run = requested(engine, bench.root)
    with pytest.raises(SetupError, match=r"v1\.onnx gave a score that is not between 0 and 1"):
        evaluate(engine, bench.root, run, lambda: START)
    with reading(engine) as session:
        assert list(session.scalars(select(RunShard.shard).order_by(RunShard.shard))) == [0, 1]
    assert _cells(engine, run) == []
    assert len(list((predictions_folder(bench.root) / run).iterdir())) == 2


def test_a_run_that_nobody_asked_for_is_a_clear_error(engine: Engine, registered: Bench) -> None:
    """It says where to look."""
    with pytest.raises(SetupError, match=r"There is no run 0123456789\. Run: steward eval list"):
        Evaluation(engine, registered.root, "0123456789")


def test_a_run_without_an_item_of_its_policy_is_done_and_empty(engine: Engine, registered: Bench) -> None:
    """No division by nothing, no cell."""
    registered.models["v1"].update(policy="dangerous-challenges")
    register(engine, registered.root, registered.registry)
    run = done(engine, registered.root)
    assert _cells(engine, run) == []
    found = find_run(engine, run)
    assert found is not None
    assert (found.status, found.rows) == ("done", 0)


def test_two_people_who_ask_at_once_get_one_run(database: Engine, tmp_path: Path) -> None:
    """Eight requests of the same evaluation in eight threads: none fails, one row."""
    from concurrent.futures import ThreadPoolExecutor

    bench = furnished(tmp_path / "root")
    register(database, bench.root, bench.registry)
    model, dataset = entries(database, "echo@v1", "gold@1")

    def ask(person: int) -> str:
        with writing(database) as session:
            return request_run(session, model, dataset, 4, f"person {person}", START).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    with reading(database) as session:
        assert len(session.scalars(select(Run)).all()) == 1


def test_merging_is_a_sum(engine: Engine, registered: Bench) -> None:
    """The cells of the run, added up, are the histogram of all its items."""
    run = done(engine, registered.root)
    columns = items()
    mine = np.equal(columns["policy"], POLICY)
    whole = total(Tally.unpack(cell.histogram) for cell in _cells(engine, run))
    expected = Scored(np.asarray(columns["label"])[mine], np.asarray(columns["old"])[mine]).histogram
    assert whole.positives.tolist() == expected.positives.tolist()
    assert whole.negatives.tolist() == expected.negatives.tolist()
