"""A desk to ask at: one installation with a clock that a test moves and, if wanted, a language model of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from bot.agent.answer import Answer
from bot.agent.question import Question
from bot.settings import Settings
from bot.wiring import Steward
from knowledge.index.embeddings import Loader
from tests.agent.scripted import NAME
from tests.clock import Clock
from tests.knowledge.bags import alone


@dataclass(frozen=True)
class Desk:
    """Steward as people meet it; questions without a thread of their own share one."""

    steward: Steward
    clock: Clock

    def ask(self, text: str, asker: str = "ana", thread: str = "terminal:test", **more: Any) -> Answer:
        """Ask one question, a second after the one before."""
        self.clock.forward(seconds=1)
        return self.steward.answer(Question(text, asker, thread, **more))


@contextmanager
def open_desk(home: Path, clock: Clock, model: BaseChatModel | None = None, embedder: Loader = alone) -> Iterator[Desk]:
    """Open a home; without an embedder words alone are understood, which costs nothing to start."""
    steward = Steward(Settings(home=home), clock, embedder, (NAME, model) if model else None)
    try:
        yield Desk(steward, clock)
    finally:
        steward.close()
