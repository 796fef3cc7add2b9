"""A desk that says what a test tells it to: the boundary behind which the rest of Steward stands."""

import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, create_engine, event

from bot.agent.answer import Answer
from bot.agent.question import Question
from bot.approvals import Decision, Progress, Verdict
from bot.slack.timing import Timing
from tools.results import ProposalCard
from tools.store.tables import Table

QUICK = Timing(
    lease=1.2,
    sweep=0.2,
    answer=5.0,
    poll=0.03,
    edit=0.1,
    retry=0.05,
    retry_most=0.2,
    drain=2.0,
    ping=0.3,
    cache=300.0,
    status=1.0,
)

CARD = ProposalCard(
    id="3f2a9c",
    kind="eval",
    title="Proposed: evasion suite on bullying-text@v8",
    facts={"items": "21,560", "shards": "4"},
    needs_second_person=True,
    expires="in 24 h",
)


def said(text: str, **more: object) -> Answer:
    """An answer with this text."""
    return Answer.model_validate({"id": "a1", "kind": "answer", "text": text, "model": "planner", **more})


def database(path: Path) -> Engine:
    """An SQLite engine on a file that several processes may use, with its tables."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def pragmas(connection: object, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]

    Table.metadata.create_all(engine)
    return engine


class ScriptedDesk:
    """Records every question; answers with `script`, holds answers while `gate` is closed, decides once."""

    def __init__(self, engine: Engine, script: Callable[[Question], Answer] | None = None) -> None:
        self.engine = engine
        self.script = script or (lambda question: said(f"You asked: {question.text}"))
        self.questions: list[Question] = []
        self.decisions: list[tuple[str, Verdict, str]] = []
        self.approvers = {"U0BEN"}
        self.gate = threading.Event()
        self.gate.set()
        self.steps = [
            Progress("r77", "queued", 0, 4, ""),
            Progress("r77", "running", 1, 4, ""),
            Progress("r77", "running", 3, 4, ""),
            Progress("r77", "done", 4, 4, "**Recall 0.74** (740 of 1,000) on the evasion suite."),
        ]
        self.readings = 0
        self.readings_a_step = 3
        self.failing_decisions = 0
        self.failing_readings = 0
        self._verdict: Verdict | None = None
        self._lock = threading.Lock()

    def answer(self, question: Question) -> Answer:
        """Answer by the script, once the gate is open."""
        with self._lock:
            self.questions.append(question)
        self.gate.wait(20)
        return self.script(question)

    def decide(self, proposal_id: str, verdict: Verdict, person: str) -> Decision:
        """The first allowed press decides; `already` for every later one."""
        with self._lock:
            if self.failing_decisions:
                self.failing_decisions -= 1
                raise RuntimeError("database gone")
            if proposal_id != CARD.id:
                return Decision("unknown", "I do not know this proposal.")
            if person not in self.approvers:
                return Decision("forbidden", "You may not decide this proposal: it needs a second person.")
            run = "r77" if (self._verdict or verdict) == "approve" else None
            if self._verdict:
                return Decision("already", "This proposal was decided already.", run)
            self._verdict = verdict
            self.decisions.append((proposal_id, verdict, person))
            return Decision("approved" if verdict == "approve" else "rejected", "Decided.", run)

    def progress(self, run_id: str) -> Progress:
        """One step further each few readings."""
        with self._lock:
            if self.failing_readings:
                self.failing_readings -= 1
                raise OSError("database busy")
            step = min(self.readings // self.readings_a_step, len(self.steps) - 1)
            self.readings += 1
            return self.steps[step]
