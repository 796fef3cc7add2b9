"""One agent: a chat model, the toolbelt and the middleware, built at the first question."""

from threading import Lock
from typing import Any

import structlog
from langchain_core.language_models import BaseChatModel

from bot.agent.middleware.stack import stack
from bot.agent.toolbelt import toolbelt
from bot.agent.turn import Turn
from tools.spec import ToolSpec

log = structlog.get_logger("steward.agent")
STEPS = 60  # of the graph: far beyond what the budgets of model and tool calls allow


class Agent:
    """Runs turns; safe to share between threads.

    Args:
        fallback: answers a call that the model fails; None where the model is the planner itself.
    """

    def __init__(
        self, model: BaseChatModel, specs: list[ToolSpec[Any]], prompt: str | None, fallback: BaseChatModel | None
    ) -> None:
        self._model, self._specs, self._prompt, self._fallback = model, specs, prompt, fallback
        self._graph: Any = None
        self._lock = Lock()

    def warm(self) -> Any:
        """The compiled graph; built once, also when several threads ask first."""
        with self._lock:
            if self._graph is None:
                from langchain.agents import create_agent  # a CPU second to import: not before the first question

                self._graph = create_agent(
                    self._model,
                    toolbelt(self._specs),
                    system_prompt=self._prompt,
                    middleware=stack(self._fallback),
                    context_schema=Turn,
                )
            return self._graph

    def run(self, messages: list[Any], turn: Turn) -> list[Any]:
        """The messages that a turn adds. One cut off by its budget still gives what it found until then."""
        graph = self.warm()
        from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError

        state: dict[str, Any] = {"messages": messages}
        try:
            states = graph.stream(state, config={"recursion_limit": STEPS}, context=turn, stream_mode="values")
            for reached in states:
                state = reached
        except ModelCallLimitExceededError:
            log.info("turn cut off by its budget", calls=len(turn.results))
        return list(state["messages"][len(messages) :])
