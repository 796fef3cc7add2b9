"""Desk: the narrow port behind which everything that answers and decides stands."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Engine

from bot.agent.answer import Answer
from bot.agent.question import Question
from bot.approvals import Decision, Progress, Verdict

T = TypeVar("T")

ANSWERS = 16  # answers computed at once; the rest wait their turn
ERRANDS = 4


class Desk(Protocol):
    """What the Slack surface needs of Steward. Every method may take seconds and is called from threads."""

    @property
    def engine(self) -> Engine:
        """The database that holds the `messages` table."""
        ...

    def answer(self, question: Question) -> Answer:
        """Answer one question."""
        ...

    def decide(self, proposal_id: str, verdict: Verdict, person: str) -> Decision:
        """Decide a proposal, once. `already` carries the `run_id` of an approved proposal too."""
        ...

    def progress(self, run_id: str) -> Progress:
        """How far a run is."""
        ...


class Front:
    """The desk for coroutines.

    Answers have threads of their own: with the event loop's six default threads, six slow answers would hold up
    the claims, and with them the acknowledgement of every later event.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answers = ThreadPoolExecutor(ANSWERS, thread_name_prefix="slack-answer")
        self._errands = ThreadPoolExecutor(ERRANDS, thread_name_prefix="slack-errand")

    async def answer(self, question: Question) -> Answer:
        """Answer one question, off the event loop."""
        return await self._run(self._answers, lambda: self._desk.answer(question))

    async def decide(self, proposal_id: str, verdict: Verdict, person: str) -> Decision:
        """Decide a proposal, off the event loop."""
        return await self._run(self._errands, lambda: self._desk.decide(proposal_id, verdict, person))

    async def progress(self, run_id: str) -> Progress:
        """Read the progress of a run, off the event loop."""
        return await self._run(self._errands, lambda: self._desk.progress(run_id))

    def close(self) -> None:
        """Take no more work; what runs in a thread ends by itself."""
        self._answers.shutdown(wait=False, cancel_futures=True)
        self._errands.shutdown(wait=False, cancel_futures=True)

    @staticmethod
    async def _run(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, work)
