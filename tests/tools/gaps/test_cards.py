"""Gap answers cite the method cards they name, and do without where there is no playbook."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import PLAYBOOK, Knowledge
from tests.knowledge.bags import alone
from tests.tools.asked import ask
from tools.gaps.answer import QUOTED
from tools.gaps.find import FIND_GAPS
from tools.results import Result
from tools.workspace import Call

V7, OCTOBER = "bullying-text v7", "golden 2026-10"


def sections(result: Result) -> dict[str, str]:
    """Cited section -> its quote."""
    return {citation.section: citation.quote for citation in result.citations}


def test_each_card_that_is_named_is_cited_at_when_it_helps(call: Call) -> None:
    """Document, section, version and date; the quote stands word for word in the card (R17)."""
    result = ask(FIND_GAPS, call, model=V7, dataset=OCTOBER, filters={"language": ["pt"]})
    assert "→ method cards *label audit*, *rater calibration*." in result.headline
    assert [citation.section for citation in result.citations] == [
        "method-label-audit/when-it-helps",
        "method-rater-calibration/when-it-helps",
    ]
    for citation in result.citations:
        assert (citation.version, citation.effective, citation.heading) == ("1.0", "2026-11-01", "When it helps")
        assert citation.quote.startswith("It helps when ")
        assert citation.quote in (PLAYBOOK / Path(citation.document).name).read_text("utf-8")
    assert "method card label audit" in result.suggestions


def test_many_cards_are_all_cited_and_the_first_of_each_slice_is_quoted(call: Call) -> None:
    """An answer is read on a phone: three quotes, not six."""
    result = ask(FIND_GAPS, call, model=V7, dataset=OCTOBER)
    quotes = sections(result)
    assert len(quotes) > QUOTED
    assert [section for section, quote in quotes.items() if quote] == [
        "method-normalise-then-augment/when-it-helps",
        "method-label-audit/when-it-helps",
        "method-stratified-collection/when-it-helps",
    ]


def test_a_romanised_language_that_lacks_coverage_names_its_own_card_as_well(call: Call) -> None:
    """Collection is the action for its cause; how to treat such a script is another card."""
    result = ask(FIND_GAPS, call, model=V7, dataset=OCTOBER, filters={"language": ["hi-Latn"]})
    assert "*stratified collection*" in result.headline
    assert "*romanised script and transliteration*" in result.headline
    assert "method-romanised-script/when-it-helps" in sections(result)
    assert "romanised script" in result.rows[0]["card"]


def test_a_slice_that_is_not_established_cites_nothing(call: Call) -> None:
    """No method before there is evidence."""
    result = ask(FIND_GAPS, call, model=V7, dataset=OCTOBER, filters={"language": ["tl"], "surface": ["live-title"]})
    assert "*Not established*" in result.headline
    assert result.citations == ()


@pytest.mark.parametrize("added", [False, True], ids=["nothing indexed", "guidelines alone"])
def test_without_a_playbook_the_cards_are_named_and_nothing_fails(call: Call, tmp_path: Path, added: bool) -> None:
    """The plain text stays (R24)."""
    knowledge = Knowledge(tmp_path / "index", embedder=alone)
    if added:
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "rule.md").write_text("# Rule\n\nLorem ipsum.\n", "utf-8")
        knowledge.add(tmp_path / "docs", "guidelines")
    bare = replace(call, workspace=replace(call.workspace, knowledge=lambda: knowledge))
    with_cards = ask(FIND_GAPS, call, model=V7, dataset=OCTOBER)
    without = ask(FIND_GAPS, bare, model=V7, dataset=OCTOBER)
    assert without.citations == ()
    assert without.headline == with_cards.headline
    knowledge.close()
