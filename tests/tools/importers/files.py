"""Files of predictions as tests write them, in every kind that an import reads, and a request to import them."""

import csv
import gzip
import io
import json
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.importers.request import Columns, PredictionsImport, ScoredModel

Table = dict[str, list[Any]]
SECRET = "meet-me-at-noon"  # stands for whatever a file holds: it must not appear in any message
KINDS = ("parquet", "pq", "csv", "tsv", "jsonl", "ndjson", "csv.gz", "tsv.gz", "jsonl.gz")


def table(n: int = 200, seed: int = 5) -> Table:
    """Items with gold labels, the scores of two models, decisions of the first at .42, and what else a file may have.

    Scores have two decimals, so that many lie on an edge of the histogram.
    """
    draw = np.random.default_rng(seed)
    gold = (draw.random(n) < 0.4).astype(int)
    one, two = (np.round(np.clip(0.3 + 0.3 * gold + draw.normal(0, 0.2, n), 0, 1), 2) for _ in range(2))
    return {
        "item": [f"i-{number:04d}" for number in range(n)],
        "gold": gold.tolist(),
        "one": one.tolist(),
        "two": two.tolist(),
        "flagged": (one >= 0.42).astype(int).tolist(),
        "language": draw.choice(["en", "hi-Latn", "日本語"], n).tolist(),
        "author": [1000 + number // 4 for number in range(n)],
        "weight": np.round(0.5 + draw.random(n), 3).tolist(),
    }


def write(folder: Path, content: Table, kind: str = "parquet", name: str = "scores") -> Path:
    """The columns as a file of one kind."""
    path = folder / f"{name}.{kind}"
    if kind in ("parquet", "pq"):
        pq.write_table(pa.table({column: pa.array(values) for column, values in content.items()}), path)
        return path
    rows = [dict(zip(content, values, strict=True)) for values in zip(*content.values(), strict=True)]
    text = io.StringIO()
    if "json" in kind:
        text.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    else:
        writer = csv.DictWriter(text, list(content), delimiter="\t" if "tsv" in kind else ",", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if kind.endswith("gz") else data)
    return path


def request(file: Path, **changed: Any) -> PredictionsImport:
    """An import of the first model of `table` as `m v1` on `gold 1`, sliced by language, unless said otherwise."""
    columns = {"ids": ("item",), "label": "gold", "slices": ("language",)}
    columns |= {name: changed.pop(name) for name in [*Columns.__dataclass_fields__] if name in changed}
    columns = {name: (value,) if name == "ids" and isinstance(value, str) else value for name, value in columns.items()}
    given: dict[str, Any] = {
        "file": file, "models": (ScoredModel("m", "v1", "one"),), "columns": Columns(**columns),  # type: ignore[arg-type]
        "dataset": "gold", "dataset_version": "1",
    }  # fmt: skip
    return PredictionsImport(**given | changed)


def told(error: BaseException) -> str:
    """Everything that a log could show of an error: its text and its chain."""
    return "".join(traceback.format_exception(error))
