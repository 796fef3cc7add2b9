"""The file of an import of rater labels, checked, and read as one row a label whatever its shape."""

from collections.abc import Mapping
from dataclasses import dataclass

from tools.catalog import DatasetEntry
from tools.errors import SetupError
from tools.evals.duck import identifier, quoted
from tools.evals.items_file import ITEM, LABEL
from tools.importers.label_request import MOST_CLASSES, LabelsImport
from tools.importers.label_rows import check_rows
from tools.importers.label_text import label_index, label_text
from tools.importers.source import SLICE_VALUE, Source, slice_value

INFERRED = 20  # different labels that are taken for a vocabulary; more are content in disguise, or a wrong column


@dataclass(frozen=True)
class LabelFile:
    """A checked file; `query` is SQL for one row a label: item_id, slices, gold, rater, label (as in `classes`)."""

    query: str
    classes: tuple[str, ...]
    raters: tuple[str, ...]
    dimensions: dict[str, list[str]]
    has_gold: bool
    items: int
    labels: int


@dataclass(frozen=True)
class Reading:
    """One import's file and what it is read by; `items` is SQL of the dataset's items, empty where unknown."""

    source: Source
    wanted: LabelsImport
    dataset: DatasetEntry | None
    items: str

    def text(self, column: str) -> str:
        """SQL of a label's text."""
        return label_text(column, self.wanted.classes)


def read_labels(reading: Reading) -> LabelFile:
    """Check everything, in the order in which one would mend it.

    Raises:
        SetupError: names column, row number and count, never a value.
    """
    source, wanted, columns = reading.source, reading.wanted, reading.wanted.columns
    raters = columns.raters
    if raters:
        source.check_ids([columns.item])
    else:
        raters = check_rows(source, columns, wanted.judge)
    classes = _classes(reading)
    _check_labels(reading, classes)
    _check_items(reading)
    dimensions = source.check_slices(columns.slices)
    joined = list(reading.dataset.dimensions) if reading.dataset and reading.items and not columns.slices else []
    query = _query(reading, classes, joined)
    for name in joined:
        dimensions[name] = [
            row[0] for row in source.all(f"SELECT DISTINCT {identifier(name)} AS v FROM ({query}) ORDER BY v")
        ]
    items, labels, seen = source.all(f"SELECT count(DISTINCT {ITEM}), count(*), list(DISTINCT rater) FROM ({query})")[0]
    used = tuple(name for name in raters if name in set(seen or ()))
    if wanted.judge and wanted.judge not in used:
        raise SetupError(f"The judge {wanted.judge} has no label in {source.name}. Check --judge.")
    if len(used) < 2:
        raise SetupError(
            f"{source.name} has labels of {len(used)} rater(s); agreement needs two. Check the columns named."
        )
    has_gold = bool(columns.gold) or _joins_gold(reading, classes)
    return LabelFile(query, classes, used, dimensions, has_gold, int(items), int(labels))


def _classes(reading: Reading) -> tuple[str, ...]:
    """The vocabulary: as declared, else the dataset's where all labels are in it, else what the file holds."""
    source, wanted, dataset = reading.source, reading.wanted, reading.dataset
    if wanted.classes:
        return wanted.classes
    columns = [name for name in (*wanted.columns.labels, wanted.columns.gold) if name]
    name_them = "Name the vocabulary with --classes, or the right column."
    long = {column: f"NOT regexp_matches({reading.text(column)}, {quoted(SLICE_VALUE)})" for column in columns}
    remedy = f"A label is at most four short words (R1). {name_them}"
    _refuse_first(source, long, "holds more than a short label", remedy)
    every = " UNION ".join(f"SELECT {reading.text(column)} AS v FROM {source.relation}" for column in columns)
    rows = source.all(f"SELECT v FROM ({every}) WHERE v IS NOT NULL LIMIT {MOST_CLASSES + 1}")
    found = {row[0] for row in rows}
    if dataset is not None and found <= set(dataset.classes):
        return dataset.classes
    if not 2 <= len(found) <= INFERRED:
        some = f"{INFERRED} different labels or more" if len(found) > INFERRED else f"{len(found)} different label(s)"
        raise SetupError(f"Column(s) {', '.join(columns)} of {source.name} hold {some}. {name_them}")
    numbers = all(_is_number(label) for label in found)
    if wanted.ordinal and not numbers:
        raise SetupError("With --ordinal name the labels from lowest to highest with --classes.")
    return tuple(sorted(found, key=float) if numbers else sorted(found))


def _check_labels(reading: Reading, classes: tuple[str, ...]) -> None:
    columns = reading.wanted.columns
    remedy = f"Known are {', '.join(classes)}; others can be named with --classes."
    texts = {name: reading.text(name) for name in (*columns.labels, columns.gold) if name}
    outside = {name: f"{text} IS NOT NULL AND {label_index(text, classes)} IS NULL" for name, text in texts.items()}
    _refuse_first(reading.source, outside, "has a label outside the vocabulary", remedy)


def _refuse_first(source: Source, wheres: Mapping[str, str], what: str, remedy: str) -> None:
    """Refuse by the first column that has such a row; all columns are looked at in one pass over the file."""
    counts = source.one(", ".join(f"count(*) FILTER ({where})" for where in wheres.values()))
    for n, (column, where) in zip(counts, wheres.items(), strict=True):
        if n:
            source.refuse(column, where, what, remedy)


def _check_items(reading: Reading) -> None:
    """Every item must be one of the dataset's: labels of other items say nothing of it (R16)."""
    if not reading.items or reading.dataset is None:
        return
    source, column = reading.source, reading.wanted.columns.item
    n, first = source.all(
        f"SELECT count(*), min(row) FROM (SELECT {identifier(column)}::VARCHAR AS id, row FROM {source.relation}) f"
        f" ANTI JOIN {reading.items} i ON f.id = i.{ITEM}"
    )[0]
    if n:
        raise SetupError(
            f"Column {column} of {source.name} has {n:,} row(s) that are no items of {reading.dataset.label} (the first"
            f" is row {first:,}). Keep the others with --where, or leave --dataset out."
        )


def _joins_gold(reading: Reading, classes: tuple[str, ...]) -> bool:
    """Whether gold is the dataset's: the file names none, and the labels are of the same vocabulary."""
    same = reading.dataset is not None and reading.dataset.classes == classes
    return same and bool(reading.items) and not reading.wanted.columns.gold


def _query(reading: Reading, classes: tuple[str, ...], joined: list[str]) -> str:
    columns = reading.wanted.columns
    slices = [f"{slice_value(name)} AS {identifier(name)}" for name in columns.slices]
    gold = label_index(reading.text(columns.gold), classes) if columns.gold else "NULL"
    each = [label_index(reading.text(name), classes) for name in columns.labels]
    if columns.raters:
        rater, label = f"unnest([{', '.join(map(quoted, columns.raters))}])", f"unnest([{', '.join(each)}])"
    else:
        rater, label = f"trim({identifier(columns.rater)}::VARCHAR)", each[0]
    kept = [f"{identifier(columns.item)}::VARCHAR AS {ITEM}", *slices]
    kept += [f"({gold})::TINYINT AS gold", f"{rater} AS rater", f"{label} AS label"]
    query = f"SELECT {', '.join(kept)} FROM {reading.source.relation}"
    names = ", ".join(f"l.{identifier(name)}" for name in columns.slices)
    if reading.items:
        names = (
            ", ".join(f"coalesce(i.{identifier(name)}::VARCHAR, 'unknown') AS {identifier(name)}" for name in joined)
            or names
        )
        gold = f"i.{LABEL}::TINYINT AS gold" if _joins_gold(reading, classes) else "l.gold"
        join = f" JOIN {reading.items} i ON l.{ITEM} = i.{ITEM}"
    else:
        gold, join = "l.gold", ""
    names = f"{names}, " if names else ""
    return (
        f"SELECT l.{ITEM}, {names}{gold}, l.rater, l.label::TINYINT AS label FROM ({query}) l{join}"
        " WHERE l.label IS NOT NULL"
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
