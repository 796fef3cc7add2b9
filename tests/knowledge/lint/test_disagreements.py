"""Conflicting numbers and labels of a folder."""

from tests.knowledge.lint.conftest import Lint, document

RULE = "conflicting-numbers"
ONE = document("one", "## 1 Times\n\nTimes hold. A proposal expires after 24 hours.")
TWO = document("two", "## 1 Times\n\nA proposal expires after 48 hours.")


def test_two_sections_with_other_numbers_are_a_warning_that_quotes_both(linted: Lint) -> None:
    """R17: nobody can answer from both; the author sees the two sentences and the mark to set."""
    (finding,) = linted({"one.md": ONE, "two.md": TWO}, RULE)
    assert (finding.severity, finding.document, finding.section, finding.line) == (
        "warning",
        "docs/two.md",
        "two/1",
        13,
    )
    assert "'A proposal expires after 48 hours.'" in finding.says
    assert "one/1 says 'A proposal expires after 24 hours.'" in finding.says


def test_what_the_authors_marked_is_a_note(linted: Lint) -> None:
    marked = TWO.replace("## 1 Times\n", "## 1 Times\n<!-- conflicts: one/1 -->\n")
    assert [one.severity for one in linted({"one.md": ONE, "two.md": marked}, RULE)] == ["note"]


def test_versions_of_one_document_may_differ(linted: Lint) -> None:
    newer = ONE.replace('"1.0"', '"2.0"').replace("2026-06-01", "2026-07-01").replace("24", "48")
    assert linted({"one.md": ONE, "newer.md": newer}, RULE) == []


def test_two_labels_for_one_factor_set_are_found(linted: Lint) -> None:
    one = document("one", "## 1 Pairs\n\n- {actor: adult, act: asks} is XYZ-2.")
    two = document("two", "## 1 Pairs\n\n- {act: asks, actor: adult, claims: none} is XYZ-1.")
    assert [one.severity for one in linted({"one.md": one, "two.md": two}, RULE)] == ["warning"]
