"""Duplicate ids: two things of one name are found."""

from tests.knowledge.lint.conftest import Lint, document

RULE = "duplicate-id"


def test_two_documents_of_one_id_and_version_are_an_error(linted: Lint) -> None:
    """The reader renames the second one, which is not what its author meant."""
    (finding,) = linted({"a.md": document("goods", "A rule."), "b.md": document("goods", "Another.")}, RULE)
    assert (finding.severity, finding.document) == ("error", "docs/b.md")
    assert "docs/a.md has the id 'goods' and the version 1.0 too" in finding.says


def test_two_versions_of_a_document_are_none(linted: Lint) -> None:
    newer = document("goods", "Another.", version="1.1", effective="2026-07-01")
    assert linted({"a.md": document("goods", "A rule."), "b.md": newer}, RULE) == []


def test_two_documents_of_one_title_are_a_warning(linted: Lint) -> None:
    files = {"a.md": document("goods", "A rule."), "b.md": document("items", "Another.", title="Goods")}
    (finding,) = linted(files, RULE)
    assert (finding.severity, finding.document) == ("warning", "docs/b.md")


def test_two_sections_of_one_number_are_an_error(linted: Lint) -> None:
    """A citation by number could mean either (R17)."""
    (finding,) = linted({"a.md": document("goods", "## 1 One\n\nA rule.\n\n## 1 Two\n\nAnother.")}, RULE)
    assert (finding.severity, finding.section, finding.line) == ("error", "goods/1~2", 15)
    assert "Two sections are numbered 1 (the other one on line 11)" in finding.says


def test_a_heading_twice_under_one_parent_is_a_warning(linted: Lint) -> None:
    """The same heading under another parent is none; the numbers before it do not count."""
    body = "## 1 One\n\n### 1.1 Scope\n\nA rule.\n\n### 1.2 Scope\n\nA rule.\n\n## 2 Two\n\n### 2.1 Scope\n\nA rule."
    (finding,) = linted({"a.md": document("goods", body)}, RULE)
    assert (finding.severity, finding.section) == ("warning", "goods/1.2")
    plain = "# Goods\n\nHello.\n\n## Scope\n\nA rule.\n\n## Scope\n\nA rule.\n"
    (finding,) = linted({"a.md": plain}, RULE)
    assert (finding.severity, finding.line) == ("warning", 9)
