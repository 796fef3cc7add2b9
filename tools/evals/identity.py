"""What makes a run the same run, and where its predictions lie. Imports no engine, so that a question can use it."""

import hashlib
import json
from pathlib import Path

from tools.catalog import DatasetEntry, ModelEntry

SCOPE = "policy"  # a model is evaluated on the items of its own policy


def run_id(model: ModelEntry, dataset: DatasetEntry) -> str:
    """The hash of what is evaluated: 10 hex digits of model file, threshold, dataset file, dimensions and scope."""
    what = [model.id, model.sha256, model.threshold, dataset.id, dataset.digest, {SCOPE: model.policy}]
    what.append(sorted(dataset.dimensions))
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:10]


def predictions_folder(root: Path) -> Path:
    """Where the predictions of all runs lie."""
    return root / "predictions"
