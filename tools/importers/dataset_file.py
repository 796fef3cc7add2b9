"""The file of an imported dataset: written from a source by DuckDB, then counted from what was written."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.evals.duck import identifier, quoted
from tools.importers.dataset_request import DatasetImport
from tools.importers.keyed import keyed
from tools.importers.source import Source, class_index, item_id, number, slice_value

Cell = tuple[dict[str, str], int, int]  # values, label, items


@dataclass(frozen=True)
class Counted:
    """What a dataset consists of: its cells, its items, what else it holds, and a digest of the content."""

    cells: tuple[Cell, ...]
    rows: int
    traits: dict[str, Any]
    content: str


def write_items(source: Source, wanted: DatasetImport, target: Path, key: str) -> None:
    """Write the items as Parquet: opaque id, label index, slices, and the groups as keyed hashes."""
    parts = [
        f"{item_id(wanted.ids)} AS item_id",
        f"({class_index(wanted.label, wanted.classes)})::TINYINT AS label",
        *(f"{slice_value(name)} AS {identifier(name)}" for name in wanted.slices),
    ]
    if wanted.cluster:
        parts.append(f"{keyed(wanted.cluster, key)} AS cluster")
    if wanted.weight:
        parts.append(f"{number(wanted.weight)} AS weight")
    if wanted.near_duplicate:
        parts.append(f"{keyed(wanted.near_duplicate, key)} AS near_duplicate")
    source.all(
        f"COPY (SELECT {', '.join(parts)} FROM {source.relation}) TO {quoted(str(target))}"
        " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


def count_items(source: Source, wanted: DatasetImport, written: Path) -> Counted:
    """Count what was written; the digest does not depend on the order of the rows."""
    file = f"read_parquet([{quoted(str(written))}])"
    cells = _cells(source, wanted.slices, f"count(*) FROM {file} GROUP BY ALL")
    traits: dict[str, Any] = {}
    if wanted.cluster:
        traits["clusters"] = int(source.all(f"SELECT count(DISTINCT cluster) FROM {file}")[0][0])
    if wanted.weight:
        traits["weighted"] = True
    if wanted.near_duplicate:
        groups = f"SELECT count(*) AS n FROM {file} WHERE near_duplicate IS NOT NULL GROUP BY near_duplicate"
        found = source.all(f"SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM ({groups}) WHERE n > 1")[0]
        traits |= {
            "near_duplicates": True,
            "near_duplicate_groups": int(found[0]),
            "near_duplicate_items": int(found[1]),
        }
    names = ["item_id", "label", *wanted.slices]
    names += [name for name in ("cluster", "weight", "near_duplicate") if getattr(wanted, name)]
    row = " || chr(31) || ".join(f"coalesce({identifier(name)}::VARCHAR, chr(30))" for name in names)
    rows, total = source.all(f"SELECT count(*), sum(md5_number_lower({row}))::VARCHAR FROM {file}")[0]
    return Counted(cells, int(rows), traits, _digest([names, list(wanted.classes), rows, total]))


def count_counts(source: Source, wanted: DatasetImport) -> Counted:
    """The cells of a file of counts; rows of the same cell are summed, cells without items left out."""
    label = f"({class_index(wanted.label, wanted.classes)})::TINYINT AS label"
    chosen = ", ".join([*(f"{slice_value(name)} AS {identifier(name)}" for name in wanted.slices), label])
    counted = f"(SELECT {chosen}, {number(wanted.count or '')} AS items FROM {source.relation})"
    cells = _cells(source, wanted.slices, f"sum(items)::BIGINT FROM {counted} GROUP BY ALL HAVING sum(items) > 0")
    content = [list(wanted.slices), list(wanted.classes), [[values, label, n] for values, label, n in cells]]
    return Counted(cells, sum(n for _, _, n in cells), {}, _digest(content))


def _cells(source: Source, slices: Sequence[str], counted: str) -> tuple[Cell, ...]:
    names = ", ".join([*(identifier(name) for name in slices), "label"])
    return tuple(
        (dict(zip(slices, row[:-2], strict=True)), int(row[-2]), int(row[-1]))
        for row in source.all(f"SELECT {names}, {counted} ORDER BY ALL")
    )


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
