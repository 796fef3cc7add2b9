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
from sqlalchemy import Engine, make_url, select

from tools.jobs.workflows import EvaluationSteps, durable_evaluation
from tools.store.database import connect
from tools.store.session import reading, writing
from tools.store.tables import Run

VERSION = "1"  # bump only when a changed workflow can no longer finish what an older one began
EXECUTOR = "steward-embedded"
POLL_SECONDS = 1.0


class DbosEngine:
    """Runs queued evaluations in this process, one at a time, durable step by step."""

    def __init__(self, engine: Engine, root: Path, url: str, now: Callable[[], datetime], lock: Path) -> None:
        self._engine, self._url, self._lock = engine, url, FileLock(lock)
        self._steps = EvaluationSteps(engine, root, now)
        self._evaluate: Callable[[str], str] | None = None
        self._dbos: Any = None
        self._own_engine: Engine | None = None
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> bool:
        """Launch DBOS and take charge; False when another process of this home is in charge already."""
        if self._thread is not None:
            return True
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        try:
            self._launch()
        except BaseException:
            self._lock.release()
            raise
        self._thread = threading.Thread(target=self._drain, name="steward-jobs", daemon=True)
        self._thread.start()
        return True

    def nudge(self) -> None:
        """Look for queued runs now."""
        self._wake.set()

    def close(self) -> None:
        """Stop DBOS and give up the charge; an unfinished run is recovered at the next start."""
        if self._thread is None:
            return
        self._stop.set()
        self._wake.set()
        self._thread.join()
        self._thread = None
        self._dbos.destroy(destroy_registry=True)
        if self._own_engine is not None:
            self._own_engine.dispose()
        self._lock.release()

    def _launch(self) -> None:
        from dbos import DBOS, DBOSConfig

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
        self._evaluate = durable_evaluation(DBOS, self._steps)
        DBOS.launch()
        self._requeue_forgotten()
        self._stop.clear()

    def _drain(self) -> None:
        """Start a workflow for each queued run. Its id is the run's and its attempt, so starting twice starts once."""
        from dbos import SetWorkflowID

        assert self._evaluate is not None
        while not self._stop.is_set():
            for run, attempt in self._waiting():
                if self._stop.is_set():
                    return
                try:
                    with SetWorkflowID(f"{run}.{attempt}"):
                        handle = self._dbos.start_workflow(self._evaluate, run)
                    while not self._stop.is_set() and _pending(handle):
                        self._stop.wait(0.05)
                except Exception:
                    logging.getLogger("steward.jobs").exception("run %s could not be started", run)
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()

    def _requeue_forgotten(self) -> None:
        """A run marked running that the job engine knows nothing of (its file was deleted) is queued again."""
        with writing(self._engine) as session:
            for run in session.scalars(select(Run).where(Run.status == "running")):
                attempt = int(run.parameters.get("attempt", 1))
                if self._dbos.get_workflow_status(f"{run.id}.{attempt}") is None:
                    run.status, run.parameters = "queued", run.parameters | {"attempt": attempt + 1}

    def _waiting(self) -> list[tuple[str, int]]:
        statement = select(Run.id, Run.parameters).where(Run.status == "queued").order_by(Run.created_at)
        with reading(self._engine) as session:
            return [(run, int(parameters.get("attempt", 1))) for run, parameters in session.execute(statement)]


def _pending(handle: Any) -> bool:
    return handle.get_status().status in {"PENDING", "ENQUEUED"}


def _quiet_logs() -> None:
    """DBOS reports each recovery at INFO on the terminal; people in a chat need only errors."""
    logging.getLogger("dbos").setLevel(logging.ERROR)
