"""The planner: the embedded chat model. Deterministic, no key, no network; it maps questions to tools.

To the agent it is a chat model like any other: it gets the messages and the bound tools, and returns a call or
text.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict

from bot.agent.copying import asks_to_copy
from bot.agent.understanding.intents import help_text, reply
from bot.agent.understanding.reader import FLOOR, MARGIN, SURE, Before, Reader, Reading
from bot.agent.understanding.strangers import Stranger

NAME = "planner"
OWN = "plan-"  # how the ids of its own calls begin


class Planner(BaseChatModel):
    """Chooses a tool by what the question is like and what it mentions; asks back where two readings stay close.

    What it says beside tool calls is marked in `additional_kwargs`: `kind` (answer, clarify, help, refusal), `choices`
    (ready questions to offer), `carried` (what it took over from the thread) and `unused` (what of the question the
    tool has no use for).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    reader: Reader
    bound: tuple[str, ...] = ()

    @property
    def _llm_type(self) -> str:
        return NAME

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        """A planner that calls these tools only; those without a declaration are left aside."""
        names = [convert_to_openai_tool(tool)["function"]["name"] for tool in tools]
        return self.model_copy(update={"bound": tuple(name for name in names if name in self.reader.specs)})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = self.reply(messages)
        message.response_metadata["model_name"] = NAME
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self.reply(messages)
        calls = [
            tool_call_chunk(name=call["name"], args=_json(call["args"]), id=call["id"], index=at)
            for at, call in enumerate(message.tool_calls)
        ]
        lines = str(message.content).splitlines(keepends=True) or [""]
        for at, line in enumerate(lines):
            last = at == len(lines) - 1
            chunk = AIMessageChunk(
                content=line,
                tool_call_chunks=calls if last else [],
                additional_kwargs=message.additional_kwargs if last else {},
                response_metadata={"model_name": NAME} if last else {},
            )
            if run_manager:
                run_manager.on_llm_new_token(line, chunk=ChatGenerationChunk(message=chunk))
            yield ChatGenerationChunk(message=chunk)

    def reply(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """The next message: the results laid out when the tools have answered, else a tool call or words."""
        asked = max((at for at, m in enumerate(messages) if _is_question(m)), default=-1)
        if asked < 0:
            return _say(help_text(self._specs()), "help")
        done = [m for m in messages[asked + 1 :] if isinstance(m, ToolMessage)]
        # What another model asked for in vain is no answer: the question is then read anew.
        told = [m for m in done if m.status != "error" or m.tool_call_id.startswith(OWN)]
        if told:
            return _say("\n\n".join(str(message.content) for message in told), "answer")
        question = str(messages[asked].content)
        return self._read(question, self._before(messages[:asked]))

    def sure(self, question: str, history: Sequence[BaseMessage]) -> bool:
        """Whether this reads as the question of one tool, well above any other, with nothing unknown in it."""
        readings = self.reader.read(question, self._before(history[:-1]))
        if not readings or readings[0].intent or readings[0].strangers or readings[0].score < SURE:
            return False
        return len(readings) < 2 or readings[0].score - readings[1].score >= MARGIN

    def _read(self, question: str, before: Before | None) -> AIMessage:
        allowed = {spec.name for spec in self._specs()}
        if before is not None and asks_to_copy(question):
            spec = self.reader.specs.get(before.tool)
            if spec is not None and spec.effect == "read" and before.tool in allowed:
                again = {name: value for name, value in before.query.items() if name in spec.arguments.model_fields}
                call = tool_call(name=before.tool, args=again, id=f"{OWN}{before.tool}")
                return AIMessage(content="", tool_calls=[call], additional_kwargs={"copy": True})
        readings = [r for r in self.reader.read(question, before) if r.intent or r.name in allowed]
        if not readings:
            return _say(help_text(self._specs()), "help")
        best = readings[0]
        # What names something known beside a stranger is asked about; what names nothing was not understood at all.
        if best.score < FLOOR and not (best.strangers and best.arguments and best.intent is None):
            return _say(f"I did not understand that.\n\n{help_text(self._specs())}", "refusal")
        if best.intent is not None:
            return _say(reply(best.intent, self._specs()), best.intent.kind)
        if best.strangers:
            return self._unknown(best.strangers[0], question)
        close = [r for r in readings[1:2] if best.score - r.score < MARGIN and r.intent is None]
        if close:
            return self._offer(question, [best, *close])
        return AIMessage(
            content="",
            tool_calls=[tool_call(name=best.name, args=self._complete(best), id=f"{OWN}{best.name}")],
            additional_kwargs={"carried": list(best.carried), "unused": list(best.unused)},
        )

    def _complete(self, reading: Reading) -> dict[str, Any]:
        """The arguments with the declared lists that nobody named, such as the usual metrics."""
        fields = self.reader.specs[reading.name].arguments.model_fields
        usual = {name: list(f.default) for name, f in fields.items() if isinstance(f.default, list) and f.default}
        return usual | reading.arguments

    def _unknown(self, stranger: Stranger, question: str) -> AIMessage:
        names = self.reader.nearest(stranger.phrase)
        hint = f"Nearest: {', '.join(names)}." if names else self.reader.known()
        mended = [re.sub(re.escape(stranger.phrase), name, question, count=1, flags=re.IGNORECASE) for name in names]
        return _say(
            f"I don't know “{stranger.phrase}” as a model, dataset, slice or metric. {hint}", "clarify", mended[:3]
        )

    def _offer(self, question: str, readings: list[Reading]) -> AIMessage:
        topics = [self.reader.specs[reading.name].topic for reading in readings]
        return _say(
            "I can read that in two ways: " + " or ".join(f"**{topic}**" for topic in topics) + ". Which one?",
            "clarify",
            [f"{topic}: {question}" for topic in topics],
        )

    def _specs(self) -> list[Any]:
        return [spec for name, spec in self.reader.specs.items() if not self.bound or name in self.bound]

    def _before(self, history: Sequence[BaseMessage]) -> Before | None:
        """The last query of the thread, as resolved by its tool."""
        for message in reversed(history):
            if isinstance(message, AIMessage) and message.tool_calls:
                call = message.tool_calls[-1]
                return Before(call["name"], call["args"])
        return None


def _is_question(message: BaseMessage) -> bool:
    return isinstance(message, HumanMessage) and not message.additional_kwargs.get("repair")


def _say(text: str, kind: str, choices: Sequence[str] = ()) -> AIMessage:
    return AIMessage(content=text, additional_kwargs={"kind": kind, "choices": list(choices)})


def _json(arguments: dict[str, Any]) -> str:
    return json.dumps(arguments)
