"""Asking about made-up rater labels: imported from rows, one an item with a column a rater."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.clock import Clock
from tests.tools.asked import asking
from tests.tools.labels.labels_made import RATERS, Rows, write
from tools.importers.label_request import LabelColumns, LabelsImport
from tools.importers.labels import import_labels
from tools.workspace import Call

Give = Callable[..., Call]


@pytest.fixture
def give(engine: Engine, tmp_path: Path) -> Give:
    """Imports rows, one an item with a column a rater, and asks about them; other columns than raters are slices."""

    def given(rows: Rows, raters: Sequence[str] = RATERS, gold: str = "truth", **options: Any) -> Call:
        kept = {"item", gold, *raters}
        slices = tuple(name for name in rows[0] if name not in kept)
        columns = LabelColumns("item", tuple(raters), gold=gold, slices=slices)
        name = options.pop("name", "raters")
        file = write(tmp_path / f"{name}-{options.get('version', 1)}.parquet", rows)
        import_labels(engine, tmp_path / "root", LabelsImport(file, columns, name=name, **options), Clock())
        return asking(engine, tmp_path / "root")

    return given


def two(pairs: Sequence[tuple[str, str, int]], truth: str = "") -> Rows:
    """Items of two raters: so many of each pair of labels; gold is the first label unless said otherwise."""
    rows: Rows = []
    for first, second, n in pairs:
        for _ in range(n):
            rows.append({"item": f"i{len(rows):05d}", "A": first, "B": second, "truth": truth or first})
    return rows
