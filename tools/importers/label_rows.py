"""Checks of a file with one row a label: who labelled, each once an item, and what belongs to the item is the same."""

from tools.errors import SetupError
from tools.evals.duck import identifier, quoted
from tools.importers.label_request import LabelColumns
from tools.importers.rater_names import telling
from tools.importers.source import OPAQUE, Source

MOST_RATERS = 1_000


def check_rows(source: Source, columns: LabelColumns, judge: str) -> tuple[str, ...]:
    """The raters of the file, sorted.

    Raises:
        SetupError: names column, row number and count, never a value.
    """
    item, rater = f"{identifier(columns.item)}::VARCHAR", f"trim({identifier(columns.rater)}::VARCHAR)"
    source.refuse(columns.item, f"{item} IS NULL", "has no id", "Give every item a random id.")
    source.refuse(
        columns.item, f"NOT regexp_matches({item}, {quoted(OPAQUE)})", "is not opaque",
        "An id is at most 64 letters, digits, - and _: no address, no file name, no text (R1, R7).",
    )  # fmt: skip
    source.refuse(columns.rater, f"coalesce({rater}, '') = ''", "has no rater", "Every label has a rater.")
    raters = _raters(source, columns.rater, rater, judge)
    _refuse(
        source,
        f"SELECT row, row_number() OVER (PARTITION BY {item}, {rater} ORDER BY row) > 1 AS wrong",
        f"Columns {columns.item} and {columns.rater} of {source.name} have {{n}} second label(s) of one rater for one"
        " item (the first is row {first}). Keep one of them.",
    )
    for column in [name for name in (columns.gold, *columns.slices) if name]:
        value = f"coalesce({identifier(column)}::VARCHAR, '')"
        _refuse(
            source,
            f"SELECT row, {value} != first_value({value}) OVER (PARTITION BY {item} ORDER BY row) AS wrong",
            f"Column {column} of {source.name} differs between rows of one item in {{n}} row(s) (the first is row"
            " {first}). It belongs to the item: write the same in each of its rows.",
        )
    return raters


def _raters(source: Source, column: str, rater: str, judge: str) -> tuple[str, ...]:
    distinct = source.one(f"count(DISTINCT {rater})")[0]
    if distinct > MOST_RATERS:
        raise SetupError(
            f"Column {column} of {source.name} has {distinct:,} different values; who labelled has at most"
            f" {MOST_RATERS:,}. Name the right column with --rater."
        )
    names = [row[0] for row in source.all(f"SELECT DISTINCT {rater} AS r FROM {source.relation} ORDER BY r")]
    if strange := telling(name for name in names if name != judge):
        source.refuse(
            column, f"{rater} IN ({', '.join(quoted(name) for name in strange)})",
            f"may name a person, {len(strange)} of {len(names)} raters,",
            "Call them rater_1, rater_2 and so on, and keep the table of names to yourself (R7, R9).",
        )  # fmt: skip
    return tuple(names)


def _refuse(source: Source, select: str, message: str) -> None:
    n, first = source.all(f"SELECT count(*), min(row) FROM ({select} FROM {source.relation}) WHERE wrong")[0]
    if n:
        raise SetupError(message.format(n=f"{n:,}", first=f"{first:,}"))
