"""`guideline_gaps`: topics with counts, nearest section and owner; no small count can be read off (R8)."""

from dataclasses import replace

import pytest

from knowledge import Knowledge, KnowledgeError
from tests.clock import Clock
from tests.tools.asked import ask
from tests.tools.guidelines.asked_in_vain import asked, asked_on_three_days
from tools.errors import ToolError
from tools.guidelines.gaps import GUIDELINE_GAPS
from tools.results import Result
from tools.workspace import Call


def shown(result: Result) -> dict[str, tuple[str, str]]:
    """Questions and people by topic."""
    return {row["topic"]: (row["questions"], row["people"]) for row in result.rows}


def test_topics_are_counted_with_section_owner_and_since_when(vain: Call, clock: Clock) -> None:
    """The most asked first; the week is the first one's."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    clock.forward(days=7)
    asked(vain, "is zorbing BUL-2", "a")
    asked(vain, "is zorbing PRV-2", "abcdefgh", section="privacy-unsafe-contact/2.2")
    result = ask(GUIDELINE_GAPS, vain)
    assert [row["topic"] for row in result.rows] == ["privacy-unsafe-contact: PRV-2", "bullying: BUL-2"]
    assert shown(result) == {"privacy-unsafe-contact: PRV-2": ("8", "8"), "bullying: BUL-2": ("7", "6")}
    assert result.rows[1] == {
        "topic": "bullying: BUL-2",
        "questions": "7",
        "people": "6",
        "nearest": "bullying/2.1 (version 4.3)",
        "owner": "@owner-bullying",
        "since": "2026-11-16",
    }
    assert "**The guidelines are asked in vain about 2 topics**" in result.headline
    assert "8 questions of 8 people since the week of 2026-11-23" in result.headline
    assert "propose a guideline issue about bullying: BUL-2" in result.suggestions


def test_r8_counts_below_five_are_not_shown(vain: Call) -> None:
    """Neither of questions nor of people, in no field; five are shown."""
    asked(vain, "is zorbing BUL-1", "a" * 4)
    asked(vain, "is zorbing BUL-2", "abcd" * 2)
    asked(vain, "is zorbing BUL-3", "abcde")
    result = ask(GUIDELINE_GAPS, vain)
    assert shown(result) == {
        "bullying: BUL-1": ("<5", "<5"),
        "bullying: BUL-2": ("8", "<5"),
        "bullying: BUL-3": ("5", "5"),
    }
    assert "questions of <5 people" in result.headline


def test_r8_the_order_and_the_rest_tell_no_small_count(vain: Call) -> None:
    """Below the floor by name, and no total from which the others could be taken."""
    asked(vain, "is zorbing BUL-3", "abcd")
    before = ask(GUIDELINE_GAPS, vain)
    asked(vain, "is zorbing BUL-1", "a")
    result = ask(GUIDELINE_GAPS, vain)
    assert [row["topic"] for row in result.rows] == ["bullying: BUL-1", "bullying: BUL-3"]
    assert "<5 questions of <5 people" in result.headline
    asked(vain, "is zorbing BUL-1", "bcd")
    assert ask(GUIDELINE_GAPS, vain) == result
    assert before.rows[0] == result.rows[1]


def test_r8_there_is_no_filter_that_could_be_turned(vain: Call) -> None:
    """Two queries that differ by a few people cannot be asked."""
    assert GUIDELINE_GAPS.arguments.model_fields == {}


def test_words_that_three_people_used_are_candidates_for_the_glossary(vain: Call, clock: Clock) -> None:
    """With the rule for them said; before, nothing is."""
    asked(vain, "is zorbing BUL-2", "ab")
    assert "zorbing" not in ask(GUIDELINE_GAPS, vain).model_dump_json()
    clock.forward(days=1)
    asked_on_three_days(vain, clock, "is zorbing BUL-2")
    result = ask(GUIDELINE_GAPS, vain)
    assert "each from at least 3 people, candidates for the glossary: zorbing." in result.caveats[-1]


def test_r21_what_is_older_than_ninety_days_is_not_told(vain: Call, clock: Clock) -> None:
    """And purged by looking."""
    asked(vain, "is zorbing BUL-2", "abcdef")
    clock.forward(days=100)
    assert ask(GUIDELINE_GAPS, vain).headline == "No question of the last 90 days was left without a section."


def test_a_topic_near_nothing_has_no_section_and_no_owner(vain: Call) -> None:
    """It is counted, and not proposed."""
    asked(vain, "zorbing", "abcde", section="")
    result = ask(GUIDELINE_GAPS, vain)
    assert (result.rows[0]["topic"], result.rows[0]["nearest"]) == ("other", "none")
    assert result.rows[0]["owner"] == "nobody named"
    assert result.suggestions == ()


def test_the_section_that_came_nearest_most_often_is_named(vain: Call) -> None:
    """Of two."""
    asked(vain, "is zorbing BUL-2", "abc", section="bullying/2.2")
    asked(vain, "is zorbing BUL-2", "ab", section="bullying/2.1")
    assert ask(GUIDELINE_GAPS, vain).rows[0]["nearest"].startswith("bullying/2.2")


def test_r10_it_is_for_those_who_mend_guidelines() -> None:
    """Policy, QA leads and admins."""
    assert GUIDELINE_GAPS.roles == {"policy", "qa-lead", "admin"}
    assert GUIDELINE_GAPS.effect == "read"


def _unreadable() -> Knowledge:
    raise KnowledgeError("The index is damaged. Run: steward knowledge reindex")


def test_guidelines_that_cannot_be_read_are_a_sentence(vain: Call) -> None:
    """With the command that mends it (R24)."""
    with pytest.raises(ToolError, match="steward knowledge reindex"):
        ask(GUIDELINE_GAPS, replace(vain, workspace=replace(vain.workspace, knowledge=_unreadable)))
