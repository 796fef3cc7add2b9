"""Slice cells: one value for every dimension, named by canonical JSON; how counts are packed for a shard."""

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.stats.histogram import Tally, merged
from tools.stats.moments import Moments, summed


@dataclass(frozen=True)
class ScoredCell:
    """A slice cell with its scores."""

    values: dict[str, str]
    tally: Tally
    moments: Moments | None = None

    @property
    def key(self) -> str:
        """The cell's name in the database."""
        return cell_key(self.values)

    def row(self, run: str) -> dict[str, Any]:
        """The cell as a row of the table of run cells."""
        return {
            "run_id": run,
            "cell": self.key,
            "values": self.values,
            "positives": self.tally.positives,
            "negatives": self.tally.negatives,
            "histogram": self.tally.pack(),
            "moments": self.moments.pack() if self.moments else None,
        }


def cell_key(values: Mapping[str, str]) -> str:
    """Canonical JSON: the same cell has the same key everywhere."""
    return json.dumps(dict(values), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def merge(cells: Iterable[ScoredCell]) -> list[ScoredCell]:
    """Sum equal cells; the order of the input does not matter."""
    groups: dict[str, list[ScoredCell]] = {}
    for cell in cells:
        groups.setdefault(cell.key, []).append(cell)
    return [
        ScoredCell(group[0].values, merged(c.tally for c in group), summed(c.moments for c in group))
        for _, group in sorted(groups.items())
    ]


def pack(cells: Iterable[ScoredCell]) -> bytes:
    """Cells as bytes for one row of the database; `unpack` is the inverse."""
    lines = [
        [cell.values, _text(cell.tally.pack()), _text(cell.moments.pack()) if cell.moments else None] for cell in cells
    ]
    return zlib.compress(json.dumps(lines).encode(), 1)


def unpack(packed: bytes) -> list[ScoredCell]:
    """The cells that `pack` wrote."""
    return [
        ScoredCell(values, Tally.unpack(b85decode(tally)), Moments.unpack(b85decode(moments)) if moments else None)
        for values, tally, moments in json.loads(zlib.decompress(packed))
    ]


def _text(packed: bytes) -> str:
    return b85encode(packed).decode()
