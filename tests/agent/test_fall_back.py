"""A language model that fails, errs or never ends costs the sentence it would have written, not the answer (R24)."""

import time

import pytest
from langchain_core.messages import AIMessage, BaseMessage

from bot.agent.composing import UNREACHABLE
from tests.agent.conftest import OpenWithModel
from tests.agent.desks import Desk
from tests.agent.scripted import NAME, calls, says

ASK = "recall for bullying-text v7 on the oct golden set?"
RECALL = ("query_metrics", {"model": "bullying-text v7", "dataset": "golden 2026-10", "metrics": ["recall"]})


def never(messages: list[BaseMessage]) -> AIMessage:
    """What a provider's client does when its timeout has passed."""
    time.sleep(0.05)
    raise TimeoutError("timed out")


@pytest.mark.parametrize("failure", [ConnectionError("refused"), ValueError("401"), MemoryError(), never])
def test_r24_a_failing_model_is_replaced_and_the_answer_says_so(
    open_with_model: OpenWithModel, failure: Exception
) -> None:
    """Whatever the provider's client raises, the planner answers the same question, with the note first."""
    desk, _ = open_with_model(failure, forever=True)
    answer = desk.ask(ASK)
    assert answer.text.startswith(UNREACHABLE)
    assert answer.results[0].headline in answer.text
    assert (answer.kind, answer.model) == ("answer", "planner")
    assert UNREACHABLE in answer.caveats


def test_r24_a_model_that_fails_after_its_call_leaves_the_result(open_with_model: OpenWithModel) -> None:
    """What the tool returned is shown; it is not looked up twice."""
    desk, _ = open_with_model(calls(RECALL), ConnectionError("gone"))
    answer = desk.ask(ASK)
    assert answer.text.startswith(UNREACHABLE)
    assert [result.tool for result in answer.results] == ["query_metrics"]
    assert len(answer.tool_calls) == 1
    assert answer.model == "planner"


@pytest.mark.parametrize(
    "useless", [("no_such_tool", {}), ("query_metrics", {"model": "bullying-text v99", "metrics": ["recall"]})]
)
def test_r24_a_call_in_vain_before_the_failure_is_not_the_answer(
    open_with_model: OpenWithModel, useless: tuple[str, dict[str, object]]
) -> None:
    """The planner reads the question itself rather than repeating the error of another model's call."""
    desk, _ = open_with_model(calls(useless), ConnectionError("gone"))
    answer = desk.ask(ASK)
    assert answer.results[-1].headline in answer.text
    assert "no_such_tool" not in answer.text
    assert "v99" not in answer.text


def test_a_wrong_name_is_mended_by_the_model_itself(open_with_model: OpenWithModel) -> None:
    """The tool's error carries the nearest names, so that a second call gets it right."""
    wrong = ("query_metrics", {"model": "bullyng-text v7", "metrics": ["recall"]})
    desk, model = open_with_model(calls(wrong), calls(RECALL), says("Here it is."))
    answer = desk.ask(ASK)
    told = str(model.seen[1][-1].content)
    assert "bullyng-text" in told
    assert "Nearest: bullying-text v7" in told
    assert answer.kind == "answer"
    assert answer.text.startswith("Here it is.")
    assert len(answer.results) == 1


def test_arguments_of_the_wrong_type_are_mended_too(open_with_model: OpenWithModel) -> None:
    """Bad arguments are an error the model reads, not the end of the turn."""
    wrong = ("query_metrics", {**RECALL[1], "threshold": "rather low"})
    desk, model = open_with_model(calls(wrong), calls(RECALL), says("Here it is."))
    answer = desk.ask(ASK)
    assert "threshold" in str(model.seen[1][-1].content)
    assert answer.results[0].headline in answer.text


def test_a_tool_that_does_not_exist_is_told_and_survived(open_with_model: OpenWithModel) -> None:
    """A hallucinated name runs nothing; the model is told which tools there are and goes on."""
    desk, model = open_with_model(calls(("delete_everything", {"sure": True})), calls(RECALL), says("Here it is."))
    answer = desk.ask(ASK)
    assert "query_metrics" in str(model.seen[1][-1].content)
    assert [result.tool for result in answer.results] == ["query_metrics"]


def test_endless_calls_stop_and_what_was_found_is_shown(open_with_model: OpenWithModel) -> None:
    """A model that calls on and on is cut off by the budget; the answer holds its results and no internals."""

    def another(messages: list[BaseMessage]) -> AIMessage:
        return calls(("query_metrics", {**RECALL[1], "threshold": len(messages) / 100}))

    desk, model = open_with_model(another, forever=True)
    answer = desk.ask(ASK)
    assert 1 <= len(answer.results) <= 4
    assert model.calls <= 6
    assert answer.results[0].headline in answer.text
    assert "limit" not in answer.text.lower()


def test_the_same_call_again_and_again_ends_at_once(open_with_model: OpenWithModel) -> None:
    """A model stuck on the call it has the answer to is stopped after the second time."""
    desk, model = open_with_model(calls(RECALL), forever=True)
    answer = desk.ask(ASK)
    assert model.calls == 2
    assert len(answer.results) == 1
    assert answer.results[0].headline in answer.text


def test_endless_errors_end_with_the_nearest_names(open_with_model: OpenWithModel) -> None:
    """A model that never mends its call leaves the person with what the tool said."""
    desk, model = open_with_model(
        calls(("query_metrics", {"model": "bulying v77", "metrics": ["recall"]})), forever=True
    )
    answer = desk.ask("lorem ipsum dolor?")
    assert answer.results == ()
    assert answer.kind == "clarify"
    assert "bulying v77" in answer.text
    assert model.calls <= 6


def test_a_draft_of_nothing_still_answers(open_with_model: OpenWithModel) -> None:
    """An empty message of the model is followed by the results, or by a sentence where there are none."""
    desk, _ = open_with_model(calls(RECALL), says(""), says("   "))
    first = desk.ask(ASK)
    second = desk.ask("lorem ipsum", thread="terminal:other")
    assert first.text.startswith(first.results[0].headline)
    assert second.text.strip()
    assert (first.model, second.results) == (NAME, ())


def test_what_the_planner_answers_in_place_of_a_model_is_what_it_answers_alone(
    open_with_model: OpenWithModel, desk: Desk
) -> None:
    """The fall-back is the same planner: the same text, but for the note."""
    fallen, _ = open_with_model(ConnectionError("gone"), forever=True)
    question = "false positive rate per surface for challenge-video v4"
    alone = desk.ask(question, thread="terminal:alone")
    assert alone.kind == "answer"
    assert fallen.ask(question).text == f"{UNREACHABLE}\n\n{alone.text}"
