"""The runs that an import makes: set aside until every one of them is whole, then put in place in one transaction."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tools.catalog import ModelEntry
from tools.errors import SetupError
from tools.evals.identity import predictions_folder
from tools.evals.scan import scan_predictions
from tools.importers.confusion import confusion_cells
from tools.importers.joined import Joined
from tools.importers.request import BINARY
from tools.runs import evaluated, list_entries
from tools.store.session import writing
from tools.store.tables import ConfusionCell, Model, Run, RunCell


@dataclass(frozen=True)
class ImportedRun:
    """A run that an import made, or found done already (`new` is false then)."""

    run: str
    model: str
    dataset: str
    rows: int
    threshold: float
    new: bool


@dataclass(frozen=True)
class PlannedRun:
    """A run to be, of the model at one place of the import; `predictions` tells them from any others."""

    at: int
    id: str
    predictions: str
    new: bool


@dataclass(frozen=True)
class PreparedRun:
    """A run that only has to be put in place: its folder of predictions, and its cells as rows of their table."""

    planned: PlannedRun
    folder: Path
    cells: list[dict[str, Any]]


class Writing:
    """The writing of one import: its runs planned, prepared one by one, and committed all together."""

    def __init__(
        self, engine: Engine, root: Path, joined: Joined, thresholds: Sequence[float], known: Mapping[str, ModelEntry]
    ) -> None:
        """`thresholds` are in the order of the models; `known` are the registered models by id."""
        self._engine, self._root, self._joined = engine, root, joined
        self._wanted, self._dataset = joined.wanted, joined.dataset
        self._thresholds, self._known = thresholds, known

    def plan(self) -> list[PlannedRun]:
        """The run of each model; one that is there already is not new.

        Raises:
            SetupError: a model has a run with other predictions, or its name could not be told from another one's.
        """
        planned = []
        for at, (model, predictions) in enumerate(zip(self._wanted.models, self._joined.digests(), strict=True)):
            near = next((id for id in self._known if id != model.id and id.lower() == model.id.lower()), None)
            if near:
                raise SetupError(
                    f"{model.name} {model.version} could not be told from {near.replace('@', ' ')}. Choose another"
                    " name or version."
                )
            run = self._run_id(at, predictions)
            there = [
                entry.id
                for entry in list_entries(self._engine, model.id, self._dataset.id, "done")
                if entry.parameters.get("dataset_digest") == self._dataset.digest
            ]
            if any(entry != run for entry in there):
                raise SetupError(
                    f"{model.name} {model.version} has a run on {self._dataset.label} already, with other predictions"
                    f" ({there[0]}). Other predictions are another version: name it with --version."
                )
            planned.append(PlannedRun(at, run, predictions, new=not there))
        return planned

    def prepare(self, planned: PlannedRun, aside: Path) -> PreparedRun:
        """Write the predictions of one run aside and count them."""
        folder = aside / planned.id
        folder.mkdir()
        path, dimensions = folder / "00000.parquet", list(self._dataset.dimensions)
        self._joined.write(planned.at, path)
        if self._several:
            return PreparedRun(planned, folder, confusion_cells(path, dimensions, planned.id))
        return PreparedRun(planned, folder, [cell.row(planned.id) for cell in scan_predictions(path, dimensions)])

    def commit(self, planned: Sequence[PlannedRun], prepared: Sequence[PreparedRun], now: datetime, by: str) -> None:
        """Put the predictions in their place and write every run, in one transaction.

        Predictions without a run, left by a process that was killed before its commit, are written over.

        Raises:
            SetupError: another process imports the same at this moment.
        """
        table = ConfusionCell if self._several else RunCell
        try:
            with writing(self._engine) as session:
                for one in prepared:
                    self._add_model(session, one.planned.at, now.date())
                    session.add(self._run(one.planned, now, by))
                    session.flush()
                    session.execute(insert(table), one.cells)
                for one in prepared:
                    target = predictions_folder(self._root) / one.planned.id
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.rmtree(target, ignore_errors=True)
                    one.folder.replace(target)
        except IntegrityError as error:
            raise SetupError("Somebody else imports these predictions right now. Import them again.") from error

    def result(self, planned: PlannedRun) -> ImportedRun:
        """What the import says of a run."""
        model = self._wanted.models[planned.at].id
        threshold = self._thresholds[planned.at]
        return ImportedRun(planned.id, model, self._dataset.id, self._joined.source.rows, threshold, planned.new)

    @property
    def _several(self) -> bool:
        return len(self._wanted.classes) > len(BINARY)

    def _run_id(self, at: int, predictions: str) -> str:
        dataset, model = self._dataset, self._wanted.models[at].id
        what = [model, self._thresholds[at], dataset.id, dataset.digest, sorted(dataset.dimensions), predictions]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:10]

    def _add_model(self, session: Session, at: int, today: date) -> None:
        """Register the model, unless it is."""
        model = self._wanted.models[at]
        if session.get(Model, model.id) is None:
            entry = self._entry(at, today)
            session.add(
                Model(
                    id=entry.id, name=entry.name, version=entry.version, policy=entry.policy, aliases=[], artifact="",
                    sha256=entry.sha256, threshold=entry.threshold, guideline_version=entry.guideline_version,
                    trained_on=None, released=entry.released,
                )
            )  # fmt: skip
            session.flush()

    def _entry(self, at: int, today: date) -> ModelEntry:
        model = self._wanted.models[at]
        return self._known.get(model.id) or ModelEntry(
            model.id, model.name, model.version, self._wanted.policy or model.name, (), "", _no_artifact(model.id),
            self._thresholds[at], self._wanted.guideline_version, None, today,
        )  # fmt: skip

    def _run(self, planned: PlannedRun, now: datetime, by: str) -> Run:
        entry, rows = self._entry(planned.at, now.date()), self._joined.source.rows
        what = {
            "imported": self._joined.source.name, "predictions": planned.predictions,
            "scored": self._wanted.models[planned.at].score is not None, "items": rows, "of": self._dataset.rows,
        }  # fmt: skip
        return Run(
            id=planned.id, model_id=entry.id, dataset_id=self._dataset.id, threshold=self._thresholds[planned.at],
            parameters=evaluated(entry, self._dataset) | what, status="done", rows=rows, shards=1, error=None,
            requested_by=by, created_at=now, finished_at=now,
        )  # fmt: skip


def _no_artifact(model: str) -> str:
    """What stands for the hash of a model file where there is none: the same for every run of the model."""
    return hashlib.sha256(f"imported:{model}".encode()).hexdigest()
