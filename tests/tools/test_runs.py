"""`list_runs`: every run in its true state, newest first."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.clock import START
from tests.tools.asked import ask, asking
from tests.tools.bench import Bench, items
from tests.tools.runs_made import done, entries, requested
from tools.errors import ToolError
from tools.evals.evaluation import Evaluation
from tools.registry import register
from tools.runs import LIST_RUNS, find_run, latest_run
from tools.store.session import writing
from tools.store.tables import Run
from tools.workspace import Call


def test_the_runs_of_the_sample_are_listed(call: Call) -> None:
    """All but the one that is left to be proposed; each row says what, on what, when."""
    result = ask(LIST_RUNS, call, limit=50)
    assert len(result.rows) == 17
    assert result.headline.startswith("**17 evaluations**; the newest is run ")
    assert {row["status"] for row in result.rows} == {"done"}
    pairs = {(row["model"], row["dataset"]) for row in result.rows}
    assert len(pairs) == 17
    assert ("bullying-text v8-rc1", "evasion 2") not in pairs
    assert all(row["run"] and row["date"] and row["rows"] > 0 for row in result.rows)


def test_a_list_is_cut_and_says_so(call: Call) -> None:
    """The newest ones, of how many."""
    result = ask(LIST_RUNS, call, limit=3)
    assert len(result.rows) == 3
    assert result.caveats == ("The newest 3 of 17 are shown.",)


def test_runs_of_a_model_or_on_a_dataset_alone(call: Call) -> None:
    """Either, and both."""
    of_model = ask(LIST_RUNS, call, model="bullying-text v7")
    assert {row["model"] for row in of_model.rows} == {"bullying-text v7"}
    assert len(of_model.rows) == 3
    assert len(ask(LIST_RUNS, call, dataset="evasion 2").rows) == 5
    assert len(ask(LIST_RUNS, call, model="v4", dataset="golden 2026-07").rows) == 1
    none = ask(LIST_RUNS, call, model="v8-rc1", dataset="evasion 2")
    assert none.headline == "There is no evaluation of bullying-text v8-rc1 on evasion 2 yet."
    with pytest.raises(ToolError, match="I don't know a model"):
        ask(LIST_RUNS, call, model="v77")


def test_each_state_is_shown_as_it_is(engine: Engine, bench: Bench) -> None:
    """Queued, running with its shards, failed, done; newest first."""
    register(engine, bench.root, bench.registry)
    call = asking(engine, bench.root)
    run = requested(engine, bench.root)
    assert ask(LIST_RUNS, call).headline.endswith("echo v1 on gold 1, queued, 0 of 4 shards.")
    Evaluation(engine, bench.root, run).shard(0)
    with writing(engine) as session:
        session.get_one(Run, run).status = "running"
    assert ask(LIST_RUNS, call).headline.endswith("echo v1 on gold 1, running, 1 of 4 shards.")
    other = done(engine, bench.root, "echo@v2")
    with writing(engine) as session:
        session.get_one(Run, run).status = "failed"
        session.get_one(Run, other).created_at = START + timedelta(minutes=1)
    result = ask(LIST_RUNS, call)
    assert [(row["run"], row["status"]) for row in result.rows] == [(other, "done"), (run, "failed")]
    assert result.headline.endswith(f"the newest is run {other}: echo v2 on gold 1, done.")


def test_the_latest_run_is_the_newest_finished_one_of_these_files(engine: Engine, bench: Bench) -> None:
    """Not one that is queued, and not one of files that had the same names before."""
    register(engine, bench.root, bench.registry)
    parties = entries(engine, "echo@v1", "gold@1")
    assert latest_run(engine, *parties) is None
    requested(engine, bench.root)
    assert latest_run(engine, *parties) is None
    run = done(engine, bench.root)
    found = latest_run(engine, *parties)
    assert found == find_run(engine, run)
    bench.dataset("1", items(seed=99))
    register(engine, bench.root, bench.registry)
    assert latest_run(engine, *entries(engine, "echo@v1", "gold@1")) is None
