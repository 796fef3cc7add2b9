"""Evaluations: an approved one is queued, as exactly the run that was shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.effects.effect import Step
from tools.evals.identity import run_id
from tools.jobs.engine import JobEngine
from tools.runs import request_run
from tools.spec import OPERATORS
from tools.store.tables import Proposal
from tools.workspace import Workspace


class Evaluations:
    """Queues the run, and wakes the job engine."""

    roles = OPERATORS

    def __init__(self, workspace: Workspace, jobs: JobEngine) -> None:
        self._workspace, self._jobs = workspace, jobs

    def prepare(self, row: Proposal) -> Step | str:
        """The run to queue; another model file, threshold or dataset than was shown is another evaluation."""
        catalog, wanted = self._workspace.catalog, row.arguments
        model = next((m for m in catalog.models if m.id == wanted["model"]), None)
        dataset = next((d for d in catalog.datasets if d.id == wanted["dataset"]), None)
        if model is None or dataset is None or run_id(model, dataset) != wanted["run"]:
            return "The model or the dataset has changed since this was proposed. Ask me again."

        def queue(session: Session, person: str, now: datetime) -> None:
            request_run(session, model, dataset, wanted["shards"], person, now)

        return queue

    def finish(self, row: Proposal) -> str:
        """Look for it now; the card then tells the run's progress."""
        self._jobs.nudge()
        return ""
