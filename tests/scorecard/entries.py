"""Questions for the sample workspace that words alone settle, and answers that nobody had to compute."""

from typing import Any

from bot.agent.answer import Answer
from bot.scorecard import Entry
from bot.scorecard.scoring import Scored, loose, mistake
from tools.results import Result

RECALL = "recall of bullying-text v7"
BY_LANGUAGE = "recall of bullying-text v7 by language"
WHOSE = "what's our recall?"  # two policies, so it is asked back which
CONTENT = "show me 3 examples the model missed"


def entry(ask: str, *expect: dict[str, Any], group: str = "metric", thread: str = "a", line: int = 1) -> Entry:
    """A question with what is expected."""
    return Entry.model_validate({"group": group, "thread": thread, "ask": ask, "expect": list(expect), "line": line})


def metrics(**query: Any) -> dict[str, Any]:
    """Expects `query_metrics` with this in its query."""
    return {"tool": "query_metrics", "query": query}


def answered(text: str = "", **query: Any) -> Answer:
    """An answer of `query_metrics` for a query; its result says 0.845."""
    result = Result(tool="query_metrics", headline="Recall 0.845 (457 of 541).", query=query)
    return Answer(id="1", kind="answer", text=text or result.headline, results=(result,), model="planner")


def refused() -> Answer:
    """An answer that shows nothing."""
    return Answer(id="2", kind="refusal", text="I don't show content.", model="fixed")


def scored(asked: Entry, given: Answer, elapsed_ms: float = 1.0, offered: str = "") -> Scored:
    """A question with an answer that took so long."""
    tool = bool(given.results and given.results[0].tool in asked.tools) if asked.tools else None
    timed = given.model_copy(update={"elapsed_ms": elapsed_ms})
    return Scored(asked, timed, mistake(asked, given), tool, offered, loose(asked.ask, given))
