"""Questions with the sections that answer them: read from files that people wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "questions" / "retrieval"


@dataclass(frozen=True)
class Asked:
    """One question. `grades` maps section ids to 2 (answers it) or 1 (helps); `half` is `tune`, `report` or empty."""

    ask: str
    grades: Mapping[str, int] = field(default_factory=dict)
    lang: str = "en"
    kind: str = ""
    half: str = ""


@dataclass(frozen=True)
class Collection:
    """Questions over the documents of one folder. `missing` says which packages the folder would be made from."""

    name: str
    folder: Path
    asked: Sequence[Asked]
    missing: str = ""


def read(name: str, half: str = "") -> list[Asked]:
    """The questions of a file of the folder; `half` is what its entries belong to where they do not say."""
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        return []
    return [_asked(entry, half) for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []]


def _asked(entry: dict[str, Any], half: str) -> Asked:
    grades = {**dict.fromkeys(entry.get("also") or (), 1), **dict.fromkeys(entry.get("sections") or (), 2)}
    return Asked(
        ask=str(entry["ask"]),
        grades={str(section): grade for section, grade in grades.items()},
        lang=str(entry.get("lang", "en")),
        kind=str(entry.get("kind", "")),
        half=str(entry.get("half", half)),
    )
