"""Registering a workspace: models, datasets and their counts, from a YAML beside the files; all or nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from sqlalchemy import Engine

from tools.catalog import load
from tools.errors import SetupError
from tools.evals.cells import cell_key
from tools.evals.items_file import ITEM, LABEL, check_columns, digest, open_items, resolve
from tools.store.session import writing
from tools.store.tables import Dataset, DatasetCell, Model


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
    """Write models, datasets and the datasets' cell counts, after checking every file under `root`.

    Registering the same again changes nothing.

    Raises:
        SetupError: a file is missing, not the stated one, or has undeclared columns (R1); nothing is written then.
    """
    with writing(engine) as session:
        for entry in registry["models"]:
            path = resolve(root, entry["artifact"])
            if not path.is_file() or digest(path) != entry["sha256"]:
                raise SetupError(f"The model file {entry['artifact']} is missing or not the stated one. Put it back.")
            session.merge(
                Model(
                    id=f"{entry['name']}@{entry['version']}",
                    released=_date(entry["released"]),
                    trained_on=entry.get("trained_on"),
                    **{
                        key: entry[key]
                        for key in (
                            "name", "version", "policy", "aliases", "artifact", "sha256", "threshold",
                            "guideline_version",
                        )
                    },
                )
            )  # fmt: skip
        for entry in registry["datasets"]:
            if entry["counts_of"] != "items":
                # The suppression of small cells of people (R8) is not built yet: refusing is the safe side.
                raise SetupError(
                    f"{entry['name']} counts {entry['counts_of']}; only sets of items can be registered so far."
                )
            dataset = Dataset(
                id=f"{entry['name']}@{entry['version']}",
                as_of=_date(entry["as_of"]),
                **{
                    key: entry[key]
                    for key in (
                        "name", "version", "kind", "path", "digest", "rows", "features", "dimensions", "gold_version",
                        "guideline_version", "counts_of", "card",
                    )
                },
            )  # fmt: skip
            cells = _cells(root, entry)
            session.merge(dataset)
            session.flush()
            for values, label, n in cells:
                session.merge(
                    DatasetCell(dataset_id=dataset.id, cell=cell_key(values), label=label, values=values, n=n)
                )


def verify(engine: Engine, root: Path) -> list[str]:
    """What is wrong with the registered files, a sentence each; empty when all is well."""
    catalog = load(engine)
    problems = []
    for dataset in catalog.datasets:
        try:
            open_items(root, dataset)
        except SetupError as error:
            problems.append(str(error))
    for model in catalog.models:
        path = resolve(root, model.artifact)
        if not path.is_file() or digest(path) != model.sha256:
            problems.append(f"The model file of {model.label}, {model.artifact}, is missing or not the registered one.")
    return problems


def _cells(root: Path, entry: dict[str, Any]) -> list[tuple[dict[str, str], int, int]]:
    """Counts by cell and label, after the file was checked against what the registry says of it."""
    label = f"{entry['name']} {entry['version']}"
    path = resolve(root, entry["path"])
    if not path.is_file() or digest(path) != entry["digest"]:
        raise SetupError(f"The file of {label}, {entry['path']}, is missing or not the stated one. Put it back.")
    dimensions: dict[str, list[str]] = entry["dimensions"]
    check_columns(path, entry["features"], list(dimensions), label)
    table = pq.read_table(path, columns=[ITEM, LABEL, *dimensions])
    if table.num_rows != entry["rows"]:
        raise SetupError(f"{label} has {table.num_rows} rows, its registry says {entry['rows']}. Mend the registry.")
    if table.column(ITEM).combine_chunks().unique().__len__() != table.num_rows:
        raise SetupError(f"{label} has duplicate item ids. Write the file again.")
    for name, allowed in dimensions.items():
        values = set(table.column(name).cast(pa.string()).unique().to_pylist())
        strange = len(values - set(allowed))
        if strange:
            raise SetupError(
                f"Column {name} of {label} has {strange} value(s) that its registry does not allow. Mend it."
            )
    if not set(table.column(LABEL).unique().to_pylist()) <= {0, 1}:
        raise SetupError(f"Column {LABEL} of {label} must hold 0 and 1 only. Write the file again.")
    for name in dimensions:
        table = table.set_column(table.schema.get_field_index(name), name, table.column(name).cast(pa.string()))
    counted = table.group_by([*dimensions, LABEL]).aggregate([([], "count_all")]).to_pylist()
    return sorted(
        (({name: row[name] for name in dimensions}, int(row[LABEL]), int(row["count_all"])) for row in counted),
        key=lambda cell: (cell_key(cell[0]), cell[1]),
    )


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
