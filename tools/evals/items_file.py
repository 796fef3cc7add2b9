"""The Parquet file of a dataset: opaque ids, features, labels, dimensions. Any other column is refused by name (R1)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tools.catalog import DatasetEntry
from tools.errors import SetupError

ITEM, LABEL, CLUSTER, WEIGHT, NEAR_DUPLICATE = "item_id", "label", "cluster", "weight", "near_duplicate"


@dataclass(frozen=True)
class ItemsFile:
    """A dataset file that was checked; a shard is a row group. `stamp` is its size and time of change at the check."""

    path: Path
    features: tuple[str, ...]
    dimensions: tuple[str, ...]
    stamp: tuple[int, int]

    @property
    def shards(self) -> int:
        """How many row groups the file has."""
        return int(pq.ParquetFile(self.path).metadata.num_row_groups)

    @property
    def extras(self) -> list[str]:
        """The columns that go with an item into its predictions: its cluster and its weight, where it has them."""
        present = pq.ParquetFile(self.path).schema_arrow.names
        return [name for name in (CLUSTER, WEIGHT) if name in present]

    def read(self, shard: int, columns: Sequence[str]) -> pa.Table:
        """The named columns of one row group.

        Raises:
            SetupError: the file is not the one that was checked any more, or is damaged inside.
        """
        if _stamp(self.path) != self.stamp:
            raise SetupError(f"{self.path.name} changed while it was read. Put the registered file back, ask again.")
        return read_columns(self.path, columns, self.path.stem, shard)


def open_items(root: Path, dataset: DatasetEntry) -> ItemsFile:
    """The file of a dataset, after its columns and its digest were checked.

    Raises:
        SetupError: missing, outside the data root, not Parquet, changed since it was registered, a declared column is
            missing or of the wrong type, or there is a text column that nobody declared (named, never its values).
    """
    path = resolve(root, dataset.path)
    if not path.is_file():
        raise SetupError(f"The file of {dataset.label}, {dataset.path}, is missing.", remedy="steward init --sample")
    stamp = _stamp(path)
    check_columns(path, dataset.features, list(dataset.dimensions), dataset.label)
    if digest(path) != dataset.digest:
        raise SetupError(
            f"The file of {dataset.label} has changed since it was registered; a changed set needs a new version."
            " Put the registered file back, or register the new one under its own version."
        )
    return ItemsFile(path, dataset.features, tuple(dataset.dimensions), stamp)


def check_columns(path: Path, features: Sequence[str], dimensions: Sequence[str], label: str) -> None:
    """Refuse a file that lacks a declared column, or has a text column that is not declared (R1).

    Raises:
        SetupError: names the columns, never a value.
    """
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise SetupError(f"{path.name} of {label} is not a readable Parquet file. Write it again.") from error
    declared = {ITEM, LABEL, CLUSTER, NEAR_DUPLICATE, *features, *dimensions}
    missing = sorted({ITEM, LABEL, *features, *dimensions} - set(schema.names))
    if missing:
        raise SetupError(f"{path.name} of {label} lacks the declared column(s) {', '.join(missing)}. Write it again.")
    unknown = sorted(field.name for field in schema if field.name not in declared and not _is_number(field.type))
    if unknown:
        raise SetupError(
            f"{path.name} of {label} has undeclared text column(s) {', '.join(unknown)}. Steward reads no content:"
            " drop them, or declare them as dimensions with their allowed values."
        )
    wrong = sorted(name for name in (*features, LABEL) if not _is_number(schema.field(name).type))
    if wrong:
        raise SetupError(f"Column(s) {', '.join(wrong)} of {path.name} must be numbers. Write the file again.")


def read_columns(path: Path, columns: Sequence[str], label: str, shard: int | None = None) -> pa.Table:
    """The named columns, of all rows or of one row group.

    Raises:
        SetupError: the file is damaged behind its schema.
    """
    try:
        file = pq.ParquetFile(path)
        return file.read(list(columns)) if shard is None else file.read_row_group(shard, columns=list(columns))
    except (pa.ArrowException, OSError) as error:
        raise SetupError(f"{path.name} of {label} is damaged. Write it again.") from error


def resolve(root: Path, key: str) -> Path:
    """A key under the data root as a path; links and `..` that lead out of the root are refused.

    Raises:
        SetupError: the key leads outside.
    """
    path = (root / key).resolve()
    if not path.is_relative_to(root.resolve()):
        raise SetupError(f"{key} lies outside the data folder. Register files under {root} only.")
    return path


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))
