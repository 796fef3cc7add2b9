"""Wiring: the only module that knows everybody. It builds Steward from settings, and opens parts as they are needed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from bot.access.audit import Audit
from bot.access.escalation import escalation_text, needs_escalation, route_of
from bot.approvals import Approvals, Decision, Progress, Verdict
from bot.guidelines import open_guidelines
from bot.settings import Settings
from bot.team import Team, read_team
from knowledge import Knowledge, KnowledgeError, Loaded
from knowledge.index.dense import Store
from knowledge.index.embeddings import load as load_embedder
from tools.errors import SetupError
from tools.guidelines.search import OTHERS
from tools.jobs.dbos_engine import DbosEngine
from tools.store.database import connect, migrate
from tools.toolbox import TOOLS
from tools.workspace import Defaults, Limits, Workspace

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from bot.agent.answer import Answer
    from bot.agent.assistant import Assistant
    from bot.agent.question import Question

PROMPT = Path(__file__).parent / "agent" / "prompts" / "system.md"


class Steward:
    """One installation, opened: the desk that every surface talks to."""

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        embedder: Callable[[], Loaded] = load_embedder,
        model: "tuple[str, BaseChatModel] | None" = None,
        *,
        lasting: bool = False,
    ) -> None:
        """Open a home.

        Args:
            embedder: loads the embedding model, at first use.
            model: a language model with its name, instead of the one that the settings name.
            lasting: the process stays, as `serve` does, and so owns the vector store.

        Raises:
            SetupError: it is not set up, or what lies there is damaged; says what to do.
        """
        self.settings, self.now, self.home = settings, now, settings.home
        self._embedder, self._model, self._lasting = embedder, model, lasting
        team = self.team()
        if not settings.database_url and not (self.home / "steward.db").is_file():
            # SQLite would make an empty one by looking, and everything would seem to be gone.
            raise SetupError(f"The database {self.home / 'steward.db'} is missing. Restore it, or run `steward init`.")
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
            people=lambda: frozenset(name for one in self.team().people for name in (one.id, one.name) if name),
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
        return open_guidelines(self.settings, lambda: self.embedding, lasting=self._lasting)

    @cached_property
    def embedding(self) -> Loaded:
        """The packaged embedding model, of the planner and (unless the settings name another) of the guidelines."""
        return self._embedder()

    def expect_question(self) -> None:
        """Start the embedding model beside the imports of the agent: it works outside Python's lock."""

        def start() -> None:
            with suppress(Exception):  # whatever it is, the question itself will say it
                if embedder := self.embedding.embedder:
                    embedder.embed_query("question")

        Thread(target=start, name="steward-embedder").start()

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
        named = self._model
        if named is None and (model := load_model(self.settings)):
            named = self.settings.model, model
        return Assistant(
            self.workspace,
            self.team,
            list(TOOLS),
            Planner(reader=reader),
            named,
            PROMPT.read_text("utf-8"),
            self.audit,
        )

    def warm(self) -> None:
        """Load now what the first question would wait for; guidelines that are not there yet wait for nobody."""
        self.assistant.warm()
        with suppress(KnowledgeError):
            self.knowledge.warm()

    def answer(self, question: "Question") -> "Answer":
        """Answer one question.

        Raises:
            SetupError: the language model that the settings name cannot be used.
        """
        try:
            assistant = self.assistant
        except Exception:
            if needs_escalation(question.text):
                return escalation(self.home)
            raise
        return assistant.answer(question)

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
        try:
            hits = self.knowledge.find(text, limit=1, excluded=OTHERS).hits
        except KnowledgeError:
            return 0.0
        return max(0.0, hits[0].similarity or 0.0) if hits else 0.0


def escalation(home: Path | None) -> "Answer":
    """The escalation answer (R22) where nothing can be opened but, at best, the team file."""
    from bot.agent.answer import Answer

    return Answer(id="", kind="escalation", text=escalation_text(route_of(home)), model="fixed")


@contextmanager
def opened(settings: Settings, *, lasting: bool = False) -> Iterator[Steward]:
    """Steward, closed at the end of the block."""
    steward = Steward(settings, lasting=lasting)
    try:
        yield steward
    finally:
        steward.close()


def data_root(home: Path) -> Path:
    """Where models, datasets and predictions lie."""
    return home / "data"


def open_knowledge(home: Path, embedder: Callable[[], Loaded] = load_embedder, store: Store = "auto") -> Knowledge:
    """The guidelines of a home."""
    return Knowledge(home / "knowledge", embedder=embedder, store=store)
