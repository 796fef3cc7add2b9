"""An approved run is done, whatever is killed, deleted or away in the meantime."""

import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from tests.clock import START, Clock
from tests.tools.jobs.site import LONG, SHORT, Site
from tests.tools.runs_made import requested
from tools.evals.identity import predictions_folder
from tools.jobs.dbos_engine import DbosEngine
from tools.registry import register
from tools.store.session import writing
from tools.store.tables import Run


@pytest.fixture
def site(database: Engine, jobs_url: str, tmp_path: Path) -> Site:
    """On each database; the job engine has one of the same kind to itself."""
    return Site(database, jobs_url, tmp_path, SHORT)


@pytest.fixture
def long(database: Engine, jobs_url: str, tmp_path: Path) -> Site:
    """The same, with runs that take a while."""
    return Site(database, jobs_url, tmp_path, LONG)


@pytest.fixture
def local(engine: Engine, tmp_path: Path) -> Site:
    """On SQLite alone, for what does not depend on the database."""
    return Site(engine, f"sqlite:///{tmp_path / 'jobs.db'}", tmp_path, SHORT)


@pytest.fixture
def long_local(engine: Engine, tmp_path: Path) -> Site:
    """The same, with runs that take a while."""
    return Site(engine, f"sqlite:///{tmp_path / 'jobs.db'}", tmp_path, LONG)


def test_queued_runs_are_done(site: Site) -> None:
    """One that was queued before the start, and one after, without a word to the engine."""
    before = site.request()
    with site.working():
        assert site.ended(before).finished_at == START
        site.check(before)
        after = site.request("echo@v2")
        site.ended(after)
    site.check(after)


def test_a_killed_process_loses_nothing_and_repeats_no_finished_shard(long: Site) -> None:
    """SIGKILL in the middle of a run: the next start finishes it; at most the shard in flight is done again."""
    run = long.request()
    with long.process("in charge") as worker:
        long.until(run, lambda entry: entry.done >= 3)
        worker.kill()
        worker.wait()
    entry, written = long.run(run), long.files(run)
    assert (entry.status, entry.done < LONG) == ("running", True)
    with long.working():
        long.ended(run)
    long.check(run)
    after = long.files(run)
    again = [name for name, when in written.items() if after[name] != when]
    assert len(written) >= 3
    assert again in ([], [max(written)])


def test_a_closed_process_leaves_its_run_to_the_next_start(long: Site) -> None:
    """Stopped in the middle it ends between two shards: the run is not failed, and goes on where it was."""
    run = long.request()
    with long.working():
        long.until(run, lambda entry: entry.done >= 3)
    entry, written = long.run(run), long.files(run)
    assert entry.status == "running"
    assert 3 <= entry.done == len(written) < LONG
    time.sleep(0.2)
    assert long.files(run) == written
    with long.working():
        long.ended(run)
    long.check(run)
    after = long.files(run)
    assert {name: after[name] for name in written} == written


def test_of_two_processes_one_is_in_charge_and_the_other_takes_over_when_it_ends(long_local: Site) -> None:
    """What the second approves, the first does; when the first is killed, the second goes on by itself."""
    with long_local.process("in charge") as worker, closing(long_local.jobs()) as jobs:
        assert not jobs.start()
        run = long_local.request()
        jobs.nudge()
        long_local.ended(run)
        long_local.check(run)
        other = long_local.request("echo@v2")
        long_local.until(other, lambda entry: entry.done >= 2)
        worker.kill()
        worker.wait()
        long_local.ended(other)
        assert jobs.start()
    long_local.check(other)


def test_only_one_engine_is_in_charge_of_a_home(local: Site) -> None:
    """Asked again it still is; the next one is when it has closed; closing twice is closing once."""
    with local.working() as jobs:
        assert jobs.start()
        with local.process("waiting"):
            pass
        jobs.close()
        with local.working():
            pass


def test_a_run_whose_file_is_gone_fails_with_a_sentence_and_works_when_asked_again(local: Site) -> None:
    """The sentence says what to do; once it is done, the same question is the same run, tried again."""
    run = local.request()
    model = local.root / "models" / "v1.onnx"
    content = model.read_bytes()
    model.unlink()
    with local.working():
        failed = local.ended(run)
        assert (failed.status, failed.error) == (
            "failed", "The model file v1.onnx is missing. Run: steward init --sample",
        )  # fmt: skip
        model.write_bytes(content)
        assert local.request() == run
        local.ended(run)
    local.check(run)


def test_a_failing_predictor_fails_the_run_and_keeps_the_shards_before(local: Site) -> None:
    """A score that is none, in the fifth shard: asked again it fails again there, without doing the others again."""
    old = np.array(local.columns["old"])
    old[4 * 20 + 3] = 1.5
    local.bench.dataset("2", local.columns | {"old": old}, shard=20)
    register(local.engine, local.root, local.bench.registry)
    run = requested(local.engine, local.root, "echo@v1", "gold@2")
    with local.working():
        failed = local.ended(run)
        written = local.files(run)
        requested(local.engine, local.root, "echo@v1", "gold@2")
        again = local.until(run, lambda entry: entry.status == "failed" and entry.parameters["attempt"] == 2)
    for entry in (failed, again):
        assert entry.error is not None
        assert entry.error.startswith("The model v1.onnx gave a score that is not between 0 and 1.")
        assert (entry.done, entry.rows) == (4, 0)
    assert len(written) == 4
    assert local.files(run) == written


def test_a_passing_fault_is_tried_again(local: Site) -> None:
    """Something is in the way of the predictions for a moment."""
    run = local.request()
    obstacle = predictions_folder(local.root) / run
    obstacle.parent.mkdir()
    obstacle.write_text("in the way")
    with local.working():
        local.until(run, lambda entry: entry.status == "running")
        time.sleep(0.2)
        obstacle.unlink()
        local.ended(run)
    local.check(run)


def test_a_lasting_fault_fails_the_run_with_a_sentence(local: Site, caplog: pytest.LogCaptureFixture) -> None:
    """People read what kind of thing happened; the log has the cause."""
    run = local.request()
    predictions_folder(local.root).mkdir()
    (predictions_folder(local.root) / run).write_text("in the way")
    with local.working():
        failed = local.ended(run)
    assert failed.status == "failed"
    assert failed.error == "Something unexpected stopped the scoring (FileExistsError); the log says more."
    assert "in the way" not in failed.error
    assert any(record.exc_info and run in record.getMessage() for record in caplog.records)


def test_a_run_that_the_job_engine_has_forgotten_is_queued_again(long_local: Site) -> None:
    """Its file was deleted while a run was under way: the run is done all the same, its shards not again."""
    run = long_local.request()
    with long_local.process("in charge") as worker:
        long_local.until(run, lambda entry: entry.done >= 3)
        worker.kill()
        worker.wait()
    for path in long_local.root.parent.glob("jobs.db*"):
        path.unlink()
    assert long_local.run(run).status == "running"
    written = long_local.files(run)
    with long_local.working():
        long_local.ended(run)
    long_local.check(run)
    after = long_local.files(run)
    assert [name for name, when in written.items() if after[name] != when] in ([], [max(written)])


def test_a_run_whose_outcome_could_not_be_written_is_tried_again(local: Site) -> None:
    """The workflow has ended, the run does not know: it does not stay `running` for ever."""
    run = local.request()
    with local.working():
        local.ended(run)
        with writing(local.engine) as session:
            row = session.get_one(Run, run)
            row.status, row.rows = "running", 0
        local.ended(run)
    local.check(run)
    assert local.run(run).parameters["attempt"] == 2


def test_a_database_that_is_away_for_a_while_does_not_end_the_work(
    local: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """The engine says so in the log, and works off the queue when the database is back."""
    with local.working() as jobs:
        _execute(local.engine, "ALTER TABLE runs RENAME TO away")
        jobs.nudge()
        end = time.monotonic() + 20
        while "could not be worked off" not in caplog.text:
            assert time.monotonic() < end
            time.sleep(0.01)
        _execute(local.engine, "ALTER TABLE away RENAME TO runs")
        run = local.request()
        local.ended(run)
    local.check(run)


def test_an_engine_that_cannot_start_leaves_the_charge_to_others(local: Site) -> None:
    """An address that leads nowhere: the error is raised, the lock is free."""
    lock = local.root.parent / "jobs.lock"
    broken = DbosEngine(local.engine, local.root, "postgresql+psycopg://x@127.0.0.1:1/none", Clock(), lock)
    with pytest.raises(Exception, match=r"127\.0\.0\.1"):
        broken.start()
    broken.close()
    with local.working():
        pass


def _execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))
