"""A tool that is declared with examples is understood; nothing about it is written in the planner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.agent.assistant import Assistant
from bot.agent.planner import Planner
from bot.agent.question import Question
from bot.agent.understanding.reader import Reader
from bot.settings import Settings
from bot.wiring import Steward
from tests.clock import Clock
from tests.knowledge.bags import alone
from tools.arguments import Arguments, FreeText, ModelName, Threshold
from tools.results import Result
from tools.spec import Example, ToolSpec
from tools.toolbox import TOOLS
from tools.workspace import Call


class Freeze(Arguments):
    """Hold a model version at a threshold for a reason."""

    model: ModelName = None
    threshold: Threshold = None
    reason: FreeText


class Thaw(Arguments):
    """Let go of a model version that was held."""

    model: ModelName = None


def _freeze(arguments: Freeze, call: Call) -> Result:
    query = arguments.model_dump()
    return Result(tool="freeze_model", headline=f"Held {arguments.model}.", query=query)


def _thaw(arguments: Thaw, call: Call) -> Result:
    return Result(tool="thaw_model", headline=f"Let go of {arguments.model}.", query=arguments.model_dump())


BETWEEN = (Example("something with the hold of v7"), Example("do the hold thing for v6"))  # said of either tool
FREEZE = ToolSpec(
    name="freeze_model",
    summary="Hold a model version at a threshold.",
    topic="holding a version",
    arguments=Freeze,
    run=_freeze,
    examples=(
        Example("freeze bullying-text v7 at 0.4 until the audit is over"),
        Example("please freeze v7 because the audit goes on"),
        Example("hold v6 frozen at 0.3 for the audit"),
        Example("keep challenge-video v4 frozen while we audit"),
        Example("freeze the candidate at .5, reason: audit"),
        *BETWEEN,
    ),
)
THAW = ToolSpec(
    name="thaw_model",
    summary="Let go of a model version.",
    topic="letting a version go",
    arguments=Thaw,
    run=_thaw,
    examples=(
        Example("thaw bullying-text v7"),
        Example("please thaw v7 again"),
        Example("unfreeze challenge-video v4"),
        Example("stop holding v6"),
        *BETWEEN,
    ),
)


@pytest.fixture
def assistant(own_sample_home: Path, clock: Clock) -> Iterator[Assistant]:
    """An assistant with the usual tools and the two new ones."""
    steward = Steward(Settings(home=own_sample_home), clock, alone)
    specs = [*TOOLS, FREEZE, THAW]
    planner = Planner(reader=Reader(specs, lambda: steward.workspace.catalog))
    yield Assistant(steward.workspace, steward.team, specs, planner, None, "", steward.audit)
    steward.close()


def ask(assistant: Assistant, text: str, thread: str = "t") -> list[tuple[str, dict[str, object]]]:
    """The tools that ran for a question, with their arguments."""
    return [(call.name, call.arguments) for call in assistant.answer(Question(text, "ana", thread)).tool_calls]


def test_a_new_tool_is_understood_in_words_of_its_own(assistant: Assistant) -> None:
    """Model, threshold and free text are filled from the question, though the tool came a moment ago."""
    asked = "could you freeze bulying-text v6 at 0.45 during the audit"
    assert ask(assistant, asked) == [
        ("freeze_model", {"model": "bullying-text v6", "threshold": 0.45, "reason": asked})
    ]


def test_a_new_tool_takes_nothing_from_the_old_ones(assistant: Assistant) -> None:
    """What was understood before the tool came is understood as before."""
    assert ask(assistant, "recall of bullying-text v7 by language")[0][0] == "query_metrics"
    assert ask(assistant, "compare bullying-text v7 with v6", "u")[0][0] == "compare_models"


def test_a_new_tool_is_listed_in_the_help(assistant: Assistant) -> None:
    """Help comes from the declarations."""
    text = assistant.answer(Question("what can you do?", "ana", "t")).text
    assert FREEZE.topic in text
    assert THAW.examples[0].ask in text


def test_two_close_readings_are_offered_and_the_one_sent_back_runs(assistant: Assistant) -> None:
    """The text of a choice, sent as a message, runs exactly its tool with the question's own arguments."""
    answer = assistant.answer(Question("the freeze hold thing with v7?", "ana", "t"))
    assert answer.kind == "clarify"
    assert answer.tool_calls == ()
    assert len(answer.choices) == 2
    ran = [ask(assistant, choice, choice) for choice in answer.choices]
    assert sorted(calls[0][0] for calls in ran) == ["freeze_model", "thaw_model"]
    assert [len(calls) for calls in ran] == [1, 1]
    assert all(calls[0][1]["model"] == "bullying-text v7" for calls in ran)
    assert next(a["reason"] for [(name, a)] in ran if name == "freeze_model") == "the freeze hold thing with v7?"
