"""The shipped sample as a test reads it: by YAML, PyArrow, ONNX Runtime and NumPy alone."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import onnxruntime as ort
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

from tools.sample import folder

Mask = NDArray[np.bool_]


@cache
def registry() -> dict[str, Any]:
    """`workspace.yaml`."""
    content: dict[str, Any] = yaml.safe_load((folder() / "workspace.yaml").read_text(encoding="utf-8"))
    return content


@cache
def planted() -> dict[str, Any]:
    """`planted.yaml`."""
    content: dict[str, Any] = yaml.safe_load((folder() / "planted.yaml").read_text(encoding="utf-8"))
    return content


def cause(identifier: str) -> dict[str, Any]:
    """The figures of one planted cause."""
    (found,) = [entry for entry in planted()["causes"] + planted()["differences"] if entry["id"] == identifier]
    figures: dict[str, Any] = found["signature"]
    return figures


def entry(kind: str, name: str) -> dict[str, Any]:
    """A model or dataset of the registry, by `name@version`."""
    (found,) = [item for item in registry()[kind] if f"{item['name']}@{item['version']}" == name]
    result: dict[str, Any] = found
    return result


@cache
def columns(dataset: str) -> dict[str, NDArray[Any]]:
    """Every column of a dataset's file."""
    table = pq.read_table(folder() / entry("datasets", dataset)["path"])
    return {name: np.array(table[name].to_pylist()) for name in table.column_names}


@dataclass(frozen=True)
class Run:
    """One model on one dataset: the rows of its policy, scored."""

    columns: dict[str, NDArray[Any]]
    score: NDArray[np.float32]
    threshold: float

    @property
    def called(self) -> Mask:
        """Where the model says positive."""
        return np.greater_equal(self.score, self.threshold)

    def where(self, label: int, **values: str) -> Mask:
        """The rows of a label in a slice."""
        mask: Mask = np.equal(self.columns["label"], label)
        for name, value in values.items():
            mask = mask & np.equal(self.columns[name], value)
        return mask

    def share(self, label: int, **values: str) -> tuple[int, int]:
        """How many of the rows of a label in a slice are called positive, and how many there are."""
        rows = self.where(label, **values)
        return int(self.called[rows].sum()), int(rows.sum())


@cache
def run(model: str, dataset: str) -> Run:
    """Scores the dataset's rows of the model's policy."""
    registered = entry("models", model)
    everything = columns(dataset)
    rows = everything["policy"] == registered["policy"]
    mine = {name: values[rows] for name, values in everything.items()}
    features = np.stack([mine[name] for name in entry("datasets", dataset)["features"]], axis=1).astype(np.float32)
    session = ort.InferenceSession(folder() / registered["artifact"], providers=["CPUExecutionProvider"])
    score = session.run(["probabilities"], {"features": features})[0][:, 1]
    return Run(mine, score, registered["threshold"])


def pair(figures: dict[str, Any]) -> tuple[int, int]:
    """k and n as `planted.yaml` writes them."""
    return figures["k"], figures["n"]
