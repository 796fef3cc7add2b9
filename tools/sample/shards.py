"""Shards: how a dataset lies in a Parquet file. A row group holds about 1,000 rows of one policy and is one shard."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.sample.items import DIMENSIONS, FEATURES, POLICIES, Column, Items, day_number, day_of

_ROWS = 1000
_VARIANTS = 5  # a base item and its variants stay in one shard


def write(path: Path, items: Items, as_of: date) -> None:
    """Writes the items, ordered by policy; ages are those on the given day."""
    table = _table(items, as_of)
    # Byte-stream split lets zstd see that the low bytes of numbers on a grid are zero: half the size of plain.
    with pq.ParquetWriter(
        path,
        table.schema,
        compression="zstd",
        compression_level=19,
        use_dictionary=[*DIMENSIONS],
        column_encoding=dict.fromkeys(FEATURES, "BYTE_STREAM_SPLIT"),
    ) as writer:
        for start, stop in _bounds(items):
            writer.write_table(table.slice(start, stop - start), row_group_size=stop - start)


def read(path: Path, as_of: date) -> Items:
    """Reads what `write` wrote; `created` is only as exact as the age brackets."""
    table = pq.read_table(path)
    columns = {name: np.array(table[name].to_pylist()) for name in DIMENSIONS}
    start = {"0-30d": 0, "31-90d": 31, "91-180d": 91, "181d+": 181}
    return Items(
        item_id=np.array(table["item_id"].to_pylist()),
        cluster=np.array(table["cluster"].to_pylist()) if "cluster" in table.column_names else np.full(len(table), ""),
        label=table["label"].to_numpy(),
        features=np.stack([table[name].to_numpy() for name in FEATURES], axis=1),
        policy=columns["policy"],
        language=columns["language"],
        surface=columns["surface"],
        technique=columns["technique"],
        source=columns["source"],
        created=np.array([day_number(as_of) - start[age] for age in columns["age"]]),
    )


def oldest(items: Items) -> date:
    """The day the oldest item was created."""
    return day_of(int(items.created.min()))


def _table(items: Items, as_of: date) -> pa.Table:
    columns: dict[str, pa.Array] = {"item_id": pa.array(items.item_id.tolist(), pa.string())}
    if (items.cluster != "").any():
        columns["cluster"] = pa.array(items.cluster.tolist(), pa.string())
    columns["label"] = pa.array(items.label, pa.int8())
    for position, name in enumerate(FEATURES):
        columns[name] = pa.array(items.features[:, position], pa.float32())
    for name, allowed in DIMENSIONS.items():
        values = items.age(as_of) if name == "age" else getattr(items, name)
        columns[name] = _dictionary(values, allowed)
    return pa.table(columns)


def _dictionary(values: Column, allowed: tuple[str, ...]) -> pa.DictionaryArray:
    codes = pa.array([allowed.index(value) for value in values.tolist()], pa.int8())
    return pa.DictionaryArray.from_arrays(codes, pa.array(allowed, pa.string()))


def _bounds(items: Items) -> list[tuple[int, int]]:
    """Start and stop of every row group."""
    bounds = []
    for policy in POLICIES:
        rows = np.flatnonzero(items.policy == policy)
        start, stop = int(rows[0]), int(rows[-1]) + 1
        if stop - start != len(rows):
            raise ValueError("items must be ordered by policy")
        shards = max(1, round(len(rows) / _ROWS))
        step = -(-len(rows) // shards // _VARIANTS) * _VARIANTS
        bounds += [(at, min(at + step, stop)) for at in range(start, stop, step)]
    return bounds
