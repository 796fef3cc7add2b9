"""A language model that says what a test tells it to: a queue of messages, errors and functions."""

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.tool import tool_call
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

NAME = "scripted:model"
Step = AIMessage | Exception | Callable[[list[BaseMessage]], AIMessage]


class ScriptedModel(BaseChatModel):
    """Takes one step of the queue a call; with `forever` the last step is repeated. Keeps all that it was sent."""

    steps: list[Any]
    forever: bool = False
    seen: list[list[BaseMessage]] = Field(default_factory=list)
    schemas: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @property
    def calls(self) -> int:
        """How often it was called."""
        return len(self.seen)

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        """The same model: the queue goes on. The schemas are what a provider would be sent."""
        self.schemas[:] = [convert_to_openai_tool(tool) for tool in tools]
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.seen.append([message.model_copy(deep=True) for message in messages])
        if not self.steps:
            raise RuntimeError("nothing is scripted for this call")
        step = self.steps[0] if self.forever and len(self.steps) == 1 else self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        message = step if isinstance(step, AIMessage) else step(messages)
        # A copy with an id of its own, as a provider gives: the graph replaces messages of the same id.
        fresh = message.model_copy(deep=True, update={"id": f"said-{self.calls}"})
        for number, call in enumerate(fresh.tool_calls):
            call["id"] = f"call-{self.calls}-{number}"
        return ChatResult(generations=[ChatGeneration(message=fresh)])


def says(text: str) -> AIMessage:
    """A draft."""
    return AIMessage(text)


def calls(*wanted: tuple[str, dict[str, Any]]) -> AIMessage:
    """Calls of tools, in one message."""
    return AIMessage(
        "", tool_calls=[tool_call(name=name, args=args, id=str(at)) for at, (name, args) in enumerate(wanted)]
    )
