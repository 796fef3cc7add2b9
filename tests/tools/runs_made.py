"""Runs made as an approval makes them: requested in one transaction, then evaluated here and now."""

from pathlib import Path

from sqlalchemy import Engine

from tests.clock import START
from tools.catalog import DatasetEntry, ModelEntry, load
from tools.evals.evaluation import evaluate
from tools.evals.items_file import open_items
from tools.runs import request_run
from tools.store.session import writing


def entries(engine: Engine, model: str, dataset: str) -> tuple[ModelEntry, DatasetEntry]:
    """A registered model and dataset by id."""
    catalog = load(engine)
    (found,) = [entry for entry in catalog.models if entry.id == model]
    (held,) = [entry for entry in catalog.datasets if entry.id == dataset]
    return found, held


def requested(engine: Engine, root: Path, model: str = "echo@v1", dataset: str = "gold@1") -> str:
    """A queued run."""
    found, held = entries(engine, model, dataset)
    with writing(engine) as session:
        return request_run(session, found, held, open_items(root, held).shards, "ana", START).id


def done(engine: Engine, root: Path, model: str = "echo@v1", dataset: str = "gold@1") -> str:
    """A finished run."""
    run = requested(engine, root, model, dataset)
    evaluate(engine, root, run, lambda: START)
    return run
