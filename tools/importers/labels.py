"""Importing rater labels: who said what of which item becomes counts by slice; checked whole, then written whole."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, delete

from tools.catalog import DatasetEntry, load
from tools.errors import SetupError
from tools.evals.duck import quoted
from tools.evals.items_file import digest, resolve
from tools.importers.label_counts import LabelCounts, count_labels, store_counts
from tools.importers.label_file import LabelFile, Reading, read_labels
from tools.importers.label_request import LabelsImport, check_request
from tools.importers.source import Source, open_source
from tools.store.session import reading, writing
from tools.store.tables import LabelSet

HELD_ROWS = 1_000_000
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ImportedLabels:
    """A label set that an import made, or found there already (`new` is false then)."""

    label: str
    items: int
    labels: int
    raters: int
    classes: tuple[str, ...]
    dimensions: tuple[str, ...]
    has_gold: bool
    new: bool


def import_labels(
    engine: Engine,
    root: Path,
    wanted: LabelsImport,
    now: Callable[[], datetime],
    tell: Tell = lambda what, done, total: None,
    *,
    overwrite: bool = False,
) -> ImportedLabels:
    """Check a file of rater labels, then write its counts, and the labels by opaque id under `root/labels`.

    Importing the same again changes nothing. With `overwrite` another file takes the place of what is there.

    Raises:
        SetupError: names what is wrong with the file by column, row number and count, never a value; or another file
            was imported under the same name and version. Nothing is written then.
    """
    check_request(wanted)
    dataset = _dataset(engine, wanted.dataset)
    if not wanted.file.is_file():
        raise SetupError(f"There is no file {wanted.file.name} in {wanted.file.resolve().parent}.")
    fingerprint = wanted.fingerprint(digest(wanted.file))
    before = _imported(engine, wanted, fingerprint, overwrite)
    target = resolve(root, f"labels/{wanted.name}-{wanted.version}.parquet")
    if before is not None and target.is_file():
        return before
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open_source(wanted.file, wanted.columns.all, wanted.where, also=[root]) as opened:
            tell("checking labels", 0, 3)
            source = _held(opened)
            items = "" if dataset is None or not dataset.path else _items(root, dataset)
            found = read_labels(Reading(source, wanted, dataset, items))
            tell("checking labels", 1, 3)
            source.all(
                f"COPY (SELECT * FROM ({found.query}) ORDER BY item_id, rater)"
                f" TO {quoted(str(partial))} (FORMAT parquet, COMPRESSION zstd)"
            )
            tell("checking labels", 2, 3)
            counts = count_labels(source, partial, list(found.dimensions), len(found.classes), wanted.judge)
            tell("checking labels", 3, 3)
        row = _label_set(wanted, found, counts, dataset, fingerprint, now(), root, partial, target)
        with writing(engine) as session:
            session.execute(delete(LabelSet).where(LabelSet.id == wanted.id))
            session.add(row)
            session.flush()
            store_counts(session, wanted.id, counts)
            partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return _shown(row, new=True)


def _held(source: Source) -> Source:
    """The rows of a text file held by DuckDB where they are few enough: each of a dozen checks would parse it anew.

    A CSV of 200,000 items: 13 -> 7 s of CPU. Parquet is faster read again (2.2 s).
    """
    if source.rows > HELD_ROWS or Path(source.name).suffix.lower() in (".parquet", ".pq"):
        return source
    source.all(f"CREATE TEMP TABLE held AS SELECT * FROM {source.relation}")
    return replace(source, relation="held")


def _dataset(engine: Engine, name: str) -> DatasetEntry | None:
    if not name:
        return None
    catalog = load(engine)
    found = next((entry for entry in catalog.datasets if entry.id == name), None)
    if found is None:
        known = ", ".join(entry.label for entry in catalog.datasets) or "none"
        raise SetupError(
            f"There is no dataset {name.replace('@', ' ')}; registered are: {known}. Import it first with"
            " steward import dataset, or leave --dataset out."
        )
    return found


def _items(root: Path, dataset: DatasetEntry) -> str:
    path = resolve(root, dataset.path)
    if not path.is_file() or digest(path) != dataset.digest:
        raise SetupError(f"The file of {dataset.label}, {dataset.path}, is missing or not the registered one.")
    return f"read_parquet([{quoted(str(path))}])"


def _imported(engine: Engine, wanted: LabelsImport, fingerprint: str, overwrite: bool) -> ImportedLabels | None:
    """What is there under this name and version, if it is this very import."""
    with reading(engine) as session:
        row = session.get(LabelSet, wanted.id)
    if row is None:
        return None
    if row.traits.get("import") == fingerprint:
        return _shown(row, new=False)
    if overwrite:
        return None
    raise SetupError(
        f"{wanted.name} {wanted.version} is there already, from another file or with other options. Other labels are"
        " another version: name it with --version."
    )


def _label_set(
    wanted: LabelsImport, found: LabelFile, counts: LabelCounts, dataset: DatasetEntry | None, fingerprint: str,
    now: datetime, root: Path, partial: Path, target: Path,
) -> LabelSet:  # fmt: skip
    joined = dataset is not None and found.has_gold and not wanted.columns.gold
    traits = {**wanted.traits, "import": fingerprint, "labels": found.labels, "pairs": counts.pairs}
    traits |= {"judge": wanted.judge} if wanted.judge else {}
    traits |= {"gold_version": dataset.gold_version} if joined and dataset else {}
    return LabelSet(
        id=wanted.id, name=wanted.name, version=wanted.version, dataset_id=wanted.dataset or None,
        raters=list(found.raters), classes=list(found.classes), ordinal=wanted.ordinal, has_gold=found.has_gold,
        dimensions=found.dimensions, rows=found.items, path=target.relative_to(root.resolve()).as_posix(),
        digest=digest(partial), as_of=wanted.as_of or now.date(), traits=traits,
        guideline_version=wanted.guideline_version or (dataset.guideline_version if dataset else "unknown"),
    )  # fmt: skip


def _shown(row: LabelSet, *, new: bool) -> ImportedLabels:
    return ImportedLabels(
        f"{row.name} {row.version}", row.rows, int(row.traits.get("labels", 0)), len(row.raters), tuple(row.classes),
        tuple(row.dimensions), row.has_gold, new,
    )  # fmt: skip
