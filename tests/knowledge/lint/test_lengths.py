"""Sections that cannot be quoted well are found; others are left alone."""

import pytest

from knowledge.lint import Limits
from tests.knowledge.lint.conftest import GLOSSARY, Lint, document


def test_a_section_over_the_limit_of_words_is_a_warning(linted: Lint) -> None:
    """The limit is the team's to set; a section at it is fine."""
    at_limit = document("a", "## 1 One\n\n" + "A rule holds. " * 133 + "Yes.")
    assert linted({"a.md": at_limit}, "too-long-to-quote") == []
    (finding,) = linted({"a.md": at_limit}, "too-long-to-quote", Limits(words=399))
    assert (finding.severity, finding.section) == ("warning", "a/1")
    assert "400 words, more than 399" in finding.says


def test_scripts_without_spaces_are_counted_by_characters(linted: Lint) -> None:
    """Two characters of Japanese or Chinese count as a word."""
    assert linted({"a.md": document("a", "## 1 一\n\n" + "規則は有効。" * 100)}, "too-long-to-quote") == []
    assert linted({"a.md": document("a", "## 1 一\n\n" + "規則は有効。" * 200)}, "too-long-to-quote") != []


def test_a_first_sentence_that_a_quote_would_cut_is_a_warning(linted: Lint) -> None:
    long = "A rule that is " + "very " * 80 + "long ends here. Another."
    (finding,) = linted({"a.md": document("a", f"## 1 One\n\n{long}")}, "too-long-to-quote")
    assert "The first sentence has 430 characters, and a quote holds 400" in finding.says
    assert linted({"a.md": document("a", f"## 1 One\n\nA rule. {long}")}, "too-long-to-quote") == []


def test_a_heading_without_text_is_a_warning_unless_sections_stand_below(linted: Lint) -> None:
    found = linted(
        {"a.md": document("a", "## 1 One\n\n### 1.1 Empty\n\n### 1.2 Full\n\nA rule.\n\n## 2 Bare")}, "no-text"
    )
    assert [(one.section, one.severity) for one in found] == [("a/1.1", "warning"), ("a/2", "warning")]


@pytest.mark.parametrize(
    ("first", "late"),
    [
        ("It is a rule.", True),
        ("However, a rule holds.", True),
        ("This means level 2.", True),
        ("This section holds the rule.", False),
        ("This area covers goods.", False),
        ("Italics are a rule.", False),
        ("A rule holds. It is short.", False),
        ("これは規則です。", False),
    ],
)
def test_a_first_sentence_that_leans_on_another_is_a_note(linted: Lint, first: str, late: bool) -> None:
    found = linted({"a.md": document("a", f"## 1 One\n\n{first}")}, "rule-not-first")
    assert [one.severity for one in found] == (["note"] if late else [])


def test_the_glossary_may_open_a_list_as_it_likes(linted: Lint) -> None:
    assert linted({"glossary.md": GLOSSARY.replace("The words", "They are words")}, "rule-not-first") == []
