"""Slice cells: one value for every dimension, named by canonical JSON; how counts are packed for a shard."""

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.stats.histogram import Tally, merged


@dataclass(frozen=True)
class ScoredCell:
    """A slice cell with its scores."""

    values: dict[str, str]
    tally: Tally

    @property
    def key(self) -> str:
        """The cell's name in the database."""
        return cell_key(self.values)


def cell_key(values: Mapping[str, str]) -> str:
    """Canonical JSON: the same cell has the same key everywhere."""
    return json.dumps(dict(values), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def merge(cells: Iterable[ScoredCell]) -> list[ScoredCell]:
    """Sum equal cells; the order of the input does not matter."""
    groups: dict[str, list[ScoredCell]] = {}
    for cell in cells:
        groups.setdefault(cell.key, []).append(cell)
    return [ScoredCell(group[0].values, merged(c.tally for c in group)) for _, group in sorted(groups.items())]


def pack(cells: Iterable[ScoredCell]) -> bytes:
    """Cells as bytes for one row of the database; `unpack` is the inverse."""
    lines = [[cell.values, b85encode(cell.tally.pack()).decode()] for cell in cells]
    return zlib.compress(json.dumps(lines).encode(), 1)


def unpack(packed: bytes) -> list[ScoredCell]:
    """The cells that `pack` wrote."""
    return [ScoredCell(values, Tally.unpack(b85decode(tally))) for values, tally in json.loads(zlib.decompress(packed))]
