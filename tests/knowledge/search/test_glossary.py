"""Glossary: the team's terms with their short forms, from list items people write by hand."""

import time

import pytest

from knowledge import Knowledge
from knowledge.search.glossary import GlossaryTerm, glossary_terms, is_glossary
from tests.knowledge.conftest import Write

HEAD = '---\nid: glossary\ntitle: Glossary\nversion: "{0}"\neffective: {1}\n---\n# Glossary\n\n## 1 Words\n\n'
RULES = "# Rules\n\n## 1 Agreement\n\nInter-annotator agreement is measured weekly.\n\n## 2 Tea\n\nTea at four.\n"


def _terms(knowledge: Knowledge, write: Write, text: str) -> tuple[GlossaryTerm, ...]:
    knowledge.add(write({"glossary.md": HEAD.format("1", "2026-01-01") + text}), "words")
    return glossary_terms(knowledge.sections("glossary"))


@pytest.mark.parametrize(
    ("item", "forms"),
    [
        ("- Inter-annotator agreement (IAA): how far two agree.", ("Inter-annotator agreement", "IAA")),
        ("* **Golden set** (gold set, `GS`): items with a known label.", ("Golden set", "gold set", "GS")),
        ("+ **Golden set (GS)**: items.", ("Golden set", "GS")),
        ("  - Item: one unit: of many.", ("Item",)),
        ("- Label (, ): a code.", ("Label",)),
        ("- C++ (c.x): a language.", ("C++", "c.x")),
    ],
)
def test_an_item_gives_its_term_and_the_forms_it_goes_by(
    words_alone: Knowledge, write: Write, item: str, forms: tuple[str, ...]
) -> None:
    """Marks of Markdown are no part of a form."""
    (term,) = _terms(words_alone, write, f"Some words.\n\n{item}\n")
    assert term.forms == forms
    assert term.section == "glossary/1"
    assert term.meaning in item


@pytest.mark.parametrize(
    "text", ["Text: no item.", "- no colon here", "- : no name.", "-Item: no space.", "- Item:none"]
)
def test_what_is_no_item_is_no_term(words_alone: Knowledge, write: Write, text: str) -> None:
    assert _terms(words_alone, write, text) == ()


def test_a_line_of_spaces_costs_nothing(words_alone: Knowledge, write: Write) -> None:
    """No search of every split of 200,000 spaces."""
    knowledge_text = "- " + " " * 200_000 + "x\n- Item: one.\n"
    terms = _terms(words_alone, write, knowledge_text)
    began = time.process_time()
    assert [term.name for term in glossary_terms(words_alone.sections("glossary"))] == [term.name for term in terms]
    assert time.process_time() - began < 0.5


def test_a_document_is_a_glossary_by_its_id() -> None:
    """Its folder and the suffix of a twin do not matter."""
    assert [is_glossary(one) for one in ("glossary", "team/glossary", "glossary~2", "glossaries", "glossary/x")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_short_forms_expand_both_ways_in_a_search(words_alone: Knowledge, write: Write) -> None:
    """IAA finds the section that writes it out, and the long name finds the one that says IAA."""
    rules = RULES.replace("Tea at four.", "IAA of tea.")
    words_alone.add(write({"rules.md": rules}), "rules")
    words_alone.add(
        write(
            {"words/glossary.md": HEAD.format("1", "2026-01-01") + "- Inter-annotator agreement (IAA): x.\n"}
        ).joinpath("words"),
        "words",
    )
    assert "rules/1" in [hit.section for hit in words_alone.search("IAA", collection="rules")]
    assert "rules/2" in [hit.section for hit in words_alone.search("inter-annotator agreement", collection="rules")]


def test_a_glossary_that_is_not_in_force_has_no_say(words_alone: Knowledge, write: Write) -> None:
    """Neither a superseded edition nor one to come."""
    write({"old.md": HEAD.format("1", "2020-01-01") + "- Agreement (OLDX): x.\n"})
    write({"now.md": HEAD.format("2", "2021-01-01") + "- Agreement (NOWX): x.\n"})
    words_alone.add(write({"later.md": HEAD.format("3", "2999-01-01") + "- Agreement (SOONX): x.\n"}), "words")
    said = [words_alone.find(form).asked.phrases for form in ("OLDX", "NOWX", "SOONX")]
    assert said == [(), ("Agreement",), ()]
