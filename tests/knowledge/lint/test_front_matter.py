"""Front matter, dates, marks, questions and legal facts."""

import pytest

from tests.knowledge.lint.conftest import Lint, document


def test_what_a_citation_needs_is_asked_for_in_one_finding(linted: Lint) -> None:
    """R17: version, effective date and owner."""
    (finding,) = linted({"a.md": "# A\n\nA rule.\n"}, "front-matter")
    assert finding.severity == "warning"
    assert "lacks version, effective and owner" in finding.says
    (finding,) = linted({"a.md": document("a", "A rule.", owner='""')}, "front-matter")
    assert "lacks owner" in finding.says
    assert linted({"a.md": document("a", "A rule.")}, "front-matter") == []


def test_a_sensitivity_nobody_knows_is_an_error(linted: Lint) -> None:
    """R6: a word that means nothing protects nothing, in the front matter or in a mark."""
    (finding,) = linted({"a.md": document("a", "A rule.", sensitivity="secret")}, "front-matter")
    assert finding.severity == "error"
    body = "## 1 One\n<!-- sensitivity: secret -->\n\nA rule."
    (finding,) = linted({"a.md": document("a", body)}, "broken-mark")
    assert (finding.severity, finding.section) == ("error", "a/1")
    assert linted({"a.md": document("a", body.replace("secret", "restricted"))}, "broken-mark") == []


def test_a_date_far_ahead_is_a_note(linted: Lint) -> None:
    (finding,) = linted({"a.md": document("a", "A rule.", effective="2062-01-01")}, "front-matter")
    assert finding.severity == "note"
    assert linted({"a.md": document("a", "A rule.", effective="2027-01-01")}, "front-matter") == []


@pytest.mark.parametrize(
    ("newer", "severity"), [("2026-06-01", "error"), ("2026-05-01", "warning"), ('""', "warning"), ("2026-07-01", "")]
)
def test_versions_that_leave_open_which_is_in_force_are_found(linted: Lint, newer: str, severity: str) -> None:
    files = {"a.md": document("a", "Old."), "b.md": document("a", "New.", version="1.10", effective=newer)}
    files["c.md"] = document("c", "Other.", effective="2026-06-01")
    assert [one.severity for one in linted(files, "effective-dates")] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("mark", "severity", "said"),
    [
        ("<!-- conflicts: a/2 -->", "", ""),
        ("<!-- conflicts: b/3 -->", "error", "no such section"),
        ("<!-- conflicts: a/1 -->", "error", "in conflict with itself"),
        ("<!-- owner: -->", "warning", "has no value"),
        ("<!-- sensitivty: restricted -->", "warning", "write 'sensitivity' if that is meant"),
        ("<!-- a remark to myself -->", "", ""),
        ("<!-- todo: more -->", "", ""),
        ("Text first.\n\n<!-- owner: @x -->", "warning", "directly under a heading"),
        ("<!-- owner: @x", "error", "never closed"),
        ("```\n<!-- owner: @x\n```", "", ""),
    ],
)
def test_marks_are_whole_known_and_lead_somewhere(linted: Lint, mark: str, severity: str, said: str) -> None:
    body = f"## 1 One\n{mark}\n\nA rule.\n\n## 2 Two\n\nA rule."
    found = linted({"a.md": document("a", body)}, "broken-mark")
    assert [(one.severity, said in one.says) for one in found] == ([(severity, True)] if severity else [])


def test_questions_for_sections_that_do_not_exist_are_errors(linted: Lint) -> None:
    files = {"a.md": document("a", "## 1.1 One\n\nA rule."), "questions.yaml": "a/1.1: [what]\na/1.2: [why]\n"}
    (finding,) = linted(files, "unknown-section")
    assert (finding.severity, finding.document, finding.section) == ("error", "docs/questions.yaml", "a/1.2")
    assert "write a/1.1 if that is meant" in finding.says


LEGAL = "## 1 Duties\n\nAs of {day}, a duty holds. Ask Legal."


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        (LEGAL.format(day="2026-10-15"), []),
        (LEGAL.format(day="2026-08-24"), []),
        (LEGAL.format(day="2026-08-23"), ["warning"]),
        (LEGAL.format(day="2027-01-01"), ["error"]),
        (LEGAL.format(day="2026-13-45"), ["error"]),
        (LEGAL.format(day="2026-10-15").replace("Ask Legal.", ""), ["warning"]),
        ("## 1 Duties\n\nA duty holds. Ask Legal.", ["error"]),
    ],
)
def test_legal_facts_are_dated_and_called_stale_after_90_days(linted: Lint, text: str, severities: list[str]) -> None:
    """R19, for documents whose id or scope says legal; others need no date."""
    by_id = linted({"a.md": document("legal-duties", text)}, "legal-date")
    by_scope = linted({"a.md": document("duties", text, scope="[all, legal]")}, "legal-date")
    assert [one.severity for one in by_id] == [one.severity for one in by_scope] == severities
    assert linted({"a.md": document("illegal-goods", text)}, "legal-date") == []
