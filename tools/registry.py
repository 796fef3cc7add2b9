"""Registering a workspace: models, datasets, rater labels and their counts, from a YAML beside the files."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from sqlalchemy import Engine, delete, insert, select

from tools.catalog import load
from tools.errors import SetupError
from tools.evals.cells import cell_key
from tools.evals.items_file import (
    CLUSTER,
    ITEM,
    LABEL,
    WEIGHT,
    check_columns,
    digest,
    open_items,
    read_columns,
    resolve,
)
from tools.labels.sets import count_label_set, store_label_set
from tools.records import OPAQUE, DatasetRecord, read_records
from tools.store.session import reading, writing
from tools.store.tables import Dataset, DatasetCell, LabelSet, Model


def read_registry(path: Path) -> dict[str, Any]:
    """The registry file as data.

    Raises:
        SetupError: missing, not YAML, or without models and datasets.
    """
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SetupError(f"{path} cannot be read as YAML. Mend or replace it.") from error
    if not isinstance(found, dict) or not {"models", "datasets"} <= found.keys():
        raise SetupError(f"{path} does not list models and datasets. Mend or replace it.")
    return found


def register(engine: Engine, root: Path, registry: dict[str, Any]) -> None:
    """Write models, datasets, rater labels and their cell counts, after checking every file under `root`.

    Registering the same again changes nothing.

    Raises:
        SetupError: the registry is wrong, or a file is missing, not the stated one, or has undeclared columns (R1);
            nothing is written then.
    """
    records = read_records(registry)
    counted = [(dataset, _cells(root, dataset)) for dataset in records.datasets]
    rated = [(labels, count_label_set(root, labels)) for labels in records.label_sets]
    with writing(engine) as session:
        for model in records.models:
            path = resolve(root, model.artifact)
            if not path.is_file() or digest(path) != model.sha256:
                raise SetupError(f"The model file {model.artifact} is missing or not the stated one. Put it back.")
            session.merge(Model(id=model.id, **model.model_dump()))
        for dataset, cells in counted:
            traits = _traits(root, dataset)
            session.merge(Dataset(id=dataset.id, **dataset.model_dump(), classes=["0", "1"], traits=traits))
            session.flush()
            session.execute(delete(DatasetCell).where(DatasetCell.dataset_id == dataset.id))
            rows = [
                {"dataset_id": dataset.id, "cell": cell_key(values), "label": label, "values": values, "n": n}
                for values, label, n in cells
            ]
            if rows:
                session.execute(insert(DatasetCell), rows)
        for labels, counts in rated:
            store_label_set(session, labels, counts)


def verify(engine: Engine, root: Path) -> list[str]:
    """What is wrong with the registered files, a sentence each; empty when all is well."""
    catalog = load(engine)
    problems = []
    for dataset in catalog.datasets:
        if not dataset.path:
            continue  # only its counts are known
        try:
            open_items(root, dataset)
        except SetupError as error:
            problems.append(str(error))
    for model in catalog.models:
        path = resolve(root, model.artifact)
        if model.artifact and (not path.is_file() or digest(path) != model.sha256):
            problems.append(f"The model file of {model.label}, {model.artifact}, is missing or not the registered one.")
    with reading(engine) as session:
        problems += [
            f"The file of {labels.name} {labels.version}, {labels.path}, is missing or not the registered one."
            for labels in session.scalars(select(LabelSet).order_by(LabelSet.id))
            if labels.path and not _holds(resolve(root, labels.path), labels.digest)
        ]
    return problems


def _holds(path: Path, stated: str) -> bool:
    """Whether the file is there and is the stated one."""
    return path.is_file() and digest(path) == stated


def _traits(root: Path, dataset: DatasetRecord) -> dict[str, Any]:
    """What else the file holds: how many clusters, whether items carry weights."""
    path = resolve(root, dataset.path)
    present = pq.read_schema(path).names
    traits: dict[str, Any] = {"weighted": True} if WEIGHT in present else {}
    if CLUSTER in present:
        table = read_columns(path, [CLUSTER], dataset.id)
        traits["clusters"] = len(table.column(CLUSTER).combine_chunks().unique())
    return traits


def _cells(root: Path, dataset: DatasetRecord) -> list[tuple[dict[str, str], int, int]]:
    """Counts by cell and label, after the file was checked against what the registry says of it."""
    label, dimensions = f"{dataset.name} {dataset.version}", dataset.dimensions
    path = resolve(root, dataset.path)
    if not path.is_file() or digest(path) != dataset.digest:
        raise SetupError(f"The file of {label}, {dataset.path}, is missing or not the stated one. Put it back.")
    check_columns(path, dataset.features, list(dimensions), label)
    table = read_columns(path, [ITEM, LABEL, *dimensions], label)
    if table.num_rows != dataset.rows:
        raise SetupError(f"{label} has {table.num_rows} rows, its registry says {dataset.rows}. Mend the registry.")
    if table.column(ITEM).null_count:
        raise SetupError(f"{label} has items without an id. Write the file again.")
    telling = pc.sum(pc.invert(pc.match_substring_regex(table.column(ITEM).cast(pa.string()), OPAQUE))).as_py()
    if telling:
        raise SetupError(
            f"{label} has {telling} item id(s) that are not opaque: at most 64 letters, digits, - and _, so no address,"
            " file name or text (R1, R7). Give the items random ids."
        )
    if len(table.column(ITEM).combine_chunks().unique()) != table.num_rows:
        raise SetupError(f"{label} has duplicate item ids. Write the file again.")
    for name, allowed in dimensions.items():
        table = table.set_column(table.schema.get_field_index(name), name, table.column(name).cast(pa.string()))
        strange = len(set(table.column(name).unique().to_pylist()) - set(allowed))
        if strange:
            raise SetupError(
                f"Column {name} of {label} has {strange} value(s) that its registry does not allow. Mend it."
            )
    if not set(table.column(LABEL).unique().to_pylist()) <= {0, 1}:
        raise SetupError(f"Column {LABEL} of {label} must hold 0 and 1 only. Write the file again.")
    counted = table.group_by([*dimensions, LABEL]).aggregate([([], "count_all")]).to_pylist()
    return sorted(
        (({name: row[name] for name in dimensions}, int(row[LABEL]), int(row["count_all"])) for row in counted),
        key=lambda cell: (cell_key(cell[0]), cell[1]),
    )
