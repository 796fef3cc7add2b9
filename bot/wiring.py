"""Wiring: the only module that knows everybody. It builds Steward from settings, and opens parts as they are needed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from bot.access.audit import Audit
from bot.approvals import Approvals, Decision, Progress, Verdict
from bot.settings import Settings
from bot.team import Team, read_team
from knowledge import Knowledge, Loaded
from knowledge.embeddings import load as load_embedder
from tools.errors import SetupError
from tools.jobs.dbos_engine import DbosEngine
from tools.store.database import connect, migrate
from tools.toolbox import TOOLS
from tools.workspace import Defaults, Limits, Workspace

if TYPE_CHECKING:
    from bot.agent.answer import Answer
    from bot.agent.assistant import Assistant
    from bot.agent.question import Question

PROMPT = Path(__file__).parent / "agent" / "prompts" / "system.md"


class Steward:
    """One installation, opened: the desk that every surface talks to."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open a home.

        Raises:
            SetupError: it is not set up, or what lies there is damaged; says what to do.
        """
        self.settings, self.now, self.home = settings, now, settings.home
        team = self.team()
        self.engine: Engine = connect(settings.database)
        try:
            migrate(self.engine)
        except SetupError:
            self.engine.dispose()
            raise
        self.workspace = Workspace(
            engine=self.engine,
            root=data_root(self.home),
            knowledge=lambda: self.knowledge,
            now=now,
            defaults=Defaults(team.defaults.model, team.defaults.dataset),
            limits=Limits(team.limits.second_person_above_items, team.limits.proposal_hours),
        )
        self.audit = Audit(self.engine, now)
        self.jobs = DbosEngine(self.engine, self.workspace.root, settings.jobs, now, self.home / "jobs.lock")
        self.approvals = Approvals(self.workspace, self.team, self.audit, self.jobs)

    def team(self) -> Team:
        """The team file as it stands now."""
        return read_team(self.home)

    @cached_property
    def knowledge(self) -> Knowledge:
        """The guidelines; opened at the first question about them."""
        return open_knowledge(self.home, lambda: self.embedding)

    @cached_property
    def embedding(self) -> Loaded:
        """The embedding model, shared by the guidelines and the planner; loaded at first use."""
        return load_embedder()

    @cached_property
    def assistant(self) -> "Assistant":
        """The assistant; LangChain is imported only here."""
        from bot.agent.assistant import Assistant
        from bot.agent.models import load_model
        from bot.agent.planner import Planner
        from bot.agent.understanding.reader import Reader

        reader = Reader(
            TOOLS,
            lambda: self.workspace.catalog,
            self.relevance,
            lambda: self.embedding.embedder,
            self.home / "knowledge" / "examples.npz",
        )
        model = load_model(self.settings)
        return Assistant(
            self.workspace,
            self.team,
            list(TOOLS),
            Planner(reader=reader),
            (self.settings.model, model) if model else None,
            PROMPT.read_text("utf-8"),
            self.audit,
        )

    def answer(self, question: "Question") -> "Answer":
        """Answer one question."""
        return self.assistant.answer(question)

    def decide(self, proposal_id: str, verdict: Verdict, person: str) -> Decision:
        """Decide a proposal, once."""
        return self.approvals.decide(proposal_id, verdict, person)

    def progress(self, run_id: str) -> Progress:
        """How far a run is."""
        return self.approvals.progress(run_id)

    def close(self) -> None:
        """Let everything go."""
        self.jobs.close()
        if "knowledge" in self.__dict__:
            self.knowledge.close()
        self.engine.dispose()

    def relevance(self, text: str) -> float:
        """How near the guidelines come to a text: the cosine of the nearest section, 0 where there is none to ask."""
        from knowledge import KnowledgeError

        try:
            hits = self.knowledge.search(text, limit=1)
        except KnowledgeError:
            return 0.0
        return max(0.0, hits[0].similarity or 0.0) if hits else 0.0


@contextmanager
def opened(settings: Settings) -> Iterator[Steward]:
    """Steward, closed at the end of the block."""
    steward = Steward(settings)
    try:
        yield steward
    finally:
        steward.close()


def data_root(home: Path) -> Path:
    """Where models, datasets and predictions lie."""
    return home / "data"


def open_knowledge(home: Path, embedder: Callable[[], Loaded] = load_embedder) -> Knowledge:
    """The guidelines of a home."""
    return Knowledge(home / "knowledge", embedder=embedder)
