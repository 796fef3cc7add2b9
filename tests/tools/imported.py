"""Datasets made from a few rows of a test and imported as a person would import a file."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from tools.importers.dataset import DatasetImport, ImportedDataset, import_dataset

SLICES = ("policy", "language")
Columns = dict[str, Any]


def items(ids: list[str], labels: list[Any], language: list[str] | str = "en", **more: Any) -> Columns:
    """Columns of a file: an id, a label, two slices, and whatever else."""
    languages = [language] * len(ids) if isinstance(language, str) else language
    return {"item_id": ids, "label": labels, "policy": ["bullying"] * len(ids), "language": languages} | more


def named(first: int, last: int) -> list[str]:
    """The ids from `first` up to, not including, `last`."""
    return [f"i{number:05d}" for number in range(first, last)]


def imported(engine: Engine, root: Path, name: str, columns: Columns, **wanted: Any) -> ImportedDataset:
    """Import columns as the dataset `name@version`, golden unless said."""
    title, version = name.split("@")
    path = root.parent / f"{title}-{version}-source.parquet"
    pq.write_table(pa.table({key: pa.array(values) for key, values in columns.items()}), path)
    given = {"slices": SLICES, "kind": "golden", "guideline_version": "1.2"} | wanted
    return import_dataset(engine, root, DatasetImport(file=path, name=title, version=version, **given))
