"""A file to import, opened for reading: Parquet, CSV or JSON lines, streamed by DuckDB, never loaded whole.

Two controls keep content out (R1): a text column that nobody declared refuses the file, and a declared column must look
like what it was declared as: opaque ids, short slice values, labels of a vocabulary. A refusal names column, row number
and count, never a value; so DuckDB's own messages, which quote values, are not passed on.
"""

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from tools.catalog import nearest
from tools.errors import SetupError
from tools.evals.duck import identifier, locked_duckdb, quoted
from tools.importers.file_kinds import TableFile, kind_of, look_into
from tools.importers.row_checks import (
    OPAQUE,
    SLICE_VALUE,
    Check,
    class_checks,
    class_index,
    id_checks,
    item_id,
    missing,
    number,
    number_checks,
    slice_checks,
    slice_like,
    slice_value,
)

__all__ = [
    "OPAQUE", "SLICE_VALUE", "SLICE_VALUES", "Check", "Source", "class_checks", "class_index", "id_checks", "item_id",
    "missing", "number", "number_checks", "open_source", "slice_checks", "slice_value",
]  # fmt: skip

SLICE_VALUES = 1_000  # distinct values of one slice column; content or ids have more
SOME_VALUES = 20  # a small file may have as many in a true slice
MEMORY = "400MB"  # what DuckDB may use before it spills; ten million ids are joined within it
_SORTED_AT_ONCE = 16_000_000  # hashes of ids, 8 bytes each
_LOOKED_INTO = 1_000  # equal hashes that are compared as ids: by chance there is not one in ten million rows


@dataclass(frozen=True)
class Source:
    """An opened file: `relation` is SQL to select from, `rows` counts those that `where` keeps.

    `row` in the relation is the number of the row in the file, the first after a header being 1.
    """

    name: str
    connection: duckdb.DuckDBPyConnection
    relation: str
    rows: int

    def one(self, expressions: str, where: str = "true") -> tuple[Any, ...]:
        """The single row of an aggregate over the kept rows."""
        return self.all(f"SELECT {expressions} FROM {self.relation} WHERE {where}")[0]

    def all(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query.

        Raises:
            SetupError: the file is damaged behind its header, or there is too little memory and disk for it.
        """
        try:
            return self.connection.execute(query).fetchall()
        except duckdb.Error as error:
            raise _unreadable(self.name, error) from None

    def check(self, checks: Sequence[Check]) -> None:
        """Refuse the file by the first check that a row fails; all are looked for in one pass.

        Raises:
            SetupError: names column, number of rows and the first row's number.
        """
        if not checks:
            return
        found = self.one(", ".join(f"count(*) FILTER ({check.where})" for check in checks))
        failed = next(((check, n) for check, n in zip(checks, found, strict=True) if n), None)
        if failed:
            check, n = failed
            rows = "1 row" if n == 1 else f"{n:,} rows"
            # Not with WHERE: DuckDB skips row groups by their least and greatest value, which say nothing of NaN.
            first = self.one(f"min(row) FILTER ({check.where})")[0]
            raise SetupError(
                f"Column {check.column} of {self.name} {check.what} in {rows} (the first is row {first:,})."
                f" {check.remedy}"
            )

    def refuse(self, column: str, where: str, what: str, remedy: str) -> None:
        """Refuse the file if a row fulfils `where`: column, number of rows and the first row's number are named.

        Raises:
            SetupError: there is such a row.
        """
        self.check([Check(column, where, what, remedy)])

    def check_ids(self, columns: Sequence[str]) -> None:
        """Refuse missing, telling and duplicate ids (R1, R7); several columns together are one id.

        Raises:
            SetupError: names column, row and count.
        """
        self.check(id_checks(columns))
        self.check_duplicates(columns)

    def check_duplicates(self, columns: Sequence[str]) -> None:
        """Refuse a second row of one id; several columns together are one id.

        Raises:
            SetupError: names column, row and count.
        """
        text, repeated, first = item_id(columns), 0, 0
        passes = 1 + self.rows // _SORTED_AT_ONCE
        for part in range(passes):
            mine = f"hash({text}) % {passes} = {part}" if passes > 1 else "true"
            n, at = self._repeated(text, mine)
            repeated, first = repeated + n, min(first or at, at or first)
        if repeated:
            raise SetupError(
                f"Column {'+'.join(columns)} of {self.name} has {repeated:,} duplicate id(s) (the first is row"
                f" {first:,}). One row an item: keep one variant of each with --where, or make ids that differ."
            )

    def check_slices(self, columns: Sequence[str], *, items: bool = False) -> dict[str, list[str]]:
        """The values of slice columns, sorted; a missing value is `unknown`. Content in disguise is refused (R1).

        With `items` a row is one item, so that a column in which most rows have a value of their own is no slice.

        Raises:
            SetupError: a column has too many values, or values that read like text or addresses.
        """
        if not columns:
            return {}
        values = [slice_value(column) for column in columns]
        distinct = self.one(", ".join(f"approx_count_distinct({value})" for value in values))
        # An estimate, but twice the most values of a slice are too many however it errs.
        few = [value for value, about in zip(values, distinct, strict=True) if about <= 2 * SLICE_VALUES]
        lists = self.one(", ".join(f"list(DISTINCT {value})" for value in few)) if few else ()
        if len(few) < len(values) or not self._all_short([value for held in lists for value in held]):
            self.check(slice_checks(columns))  # names the row; to look at every row costs more than all the rest
        found = iter(lists)
        held = {}
        for column, value, about in zip(columns, values, distinct, strict=True):
            held[column] = sorted(next(found)) if value in few else []
            n = len(held[column]) or about
            if n > SLICE_VALUES:
                raise SetupError(
                    f"Column {column} of {self.name} has {'' if held[column] else 'about '}{n:,} different values; a"
                    f" slice has at most {SLICE_VALUES:,} (R1). Group them before importing, or leave the column out of"
                    " the file."
                )
            if items and n > SOME_VALUES and 2 * n > self.rows:
                raise SetupError(
                    f"Column {column} of {self.name} has {n:,} different values in {self.rows:,} rows, so it is no"
                    " slice but an id or text (R1). Leave the column out of --slices and out of the file."
                )
        return held

    def check_classes(self, column: str, classes: Sequence[str]) -> None:
        """Refuse labels that are missing or outside the vocabulary.

        Raises:
            SetupError: names column, row and count.
        """
        self.check(class_checks(column, classes))

    def check_numbers(self, column: str, low: float, high: float, remedy: str) -> None:
        """Refuse what is no finite number or lies outside [low, high].

        Raises:
            SetupError: names column, row and count.
        """
        self.check(number_checks(column, low, high, remedy))

    def _all_short(self, values: list[str]) -> bool:
        short = f"SELECT coalesce(bool_and({slice_like('v')}), true) FROM (SELECT unnest($values::VARCHAR[]) AS v)"
        return bool(self.connection.execute(short, {"values": values}).fetchall()[0][0])

    def _repeated(self, text: str, where: str) -> tuple[int, int]:
        """Rows whose id stood in an earlier row already, and the first of them; 0, 0 where there is none."""
        ids = f"SELECT hash({text}) AS h, row FROM {self.relation} WHERE {where}"
        try:
            # Sorting hashes costs half of what counting distinct ones does in DuckDB, and memory that is known.
            hashes = self.connection.execute(f"SELECT h FROM ({ids})").fetchnumpy()["h"]
        except duckdb.Error as error:
            raise _unreadable(self.name, error) from None
        hashes.sort()
        again = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
        del hashes
        if not again.size:
            return 0, 0
        if again.size > _LOOKED_INTO:
            counted = f"SELECT count(*) - count(DISTINCT h) FROM ({ids})"
            copies = f"SELECT row, row_number() OVER (PARTITION BY h ORDER BY row) AS copy FROM ({ids})"
            return self.all(counted)[0][0], self.all(f"SELECT min(row) FROM ({copies}) WHERE copy > 1")[0][0]
        listed = ", ".join(map(str, again.tolist()))
        copies = (
            f"SELECT row, row_number() OVER (PARTITION BY {text} ORDER BY row) AS copy FROM {self.relation}"
            f" WHERE {where} AND hash({text}) IN ({listed})"
        )
        n, first = self.all(f"SELECT count(*), min(row) FROM ({copies}) WHERE copy > 1")[0]
        return n, first or 0


@contextmanager
def open_source(path: Path, declared: Sequence[str], where: str = "", also: Sequence[Path] = ()) -> Iterator[Source]:
    """Open a file after its columns were checked.

    Args:
        declared: the columns that the import will read; any other must not be text.
        where: `COLUMN=VALUE`, to keep only such rows; the column counts as declared.
        also: further folders that the connection may read and write.

    Raises:
        SetupError: no such file, an unknown kind of file, a damaged one, a declared column is missing, or a text column
            is not declared (R1).
    """
    _check_path(path)
    kept, equals, value = where.partition("=")
    if where and not (kept and equals):
        raise SetupError("--where is COLUMN=VALUE, such as variant=clean.")
    names = list(dict.fromkeys([*declared, *([kept] if where else [])]))
    with locked_duckdb(path.resolve().parent, memory=MEMORY, also=also) as connection:
        try:
            file = look_into(connection, path, names)
        except (duckdb.Error, OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
            raise _unreadable(path.name, error) from None
        _check_columns(path.name, file, names)
        condition = f"{identifier(kept)}::VARCHAR = {quoted(value)}" if where else "true"
        whole = Source(path.name, connection, file.relation(names, condition), 0)
        hidden = file.text_rows(names)
        counts = [f"count(*) FILTER ({condition})", *(f"count(*) FILTER ({text})" for text in hidden.values())]
        everything = file.relation([*names, *hidden]) if hidden else file.relation(names)
        total, rows, *texts = whole.all(f"SELECT count(*), {', '.join(counts)} FROM {everything}")[0]
        if not rows:
            raise SetupError(f"{path.name} has no rows{f' with {kept} as asked' if total else ''}.")
        _refuse_text(path.name, [name for name, n in zip(hidden, texts, strict=True) if n] or file.text(names))
        yield Source(path.name, connection, whole.relation, rows)


def _check_path(path: Path) -> None:
    if kind_of(path) is None:
        raise SetupError(f"{path.name} is no Parquet, CSV or JSON lines file (.parquet, .csv, .jsonl).")
    if not path.is_file():
        raise SetupError(f"There is no file {path.name} in {path.resolve().parent}.")
    if not os.access(path, os.R_OK):
        raise SetupError(f"{path.name} may not be read by this user. Change its permissions.")
    if not path.stat().st_size:
        raise SetupError(f"{path.name} is empty.")


def _check_columns(name: str, file: TableFile, declared: Sequence[str]) -> None:
    absent = [column for column in declared if column not in file.columns]
    if file.kind == "csv" and len(absent) == len(declared):
        # Without a header the names are the values of the first row, so none is shown.
        raise SetupError(f"{name} has none of the columns {', '.join(absent)}. Its first line must name them.")
    if absent:
        close = ", ".join(map(_said, nearest(absent[0], file.columns)))
        raise SetupError(f"{name} has no column {', '.join(absent)}. It has: {close} …")
    if twice := [column for column in file.doubled if column.lower() in map(str.lower, declared)]:
        raise SetupError(f"{name} has two columns called {_said(twice[0])}. Rename or drop one.")
    if any(column.lower() == "row" for column in declared):
        raise SetupError(f"A column called row cannot be read: rows have numbers of their own. Rename it in {name}.")
    if nested := file.nested(declared):
        raise SetupError(
            f"Column(s) {', '.join(map(_said, nested))} of {name} hold lists, objects or bytes. A column holds one id,"
            " label, number or word a row."
        )


def _refuse_text(name: str, columns: Sequence[str]) -> None:
    if columns:
        raise SetupError(
            f"{name} has undeclared text column(s) {', '.join(map(_said, sorted(columns)))}. Steward reads no content"
            " (R1): drop them from the file, or declare those that are slices with --slices."
        )


def _said(column: str) -> str:
    """A column's name, fit for a terminal."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in column)
    return shown if len(shown) <= 64 else f"{shown[:63]}…"


def _unreadable(name: str, error: Exception) -> SetupError:
    """What stands for an error of DuckDB, whose own message may quote values; of a CSV file it names the line."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return SetupError(f"{name} needs more memory or disk than there is. Free some, or import a part of it.")
    line = re.search(r"CSV Error on Line: (\d+)", str(error))
    where = f" (near line {int(line[1]):,})" if line else ""
    return SetupError(f"{name} cannot be read to its end{where}. Write it again, as UTF-8 without a byte order mark.")
