"""The middleware of the agent, in order.

Budgets come first, so that nothing inside can loop past them. The fall-back wraps the model call alone: when the
language model fails, the planner answers that very call. Tool errors become messages before the model sees them.
A model that repeats itself is stopped. Grounding comes last, because it judges what the model finally said.
"""

from typing import Any

from langchain.agents.middleware import (
    AgentMiddleware,
    ModelCallLimitMiddleware,
    ModelFallbackMiddleware,
    ToolCallLimitMiddleware,
)
from langchain_core.language_models import BaseChatModel

from bot.agent.middleware.errors import tool_errors
from bot.agent.middleware.grounding import Grounding
from bot.agent.middleware.repeats import Repeats

MODEL_CALLS, TOOL_CALLS = 6, 4  # a turn; one call answers most questions, a repair and a mend need a few more


def stack(fallback: BaseChatModel | None) -> list[AgentMiddleware[Any, Any, Any]]:
    """All middleware; `fallback` is the planner where a language model is set."""
    return [
        ModelCallLimitMiddleware(run_limit=MODEL_CALLS, exit_behavior="error"),
        ToolCallLimitMiddleware(run_limit=TOOL_CALLS, exit_behavior="continue"),
        *([ModelFallbackMiddleware(fallback)] if fallback else []),
        tool_errors(),
        Repeats(),
        Grounding(),
    ]
