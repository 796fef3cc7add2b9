"""Repeats: a model that makes a call it has the answer to is stuck; the turn ends with what the tools returned."""

from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain.agents.middleware.types import hook_config
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.runtime import Runtime

from bot.agent.turn import Turn


class Repeats(AgentMiddleware[AgentState[Any], Turn, Any]):
    """Ends the turn when every call of a message was made before in this turn and answered without an error."""

    @hook_config(can_jump_to=["end"])
    def after_model(self, state: AgentState[Any], runtime: Runtime[Turn]) -> dict[str, Any] | None:
        """Compare the calls of the newest message with those that were answered."""
        *before, last = state["messages"]
        if not isinstance(last, AIMessage) or not last.tool_calls:
            return None
        answered = _answered(before)
        if all((call["name"], call["args"]) in answered for call in last.tool_calls):
            return {"jump_to": "end"}
        return None


def _answered(messages: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    """The calls since the last question that a tool answered."""
    start = max((at for at, m in enumerate(messages) if isinstance(m, HumanMessage)), default=0)
    turn = messages[start:]
    good = {m.tool_call_id for m in turn if isinstance(m, ToolMessage) and m.status != "error"}
    calls = [call for m in turn if isinstance(m, AIMessage) for call in m.tool_calls]
    return [(call["name"], call["args"]) for call in calls if call["id"] in good]
