"""Errors of tools as messages: what the model can mend, it is told; what is a bug ends the turn."""

from typing import cast

from langchain.agents.middleware import ToolErrorMiddleware
from langgraph.prebuilt.tool_node import ToolCallRequest

from bot.agent.turn import Turn
from tools.errors import StewardError


def tool_errors() -> ToolErrorMiddleware:
    """A StewardError becomes a message to the model, and is kept in the turn; anything else is not caught."""

    def explain(error: Exception, request: ToolCallRequest) -> str | None:
        if not isinstance(error, StewardError):
            return None
        turn = cast(Turn, request.runtime.context)
        turn.errors.append(error)
        return str(error)

    return ToolErrorMiddleware(explain)
