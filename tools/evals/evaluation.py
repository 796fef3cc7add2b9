"""An evaluation: one model version on one dataset, shard by shard; the same question is the same run.

A shard reads features, scores them, writes the predictions (opaque ids, never content) and stores its counts as an
upsert. Finishing sums the shards in one transaction. Every part may run again without counting anything twice.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Engine, delete, insert, select

from tools.catalog import Catalog, DatasetEntry, ModelEntry, load
from tools.errors import SetupError
from tools.evals.cells import merge, pack, unpack
from tools.evals.identity import SCOPE, predictions_folder
from tools.evals.items_file import CLUSTER, ITEM, LABEL, WEIGHT, ItemsFile, open_items, resolve
from tools.evals.predictor import OnnxPredictor
from tools.evals.scan import scan_predictions
from tools.store.session import reading, writing
from tools.store.tables import Run, RunCell, RunShard


class Evaluation:
    """The work of one run. Construction checks that model and data are the registered ones; nothing is written."""

    def __init__(self, engine: Engine, root: Path, run: str) -> None:
        self._engine, self._root, self._run = engine, root, run
        model, dataset = _parties(engine, run)
        self._model = model
        self._items: ItemsFile = open_items(root, dataset)
        self._predictor = OnnxPredictor(resolve(root, model.artifact), model.sha256)
        # Labels may be stored as true and false, dimensions as numbers: cells and filters know 0, 1 and words.
        words = [pa.field(name, pa.string()) for name in self._items.dimensions]
        kinds = {CLUSTER: pa.string(), WEIGHT: pa.float64()}
        extras = [pa.field(name, kinds[name]) for name in self._items.extras]
        self._written = pa.schema([pa.field(ITEM, pa.string()), pa.field(LABEL, pa.int8()), *words, *extras])

    @property
    def shards(self) -> int:
        """How many shards there are to do."""
        return self._items.shards

    def stored(self, number: int) -> int | None:
        """The items of a shard whose counts and predictions are stored; None when it is still to do."""
        if not self._path(number).is_file():
            return None
        with reading(self._engine) as session:
            return session.scalar(select(RunShard.rows).where(RunShard.run_id == self._run, RunShard.shard == number))

    def shard(self, number: int) -> int:
        """Score one shard and store its counts; returns the items scored. Safe to repeat."""
        columns = [*self._written.names, *self._items.features]
        table = self._items.read(number, columns)
        table = table.filter(pc.equal(table.column(SCOPE), self._model.policy))
        features = np.column_stack([table.column(name).to_numpy() for name in self._items.features])
        scores = self._predictor.scores(np.ascontiguousarray(features, dtype=np.float32))
        kept = table.select(self._written.names).cast(self._written)
        kept = kept.append_column("score", pa.array(scores))
        path = self._path(number)
        _write_atomically(kept, path)
        cells = scan_predictions(path, self._items.dimensions)
        with writing(self._engine) as session:
            session.merge(RunShard(run_id=self._run, shard=number, rows=len(table), counts=pack(cells)))
        return len(table)

    def _path(self, number: int) -> Path:
        return predictions_folder(self._root) / self._run / f"{number:05d}.parquet"


def finish(engine: Engine, run: str, now: datetime) -> None:
    """Sum the shards into the run's cells and mark it done, in one transaction. Safe to repeat.

    Raises:
        SetupError: a shard is missing.
    """
    with writing(engine) as session:
        row = session.get_one(Run, run)
        shards = session.scalars(select(RunShard).where(RunShard.run_id == run).order_by(RunShard.shard)).all()
        if len(shards) != row.shards:
            raise SetupError(f"Run {run} has {len(shards)} of {row.shards} shards.", remedy="steward eval list")
        session.execute(delete(RunCell).where(RunCell.run_id == run))
        cells = [cell.row(run) for cell in merge(cell for shard in shards for cell in unpack(shard.counts))]
        if cells:
            session.execute(insert(RunCell), cells)
        row.rows = sum(shard.rows for shard in shards)
        row.status, row.finished_at, row.error = "done", now, None


def evaluate(
    engine: Engine,
    root: Path,
    run: str,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Do a whole run here and now, without the job engine; shards that are stored already are not done again."""
    work = Evaluation(engine, root, run)
    for number in range(work.shards):
        if work.stored(number) is None:
            work.shard(number)
        if progress:
            progress(number + 1, work.shards)
    finish(engine, run, now())


def _parties(engine: Engine, run: str) -> tuple[ModelEntry, DatasetEntry]:
    with reading(engine) as session:
        row = session.get(Run, run)
    if row is None:
        raise SetupError(f"There is no run {run}.", remedy="steward eval list")
    catalog: Catalog = load(engine)
    model = next(entry for entry in catalog.models if entry.id == row.model_id)
    dataset = next(entry for entry in catalog.datasets if entry.id == row.dataset_id)
    return model, dataset


def _write_atomically(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    pq.write_table(table, partial, compression="zstd")
    partial.replace(path)
