"""The planner is a chat model like any other: bound, invoked and streamed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from langchain_core.tools import tool
from sqlalchemy import Engine

from bot.agent.planner import NAME, Planner
from bot.agent.toolbelt import toolbelt
from bot.agent.understanding.reader import Reader
from bot.settings import Settings
from tools.catalog import load
from tools.store.database import connect
from tools.toolbox import TOOLS

ASK = "recall of bullying-text v7 by language"


@pytest.fixture(scope="module")
def engine(sample_home: Path) -> Iterator[Engine]:
    """The sample's database, for its catalogue."""
    opened = connect(Settings(home=sample_home).database)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def planner(engine: Engine) -> Planner:
    """A planner with the tools that exist, not bound to any."""
    return Planner(reader=Reader(TOOLS, lambda: load(engine)))


def bound(planner: BaseChatModel, *names: str) -> Any:
    """The planner with these tools bound; all where none is named."""
    return planner.bind_tools(toolbelt([spec for spec in TOOLS if not names or spec.name in names]))


def test_it_calls_a_tool_with_arguments(planner: Planner) -> None:
    """Invoked with a question, it returns a message with one tool call."""
    message = bound(planner).invoke([HumanMessage(ASK)])
    assert isinstance(message, AIMessage)
    assert [call["name"] for call in message.tool_calls] == ["query_metrics"]
    assert message.tool_calls[0]["args"] == {
        "model": "bullying-text v7", "metrics": ["recall"], "group_by": ["language"],
    }  # fmt: skip
    assert message.response_metadata["model_name"] == NAME


def test_it_is_deterministic(planner: Planner) -> None:
    """The same messages give the same message, id of the call included."""
    first, second = (bound(planner).invoke([HumanMessage(ASK)]) for _ in range(2))
    assert first.tool_calls == second.tool_calls


@pytest.mark.parametrize("question", [ASK, "what can you do?", "what's our revenue?", "lorem ipsum dolor", "", "hi"])
def test_streamed_chunks_add_up_to_the_message(planner: Planner, question: str) -> None:
    """Text, tool calls and what is marked beside them are the same, streamed or not; no chunk is malformed."""
    whole = bound(planner).invoke([HumanMessage(question)])
    chunks = list(bound(planner).stream([HumanMessage(question)]))
    assert all(isinstance(chunk, AIMessageChunk) and not chunk.invalid_tool_calls for chunk in chunks)
    added = chunks[0]
    for chunk in chunks[1:]:
        added = added + chunk
    assert added.content == whole.content
    assert added.tool_calls == whole.tool_calls
    assert added.additional_kwargs == whole.additional_kwargs
    assert added.response_metadata["model_name"] == NAME


def test_words_are_streamed_piece_by_piece(planner: Planner) -> None:
    """A long text comes in more than one chunk."""
    assert len([chunk for chunk in bound(planner).stream([HumanMessage("help")]) if chunk.content]) > 3


async def test_it_works_without_blocking_calls(planner: Planner) -> None:
    """The asynchronous methods give what the others give."""
    whole = await bound(planner).ainvoke([HumanMessage(ASK)])
    chunks = [chunk async for chunk in bound(planner).astream([HumanMessage(ASK)])]
    added = chunks[0]
    for chunk in chunks[1:]:
        added = added + chunk
    assert added.tool_calls == whole.tool_calls == bound(planner).invoke([HumanMessage(ASK)]).tool_calls


def test_only_bound_tools_are_called(planner: Planner) -> None:
    """Of a question for a tool that is not bound, another reading is made or none; the tool is never called."""
    message = bound(planner, "describe", "list_runs").invoke([HumanMessage(ASK)])
    assert {call["name"] for call in message.tool_calls} <= {"describe", "list_runs"}
    assert message.tool_calls or message.content


def test_tools_it_has_no_declaration_of_are_left_aside(planner: Planner) -> None:
    """A foreign tool beside its own does no harm."""

    @tool
    def make_coffee(cups: int) -> str:
        """Recall the coffee of bullying-text by language."""
        return f"{cups} cups"

    both = planner.bind_tools([make_coffee, *toolbelt(list(TOOLS))])
    message = both.invoke([HumanMessage(ASK)])
    assert [call["name"] for call in message.tool_calls] == ["query_metrics"]


def test_after_the_tool_it_says_what_the_tool_said(planner: Planner) -> None:
    """With the tool's message there, its words are laid out as they are, and nothing is called again."""
    first = bound(planner).invoke([HumanMessage(ASK)])
    done = ToolMessage("**Recall lorem**", tool_call_id=first.tool_calls[0]["id"])
    message = bound(planner).invoke([HumanMessage(ASK), first, done])
    assert (message.content, message.tool_calls) == ("**Recall lorem**", [])


def test_its_own_call_in_vain_is_told_and_not_repeated(planner: Planner) -> None:
    """An error of the call it made itself is said; trying the same again would never end."""
    first = bound(planner).invoke([HumanMessage(ASK)])
    failed = ToolMessage("I don't know that.", tool_call_id=first.tool_calls[0]["id"], status="error")
    message = bound(planner).invoke([HumanMessage(ASK), first, failed])
    assert (message.content, message.tool_calls) == ("I don't know that.", [])


def test_another_models_call_in_vain_is_no_answer(planner: Planner) -> None:
    """Stepping in after a call that failed, it reads the question itself instead of repeating the error."""
    foreign = AIMessage("", tool_calls=[tool_call(name="no_such_tool", args={}, id="x")])
    failed = ToolMessage("no_such_tool is not a valid tool", tool_call_id="x", status="error")
    message = bound(planner).invoke([HumanMessage(ASK), foreign, failed])
    assert [call["name"] for call in message.tool_calls] == ["query_metrics"]


def test_a_follow_up_reads_the_call_before_it_from_the_messages(planner: Planner) -> None:
    """The thread is the messages: the last call and its arguments are what “and fpr” leans on."""
    before = AIMessage(
        "",
        tool_calls=[
            tool_call(
                name="query_metrics",
                args={"model": "bullying-text v7", "metrics": ["recall"], "group_by": ["language"]},
                id="x",
            )
        ],
    )
    history = [HumanMessage(ASK), before, ToolMessage("…", tool_call_id="x"), AIMessage("…")]
    message = bound(planner).invoke([*history, HumanMessage("and fpr")])
    assert message.tool_calls[0]["args"] == {
        "model": "bullying-text v7", "metrics": ["fpr"], "group_by": ["language"],
    }  # fmt: skip
    assert message.additional_kwargs["carried"] == ["bullying-text v7", "language"]


def test_without_a_question_it_says_what_can_be_asked(planner: Planner) -> None:
    """Messages without a person's question get help, each tool by an example."""
    message = bound(planner).invoke([AIMessage("lorem")])
    assert all(spec.examples[0].ask in str(message.content) for spec in TOOLS)
