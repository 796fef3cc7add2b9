"""Label sets: the rater labels of a registry, read from their file, checked, and kept as counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy.orm import Session

from tools.errors import SetupError
from tools.evals.duck import locked_duckdb
from tools.evals.items_file import ITEM, digest, read_columns, resolve
from tools.importers.label_counts import LabelCounts, count_labels, store_counts
from tools.importers.source import Source
from tools.records import OPAQUE, LabelSetRecord
from tools.store.tables import LabelSet


@dataclass(frozen=True)
class CountedLabels:
    """The counts of a label set and how many single labels there are."""

    counts: LabelCounts
    labels: int


def count_label_set(root: Path, record: LabelSetRecord) -> CountedLabels:
    """The counts of a label set, after its file was checked against what the registry says of it.

    The file holds a row for each case and a column for each rater; an empty label is one that was not asked for.

    Raises:
        SetupError: the file is missing, not the stated one, lacks a column or has one that nobody declared (R1), or
            holds what was not declared; columns are named, values never.
    """
    label = f"{record.name} {record.version}"
    path = resolve(root, record.path)
    if not path.is_file() or digest(path) != record.digest:
        raise SetupError(f"The file of {label}, {record.path}, is missing or not the stated one. Put it back.")
    marks = [*record.raters, *([record.gold] if record.gold else [])]
    declared = [ITEM, *marks, *record.dimensions]
    _check_columns(path, declared, label)
    table = read_columns(path, declared, label)
    if table.num_rows != record.rows:
        raise SetupError(f"{label} has {table.num_rows} rows, its registry says {record.rows}. Mend the registry.")
    _check_ids(table, label)
    for name, allowed in record.dimensions.items():
        strange = len(set(_texts(table, name).unique().to_pylist()) - set(allowed))
        if strange:
            raise SetupError(
                f"Column {name} of {label} has {strange} value(s) that its registry does not allow. Mend it."
            )
    places = {name: _places(table, name, record.classes, label) for name in marks}
    rows = _single_labels(table, places, record)
    with TemporaryDirectory(dir=root) as folder, locked_duckdb(Path(folder)) as connection:
        written = Path(folder) / "labels.parquet"
        pq.write_table(rows, written)
        judge = str(record.traits.get("judge", ""))
        source = Source(label, connection, "", rows.num_rows)
        counts = count_labels(source, written, list(record.dimensions), len(record.classes), judge)
    return CountedLabels(counts, rows.num_rows)


def store_label_set(session: Session, record: LabelSetRecord, counted: CountedLabels) -> None:
    """Write a label set and its counts in the place of those there were."""
    stored = record.model_dump(exclude={"dataset", "gold", "traits"})
    traits = {**record.traits, "import": record.digest, "labels": counted.labels, "pairs": counted.counts.pairs}
    session.merge(
        LabelSet(id=record.id, dataset_id=record.dataset, has_gold=record.gold is not None, traits=traits, **stored)
    )
    session.flush()
    store_counts(session, record.id, counted.counts)


def _single_labels(table: pa.Table, places: dict[str, pa.Array], record: LabelSetRecord) -> pa.Table:
    """A row for each label: item, rater, label, gold and the dimensions."""
    gold = places[record.gold] if record.gold else pa.nulls(table.num_rows, pa.int64())
    kept = {ITEM: _texts(table, ITEM), **{name: _texts(table, name) for name in record.dimensions}}
    parts = []
    for rater in record.raters:
        columns = {
            **kept,
            "rater": pa.array([rater] * table.num_rows, pa.string()),
            "label": places[rater],
            "gold": gold,
        }
        part = pa.table(columns)
        parts.append(part.filter(pc.is_valid(part.column("label"))))
    return pa.concat_tables(parts)


def _check_columns(path: Path, declared: Sequence[str], label: str) -> None:
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise SetupError(f"{path.name} of {label} is not a readable Parquet file. Write it again.") from error
    missing = sorted(set(declared) - set(schema.names))
    unknown = sorted(set(schema.names) - set(declared))
    if missing:
        raise SetupError(f"{path.name} of {label} lacks the declared column(s) {', '.join(missing)}. Write it again.")
    if unknown:
        raise SetupError(
            f"{path.name} of {label} has undeclared column(s) {', '.join(unknown)}. Steward reads no content: drop"
            " them, or declare them as dimensions with their allowed values."
        )


def _check_ids(table: pa.Table, label: str) -> None:
    ids = _texts(table, ITEM)
    if ids.null_count or len(ids.unique()) != table.num_rows:
        raise SetupError(f"{label} has items without an id, or twice the same. Write the file again.")
    telling = pc.sum(pc.invert(pc.match_substring_regex(ids, OPAQUE))).as_py()
    if telling:
        raise SetupError(f"{label} has {telling} item id(s) that are not opaque (R1, R7). Give the items random ids.")


def _places(table: pa.Table, name: str, classes: Sequence[str], label: str) -> pa.Array:
    """A column of labels as places in the list of classes; empty stays empty."""
    found = _texts(table, name)
    places = pc.index_in(found, pa.array(classes, pa.string()))
    strange = places.null_count - found.null_count
    if strange:
        raise SetupError(f"Column {name} of {label} has {strange} label(s) outside the declared classes. Mend it.")
    return places.cast(pa.int64())


def _texts(table: pa.Table, name: str) -> pa.Array:
    return table.column(name).cast(pa.string()).combine_chunks()
