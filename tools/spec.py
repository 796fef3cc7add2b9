"""ToolSpec: one capability, declared in one place.

From these declarations come a language model's schemas, the planner's understanding, the help and suggested prompts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from tools.arguments import Arguments
from tools.results import Result
from tools.workspace import Call

A = TypeVar("A", bound=Arguments)

EVERYONE = frozenset({"viewer", "intern", "annotator", "qa-lead", "strategist", "policy", "admin"})
OPERATORS = frozenset({"qa-lead", "strategist", "admin"})


@dataclass(frozen=True)
class Example:
    """A question a person would type and the arguments it means; the planner learns the tool from these."""

    ask: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ToolSpec(Generic[A]):
    """A tool: `effect` is `read`, or `propose` when its result is a card for a person to press.

    `topic` is the few words of help it appears under; `roles` may use it, everyone else is refused (R10).
    """

    name: str
    summary: str
    topic: str
    arguments: type[A]
    run: Callable[[A, Call], Result]
    examples: tuple[Example, ...]
    effect: Literal["read", "propose"] = "read"
    roles: frozenset[str] = EVERYONE
    needs: Literal["data", "guidelines", "nothing"] = "data"
