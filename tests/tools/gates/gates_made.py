"""Gate files as a test writes them."""

from pathlib import Path
from typing import Any

import yaml

from tools.gates.rules import FILE

RULE: dict[str, Any] = {"name": "recall", "metric": "recall", "at_least": 0.8}


def write_gate(root: Path, *rules: dict[str, Any], **changed: Any) -> None:
    """Write a gate of these rules to a data folder."""
    gate = {"name": "release", "approver": "@owner", "dataset": "gold 1", "min_positives": 60, "rules": list(rules)}
    (root / FILE).write_text(yaml.safe_dump({"gates": [gate | changed]}), encoding="utf-8")
