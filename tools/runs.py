"""Runs: what has been evaluated, what is under way; and the tool `list_runs`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tools.arguments import Arguments, DatasetName, Limit, ModelName
from tools.catalog import DatasetEntry, ModelEntry
from tools.evals.identity import run_id
from tools.results import Column, Result
from tools.spec import Example, ToolSpec
from tools.store.session import insert_missing, reading
from tools.store.tables import Run, RunShard
from tools.workspace import Call


@dataclass(frozen=True)
class RunEntry:
    """A run as people see it; `done` of `shards` shards are stored."""

    id: str
    model_id: str
    dataset_id: str
    threshold: float
    parameters: dict[str, Any]
    status: str
    rows: int
    shards: int
    done: int
    error: str | None
    requested_by: str
    created: datetime
    finished_at: datetime | None

    @property
    def finished(self) -> datetime:
        """When it was done; for a run that is not, when it was asked for."""
        return self.finished_at or self.created


def list_entries(
    engine: Engine, model_id: str | None = None, dataset_id: str | None = None, status: str | None = None
) -> list[RunEntry]:
    """Runs, newest first."""
    done = select(RunShard.run_id, func.count().label("n")).group_by(RunShard.run_id).subquery()
    statement = select(Run, func.coalesce(done.c.n, 0)).outerjoin(done, done.c.run_id == Run.id)
    for column, value in ((Run.model_id, model_id), (Run.dataset_id, dataset_id), (Run.status, status)):
        if value is not None:
            statement = statement.where(column == value)
    with reading(engine) as session:
        rows = session.execute(statement.order_by(Run.created_at.desc(), Run.id)).all()
    return [_entry(run, n) for run, n in rows]


def find_run(engine: Engine, run: str) -> RunEntry | None:
    """One run by its id."""
    return next((entry for entry in list_entries(engine) if entry.id == run), None)


def latest_run(engine: Engine, model: ModelEntry, dataset: DatasetEntry) -> RunEntry | None:
    """The newest finished run of a model on a dataset as both are registered now (R16).

    A run of files that were since registered anew under the same names is not theirs any more.
    """
    now = evaluated(model, dataset)
    for run in list_entries(engine, model.id, dataset.id, "done"):
        if all(run.parameters.get(name) == value for name, value in now.items()):
            return run
    return None


def evaluated(model: ModelEntry, dataset: DatasetEntry) -> dict[str, Any]:
    """What of model and dataset decides the scores and cells of a run; the threshold does not."""
    return {
        "policy": model.policy,
        "dataset_digest": dataset.digest,
        "model_sha256": model.sha256,
        "dimensions": sorted(dataset.dimensions),
    }


def request_run(session: Session, model: ModelEntry, dataset: DatasetEntry, shards: int, by: str, now: datetime) -> Run:
    """The run of exactly this model on exactly this data: the one there is, else a new one, queued.

    A failed run is queued again; its stored shards are kept.
    """
    new = {
        "id": run_id(model, dataset),
        "model_id": model.id,
        "dataset_id": dataset.id,
        "threshold": model.threshold,
        "parameters": evaluated(model, dataset) | {"attempt": 1},
        "status": "queued",
        "rows": 0,
        "shards": shards,
        "error": None,
        "requested_by": by,
        "created_at": now,
        "finished_at": None,
    }
    insert_missing(session, Run, [new])
    run = session.get_one(Run, new["id"], populate_existing=True)
    if run.status == "failed":
        run.status, run.error, run.finished_at = "queued", None, None
        run.parameters = run.parameters | {"attempt": int(run.parameters.get("attempt", 1)) + 1}
    return run


def count_shards(call: Call, dataset: DatasetEntry) -> int:
    """How many shards a dataset has; opening it checks the file."""
    from tools.evals.items_file import open_items  # brings Parquet in, which no other question here needs

    return open_items(call.workspace.root, dataset).shards


class ListRuns(Arguments):
    """Which evaluations there are, newest first."""

    model: ModelName = None
    dataset: DatasetName = None
    limit: Limit = 10


def _list_runs(arguments: ListRuns, call: Call) -> Result:
    catalog = call.catalog
    model = catalog.model(arguments.model)[0] if arguments.model else None
    dataset = catalog.dataset(arguments.dataset) if arguments.dataset else None
    runs = list_entries(call.workspace.engine, model.id if model else None, dataset.id if dataset else None)
    shown = runs[: arguments.limit]
    labels = {entry.id: entry.label for entry in catalog.models} | {entry.id: entry.label for entry in catalog.datasets}
    about = (f" of {model.label}" if model else "") + (f" on {dataset.label}" if dataset else "")
    if not runs:
        headline = f"There is no evaluation{about} yet."
    else:
        last = runs[0]
        state = last.status if last.status == "done" else f"{last.status}, {last.done} of {last.shards} shards"
        headline = (
            f"**{len(runs)} evaluation{'' if len(runs) == 1 else 's'}{about}**; the newest is run {last.id}:"
            f" {labels[last.model_id]} on {labels[last.dataset_id]}, {state}."
        )
    return Result(
        tool="list_runs",
        headline=headline,
        columns=(
            Column(key="run", label="run"),
            Column(key="model", label="model"),
            Column(key="dataset", label="dataset"),
            Column(key="status", label="status"),
            Column(key="rows", label="items", unit="count"),
            Column(key="date", label="date", unit="text"),
        ),
        rows=tuple(
            {
                "run": run.id,
                "model": labels[run.model_id],
                "dataset": labels[run.dataset_id],
                "status": run.status,
                "rows": run.rows,
                "date": run.finished.date().isoformat(),
            }
            for run in shown
        ),
        caveats=(f"The newest {len(shown)} of {len(runs)} are shown.",) if len(shown) < len(runs) else (),
        query={"model": model.label if model else None, "dataset": dataset.label if dataset else None},
    )


def _entry(run: Run, done: int) -> RunEntry:
    return RunEntry(
        run.id, run.model_id, run.dataset_id, run.threshold, run.parameters, run.status, run.rows, run.shards, done,
        run.error, run.requested_by, run.created_at, run.finished_at,
    )  # fmt: skip


LIST_RUNS = ToolSpec(
    name="list_runs",
    summary="List evaluations (runs) that were done or are under way, with their status.",
    topic="evaluations done and under way",
    arguments=ListRuns,
    run=_list_runs,
    examples=(
        Example("which evaluations have been run?"),
        Example("list the runs"),
        Example("what evals are running right now?"),
        Example("status of the evaluation"),
        Example("is the run finished yet?"),
        Example("show the last runs of bullying-text v7", {"model": "bullying-text v7"}),
        Example("status of the last run of challenge-video v4", {"model": "challenge-video v4"}),
        Example("what has been evaluated on the evasion suite", {"dataset": "evasion 2"}),
        Example("how far is the eval?"),
        Example("did my evaluation finish"),
        Example("run history"),
        Example("when was bullying-text v6 last evaluated", {"model": "bullying-text v6"}),
        Example("which runs are queued"),
        Example("show me all evaluations of the candidate", {"model": "candidate"}),
        Example("what was run on golden 2026-07 so far", {"dataset": "golden 2026-07"}),
        Example("is anything running"),
        Example("any results in yet from the run i approved"),
        Example("latest eval"),
        Example("list the runs on golden", {"dataset": "golden"}),
        Example("show the evals of v6 on evasion", {"model": "bullying-text v6", "dataset": "evasion 2"}),
        Example(
            "has the evaluation of v5-rc1 on golden finished",
            {"model": "challenge-video v5-rc1", "dataset": "golden"},
        ),
        Example("was v3 ever evaluated on evasion", {"model": "challenge-video v3", "dataset": "evasion 2"}),
        Example("last 3 runs of challenge-video v4", {"model": "challenge-video v4", "limit": 3}),
        Example("which runs are there for bullying-text v7", {"model": "bullying-text v7"}),
        Example("what was tested this week"),
        Example("has anyone evaluated v8-rc1 yet", {"model": "bullying-text v8-rc1"}),
        Example("past evaluations of v4", {"model": "challenge-video v4"}),
        Example("is an evaluation of v7 waiting for approval", {"model": "bullying-text v7"}),
        Example("show all evals of challenge-video v3", {"model": "challenge-video v3"}),
        Example("is the run of v6 on golden through", {"model": "bullying-text v6", "dataset": "golden"}),
        Example("which evaluations of v5-rc1 exist", {"model": "challenge-video v5-rc1"}),
        Example("evals finished today"),
        Example("how is the eval of v8-rc1 going", {"model": "bullying-text v8-rc1"}),
        Example("on which datasets has v4 been evaluated", {"model": "challenge-video v4"}),
        Example("did the evasion run of v7 go through", {"model": "bullying-text v7", "dataset": "evasion 2"}),
    ),
)
