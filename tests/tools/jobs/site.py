"""A site: a database, a bench of small shards, and a job engine for them, in this process or in one of its own."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from tests.clock import Clock
from tests.tools.bench import POLICY, Bench, furnished, items
from tests.tools.runs_made import requested
from tools.evals.identity import predictions_folder
from tools.jobs.dbos_engine import DbosEngine
from tools.registry import register
from tools.runs import RunEntry, find_run
from tools.slices import load_slices

SHORT, LONG = 8, 25  # shards; a long run is still under way when a slow machine comes to kill it


class Site:
    """`shards` shards of twenty items."""

    def __init__(self, engine: Engine, jobs_url: str, folder: Path, shards: int) -> None:
        self.engine, self.jobs_url, self.shards = engine, jobs_url, shards
        self.columns = items(shards * 20) | {"policy": [POLICY] * (shards * 20)}
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
        url = self.engine.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.tools.jobs.worker", url, self.jobs_url, str(self.root)]
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
        assert (entry.status, entry.rows, entry.done, entry.error) == ("done", self.shards * 20, self.shards, None)
        (whole,) = load_slices(self.engine, run, {}, [])
        score = np.asarray(self.columns["old" if entry.model_id == "echo@v1" else "new"]).astype(np.float64)
        called, gold = score >= 0.5, np.asarray(self.columns["label"]) == 1
        counts = whole.histogram.at(0.5)
        assert (counts.tp, counts.fp) == (int((called & gold).sum()), int((called & ~gold).sum()))
        assert counts.n == self.shards * 20
