"""A data root, and predictions imported into it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.clock import Clock
from tests.tools.importers.files import Table, request, table, write
from tools.importers.predictions import Tell, import_predictions
from tools.importers.runs import ImportedRun

Predict = Callable[..., list[ImportedRun]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data root that is not where the files come from."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def predict(engine: Engine, data: Path, tmp_path: Path) -> Predict:
    """Writes a table beside the data root and imports it, as `request` says."""

    def imported(
        content: Table | None = None,
        kind: str = "parquet",
        tell: Tell = lambda what, done, total: None,
        file: Path | None = None,
        **changed: Any,
    ) -> list[ImportedRun]:
        path = file or write(tmp_path, table() if content is None else content, kind)
        return import_predictions(engine, data, request(path, **changed), Clock(), "ana", tell)

    return imported
