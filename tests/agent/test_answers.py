"""What every answer of the planner carries: numbers with their doubt and their source, or no number (R14, R16, R18)."""

import re

import pytest

from bot.agent.answer import Answer
from tests.agent.desks import Desk

KEYS = (  # as the design lists them
    "text", "tool_calls", "results", "citations", "caveats", "defaults", "proposals", "model", "elapsed_ms",
)  # fmt: skip
MEASURED = [
    "recall for bullying-text v7 on the oct golden set?",
    "precision and recall for bullying-text v6 golden 2026-07",
    "recall of bullying-text v7 by language",
    "what's the auc of bullying-text v8-rc1",
    "precision at 0.8 for challenge-video v4",
    "v8-rc1 vs v7 on golden by language, what got worse?",
]


@pytest.mark.parametrize("text", MEASURED)
def test_r14_each_number_carries_interval_run_data_threshold_and_date(shared_desk: Desk, text: str) -> None:
    """Without any follow-up question: how sure, of which run, on which data under which versions, when."""
    answer = shared_desk.ask(text, thread=text)
    assert answer.results
    assert re.search(r"95 %|95% ", answer.text)
    for result in answer.results:
        assert result.provenance
        for source in result.provenance:
            assert all((source.model, source.dataset, source.run, source.gold_version, source.guideline_version))
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", source.as_of)
            assert source.line() in answer.text


def test_r14_a_proportion_is_shown_with_its_counts(shared_desk: Desk) -> None:
    """k of n stands beside the rate, and the rate is k / n."""
    text = shared_desk.ask(MEASURED[0], thread="one").text
    rate, k, n = re.search(r"Recall (0\.\d+)\*\* \(([\d,]+) of ([\d,]+)", text).groups()  # type: ignore[union-attr]
    assert float(rate) == pytest.approx(int(k.replace(",", "")) / int(n.replace(",", "")), abs=5e-4)


def test_r14_without_a_source_there_is_no_number(shared_desk: Desk) -> None:
    """What was never evaluated is said to be so, with the way to have it, instead of a guess."""
    answer = shared_desk.ask(
        "recall of bullying-text v8-rc1 on the evasion suite",
        thread="recall of bullying-text v8-rc1 on the evasion suite",
    )
    assert answer.results == ()
    assert "has not been evaluated on evasion 2" in answer.text
    proposed = shared_desk.ask(answer.text.split("“")[1].split("”")[0], thread="t2")
    assert proposed.proposals


@pytest.mark.parametrize(
    "text",
    ["what % of appeals got overturned last quarter?", "how many users did we ban last week", "what's the weather"],
)
def test_r14_what_it_has_no_data_on_is_declined(shared_desk: Desk, text: str) -> None:
    """“I don't have that”, with what it can do; no number appears that could be taken for the answer."""
    answer = shared_desk.ask(text, thread=text)
    assert (answer.kind, answer.results) == ("refusal", ())
    assert "You can ask me about" in answer.text


def test_r18_a_perfect_score_of_few_items_is_not_shown_as_certainty(shared_desk: Desk) -> None:
    """Wherever k is n, the interval reaches below, and low support is named."""
    answer = shared_desk.ask(
        "recall of bullying-text v7 by language and technique",
        thread="recall of bullying-text v7 by language and technique",
    )
    rows = [row for result in answer.results for row in result.rows]
    perfect = [row for row in rows if row["recall"] == 1]
    assert perfect
    assert all(row["recall_low"] < 0.9 for row in perfect if row["recall_n"] < 20)
    assert "100 %" not in answer.text
    assert any("Low support" in caveat for caveat in answer.caveats)


def test_r17_a_guideline_answer_cites_document_section_and_version_and_quotes(shared_desk: Desk) -> None:
    """The sentence is verbatim from the section that is named."""
    answer = shared_desk.ask(
        "what does the guideline say about paid promotion of age restricted goods?",
        thread="what does the guideline say about paid promotion of age restricted goods?",
    )
    cited = answer.citations[0]
    assert all((cited.document, cited.section, cited.version, cited.heading, cited.effective))
    assert cited.quote in answer.text
    assert cited.line() in answer.text
    section = next(
        hit for hit in shared_desk.steward.knowledge.search(cited.quote, limit=5) if hit.section == cited.section
    )
    assert cited.quote in " ".join(section.text.split())


def test_an_answer_has_exactly_the_declared_keys(shared_desk: Desk) -> None:
    """`text` is complete by itself; the rest is the same as data and survives JSON."""
    answer = shared_desk.ask(MEASURED[0], thread="one")
    assert set(KEYS) <= set(Answer.model_fields)
    assert Answer.model_validate_json(answer.model_dump_json()) == answer
    assert answer.elapsed_ms > 0
    assert answer.model == "planner"


def test_defaults_that_were_used_are_printed(shared_desk: Desk) -> None:
    """Data set and version that the question left out are named on a line and as data."""
    answer = shared_desk.ask(
        "what is the recall of bullying-text prod?", thread="what is the recall of bullying-text prod?"
    )
    assert answer.defaults
    assert all(used in answer.text for used in answer.defaults)
