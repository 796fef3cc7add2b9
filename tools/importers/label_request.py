"""What an import of rater labels is asked to do: the file, its columns, what the labels are called."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tools.errors import SetupError
from tools.importers.rater_names import judge_name, telling

MOST_CLASSES = 50  # a pattern of counts must fit its column in the database
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
# A slice by one of these would be one person's scores (R9) or a person's data (R7).
_TAKEN = {"item_id", "gold", "label", "judged", "row"}
_PERSONAL = {
    "rater", "raters", "annotator", "annotators", "labeler", "labeller", "coder", "reviewer", "worker", "moderator",
    "person", "user", "username", "user_id", "author", "email", "mail", "name",
}  # fmt: skip


@dataclass(frozen=True)
class LabelColumns:
    """Which column is what. Either a column a rater (`raters`), or one row a label (`rater` and `label`)."""

    item: str
    raters: tuple[str, ...] = ()
    rater: str = ""
    label: str = ""
    gold: str = ""
    slices: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The columns that hold raters' labels."""
        return self.raters or (self.label,)

    @property
    def all(self) -> list[str]:
        """Every column named."""
        named = [self.item, *self.raters, self.rater, self.label, self.gold, *self.slices]
        return [name for name in dict.fromkeys(named) if name]


@dataclass(frozen=True)
class LabelsImport:
    """The file, its columns and the label set they become.

    `dataset` is the id (`name@version`) of the registered dataset whose items were labelled: where the file names no
    slices or gold, they are taken from it. `judge` is the rater that is no person: a language model or a pre-label.
    """

    file: Path
    columns: LabelColumns
    name: str = "raters"
    version: str = "1"
    dataset: str = ""
    classes: tuple[str, ...] = ()
    ordinal: bool = False
    judge: str = ""
    guideline_version: str = ""
    where: str = ""
    as_of: date | None = None
    traits: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"

    def fingerprint(self, file: str) -> str:
        """What is imported and how, in one hash; `file` is the digest of the file."""
        columns = self.columns
        what = [
            file, columns.item, columns.raters, columns.rater, columns.label, columns.gold, columns.slices,
            self.dataset, self.classes, self.ordinal, self.judge, self.guideline_version, self.where,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def check_request(wanted: LabelsImport) -> None:
    """Refuse a request that names too little, or too much.

    Raises:
        SetupError: says what to name.
    """
    columns = wanted.columns
    if not columns.item:
        raise SetupError("Name the column of the item ids with --item.")
    if bool(columns.raters) == bool(columns.rater or columns.label):
        raise SetupError("Name either a column for each rater with --rater-columns, or --rater and --label.")
    if not columns.raters and not (columns.rater and columns.label):
        raise SetupError("With one row a label name both columns: --rater and --label.")
    named = [columns.item, *columns.raters, columns.rater, columns.label, columns.gold, *columns.slices]
    given = [name for name in named if name]
    twice = sorted({name for name in given if given.count(name) > 1})
    if twice:
        raise SetupError(f"Column(s) {', '.join(twice)} are named for two things. Each column is one.")
    for what, text in (("--name", wanted.name), ("--version", wanted.version)):
        if not _NAME.fullmatch(text):
            raise SetupError(f"{what} is at most 64 letters, digits, dots, - and _.")
    personal = sorted(name for name in columns.slices if name.lower() in _PERSONAL)
    if personal:
        raise SetupError(
            f"A slice by {', '.join(personal)} would be one person's scores (R9). Leave it out of --slices and of the"
            " file; who labelled is named by --rater or --rater-columns."
        )
    taken = sorted(name for name in columns.slices if name.lower() in _TAKEN)
    if taken:
        raise SetupError(f"A slice cannot be called {', '.join(taken)}. Call the column something else.")
    _check_raters(wanted)
    if len(wanted.classes) > MOST_CLASSES or len(set(wanted.classes)) < len(wanted.classes) or len(wanted.classes) == 1:
        raise SetupError(f"--classes names 2 to {MOST_CLASSES} labels, each once.")


def _check_raters(wanted: LabelsImport) -> None:
    """The raters that the request itself names; those of a column are checked when the file is read."""
    if wanted.judge and not judge_name(wanted.judge):
        raise SetupError("--judge is the rater that is a model: at most 64 letters, digits, dots, - and _.")
    raters = wanted.columns.raters
    if wanted.judge and raters and wanted.judge not in raters:
        raise SetupError(f"The judge {wanted.judge} is none of --rater-columns. Name its column there too.")
    names = telling(name for name in raters if name != wanted.judge)
    if names:
        raise SetupError(
            f"{len(names)} of the {len(raters)} columns in --rater-columns may name a person or stand for gold (the"
            f" first is number {raters.index(names[0]) + 1}). Call them rater_1, rater_2 and so on, and keep the table"
            " of names to yourself (R7, R9)."
        )
