"""The kinds of file an import reads, and how DuckDB is told to read them: what it would guess is guessed once.

Guessing the types of a CSV file reads all of it, and DuckDB would do so again for every query. So the columns of CSV
and JSON lines are asked for as text; `007` stays an id, and a file gives the same run whatever its kind.
"""

import csv
import gzip
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tools.evals.duck import identifier, one_file, quoted

KINDS = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
_DELIMITERS = (",", "\t", ";", "|")
_LONGEST_HEADER = 1_000_000  # characters
_NUMBERED = "file_row_number"  # what DuckDB calls the number of a row of a Parquet file, from 0
# No list of numbers is plain: the tokens of a text are that text (R1).
_PLAIN = re.compile(
    r'U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL\([^)]*\)|BOOLEAN|DATE|TIME[_ A-Z]*|"NULL"'
)
_NESTED = re.compile(r"\[\d*\]|^(?:STRUCT|MAP|UNION|BLOB|BIT)\b")


@dataclass(frozen=True)
class TableFile:
    """A file that was looked into: `columns` are all it has, with DuckDB's types; `read` and `options` are SQL.

    A CSV file has no types; `text_rows` looks for text in it. `doubled` are the names that it gives to two columns.
    """

    kind: str
    columns: dict[str, str]
    read: str
    options: str
    doubled: tuple[str, ...] = ()

    def text(self, declared: Sequence[str]) -> list[str]:
        """The undeclared columns of another type than numbers, times, true and false; sorted."""
        others = {name: kind for name, kind in self.columns.items() if name not in declared and self.kind != "csv"}
        return sorted(name for name, kind in others.items() if not _PLAIN.fullmatch(kind))

    def nested(self, declared: Iterable[str]) -> list[str]:
        """The declared columns of lists, objects or bytes."""
        return [name for name in declared if _NESTED.search(self.columns[name])]

    def text_rows(self, declared: Sequence[str]) -> dict[str, str]:
        """Undeclared columns of a CSV file -> SQL that is true where a row holds text."""
        if self.kind != "csv":
            return {}
        found = {}
        for name in (name for name in self.columns if name not in declared):
            value = identifier(name)
            casts = " OR ".join(f"TRY_CAST({value} AS {kind}) IS NOT NULL" for kind in ("DOUBLE", "TIMESTAMP", "TIME"))
            found[name] = f"{value} IS NOT NULL AND NOT (lower({value}) IN ('true', 'false') OR {casts})"
        return found

    def relation(self, names: Sequence[str], where: str = "true") -> str:
        """SQL of these columns of the rows that fulfil `where`, with `row`, a row's number in the file from 1."""
        options, number = self.options, "row_number() OVER ()"
        if self.kind == "parquet" and _NUMBERED not in map(str.lower, self.columns):
            options, number = f"{options}, {_NUMBERED}=true", f"{_NUMBERED} + 1"
        elif self.kind == "jsonl":
            options += ", columns={" + ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names) + "}"
        chosen = ", ".join(map(identifier, names))
        numbered = f"(SELECT {chosen}, {number} AS row FROM {self.read}{options}))"
        return f"(SELECT {', '.join(map(self._value, names))}, row FROM {numbered} WHERE {where})"

    def _value(self, name: str) -> str:
        # A float32 that was written as .42 is .42 again, not .41999998: as in a CSV file, and as NumPy compares it.
        column = identifier(name)
        return f"{column}::VARCHAR::DOUBLE AS {column}" if self.columns[name] == "FLOAT" else column


def kind_of(path: Path) -> str | None:
    """`parquet`, `csv` or `jsonl` by a file's name, text perhaps compressed with gzip; None where it is another."""
    if path.suffix.lower() != ".gz":
        return KINDS.get(path.suffix.lower())
    kind = KINDS.get(Path(path.stem).suffix.lower())
    return None if kind == "parquet" else kind


def look_into(connection: duckdb.DuckDBPyConnection, path: Path, declared: Sequence[str]) -> TableFile:
    """The columns of a file, and how it is read; the header of a CSV file is split so that it has the declared columns.

    Raises:
        duckdb.Error: it cannot be read.
        UnicodeDecodeError, csv.Error, OSError, EOFError: the header of a CSV file cannot be read.
    """
    kind, file = kind_of(path), one_file(path)
    if kind == "csv":
        return _csv(path, file, declared)
    if kind == "jsonl":
        read, options = "read_json", "format='newline_delimited', hive_partitioning=false"
        guess = ", sample_size=-1, maximum_depth=2"
    else:
        read, options, guess = "read_parquet", "hive_partitioning=false", ""
    read = f"{read}([{file}], "
    described = connection.execute(f"DESCRIBE SELECT * FROM {read}{options}{guess})").fetchall()
    return TableFile(str(kind), {str(row[0]): str(row[1]) for row in described}, read, options)


def _csv(path: Path, file: str, declared: Sequence[str]) -> TableFile:
    # DuckDB would guess the delimiter from the rows, and take another one for a single row with a field too many.
    unpacked = gzip.open if path.suffix.lower() == ".gz" else open
    with unpacked(path, "rt", encoding="utf-8-sig") as text:
        start = text.read(_LONGEST_HEADER)
    headers = {mark: _header(start, mark) for mark in _DELIMITERS}
    mark = max(headers, key=lambda mark: (len(set(headers[mark]) & set(declared)), len(headers[mark])))
    columns: dict[str, str] = {}
    doubled = []
    for place, name in enumerate(headers[mark]):
        if name.lower() in map(str.lower, columns):
            doubled.append(name)
        columns[name if name and name not in doubled else f"column {place + 1} without a name"] = "VARCHAR"
    listed = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
    options = (
        "header=true, auto_detect=false, hive_partitioning=false, quote='\"', escape='\"', "
        f"delim={quoted(mark)}, columns={{{listed}}}"
    )
    return TableFile("csv", columns, f"read_csv([{file}], ", options, tuple(doubled))


def _header(text: str, mark: str) -> list[str]:
    """The names in the first line, trimmed."""
    return [name.strip() for name in next(csv.reader(io.StringIO(text), delimiter=mark), [])]
