"""A grounded number of another query is still a wrong answer: what the question names must have been asked for."""

from bot.agent.composing import MISREAD
from tests.agent.conftest import OpenWithModel
from tests.agent.scripted import calls, says

ASK = "recall of bullying-text v7 on portuguese comments"
WHOLE = ("query_metrics", {"model": "bullying-text v7", "metrics": ["recall"]})


def test_a_model_that_leaves_out_the_slice_is_not_believed(open_with_model: OpenWithModel) -> None:
    """The recall of the whole set, said of a slice, is replaced by the slice's own, and the answer says so."""
    desk, _ = open_with_model(calls(WHOLE), says("The recall on Portuguese comments is 0.845."))
    answer = desk.ask(ASK)
    (result,) = answer.results
    assert result.query["filters"] == {"language": ["pt"], "surface": ["comment"]}
    assert answer.text.startswith(MISREAD)
    assert "457 of 541" not in answer.text


def test_a_model_that_looks_up_another_metric_is_not_believed(open_with_model: OpenWithModel) -> None:
    """Asked for false positives, a count of items is no answer."""
    desk, _ = open_with_model(calls(("dataset_stats", {"dataset": "golden"})), says("There are many items."))
    answer = desk.ask("how many false positives does challenge-video v4 have on golden")
    assert [result.tool for result in answer.results] == ["query_metrics"]
    assert answer.results[0].query["metrics"] == ["fpr"]


def test_a_model_that_ignores_the_threshold_is_not_believed(open_with_model: OpenWithModel) -> None:
    """The operating threshold is not the one that was asked about."""
    desk, _ = open_with_model(calls(WHOLE), says("-"))
    answer = desk.ask("what would recall of bullying-text v7 be at threshold 0.3?")
    assert answer.results[0].query["threshold"] == 0.3


def test_a_model_that_asks_for_what_is_named_keeps_its_words(open_with_model: OpenWithModel) -> None:
    """Where the query covers the question, the draft stands and the planner stays silent."""
    slice_of = {"language": ["pt"], "surface": ["comment"]}
    desk, _ = open_with_model(calls(("query_metrics", {**WHOLE[1], "filters": slice_of})), says("Here it is."))
    answer = desk.ask(ASK)
    assert answer.text.startswith("Here it is.")
    assert MISREAD not in answer.text


def test_a_proposal_of_the_model_is_never_made_again(open_with_model: OpenWithModel) -> None:
    """R12: what the model proposed stands alone, even where the planner would have read the question otherwise."""
    card = ("propose_eval", {"model": "bullying-text v8-rc1", "dataset": "evasion 2"})
    desk, _ = open_with_model(calls(card), says("Proposed."))
    answer = desk.ask(ASK)
    assert len(answer.proposals) == 1
    assert [result.tool for result in answer.results] == ["propose_eval"]
