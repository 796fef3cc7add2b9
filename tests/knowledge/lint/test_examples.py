"""Rules without an example are found; what an example covers is left alone."""

import pytest

from tests.knowledge.lint.conftest import Lint, document

RULE = "rule-without-example"
RULES = (
    "## 1 Rules\n\n### 1.1 Open offers\n\nAn open offer is XYZ-2. More.\n\n"
    "### 1.2 Hidden gifts\n\nA gift is labelled XYZ-1.\n\n"
    "### 1.3 What this covers\n\nThe labels are XYZ-0 fine, XYZ-1 mild and XYZ-2 harmful.\n\n"
)


def test_a_document_of_rules_without_any_example_is_one_warning(linted: Lint) -> None:
    (finding,) = linted({"a.md": document("a", RULES)}, RULE)
    assert (finding.severity, finding.section) == ("warning", "")
    assert "None of the 2 sections" in finding.says


@pytest.mark.parametrize(
    ("example", "missing"),
    [
        ("## 2 Pairs\n\n- {actor: adult, act: open offer} is XYZ-2.", ["a/1.2"]),
        ("## 2 Pairs\n\n- {actor: adult, act: offer} is XYZ-2; with act: gift it is XYZ-1.", []),
        ("## 2 Examples\n\nAn adult who gives is judged by section 1.2.", ["a/1.1"]),
        ("## 2 Pairs\n\n- {actor: adult, act: offer} is XYZ-1.", ["a/1.1", "a/1.2"]),
    ],
)
def test_a_rule_is_covered_by_its_number_or_by_its_label_and_a_word(
    linted: Lint, example: str, missing: list[str]
) -> None:
    found = linted({"a.md": document("a", RULES + example)}, RULE)
    assert [(one.section, one.severity) for one in found] == [(section, "note") for section in missing]


def test_cards_in_another_document_cover_rules_by_title_and_number(linted: Lint) -> None:
    cards = document("cards", "## Cards\n\n- {act: offer} is XYZ-2 (Offer rules, section 1.1).")
    files = {"a.md": document("a", RULES, title="Offer rules"), "cards.md": cards}
    assert [one.section for one in linted(files, RULE)] == ["a/1.2"]


def test_a_document_that_gives_no_labels_needs_no_example(linted: Lint) -> None:
    """A rule needs a label code where the team uses codes; `is labelled` is enough where it uses none."""
    assert (
        linted({"a.md": document("a", "A batch is labelled by two people.\n"), "b.md": document("b", RULES)}, RULE)[
            0
        ].document
        == "docs/b.md"
    )
    assert linted({"b.md": document("b", "A gift is labelled harmful.")}, RULE) != []
