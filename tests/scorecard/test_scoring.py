"""What counts as right: tool and arguments at first, the kind of an answer, a reading that was offered."""

from functools import partial
from typing import Any

import pytest

from bot.agent.answer import Answer
from bot.agent.question import Question
from bot.scorecard import Entry, Scored, score
from bot.scorecard.scoring import loose, mistake
from bot.scorecard.threads import fork
from tests.agent.desks import Desk
from tests.scorecard.entries import BY_LANGUAGE, CONTENT, RECALL, WHOSE, answered, entry, metrics, refused
from tools.results import Result

V7 = "bullying-text v7"


def asked(desk: Desk, *entries: Entry, offers: bool = True) -> list[Scored]:
    """Ask the planner."""

    def answer(question: Question) -> Answer:
        return desk.ask(question.text, question.asker, question.thread)

    return score(entries, answer, "ana", partial(fork, desk.steward.engine) if offers else None)


def test_right_tool_and_arguments_at_first_are_right(shared_desk: Desk) -> None:
    """A metric, its follow-up in the same thread, a refusal; each in the words of a person."""
    found = asked(
        shared_desk,
        entry(RECALL, metrics(model=V7, dataset="golden 2026-10", metrics=["recall"])),
        entry("and by language?", metrics(model=V7, group_by=["language"])),
        entry(CONTENT, {"kind": "refusal"}, thread="b"),
    )
    assert [one.wrong for one in found] == ["", "", ""]
    assert [one.tool for one in found] == [True, True, None]
    assert [one.loose for one in found] == [(), (), None]


@pytest.mark.parametrize(
    ("ask", "expect", "said", "tool"),
    [
        (RECALL, {"tool": "dataset_stats"}, "tool query_metrics", False),
        (RECALL, metrics(model="bullying-text v6"), "model 'bullying-text v7' instead of 'bullying-text v6'", True),
        (BY_LANGUAGE, metrics(model=V7), "group_by ['language'] instead of []", True),
        (f"{RECALL} on tagalog", metrics(model=V7), "filters {'language': ['tl']} instead of {}", True),
        (RECALL, {"kind": "refusal"}, "kind answer, tools query_metrics", None),
        (CONTENT, metrics(model=V7), "no result; kind refusal", False),
    ],
)
def test_a_wrong_expectation_is_a_miss_that_says_what_was_given(
    shared_desk: Desk, ask: str, expect: dict[str, Any], said: str, tool: bool | None
) -> None:
    """Tool, a named argument, a filter or grouping that nobody asked for, the kind."""
    (found,) = asked(shared_desk, entry(ask, expect))
    assert found.wrong.startswith(said)
    assert found.tool is tool
    assert found.offered == ""


@pytest.mark.parametrize("model", ["bullying-text v7", "challenge-video v4"])
def test_a_reading_that_is_offered_is_counted_apart_and_goes_on(shared_desk: Desk, model: str) -> None:
    """Not right at first; the choice is asked in a thread of its own, and the next question follows that one."""
    first, then = asked(
        shared_desk, entry(WHOSE, metrics(model=model)), entry("and by language?", metrics(model=model))
    )
    assert first.wrong.startswith("no result; kind clarify")
    assert first.tool is False
    assert model in first.offered
    assert then.wrong == "group_by ['language'] instead of []"
    (alone,) = asked(shared_desk, entry(WHOSE, metrics(model=model)), offers=False)
    assert (alone.offered, bool(alone.wrong)) == ("", True)


def test_what_was_not_offered_leaves_the_thread_as_it_was(shared_desk: Desk) -> None:
    """Choices that were tried and wrong are no part of the conversation."""
    first, then = asked(
        shared_desk,
        entry(WHOSE, metrics(model="bullying-text v6")),
        entry("and by language?", {"kind": "clarify"}),
    )
    assert first.offered == ""
    assert then.wrong == ""


def test_threads_of_one_name_are_apart_in_two_scorecards(shared_desk: Desk) -> None:
    """What an earlier scorecard asked is not followed up."""
    asked(shared_desk, entry(RECALL, metrics(model=V7)))
    (found,) = asked(shared_desk, entry("and by language?", metrics(model=V7)), offers=False)
    assert found.wrong


def test_one_of_several_expectations_is_enough() -> None:
    """Both orders of a symmetrical question; the first is named where none is met."""
    either = entry("a or b", metrics(model="a v1"), metrics(model="b v1"))
    assert mistake(either, answered(model="b v1")) == ""
    assert mistake(either, answered(model="c v1")) == "model 'c v1' instead of 'a v1'"


@pytest.mark.parametrize(
    ("found", "wanted", "right"),
    [
        ({"model": "a v1"}, {"model": "a"}, True),
        ({"model": "a"}, {"model": "a"}, True),
        ({"model": "ab v1"}, {"model": "a"}, False),
        ({"baseline": "a v1"}, {"baseline": "a"}, False),
        ({"rate": 0.1 * 3}, {"rate": 0.3}, True),
        ({"rate": 0.31}, {"rate": 0.3}, False),
        ({"k": 17.0}, {"k": 17}, True),
        ({"dataset": None}, {"dataset": None}, True),
        ({}, {"dataset": "golden 1"}, False),
        ({"metrics": ["a", "b"]}, {"metrics": ["a"]}, False),
    ],
)
def test_arguments_are_compared_as_they_are_meant(found: dict[str, Any], wanted: dict[str, Any], right: bool) -> None:
    """A model without a version is any of its versions; numbers may differ in the last bit; the rest is exact."""
    assert (mistake(entry("x", metrics(**wanted)), answered(**found)) == "") is right


def test_only_the_first_result_counts() -> None:
    """What a model tries after a wrong call is not what the question was understood as."""
    second = Result(tool="describe", headline="Lorem.", query={})
    given = answered(model="a v1")
    both = given.model_copy(update={"results": (*given.results, second)})
    assert mistake(entry("x", {"tool": "describe"}), both) == "tool query_metrics"


def test_r15_a_number_without_a_source_is_found() -> None:
    """In the result, rounded, or in the question it has one; a refusal is not checked."""
    assert loose("is it above 0.8?", answered("Recall 0.845, or 0.84, above 0.8.")) == ()
    assert loose("is it?", answered("Recall 0.845, last month 0.791.")) == ("0.791",)
    assert loose("at 0.3?", answered(threshold=0.3, text="At 0.3: recall 0.845.")) == ()
    assert loose("is it?", refused()) is None
