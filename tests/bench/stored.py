"""Questions over the stored statistics of a run, of 40 and of 1,000 cells, and what a run takes to store."""

import itertools
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert

from knowledge import Knowledge
from tools.evals.cells import ScoredCell
from tools.metrics.query import QUERY_METRICS
from tools.run_statistics import run_statistics
from tools.stats.histogram import BINS, Bins, Tally
from tools.stats.moments import BANDS, Moments
from tools.store.database import connect, migrate
from tools.store.session import writing
from tools.store.tables import Dataset, Model, Run, RunCell
from tools.thresholds.find import FIND_THRESHOLD
from tools.workspace import Call, Caller, Defaults, Workspace

ROUNDS = 15
SHAPES = {"40 cells": (("a", 8), ("b", 5)), "1,000 cells": (("a", 10), ("b", 10), ("c", 10))}
QUESTIONS: dict[str, dict[str, Any]] = {
    "recall, precision, FPR at any threshold": {"threshold": 0.37},
    "recall by one dimension": {"metrics": ["recall"], "group_by": ["a"], "threshold": 0.37},
    "recall by two dimensions": {"metrics": ["recall"], "group_by": ["a", "b"], "threshold": 0.37},
    "F1 and MCC with a filter": {"metrics": ["f1", "mcc"], "filters": {"a": ["a1"]}, "threshold": 0.37},
    "AUC": {"metrics": ["auc"]},
}


def stored(folder: Path) -> list[tuple[str, ...]]:
    """Lines of the table: what, cells, items, milliseconds, goal."""
    lines: list[tuple[str, ...]] = []
    for shape, items in (("40 cells", 40_000), ("40 cells", 10_000_000), ("1,000 cells", 10_000_000)):
        call, size = _workspace(folder / f"{shape}-{items}.db", SHAPES[shape], items)
        where = (shape, f"{items:,}")
        lines.append(("stored size, MB", *where, f"{size / 1e6:.2f}", "5 at 1,000 cells"))
        lines.append(("unpacking, once a process", *where, f"{_first(call):.0f}", ""))
        for what, arguments in QUESTIONS.items():
            asked = QUERY_METRICS.arguments(model="m 1", dataset="d 1", **arguments)
            lines.append((what, *where, _timed(partial(QUERY_METRICS.run, asked, call)), "20"))
        budget = FIND_THRESHOLD.arguments(model="m 1", dataset="d 1", max_fpr=0.02)
        lines.append(("threshold for FPR <= 2 %", *where, _timed(partial(FIND_THRESHOLD.run, budget, call)), "20"))
        call.workspace.engine.dispose()
    return lines


def _first(call: Call) -> float:
    start = time.perf_counter()
    run_statistics(call.workspace.engine, "run")
    return (time.perf_counter() - start) * 1e3


def _timed(ask: Callable[[], object]) -> str:
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        took.append((time.perf_counter() - start) * 1e3)
    return f"{statistics.median(took):.1f} ({took[0]:.1f})"


def _workspace(path: Path, shape: tuple[tuple[str, int], ...], items: int) -> tuple[Call, int]:
    """A database with one finished run of so many items, spread evenly over the cells; five per cent are positive."""
    engine: Engine = connect(f"sqlite:///{path}")
    migrate(engine)
    random, now = np.random.default_rng(1), datetime(2026, 11, 1, tzinfo=UTC)
    dimensions = {name: [f"{name}{value}" for value in range(n)] for name, n in shape}
    crossed = list(itertools.product(*dimensions.values()))
    each = items // len(crossed)
    rows = [
        ScoredCell(
            dict(zip(dimensions, values, strict=True)),
            Tally(*_bins(random, 1.5, max(1, each // 20)), *_bins(random, -2.5, each - each // 20)),
            Moments(np.zeros(BANDS), 1.0),
        ).row("run")
        for values in crossed
    ]
    with writing(engine) as session:
        session.add(
            Model(
                id="m@1", name="m", version="1", policy="p", aliases=[], artifact="", sha256="s", threshold=0.5,
                guideline_version="1", trained_on=None, released=date(2026, 1, 1),
            )
        )  # fmt: skip
        session.add(
            Dataset(
                id="d@1", name="d", version="1", kind="golden", path="", digest="d", rows=items, features=[],
                dimensions=dimensions, gold_version="1", guideline_version="1", counts_of="items",
                as_of=date(2026, 1, 1), card={}, classes=["0", "1"], traits={},
            )
        )  # fmt: skip
        session.flush()
        parameters = {"policy": "p", "dataset_digest": "d", "model_sha256": "s", "dimensions": sorted(dimensions)}
        session.add(
            Run(
                id="run", model_id="m@1", dataset_id="d@1", threshold=0.5, parameters=parameters, status="done",
                rows=items, shards=1, error=None, requested_by="bench", created_at=now, finished_at=now,
            )
        )  # fmt: skip
        session.flush()
        session.execute(insert(RunCell), rows)
    size = sum(len(row["histogram"]) + len(row["moments"]) + len(row["cell"]) * 2 for row in rows)
    workspace = Workspace(engine, path.parent, _no_guidelines, lambda: now, Defaults())
    return Call(workspace, Caller("bench", frozenset({"strategist"}))), size


def _bins(random: np.random.Generator, centre: float, n: int) -> tuple[Bins, Bins]:
    scores = 1 / (1 + np.exp(-random.normal(centre, 1.5, n)))
    bins, counts = np.unique((scores * BINS).astype(np.int64), return_counts=True)
    return bins, counts.astype(np.int64)


def _no_guidelines() -> Knowledge:
    raise AssertionError("nobody asks for guidelines here")
