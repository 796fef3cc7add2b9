"""What an import of predictions is asked to do: the file, its models and columns, the dataset."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tools.errors import SetupError
from tools.importers.scores import Scaling

BINARY = ("0", "1")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")  # also a part of a file name
_LONGEST = 100  # characters of a policy, as the database has it


@dataclass(frozen=True)
class ScoredModel:
    """One model of the file: the column of its scores, of its decisions, or of both."""

    name: str
    version: str
    score: str | None = None
    decision: str | None = None

    @property
    def id(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"

    @property
    def columns(self) -> list[str]:
        """Its columns, the scores first."""
        return [name for name in (self.score, self.decision) if name]


@dataclass(frozen=True)
class Columns:
    """Which column of the file is what; several `ids` are one id together."""

    ids: tuple[str, ...]
    label: str
    slices: tuple[str, ...] = ()
    cluster: str | None = None
    weight: str | None = None

    @property
    def all(self) -> list[str]:
        """Every column named."""
        return [*self.ids, self.label, *self.slices, *(name for name in (self.cluster, self.weight) if name)]


@dataclass(frozen=True)
class PredictionsImport:
    """What to import: the file, its models and columns, the dataset, and how scores are read."""

    file: Path
    models: tuple[ScoredModel, ...]
    columns: Columns
    dataset: str
    dataset_version: str
    classes: tuple[str, ...] = BINARY
    threshold: float | None = None
    where: str = ""
    scaling: Scaling = field(default_factory=Scaling)
    partial: bool = False
    policy: str = ""
    kind: str = "golden"
    gold_version: str = "1"
    guideline_version: str = "unknown"

    @property
    def dataset_id(self) -> str:
        """`name@version`."""
        return f"{self.dataset}@{self.dataset_version}"


def check_request(wanted: PredictionsImport) -> None:
    """Refuse a request that names too little, too much, or what cannot be a name.

    Raises:
        SetupError: says what to name.
    """
    if not wanted.models:
        raise SetupError("Name at least one model with --model, --version and --score or --decision.")
    for model in wanted.models:
        if not model.columns:
            raise SetupError(f"Name the column of the scores or of the decisions of {model.name} {model.version}.")
    if len({model.id.lower() for model in wanted.models}) < len(wanted.models):
        raise SetupError("Two models of this import have the same name and version. Give each its own --version.")
    if len(wanted.classes) > len(BINARY) and any(model.score for model in wanted.models):
        raise SetupError("With more than two classes name the column of the predicted class: --decision, not --score.")
    if wanted.threshold is not None and not 0 <= wanted.threshold <= 1:
        raise SetupError("--threshold lies between 0 and 1.")
    _check_names(wanted)
    _check_columns(wanted)


def _check_names(wanted: PredictionsImport) -> None:
    names = [("--dataset", wanted.dataset), ("--dataset-version", wanted.dataset_version)]
    for model in wanted.models:
        names += [("--model", model.name), ("--version", model.version)]
    for option, name in names:
        if not _NAME.fullmatch(name):
            raise SetupError(f"{option} must be at most 64 letters, digits, dots, - and _, a letter or digit first.")
    if len(wanted.policy) > _LONGEST or not wanted.policy.isprintable():
        raise SetupError(f"--policy is at most {_LONGEST} characters on one line.")


def _check_columns(wanted: PredictionsImport) -> None:
    """An id, a slice and a cluster may be one column; what is counted or compared is a column of its own."""
    columns = wanted.columns
    if not columns.ids or not columns.label:
        raise SetupError("Name the columns of the ids and of the gold labels with --id and --label.")
    named = [*columns.all, *(name for model in wanted.models for name in model.columns)]
    own = [columns.label, columns.weight, *(name for model in wanted.models for name in model.columns)]
    twice = sorted({name for name in own if name and named.count(name) > 1})
    if twice:
        raise SetupError(f"Column(s) {', '.join(twice)} are named for two things. Name each once.")
