"""Grounding (R15, R17): every number and every quote of a draft stands in this turn's results or in the question.

If not, one repair with the offending pieces named; if that fails too, the deterministic rendering is sent. The second
control: the results' own lines (k/n, interval, provenance) are appended by code, whatever the model wrote.
"""

import re
from collections.abc import Iterable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain.agents.middleware.types import hook_config
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.runtime import Runtime

from bot.agent.middleware.figures import Grounds, figures
from bot.agent.planner import NAME as PLANNER
from bot.agent.turn import Turn

_CODE = re.compile(
    r"\b(?:[A-Z]{2,5}-\d+|v\d+(?:\.\d+)*(?:-rc\w*)?)\b"
)  # a label or version counts whole, not by its digits
_QUOTE = re.compile(r"[\"“„«]([^\"”“»]{12,})[\"”“»]|^>\s*(.{12,})$", re.MULTILINE)
_WORDS = re.compile(
    r"\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty"
    r"|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|half|halved|twice"
    r"|double[ds]?|triple[ds]?|thirds?|quarters?)\b",
    re.IGNORECASE,
)
UNGROUNDED = "The draft of the language model did not match the results, so this is the computed answer alone."


class Grounding(AgentMiddleware[AgentState[Any], Turn, Any]):
    """After each model call that ends the turn, check the draft against what the tools returned."""

    @hook_config(can_jump_to=["model"])
    def after_model(self, state: AgentState[Any], runtime: Runtime[Turn]) -> dict[str, Any] | None:
        """Ask for one repair, or mark the draft as failed (the assistant then renders the results)."""
        draft = state["messages"][-1]
        turn = runtime.context
        if not isinstance(draft, AIMessage) or draft.tool_calls:
            return None
        if draft.response_metadata.get("model_name") == PLANNER:
            turn.problems = []  # it writes nothing itself: results as rendered, or fixed words
            return None
        sources = sources_of(state["messages"], turn)
        offending = ungrounded(str(draft.text), sources)
        turn.problems = offending
        if not offending or turn.repaired:
            return None
        turn.repaired = True
        pieces = ", ".join(f"“{piece}”" for piece in offending[:10])
        repair = HumanMessage(
            f"These pieces of your answer stand neither in the tool results nor in the question: {pieces}. Write the"
            " answer again with numbers and quotes copied from the tool results only.",
            additional_kwargs={"repair": True},
        )
        return {"messages": [repair], "jump_to": "model"}


def sources_of(messages: Iterable[Any], turn: Turn) -> list[str]:
    """What a draft may rest on: the question and this turn's tool messages (since the last question)."""
    texts: list[str] = []
    for message in messages:
        if isinstance(message, HumanMessage) and not message.additional_kwargs.get("repair"):
            texts = []
        if isinstance(message, ToolMessage):
            texts.append(str(message.content))
    return [turn.question, *texts]


def ungrounded(draft: str, sources: list[str]) -> list[str]:
    """The numbers, number words, codes and quotes of a draft that no source contains; empty when all is grounded."""
    whole = "\n".join(sources)
    grounds = Grounds(whole)
    found = [figure.written for figure in figures(draft) if not grounds.allow(figure)]
    codes = {code.lower() for code in _CODE.findall(whole)}
    found += [code for code in _CODE.findall(draft) if code.lower() not in codes]
    words = {word.lower() for word in _WORDS.findall(whole)}
    found += [word for word in _WORDS.findall(draft) if word.lower() not in words]
    flat = _flat(whole)
    for match in _QUOTE.finditer(draft):
        piece = match.group(1) or match.group(2)
        if len(piece.split()) >= 4 and _flat(piece) not in flat:
            found.append(piece)
    return list(dict.fromkeys(found))


def _flat(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).lower().strip()
