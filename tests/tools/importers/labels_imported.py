"""Importing rater labels in a test: a root of its own, and an import with everything named unless said otherwise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.clock import Clock
from tests.tools.labels.labels_made import RATERS
from tools.importers.label_request import LabelColumns, LabelsImport
from tools.importers.labels import ImportedLabels, import_labels

WIDE = LabelColumns("item", RATERS, gold="truth", slices=("language", "surface"))
LONG = LabelColumns("item", rater="who", label="said", gold="truth", slices=("language", "surface"))
Import = Callable[..., ImportedLabels]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A data root that is not where the files come from."""
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.fixture
def run(engine: Engine, root: Path) -> Import:
    """Imports a file as `raters 1`, wide and with everything named unless said otherwise."""

    def imported(file: Path, columns: LabelColumns = WIDE, *, again: bool = False, **changed: Any) -> ImportedLabels:
        wanted = LabelsImport(file, columns, **changed)
        return import_labels(engine, root, wanted, Clock(), overwrite=again)

    return imported
