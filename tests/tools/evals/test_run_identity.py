"""The same question is the same run, whoever asks and however often; whatever decides its numbers makes it another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.clock import START
from tests.tools.bench import FEATURES, POLICY, Bench, furnished, items
from tests.tools.onnx_file import gather
from tests.tools.runs_made import entries, requested
from tools.evals.evaluation import Evaluation
from tools.evals.identity import run_id
from tools.registry import register
from tools.runs import find_run, request_run
from tools.store.session import reading, writing
from tools.store.tables import Run


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


def test_two_people_who_ask_at_once_get_one_run(database: Engine, tmp_path: Path) -> None:
    """Eight requests of the same evaluation in eight threads: none fails, one row."""
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
