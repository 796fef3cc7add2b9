"""`search_guidelines`: the governing section, quoted word for word, with its version; never beyond one's clearance."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import LIBRARY, Knowledge
from tests.knowledge.bags import alone
from tests.tools.asked import ask
from tools.errors import ToolError
from tools.guidelines.search import SEARCH_GUIDELINES
from tools.workspace import Call, Caller

PAID = "paid promotion of age-restricted goods"


def _library() -> str:
    return " ".join(" ".join(path.read_text("utf-8").split()) for path in sorted(LIBRARY.glob("*.md")))


@pytest.mark.parametrize(
    "query", [PAID, "school of a minor no stated relationship", "double labelling supervised period"]
)
def test_a_quote_stands_word_for_word_in_the_guidelines(call: Call, query: str) -> None:
    """With document, section, version and date; the headline holds it (R17)."""
    result = ask(SEARCH_GUIDELINES, call, query=query)
    main = result.citations[0]
    assert main.quote
    assert " ".join(main.quote.split()) in _library()
    assert main.quote in result.headline
    assert main.line() in result.headline
    assert main.version
    assert main.section
    assert main.effective


def test_only_the_first_section_is_quoted(call: Call) -> None:
    """The others are named as near."""
    result = ask(SEARCH_GUIDELINES, call, query=PAID)
    assert len(result.citations) == 3
    assert [bool(citation.quote) for citation in result.citations] == [True, False, False]
    assert all(citation.line() in result.caveats[0] for citation in result.citations[1:])


def test_an_answer_is_the_rule_and_not_a_verdict(call: Call) -> None:
    """It says so, and whom to ask (R5)."""
    result = ask(SEARCH_GUIDELINES, call, query=PAID)
    assert result.caveats[-1].startswith("This quotes the rule; the item itself is your decision.")
    assert result.citations[0].owner is not None
    assert result.citations[0].owner in result.caveats[-1]


def test_the_version_in_force_comes_before_the_one_it_replaced(call: Call) -> None:
    """Of the two versions of a document."""
    first = ask(SEARCH_GUIDELINES, call, query="repeated exclusion from a group").citations[0]
    assert (Path(first.document).name, first.version, first.superseded) == ("bullying-4.3.md", "4.3", False)


SEVERE = "who works the severe queue and what do reviewers see"


def test_a_restricted_section_is_quoted_only_to_those_cleared(call: Call) -> None:
    """Others get its number, title and owner, and not a word of its text (R6)."""
    found = ask(SEARCH_GUIDELINES, replace(call, caller=Caller("dora", frozenset({"policy"}))), query=SEVERE)
    assert Path(found.citations[0].document).name.startswith("severe-queue")
    assert found.citations[0].quote
    for roles in ({"strategist"}, {"intern"}, {"viewer", "annotator", "qa-lead"}, set[str]()):
        hidden = ask(SEARCH_GUIDELINES, replace(call, caller=Caller("ben", frozenset(roles))), query=SEVERE)
        assert hidden.citations[0].section == found.citations[0].section
        assert found.citations[0].quote not in hidden.model_dump_json()
        assert "Its text is restricted; ask @owner-escalation." in hidden.headline


def test_what_the_guidelines_do_not_say_is_said(call: Call) -> None:
    """No section is made to fit."""
    result = ask(SEARCH_GUIDELINES, call, query="zyzzyva qwertz")
    assert result.headline.startswith("I don't find that in the guidelines.")
    assert result.citations == ()


def test_an_empty_question_is_asked_back(call: Call) -> None:
    """Blanks are none."""
    with pytest.raises(ToolError, match="What should I look up"):
        ask(SEARCH_GUIDELINES, call, query="  \n ")


def test_guidelines_that_were_never_added_are_a_sentence(call: Call, tmp_path: Path) -> None:
    """Not a traceback (R24)."""
    empty = Knowledge(tmp_path / "none", embedder=alone)
    lost = replace(call, workspace=replace(call.workspace, knowledge=lambda: empty))
    try:
        result = ask(SEARCH_GUIDELINES, lost, query=PAID)
    except ToolError as error:
        assert "steward" in str(error)
    else:
        assert result.headline.startswith("I don't find that")
    finally:
        empty.close()
