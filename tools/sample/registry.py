"""The registry: `workspace.yaml`, which names every policy, model, dataset and person of the sample."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from tools.sample import causes, raters
from tools.sample.cards import card
from tools.sample.datasets import Built
from tools.sample.items import DIMENSIONS, FEATURES
from tools.sample.raters import Rated
from tools.sample.shards import oldest
from tools.sample.training import Trained

_POLICIES = [
    {"id": "bullying", "title": "Bullying", "guideline": "bullying"},
    {"id": "dangerous-challenges", "title": "Dangerous challenges", "guideline": "dangerous-challenges"},
]
_PEOPLE = [
    {"id": "ana", "name": "Ana", "roles": ["strategist"]},
    {"id": "ben", "name": "Ben", "roles": ["intern"]},
    {"id": "chen", "name": "Chen", "roles": ["qa-lead"]},
    {"id": "dora", "name": "Dora", "roles": ["policy"]},
    {"id": "eli", "name": "Eli", "roles": ["strategist"]},
]
# Kind, gold version and guideline version of each dataset; training labels are no gold.
_VERSIONS = {
    "train@2026-06": ("train", "none", "4.2"),
    "golden@2026-07": ("golden", "5", "4.2"),
    "golden@2026-10": ("golden", "6", "4.3"),
    "evasion@2": ("suite", "5", "4.2"),
}
_MODEL_GUIDELINE = "4.2"  # that of the labels they learned from


def artifact(trained: Trained) -> str:
    """Where a model lies, relative to the workspace."""
    return f"models/{trained.recipe.name}-{trained.recipe.version}.onnx"


def data_file(built: Built) -> str:
    """Where a dataset lies, relative to the workspace."""
    return f"data/{built.name}-{built.version}.parquet"


def labels_file() -> str:
    """Where the rater labels lie, relative to the workspace."""
    return f"data/{raters.NAME}-{raters.VERSION}.parquet"


def workspace(folder: Path, models: list[Trained], datasets: list[Built], labels: Rated) -> dict[str, Any]:
    """The whole registry, for files that are already written under the folder."""
    return {
        "name": "Lumo (sample)",
        "policies": _POLICIES,
        "models": [_model(folder, trained) for trained in models],
        "datasets": [_dataset(folder, built) for built in datasets],
        "label_sets": [_labels(folder, labels)],
        "people": _PEOPLE,
        "defaults": {"dataset": "golden@2026-10"},
        "escalation": {"on_call": "@safety-on-call (fictional)", "support": "@wellbeing-lead (fictional)"},
        "limits": {"second_person_above_items": 5000, "proposal_hours": 24},
    }


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _model(folder: Path, trained: Trained) -> dict[str, Any]:
    recipe = trained.recipe
    return {
        "name": recipe.name,
        "version": recipe.version,
        "policy": recipe.policy,
        "aliases": [recipe.alias],
        "artifact": artifact(trained),
        "sha256": digest(folder / artifact(trained)),
        "threshold": trained.threshold,
        "guideline_version": _MODEL_GUIDELINE,
        "trained_on": "train@2026-06",
        "released": recipe.released.isoformat(),
    }


def _dataset(folder: Path, built: Built) -> dict[str, Any]:
    key = f"{built.name}@{built.version}"
    kind, gold_version, guideline_version = _VERSIONS[key]
    cluster = {"cluster": "cluster"} if (built.items.cluster != "").any() else {}
    return {
        "name": built.name,
        "version": built.version,
        "kind": kind,
        "path": data_file(built),
        "digest": digest(folder / data_file(built)),
        "rows": len(built.items),
        "features": list(FEATURES),
        "label": "label",
        "item": "item_id",
        **cluster,
        "gold_version": gold_version,
        "guideline_version": guideline_version,
        "counts_of": "items",
        "as_of": built.as_of.isoformat(),
        "dimensions": _present(built),
        "card": dict(card(key, f"{oldest(built.items).isoformat()} to {built.as_of.isoformat()}")),
    }


def _labels(folder: Path, labels: Rated) -> dict[str, Any]:
    return {
        "name": raters.NAME,
        "version": raters.VERSION,
        "dataset": raters.GOLD_OF,
        "path": labels_file(),
        "digest": digest(folder / labels_file()),
        "rows": len(labels.items),
        "raters": list(causes.RATERS),
        "classes": ["0", "1"],
        "ordinal": False,
        "gold": "gold",
        "guideline_version": "4.3",
        "as_of": raters.RATERS_DAY.isoformat(),
        "dimensions": {
            name: [value for value in DIMENSIONS[name] if np.any(getattr(labels.items, name) == value)]
            for name in raters.DIMENSIONS
        },
        "traits": {"vendors": dict(causes.RATERS), "gold_version": _VERSIONS[raters.GOLD_OF][1], "enriched": True},
    }


def _present(built: Built) -> dict[str, list[str]]:
    """The values that occur, in the order of their declaration."""
    values = {name: getattr(built.items, name) for name in DIMENSIONS if name != "age"}
    values["age"] = built.items.age(built.as_of)
    return {name: [value for value in DIMENSIONS[name] if np.any(values[name] == value)] for name in DIMENSIONS}
