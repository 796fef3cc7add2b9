"""What stops an evaluation: a sentence for the operator, and nothing half-written."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, select

from tests.clock import START
from tests.tools.bench import FEATURES, POLICY, Bench, items
from tests.tools.onnx_file import gather
from tests.tools.runs_made import requested
from tests.tools.state import state
from tools.errors import SetupError
from tools.evals.evaluation import Evaluation, evaluate
from tools.evals.identity import predictions_folder
from tools.registry import register
from tools.store.session import reading
from tools.store.tables import RunCell, RunShard

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
        assert session.scalars(select(RunCell)).all() == []
    assert len(list((predictions_folder(bench.root) / run).iterdir())) == 2


def test_a_run_that_nobody_asked_for_is_a_clear_error(engine: Engine, registered: Bench) -> None:
    """It says where to look."""
    with pytest.raises(SetupError, match=r"There is no run 0123456789\. Run: steward eval list"):
        Evaluation(engine, registered.root, "0123456789")
