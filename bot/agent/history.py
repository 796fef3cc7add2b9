"""The thread so far: turns in the database, handed to the model as messages; kept for a week (R21)."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from sqlalchemy import Engine, delete, select

from tools.results import Result
from tools.store.session import reading, writing
from tools.store.tables import Turn as TurnRow

KEPT = timedelta(days=7)
LOOK_BACK = 3  # turns a model sees: enough for follow-ups, little enough for a small model


class History:
    """Reads and writes the turns of threads."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def messages(self, thread: str) -> list[BaseMessage]:
        """The last turns of a thread as messages; a turn with a tool shows its resolved call and headline."""
        statement = (
            select(TurnRow)
            .where(TurnRow.thread == thread, TurnRow.at > self._now() - KEPT)
            .order_by(TurnRow.at.desc())
            .limit(LOOK_BACK)
        )
        with reading(self._engine) as session:
            turns = list(session.scalars(statement))
        messages: list[BaseMessage] = []
        for turn in reversed(turns):
            messages.append(HumanMessage(turn.question))
            for number, call in enumerate(turn.calls):
                id = f"{turn.id}-{number}"
                messages.append(AIMessage("", tool_calls=[tool_call(name=call["tool"], args=call["query"], id=id)]))
                messages.append(ToolMessage(call["headline"], tool_call_id=id, name=call["tool"]))
            messages.append(AIMessage(turn.answer))
        return messages

    def add(self, thread: str, asker: str, question: str, results: Sequence[Result], answer: str) -> None:
        """Keep a finished turn, and forget those older than a week."""
        calls: list[dict[str, Any]] = [
            {"tool": result.tool, "query": _without_empty(result.query), "headline": result.headline}
            for result in results
        ]
        with writing(self._engine) as session:
            session.execute(delete(TurnRow).where(TurnRow.at <= self._now() - KEPT))
            session.add(
                TurnRow(
                    id=secrets.token_hex(8),
                    thread=thread[:200],
                    asker=asker[:100],
                    at=self._now(),
                    question=question,
                    calls=calls,
                    answer=answer,
                )
            )


def _without_empty(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value not in (None, [], {}, "")}
