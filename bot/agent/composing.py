"""Composing: the finished answer from what the model said and what the tools returned."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from bot.agent.answer import Answer, Kind, ToolCall
from bot.agent.copying import ASKED, copied
from bot.agent.middleware.grounding import UNGROUNDED
from bot.agent.planner import NAME
from bot.agent.rendering import details, render
from bot.agent.turn import Turn
from bot.agent.understanding.intents import help_text
from tools.errors import Refusal, StewardError
from tools.resolution import Missing
from tools.results import Result
from tools.spec import ToolSpec

UNREACHABLE = "The language model is not reachable; this answer is computed without it."
MISREAD = "The language model did not ask for what the question names; this answer is computed without it."
CUT = "I stopped before I was sure: this question took too many steps. Ask for one thing at a time."


def compose(
    id: str, question: str, turn: Turn, said: Sequence[AIMessage], name: str, note: str | None = None
) -> Answer:
    """The answer of a finished turn.

    Of the planner, the rendered results are the text. Of a language model, its grounded draft comes first; what code
    must guarantee (numbers with k/n and interval, quotes, provenance) follows from the results.
    """
    last = said[-1] if said else AIMessage("")
    by = str(last.response_metadata.get("model_name", ""))
    fell_back = name != NAME and note is None and any(m.response_metadata.get("model_name") == NAME for m in said)
    kind: Kind = last.additional_kwargs.get("kind", "answer")
    choices = tuple(last.additional_kwargs.get("choices", ()))
    notes = [UNREACHABLE] if fell_back else [note] if note else []
    calls = tuple(ToolCall(name=c["name"], arguments=c["args"]) for m in said for c in m.tool_calls)
    carried = _named(said, "carried") if turn.results else []
    if turn.results:
        body = _body(turn, last, planned=by == NAME)
        if turn.problems:
            notes.append(UNGROUNDED)
        choices = choices or tuple(suggestion for result in turn.results for suggestion in result.suggestions)[:3]
        kind = "answer"
        if any(message.additional_kwargs.get("copy") for message in said):
            body, carried = copied(turn.results), []
        elif any(result.provenance and not result.proposal for result in turn.results):
            choices = (*choices, ASKED)
    elif turn.errors and (by == NAME or turn.problems or not str(last.text).strip()):
        body, kind, choices = _of_error(turn.errors[-1], question)
    elif turn.problems:
        body, kind = f"I don't have a computed answer to that.\n\n{UNGROUNDED}", "refusal"
    else:
        body = str(last.text)
        if turn.errors:
            kind = "refusal" if isinstance(turn.errors[-1], Refusal) else "clarify"
    if not body.strip():
        body = CUT if last.tool_calls else "I have no answer to that. Try a shorter question, or “help”."
        kind = "error" if last.tool_calls else "refusal"
    if unused := [name for name in _named(said, "unused") if turn.results and name not in body]:
        body = f"{body}\n\nNot part of this answer: {', '.join(unused)}."
    if carried:
        body = f"{body}\n\nUsed from this thread: {', '.join(dict.fromkeys(carried))}."
    return Answer(
        id=id,
        kind=kind,
        text="\n\n".join([*notes, body]),
        tool_calls=calls,
        results=tuple(turn.results),
        citations=tuple(citation for result in turn.results for citation in result.citations),
        caveats=tuple(dict.fromkeys([*(c for result in turn.results for c in result.caveats), *notes])),
        defaults=tuple(dict.fromkeys([*(d for result in turn.results for d in result.defaults), *carried])),
        proposals=tuple(result.proposal for result in turn.results if result.proposal),
        choices=choices,
        model=NAME if fell_back or by == NAME else name,
    )


def _named(said: Sequence[AIMessage], mark: str) -> list[str]:
    """What the planner marked beside its calls, each once."""
    return list(dict.fromkeys(str(part) for m in said for part in m.additional_kwargs.get(mark, ())))


def in_order(messages: Sequence[BaseMessage]) -> list[Result]:
    """The results in the order of the calls: the tools of one message run at once and end in any order."""
    found = [Result.model_validate(m.artifact) for m in messages if isinstance(m, ToolMessage) and m.artifact]
    return [result for at, result in enumerate(found) if result not in found[:at]]


def greeting(id: str, specs: list[ToolSpec[Any]]) -> Answer:
    """The answer to an empty message: what can be asked."""
    return Answer(
        id=id, kind="help", text=help_text(specs), choices=tuple(s.examples[0].ask for s in specs[:3]), model="fixed"
    )


def of_error(id: str) -> Answer:
    """The answer when something broke: a sentence and the id under which the log knows it."""
    return Answer(
        id=id,
        kind="error",
        text=f"Something went wrong on my side, and I don't guess. Please try again; if it stays, report the id {id}.",
        model="fixed",
    )


def _body(turn: Turn, last: AIMessage, *, planned: bool) -> str:
    rendered = "\n\n".join(render(result) for result in turn.results)
    draft = str(last.text).strip()
    if planned or turn.problems or not draft or last.tool_calls:
        return rendered
    # A draft that repeats a headline's every word needs no headline; any other gets it, for k/n and interval (R14).
    missing = [result.headline for result in turn.results if result.headline not in draft]
    return "\n\n".join(part for part in (draft, *missing, *(details(result) for result in turn.results)) if part)


def _of_error(error: StewardError, question: str) -> tuple[str, Kind, tuple[str, ...]]:
    if isinstance(error, Refusal):
        return str(error), "refusal", ()
    nearest: tuple[str, ...] = getattr(error, "nearest", ())
    tried: str = getattr(error, "tried", "")
    if isinstance(error, Missing):
        return str(error), "clarify", tuple(f"{question.rstrip(' ?.!')} for {name}?" for name in nearest)
    if tried and tried in question:
        return str(error), "clarify", tuple(question.replace(tried, name) for name in nearest)
    return str(error), "clarify", nearest
