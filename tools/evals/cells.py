"""Slice cells: one value for every dimension, named by canonical JSON; how counts are packed for a shard."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.stats.histogram import Histogram


@dataclass(frozen=True)
class ScoredCell:
    """A slice cell with its score histogram."""

    values: dict[str, str]
    histogram: Histogram

    @property
    def key(self) -> str:
        """The cell's name in the database."""
        return cell_key(self.values)


def cell_key(values: Mapping[str, str]) -> str:
    """Canonical JSON: the same cell has the same key everywhere."""
    return json.dumps(dict(values), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def merge(cells: Iterable[ScoredCell]) -> list[ScoredCell]:
    """Sum the histograms of equal cells; the order of the input does not matter."""
    merged: dict[str, ScoredCell] = {}
    for cell in cells:
        seen = merged.get(cell.key)
        merged[cell.key] = cell if seen is None else ScoredCell(cell.values, seen.histogram + cell.histogram)
    return [merged[key] for key in sorted(merged)]


def pack(cells: Iterable[ScoredCell]) -> bytes:
    """Cells as bytes for one row of the database; `unpack` is the inverse."""
    lines = [[cell.values, cell.histogram.pack().hex()] for cell in cells]
    return zlib.compress(json.dumps(lines).encode(), 6)


def unpack(packed: bytes) -> list[ScoredCell]:
    """The cells that `pack` wrote."""
    return [
        ScoredCell(values, Histogram.unpack(bytes.fromhex(histogram)))
        for values, histogram in json.loads(zlib.decompress(packed))
    ]
