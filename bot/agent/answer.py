"""Answer: what the assistant returns for one question; `steward ask --json` prints exactly this."""

from typing import Any, Literal

from pydantic import Field

from tools.results import Citation, Frozen, ProposalCard, Result

Kind = Literal["answer", "clarify", "help", "refusal", "escalation", "error"]


class ToolCall(Frozen):
    """A tool the assistant ran for this answer, with the arguments it was given."""

    name: str
    arguments: dict[str, Any]


class Answer(Frozen):
    """One finished answer.

    `text` is Markdown and complete by itself: headline, tables, quotes, defaults used, caveats and provenance
    stand in it, so a surface may print it and nothing else. The other fields are the same as data.
    `choices` are ready questions to offer as buttons (asking back, suggested next steps).
    """

    id: str
    kind: Kind
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    results: tuple[Result, ...] = ()
    citations: tuple[Citation, ...] = ()
    caveats: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    proposals: tuple[ProposalCard, ...] = ()
    choices: tuple[str, ...] = ()
    model: str = Field(description="which chat model answered: `planner` or `provider:name`")
    elapsed_ms: float = 0.0
