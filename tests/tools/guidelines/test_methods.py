"""`find_methods`: the fitting card, quoted word for word, what it costs and how to know that it worked."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import PLAYBOOK, Knowledge
from tests.knowledge.bags import alone
from tests.tools.asked import ask
from tests.tools.guidelines.method_questions import REPORT, Asked
from tools.errors import ToolError
from tools.gaps.causes import CAUSES
from tools.guidelines.cards import NAMED, card
from tools.guidelines.cards import PLAYBOOK as COLLECTION
from tools.guidelines.meanings import cards_of, meaning
from tools.guidelines.methods import FIND_METHODS
from tools.results import Result
from tools.workspace import Call


def shipped() -> str:
    """All cards as one text."""
    return " ".join(" ".join(path.read_text("utf-8").split()) for path in sorted(PLAYBOOK.glob("*.md")))


def first(result: Result) -> str:
    """The card that is shown, without `method-`; empty where none is."""
    return result.citations[0].section.split("/")[0].removeprefix("method-") if result.citations else ""


def over(call: Call, knowledge: Knowledge) -> Call:
    """The same call over another index."""
    return replace(call, workspace=replace(call.workspace, knowledge=lambda: knowledge))


def right(call: Call, asked: Sequence[Asked]) -> tuple[int, list[str]]:
    """How many questions show a fitting card first, and those that do not."""
    shown = {query: first(ask(FIND_METHODS, call, query=query)) for query, _ in asked}
    wrong = [f"{query} -> {shown[query]}" for query, fitting in asked if shown[query] not in fitting]
    return len(asked) - len(wrong), wrong


def test_without_the_embedding_model_words_find_most(call: Call) -> None:
    """26 of 34 that nothing was tuned on; these are floors (R24)."""
    number, wrong = right(call, REPORT)
    assert number >= 22, "\n".join(wrong)


def test_what_no_card_is_about_is_said_with_the_topics(call: Call) -> None:
    """No card is made to fit; all titles are listed."""
    result = ask(FIND_METHODS, call, query="zyzzyva qwertz")
    assert result.headline.startswith("No method card fits that. There are cards on: ")
    assert "Stratified collection" in result.headline
    assert result.citations == ()


NAMED_IN_QUESTIONS = (
    ("what would help with romanised hindi?", "romanised-script"),
    ("what helps with hi-Latn", "romanised-script"),
    ("how do we fix leetspeak", "normalise-then-augment"),
    ("what to do about homoglyphs", "normalise-then-augment"),
    ("we have few tagalog positives", "low-resource-languages"),
    ("hardly any indonesian items", "low-resource-languages"),
)


@pytest.mark.parametrize(("query", "wanted"), NAMED_IN_QUESTIONS)
def test_a_slice_that_is_named_finds_the_card_for_what_it_is(call: Call, query: str, wanted: str) -> None:
    """A language by its script or size, a trick by what undoes it."""
    assert first(ask(FIND_METHODS, call, query=query)) == wanted


@pytest.mark.parametrize("name", NAMED)
def test_a_card_asked_for_by_name_is_shown(call: Call, name: str) -> None:
    """As a suggestion asks for it."""
    assert f"method-{first(ask(FIND_METHODS, call, query=f'method card {name}'))}" == NAMED[name]


def test_the_answer_quotes_the_card_and_cites_its_version(call: Call) -> None:
    """When it helps stands word for word in the card, with document, section, version and date (R17)."""
    result = ask(FIND_METHODS, call, query="what is stratified collection?")
    main, *others = result.citations
    assert (main.section, main.heading) == ("method-stratified-collection/when-it-helps", "When it helps")
    assert (main.version, main.effective, main.superseded) == ("1.0", "2026-11-01", False)
    assert main.quote in shipped()
    assert f"**{main.line()}**\n> {main.quote}" in result.headline
    for label in ("What it is", "When it does not help", "What it costs", "How to know that it worked"):
        line = next(line for line in result.headline.splitlines() if line.startswith(f"- *{label}*: "))
        assert line.partition("*: ")[2] in shipped()
    assert len(others) == 2
    assert all(not citation.quote and citation.title in result.caveats[0] for citation in others)
    assert result.suggestions == tuple(
        f"method card {citation.title[:1].lower()}{citation.title[1:]}" for citation in others
    )


def test_only_cards_are_found(call: Call) -> None:
    """Not a guideline, however near it is."""
    for query in ("paid promotion of age-restricted goods", "stale gold, what does the standard say"):
        result = ask(FIND_METHODS, call, query=query)
        assert all(citation.section.startswith("method-") for citation in result.citations)


def test_an_empty_question_is_asked_back(call: Call) -> None:
    """Blanks are none."""
    with pytest.raises(ToolError, match="What should a method help with"):
        ask(FIND_METHODS, call, query=" \n ")


def test_a_playbook_that_was_never_added_is_a_sentence(call: Call, tmp_path: Path) -> None:
    """With the command, where other documents are indexed and where none are (R24)."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rule.md").write_text("# Rule\n\nLorem ipsum.\n", "utf-8")
    knowledge = Knowledge(tmp_path / "index", embedder=alone)
    with pytest.raises(ToolError, match="steward"):
        ask(FIND_METHODS, over(call, knowledge), query="leetspeak")
    knowledge.add(tmp_path / "docs", "guidelines")
    with pytest.raises(ToolError, match="steward init"):
        ask(FIND_METHODS, over(call, knowledge), query="leetspeak")
    assert card(knowledge, NAMED["label audit"], call.workspace.now().date()) is None
    knowledge.close()


def test_a_card_that_lost_a_section_is_still_told(call: Call, tmp_path: Path) -> None:
    """A team may edit its copy: what is missing is left out, nothing fails."""
    text = (PLAYBOOK / "label-audit.md").read_text("utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "label-audit.md").write_text(
        text.split("## When it helps")[0] + "\n## Ours\n\nLorem.\n", "utf-8"
    )
    knowledge = Knowledge(tmp_path / "index", embedder=alone)
    knowledge.add(tmp_path / "docs", COLLECTION)
    result = ask(FIND_METHODS, over(call, knowledge), query="what is label audit?")
    assert result.headline.startswith("**Label audit**\n\n- *What it is*: ")
    assert "costs" not in result.headline
    knowledge.close()


def test_every_cause_of_a_weak_slice_has_its_card(call: Call) -> None:
    """By its stable id, under its title; the cards for what a slice is as well."""
    knowledge, today = call.workspace.knowledge(), call.workspace.now().date()
    assert {cause.card for cause in CAUSES.values()} <= NAMED.keys()
    for name, document in NAMED.items():
        found = card(knowledge, document, today)
        assert found is not None, name
        assert found.title.lower() == name
        assert found.cite() is not None


def test_what_a_slice_is_names_a_card() -> None:
    """Romanised, small, or a trick; a large language or a surface names none."""
    assert cards_of({"language": ["hi-Latn", "tl"]}) == (
        "romanised script and transliteration",
        "low-resource languages",
    )
    assert cards_of({"technique": ["spacing"]}) == ("normalise, then augment",)
    assert cards_of({"language": ["en"], "surface": ["comment"], "technique": ["none"]}) == ()
    assert meaning("recall on Indonesian?") == "low-resource languages"
    assert meaning("recall on english") == ""
