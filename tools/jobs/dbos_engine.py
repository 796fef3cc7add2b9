"""DBOS inside the process: the embedded job engine, on SQLite or Postgres.

Facts that shape it (DBOS 3.4): recovery takes only workflows of the same executor and application version, so both are
fixed; SQLite gets no WAL by itself, so it is set before launch (2.25 -> 0.86 ms a step); the engine's file is kept
apart from the application's. One process a home is in charge, held by a file lock: two would recover each other's work.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Engine, make_url, select, update

from tools.jobs.halt import Halt
from tools.store.database import connect
from tools.store.session import reading, writing
from tools.store.tables import Run

VERSION = "1"  # bump only when a changed workflow can no longer finish what an older one began
EXECUTOR = "steward-embedded"
POLL_SECONDS = 1.0
PATIENCE_SECONDS = 30.0  # for the shard that is being scored when the process ends
UNDER_WAY = frozenset({"PENDING", "ENQUEUED"})


class DbosEngine:
    """Runs queued evaluations in this process, one at a time, durable step by step."""

    def __init__(self, engine: Engine, root: Path, url: str, now: Callable[[], datetime], lock: Path) -> None:
        # The lock is taken in one thread and given back in another.
        self._engine, self._url, self._lock = engine, url, FileLock(lock, thread_local=False)
        self._root, self._now = root, now
        self._halt = Halt()
        self._evaluate: Callable[[str], str] | None = None
        self._dbos: Any = None
        self._own_engine: Engine | None = None
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> bool:
        """Launch DBOS and take charge; False when another process of this home is in charge.

        In that case this one takes over as soon as the other ends.
        """
        if self._thread is None:
            self._take_charge()
            self._stop.clear()
            self._thread = threading.Thread(target=self._work, name="steward-jobs", daemon=True)
            self._thread.start()
        return self._in_charge

    def nudge(self) -> None:
        """Look for queued runs now."""
        self._wake.set()

    def close(self) -> None:
        """Stop after the steps that are under way and give up the charge; unfinished runs go on at the next start."""
        if self._thread is None:
            return
        self._stop.set()
        self._wake.set()
        self._thread.join()
        self._thread = None
        if not self._in_charge:
            return
        if not self._halt.ask(PATIENCE_SECONDS):
            logging.getLogger("steward.jobs").warning(
                "a shard is still being scored; it is done again at the next start"
            )
        self._dbos.destroy(destroy_registry=True)
        self._evaluate, self._halt = None, Halt()
        if self._own_engine is not None:
            self._own_engine.dispose()
        self._lock.release()

    @property
    def _in_charge(self) -> bool:
        return self._evaluate is not None

    def _take_charge(self) -> bool:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        try:
            self._launch()
        except BaseException:
            self._evaluate = None
            self._lock.release()
            raise
        return True

    def _launch(self) -> None:
        # With DBOS come Parquet and DuckDB: a process that only answers needs none of them.
        from dbos import DBOS, DBOSConfig

        from tools.jobs.workflows import EvaluationSteps, durable_evaluation

        _quiet_logs()
        url = make_url(self._url)
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        config: DBOSConfig = {
            "name": "steward",
            "system_database_url": self._url,
            "application_version": VERSION,
            "executor_id": EXECUTOR,
            "log_level": "ERROR",
        }
        if url.get_backend_name() == "sqlite":
            self._own_engine = config["system_database_engine"] = connect(self._url)
        DBOS(config=config)
        self._dbos = DBOS
        steps = EvaluationSteps(self._engine, self._root, self._now)
        evaluate = durable_evaluation(DBOS, steps, self._halt)
        DBOS.launch()
        self._evaluate = evaluate

    def _work(self) -> None:
        """Until closed: see to it that somebody is in charge, and that every run that waits is started."""
        while not self._stop.is_set():
            try:
                if self._in_charge or self._take_charge():
                    self._requeue_forgotten()
                    self._start_waiting()
            except Exception:  # a database that is away for a while must not end the work of this process
                logging.getLogger("steward.jobs").exception("the queue of runs could not be worked off; trying again")
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()

    def _start_waiting(self) -> None:
        """Start a workflow for each queued run. Its id is the run's and its attempt, so starting twice starts once."""
        from dbos import SetWorkflowID

        for run, attempt in self._runs("queued"):
            if self._stop.is_set():
                return
            with SetWorkflowID(f"{run}.{attempt}"):
                handle = self._dbos.start_workflow(self._evaluate, run)
            while not self._stop.is_set() and handle.get_status().status in UNDER_WAY:
                self._stop.wait(0.05)

    def _requeue_forgotten(self) -> None:
        """Queue again what nobody works on any more.

        That is a run marked running that the job engine knows nothing of (its file was deleted), and a run that has no
        outcome though its workflow has one (the database was away when it was to be written).
        """
        for status in ("queued", "running"):
            for run, attempt in self._runs(status):
                found = self._dbos.get_workflow_status(f"{run}.{attempt}")
                if (found is None and status == "running") or (found is not None and found.status not in UNDER_WAY):
                    self._requeue(run, status, attempt)

    def _requeue(self, run: str, status: str, attempt: int) -> None:
        with writing(self._engine) as session:
            row = session.get_one(Run, run)
            again = row.parameters | {"attempt": attempt + 1}
            # Only if it still stands as it was read: a workflow that ends just now has the last word.
            statement = update(Run).where(Run.id == run, Run.status == status)
            session.execute(statement.values(status="queued", parameters=again))

    def _runs(self, status: str) -> list[tuple[str, int]]:
        """Runs of a status with their attempt, oldest first."""
        statement = select(Run.id, Run.parameters).where(Run.status == status).order_by(Run.created_at)
        with reading(self._engine) as session:
            return [(run, int(parameters.get("attempt", 1))) for run, parameters in session.execute(statement)]


def _quiet_logs() -> None:
    """DBOS reports each recovery at INFO on the terminal; people in a chat need only errors."""
    logging.getLogger("dbos").setLevel(logging.ERROR)
