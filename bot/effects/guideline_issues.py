"""Guideline issues: an approved one is stored and written to a file of the home, once; nothing is sent."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.effects.effect import Step
from knowledge import KnowledgeError
from tools.guidelines.gaps import ROLES
from tools.guidelines.issues import FOLDER, record_issue, write_issue
from tools.store.tables import Proposal
from tools.workspace import Workspace

log = structlog.get_logger("steward.issues")


class GuidelineIssues:
    """Writes the issue to the owner whom the card named."""

    roles = ROLES

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folder = workspace.root.parent / FOLDER  # the data root lies in the home

    def prepare(self, row: Proposal) -> Step | str:
        """The row to store, if the section is still the one that was shown: a new version may have answered it."""
        shown = row.arguments
        try:
            section = self._workspace.knowledge().section(shown["section"], today=self._workspace.now().date())
        except KnowledgeError as error:
            return f"The guidelines cannot be read now, so this cannot be approved yet: {error}"
        if section is None or (section.version, section.owner) != (shown["version"], shown["owner"]):
            return "The guideline has changed since this was proposed. Ask me again."
        return lambda session, person, now: record_issue(session, row, person, now)

    def finish(self, row: Proposal) -> str:
        """Write the file, unless it was written; say where it is and whose."""
        try:
            issue = write_issue(self._workspace.engine, self._folder, row.id, self._workspace.now())
        except (OSError, SQLAlchemyError) as error:
            log.error("issue not written", proposal=row.id, error=type(error).__name__)
            return f"Its file in {FOLDER}/ cannot be written now ({type(error).__name__}); press again to write it."
        return f"The issue to {issue.owner} is in {FOLDER}/{row.id}.md; nothing was sent." if issue else ""
