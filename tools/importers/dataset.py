"""Importing a dataset: items with opaque ids, labels and slices, or only their counts; all or nothing."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from tools.catalog import DatasetEntry, load
from tools.datasets.cards import read_card
from tools.errors import SetupError
from tools.evals.cells import cell_key
from tools.evals.duck import identifier
from tools.evals.items_file import digest
from tools.importers.dataset_file import Counted, count_counts, count_items, write_items
from tools.importers.dataset_request import DatasetImport, check_request
from tools.importers.keyed import key_name, read_key
from tools.importers.source import Source, number, open_source
from tools.store.session import writing
from tools.store.tables import Dataset, DatasetCell

__all__ = ["DatasetImport", "ImportedDataset", "import_dataset"]

Tell = Callable[[str, int, int], None]
FOLDER = "datasets"
MOST_CELLS = 50_000  # cells of a dataset; more would be slower to ask than the file itself
LONGEST_CELL = 500  # characters of a cell's name in the database
LARGEST_COUNT = 1e12


@dataclass(frozen=True)
class ImportedDataset:
    """A dataset that an import made, or found there already (`new` is false then); `label` is how answers name it."""

    id: str
    label: str
    rows: int
    cells: int
    new: bool


def import_dataset(
    engine: Engine,
    root: Path,
    wanted: DatasetImport,
    today: date | None = None,
    tell: Tell = lambda what, done, total: None,
) -> ImportedDataset:
    """Check a file, then register it as a dataset version; nothing is written unless all is well.

    The same again changes nothing but the card, if one is given.

    Raises:
        SetupError: names what is wrong with the request, the card, or the file by column, row number and count, never a
            value; or other content, or another kind, gold or guideline, stands under the same version.
    """
    check_request(wanted)
    card = read_card(wanted.card)
    _check_name(load(engine).datasets, wanted)
    folder = (root / FOLDER).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"The data folder cannot be written to ({error.strerror}). Make it writable.") from error
    partial = folder / f".importing-{secrets.token_hex(4)}.parquet"
    try:
        with open_source(wanted.file, [*wanted.columns, *wanted.beside], wanted.where, also=[folder]) as source:
            dimensions = _check_rows(source, wanted, tell)
            if wanted.count:
                found, traits, path, stamp = count_counts(source, wanted), {}, "", ""
            else:
                key = read_key(root)
                tell("writing", 0, 1)
                write_items(source, wanted, partial, key)
                found = count_items(source, wanted, partial)
                traits = {"key": key_name(key)} if wanted.cluster or wanted.near_duplicate else {}
                path, stamp = f"{FOLDER}/{wanted.name}-{wanted.version}.parquet", digest(partial)
                tell("writing", 1, 1)
        _check_cells(wanted, found)
        there = next((entry for entry in load(engine).datasets if entry.id == wanted.id), None)
        if there is not None:
            _check_same(there, wanted, found)
            if wanted.card:
                with writing(engine) as session:
                    session.get_one(Dataset, wanted.id).card = dict(card)
            return ImportedDataset(there.id, there.label, there.rows, len(found.cells), new=False)
        row = Dataset(
            id=wanted.id, name=wanted.name, version=wanted.version, kind=wanted.kind, path=path,
            digest=stamp or found.content, rows=found.rows, features=[],
            dimensions={name: sorted(values, key=_natural) for name, values in dimensions.items()},
            gold_version=wanted.gold_version, guideline_version=wanted.guideline_version, counts_of="items",
            as_of=wanted.as_of or today or datetime.now(UTC).date(), card=dict(card), classes=list(wanted.classes),
            traits={"imported": True, "content": found.content} | found.traits | traits,
        )  # fmt: skip
        _commit(engine, row, found, partial if path else None, root / path)
        return ImportedDataset(wanted.id, wanted.said, found.rows, len(found.cells), new=True)
    finally:
        partial.unlink(missing_ok=True)


def _check_name(known: tuple[DatasetEntry, ...], wanted: DatasetImport) -> None:
    """Refuse a name that people or files could not tell from another one's."""
    for entry in known:
        file = f"{FOLDER}/{wanted.name}-{wanted.version}.parquet"
        if entry.id != wanted.id and (entry.id.lower() == wanted.id.lower() or entry.path.lower() == file.lower()):
            raise SetupError(f"{wanted.said} could not be told from {entry.label}. Choose another name or version.")


def _check_rows(source: Source, wanted: DatasetImport, tell: Tell) -> dict[str, list[str]]:
    """Check every row; returns the values of the slices."""
    tell("checking", 0, 3)
    if wanted.count:
        source.check_numbers(wanted.count, 0, LARGEST_COUNT, "A count is 0 or more.")
        value = number(wanted.count)
        source.refuse(wanted.count, f"{value} != floor({value})", "is no whole number", "Count whole items.")
    else:
        source.check_ids(wanted.ids)
    tell("checking", 1, 3)
    source.check_classes(wanted.label, wanted.classes)
    if wanted.weight:
        source.check_numbers(wanted.weight, 1e-12, 1e12, "A weight is above zero.")
    if wanted.cluster:
        empty = f"nullif(trim({identifier(wanted.cluster)}::VARCHAR), '') IS NULL"
        source.refuse(wanted.cluster, empty, "has no cluster", "Give every row its cluster.")
    tell("checking", 2, 3)
    values = source.check_slices(wanted.slices)
    tell("checking", 3, 3)
    return values


def _check_cells(wanted: DatasetImport, found: Counted) -> None:
    if not found.cells:
        raise SetupError(f"{wanted.file.name} counts no item at all. A dataset has at least one.")
    if len(found.cells) > MOST_CELLS:
        raise SetupError(
            f"{', '.join(wanted.slices)} cross to {len(found.cells):,} cells; {MOST_CELLS:,} are the most. Leave a"
            " slice out, or group its values."
        )
    if max(len(cell_key(values)) for values, _, _ in found.cells) > LONGEST_CELL:
        raise SetupError(f"The slices of one item come to more than {LONGEST_CELL} characters. Leave a slice out.")


def _check_same(there: DatasetEntry, wanted: DatasetImport, found: Counted) -> None:
    """Refuse to change a version: answers that were given name it (R14, R16)."""
    if there.traits.get("content") != found.content:
        raise SetupError(
            f"{there.label} is registered with other content ({there.rows:,} items). Register these {found.rows:,}"
            " items under a new --version."
        )
    stated = {
        "--kind": (there.kind, wanted.kind),
        "--gold-version": (there.gold_version, wanted.gold_version),
        "--guideline": (there.guideline_version, wanted.guideline_version),
        "--as-of": (there.as_of, wanted.as_of or there.as_of),
    }
    other = [option for option, (old, new) in stated.items() if old != new]
    if other:
        raise SetupError(
            f"{there.label} is registered with the same items but another {', '.join(other)}. Register them under a new"
            " --version, or say it as it is registered."
        )


def _commit(engine: Engine, row: Dataset, found: Counted, partial: Path | None, target: Path) -> None:
    """The rows, then the file in its place, then the commit: a file without rows is overwritten by the next import."""
    cells = [
        {"dataset_id": row.id, "cell": cell_key(values), "label": label, "values": values, "n": n}
        for values, label, n in found.cells
    ]
    try:
        with writing(engine) as session:
            session.add(row)
            session.flush()
            session.execute(insert(DatasetCell), cells)
            if partial:
                partial.replace(target)
    except IntegrityError as error:
        raise SetupError(f"Somebody else registers {row.name} {row.version} right now. Import it again.") from error


def _natural(value: str) -> list[tuple[int, str]]:
    """Numbers within values are compared as numbers: `31-90d` comes before `181d+`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", value) if part]
