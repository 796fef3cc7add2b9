"""The evaluation as a durable workflow: one step to begin, one a shard, one to finish, one to record a failure."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tools.errors import StewardError
from tools.evals.evaluation import Evaluation, finish
from tools.jobs.halt import Halt
from tools.store.session import writing
from tools.store.tables import Run

Progress = Callable[[str], None]


@dataclass(frozen=True)
class EvaluationSteps:
    """The steps of an evaluation over plain values; each may run twice without counting anything twice."""

    engine: Engine
    root: Path
    now: Callable[[], datetime]
    # Opening an evaluation hashes the whole dataset: once a run and process, not once a shard.
    _open: dict[str, Evaluation] = field(default_factory=dict)

    def begin(self, run: str) -> int:
        """Check model and data, mark the run as running; returns the number of shards."""
        work = self._open[run] = Evaluation(self.engine, self.root, run)
        shards = work.shards
        with writing(self.engine) as session:
            row = session.get_one(Run, run)
            row.status, row.shards, row.error = "running", shards, None
        return shards

    def shard(self, run: str, number: int) -> int:
        """Score one shard, unless an earlier attempt has stored it; returns its items."""
        work = self._open.get(run)
        if work is None:  # the run was begun by a process that is gone
            work = self._open[run] = Evaluation(self.engine, self.root, run)
        stored = work.stored(number)
        return work.shard(number) if stored is None else stored

    def finish(self, run: str) -> None:
        """Sum the shards and mark the run done."""
        self._open.pop(run, None)
        finish(self.engine, run, self.now())

    def fail(self, run: str, reason: str) -> None:
        """Mark the run failed, with a sentence a person can act on; its stored shards stay."""
        self._open.pop(run, None)
        with writing(self.engine) as session:
            row = session.get_one(Run, run)
            row.status, row.error, row.finished_at = "failed", reason, self.now()


def durable_evaluation(dbos: Any, steps: EvaluationSteps, halt: Halt) -> Callable[[str], str]:
    """The workflow `evaluate(run)`, registered with DBOS; returns the final status of the run."""
    # A passing fault (a locked database, a full disk that is freed) is tried again; a wrong file is not.
    retry = {
        "retries_allowed": True,
        "interval_seconds": 0.5,
        "max_attempts": 3,
        "should_retry": lambda error: not isinstance(error, StewardError),
    }

    @dbos.step(name="begin", **retry)  # type: ignore[untyped-decorator]
    def begin(run: str) -> int:
        return steps.begin(run)

    @dbos.step(name="shard", **retry)  # type: ignore[untyped-decorator]
    def shard(run: str, number: int) -> int:
        return steps.shard(run, number)

    @dbos.step(name="finish", **retry)  # type: ignore[untyped-decorator]
    def end(run: str) -> None:
        steps.finish(run)

    @dbos.step(name="fail", **retry)  # type: ignore[untyped-decorator]
    def fail(run: str, reason: str) -> None:
        steps.fail(run, reason)

    @dbos.workflow(name="evaluate")  # type: ignore[untyped-decorator]
    def evaluate(run: str) -> str:
        with halt.under_way():
            try:
                for number in range(begin(run)):
                    halt.check()
                    shard(run, number)
                halt.check()
                end(run)
            except Exception as error:
                fail(run, reason(error, run))
                return "failed"
            return "done"

    return evaluate  # type: ignore[no-any-return]


def reason(error: Exception, run: str) -> str:
    """Why a run failed, as a sentence for people; what is nobody's to mend goes to the log as well."""
    if isinstance(error, StewardError):
        return str(error)
    tries = getattr(error, "errors", None)  # DBOS wraps what it has tried three times
    cause = tries[-1] if tries else error
    logging.getLogger("steward.jobs").error("run %s failed", run, exc_info=cause)
    return f"Something unexpected stopped the scoring ({type(cause).__name__}); the log says more."
