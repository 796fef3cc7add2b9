"""An approved run is done, whatever is killed, deleted or away in the meantime."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, make_url, text

from tests.clock import START, Clock
from tests.tools.bench import POLICY, Bench, furnished, items
from tests.tools.runs_made import requested
from tools.evals.identity import predictions_folder
from tools.jobs.dbos_engine import DbosEngine
from tools.registry import register
from tools.runs import RunEntry, find_run
from tools.slices import load_slices
from tools.store.session import writing
from tools.store.tables import Run

SHARDS = 12


class Site:
    """A database, a bench of twelve small shards, and a job engine for them."""

    def __init__(self, engine: Engine, url: str, jobs_url: str, folder: Path) -> None:
        self.engine, self.url, self.jobs_url = engine, url, jobs_url
        self.columns = items(SHARDS * 20) | {"policy": [POLICY] * (SHARDS * 20)}
        self.bench: Bench = furnished(folder / "root", self.columns, shard=20)
        self.root = self.bench.root
        register(engine, self.root, self.bench.registry)

    def jobs(self) -> DbosEngine:
        """An engine in this process, not started."""
        return DbosEngine(self.engine, self.root, self.jobs_url, Clock(), self.root.parent / "jobs.lock")

    @contextmanager
    def working(self) -> Iterator[DbosEngine]:
        """An engine in this process, in charge."""
        jobs = self.jobs()
        assert jobs.start()
        try:
            yield jobs
        finally:
            jobs.close()

    @contextmanager
    def process(self, says: str) -> Iterator["subprocess.Popen[str]"]:
        """A process of its own, that has said it is in charge, or waiting."""
        command = [sys.executable, "-m", "tests.tools.jobs.worker", self.url, self.jobs_url, str(self.root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
            try:
                assert started.stdout is not None
                assert started.stdout.readline().strip() == says
                yield started
            finally:
                started.kill()

    def request(self, model: str = "echo@v1") -> str:
        """A queued run."""
        return requested(self.engine, self.root, model)

    def run(self, run: str) -> RunEntry:
        """A run as it stands."""
        found = find_run(self.engine, run)
        assert found is not None
        return found

    def until(self, run: str, reached: Callable[[RunEntry], bool]) -> RunEntry:
        """Wait for a run to come that far."""
        end = time.monotonic() + 60
        while not reached(entry := self.run(run)):
            assert time.monotonic() < end, entry
            time.sleep(0.01)
        return entry

    def ended(self, run: str) -> RunEntry:
        """Wait for a run to end."""
        return self.until(run, lambda entry: entry.status in ("done", "failed"))

    def files(self, run: str) -> dict[str, int]:
        """When each file of predictions was written."""
        found = (predictions_folder(self.root) / run).glob("*.parquet")
        return {path.name: path.stat().st_mtime_ns for path in found}

    def check(self, run: str) -> None:
        """The run is done, and counts each item once."""
        entry = self.run(run)
        assert (entry.status, entry.rows, entry.done, entry.error) == ("done", SHARDS * 20, SHARDS, None)
        (whole,) = load_slices(self.engine, run, {}, [])
        score = np.asarray(self.columns["old" if entry.model_id == "echo@v1" else "new"]).astype(np.float64)
        called, gold = score >= 0.5, np.asarray(self.columns["label"]) == 1
        counts = whole.histogram.at(0.5)
        assert (counts.tp, counts.fp) == (int((called & gold).sum()), int((called & ~gold).sum()))
        assert counts.n == SHARDS * 20


@pytest.fixture
def site(database: Engine, database_url: str, jobs_url: str, tmp_path: Path) -> Site:
    """On each database; the job engine has one of the same kind to itself."""
    return Site(database, database_url, jobs_url, tmp_path)


@pytest.fixture
def local(engine: Engine, tmp_path: Path) -> Site:
    """On SQLite alone, for what does not depend on the database."""
    return Site(engine, str(engine.url), f"sqlite:///{tmp_path / 'jobs.db'}", tmp_path)


def test_queued_runs_are_done(site: Site) -> None:
    """One that was queued before the start, and one after, without a word to the engine."""
    before = site.request()
    with site.working():
        assert site.ended(before).finished_at == START
        site.check(before)
        after = site.request("echo@v2")
        site.ended(after)
    site.check(after)


def test_a_killed_process_loses_nothing_and_repeats_no_finished_shard(site: Site) -> None:
    """SIGKILL in the middle of a run: the next start finishes it; at most the shard in flight is done again."""
    run = site.request()
    with site.process("in charge") as worker:
        site.until(run, lambda entry: entry.done >= 3)
        worker.kill()
        worker.wait()
    entry, written = site.run(run), site.files(run)
    assert (entry.status, entry.done < SHARDS) == ("running", True)
    with site.working():
        site.ended(run)
    site.check(run)
    after = site.files(run)
    again = [name for name, when in written.items() if after[name] != when]
    assert len(written) >= 3
    assert again in ([], [max(written)])


def test_a_closed_process_leaves_its_run_to_the_next_start(site: Site) -> None:
    """Stopped in the middle it ends between two shards: the run is not failed, and goes on where it was."""
    run = site.request()
    with site.working():
        site.until(run, lambda entry: entry.done >= 3)
    entry, written = site.run(run), site.files(run)
    assert entry.status == "running"
    assert 3 <= entry.done == len(written) < SHARDS
    time.sleep(0.2)
    assert site.files(run) == written
    with site.working():
        site.ended(run)
    site.check(run)
    after = site.files(run)
    assert {name: after[name] for name in written} == written


def test_of_two_processes_one_is_in_charge_and_the_other_takes_over_when_it_ends(site: Site) -> None:
    """What the second approves, the first does; when the first is killed, the second goes on by itself."""
    jobs = site.jobs()
    with site.process("in charge") as worker:
        assert not jobs.start()
        run = site.request()
        jobs.nudge()
        site.ended(run)
        site.check(run)
        other = site.request("echo@v2")
        site.until(other, lambda entry: entry.done >= 2)
        worker.kill()
        worker.wait()
        site.ended(other)
    assert jobs.start()
    jobs.close()
    site.check(other)


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


def test_a_run_that_the_job_engine_has_forgotten_is_queued_again(site: Site) -> None:
    """Its file was deleted while a run was under way: the run is done all the same, its shards not again."""
    run = site.request()
    with site.process("in charge") as worker:
        site.until(run, lambda entry: entry.done >= 3)
        worker.kill()
        worker.wait()
    _forget_jobs(site.jobs_url)
    assert site.run(run).status == "running"
    written = site.files(run)
    with site.working():
        site.ended(run)
    site.check(run)
    after = site.files(run)
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


def _forget_jobs(url: str) -> None:
    """Delete the job engine's file, or on Postgres its tables."""
    from tools.store.database import connect

    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        assert parsed.database
        for path in Path(parsed.database).parent.glob(f"{Path(parsed.database).name}*"):
            path.unlink()
        return
    engine = connect(url)
    _execute(engine, "DROP SCHEMA dbos CASCADE")
    engine.dispose()
