"""A bench: a small workspace whose scores a test chooses itself, because its models repeat two of the features."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.tools.onnx_file import gather
from tools.evals.items_file import digest

FEATURES = ("not_old", "old", "not_new", "new")  # `old` and `new` are the scores of the two models
POLICY, LANGUAGES = "bullying", ("en", "es")
Columns = dict[str, Any]  # a list or an array for each column


def items(n: int = 400, seed: int = 7) -> Columns:
    """Items of two policies in two languages; scores lean to the label, and a third of them are ties."""
    draw = np.random.default_rng(seed)
    label = (draw.random(n) < 0.4).astype(np.int8)
    scores = {}
    for name in ("old", "new"):
        raw = np.clip(0.25 + 0.4 * label + draw.normal(0, 0.25, n), 0, 1)
        scores[name] = np.where(draw.random(n) < 0.3, np.round(raw, 2), raw).astype(np.float32)
    return {
        "item_id": [f"i{number:05d}" for number in range(n)],
        "label": label,
        "not_old": 1 - scores["old"],
        "old": scores["old"],
        "not_new": 1 - scores["new"],
        "new": scores["new"],
        "policy": np.where(draw.random(n) < 0.85, POLICY, "privacy"),
        "language": draw.choice(LANGUAGES, n),
    }


def write(path: Path, columns: Columns, shard: int = 100) -> Path:
    """Write columns as Parquet, in row groups of `shard` rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), path, row_group_size=shard)
    return path


@dataclass
class Bench:
    """A data root with files, and the registry that says what they are."""

    root: Path
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def model(self, version: str, onnx: bytes, **changed: Any) -> str:
        """Add or replace the version of the one model; returns its id."""
        path = self.root / "models" / f"{version}.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(onnx)
        self.models[version] = {
            "name": "echo", "version": version, "policy": POLICY, "aliases": [], "artifact": f"models/{path.name}",
            "sha256": digest(path), "threshold": 0.5, "guideline_version": "1", "trained_on": None,
            "released": f"2026-0{len(self.models) + 1}-01",
        } | changed  # fmt: skip
        return f"echo@{version}"

    def dataset(self, version: str, columns: Columns, shard: int = 100, **changed: Any) -> str:
        """Add or replace a dataset version; returns its id."""
        path = write(self.root / "data" / f"{version}.parquet", columns, shard)
        self.datasets[version] = {
            "name": "gold", "version": version, "kind": "golden", "path": f"data/{path.name}", "digest": digest(path),
            "rows": len(columns["policy"]), "features": list(FEATURES), "gold_version": "3",
            "guideline_version": "1.2", "counts_of": "items", "as_of": "2026-10-31", "card": {},
            "dimensions": {"policy": [POLICY, "privacy"], "language": list(LANGUAGES)},
        } | changed  # fmt: skip
        return f"gold@{version}"

    @property
    def registry(self) -> dict[str, Any]:
        """As `workspace.yaml` would say it."""
        return {"models": list(self.models.values()), "datasets": list(self.datasets.values())}


def furnished(root: Path, columns: Columns | None = None, shard: int = 100) -> Bench:
    """A bench with the models `echo v1` (score `old`) and `echo v2` (score `new`) and the dataset `gold 1`."""
    bench = Bench(root)
    bench.model("v1", gather([0, 1], len(FEATURES)), aliases=["prod"])
    bench.model("v2", gather([2, 3], len(FEATURES)), threshold=0.45)
    bench.dataset("1", items() if columns is None else columns, shard)
    return bench
