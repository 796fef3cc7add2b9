"""Dangling references: what leads nowhere is found, what leads somewhere is left alone."""

import pytest

from tests.knowledge.lint.conftest import Lint, document

RULE = "dangling-reference"
GOODS = document("goods", "## 2 Offers\n\n### 2.1 Open offers\n\nAn offer needs a seal.\n", title="Restricted goods")
NEWER = GOODS.replace('"1.0"', '"2.0"').replace("2026-06-01", "2026-08-01")


def rules(text: str) -> str:
    return document("rules", f"## 1 First\n\n### 1.1 Start\n\n{text}\n\n### 1.2 End\n\nThe end is near.\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The rest follows section 9.9.", "no section 9.9 in this document"),
        ("It lowers the label (section 3.2).", "no section 3.2 in this document"),
        ("It lowers the label (sections 1.1 and 3.4).", "no section 3.4 in this document"),
        ("See Restricted goods, section 2.7.", "no section 2.7 in Restricted goods 1.0"),
        ("See section 2.7 of Restricted goods for more.", "no section 2.7 in Restricted goods 1.0"),
        ("See Restricted goods 1.0, section 4.1.", "no section 4.1 in Restricted goods 1.0"),
        ("See Restricted items, section 2.1.", "No document is titled 'Restricted items'; write 'Restricted goods'"),
        ("This rests on Restricted goods 7.1 alone.", "no version 7.1 of Restricted goods; there is 1.0"),
        ("Siehe Abschnitt 8.", "no section 8 in this document"),
        ("Véase § 7.3.", "no section 7.3 in this document"),
    ],
)
def test_a_reference_to_nowhere_is_an_error_at_its_line(linted: Lint, text: str, said: str) -> None:
    (finding,) = linted({"rules.md": rules(text), "goods.md": GOODS}, RULE)
    assert said in finding.says
    assert (finding.severity, finding.document, finding.section, finding.line) == (
        "error",
        "docs/rules.md",
        "rules/1.1",
        15,
    )


@pytest.mark.parametrize(
    "text",
    [
        "It follows section 1.2, chapter 1 and sections 1.1 and 1.2.",
        "See Restricted goods, section 2.1, and restricted goods section 2.1.",
        "See section 2.1 of Restricted goods.",
        "It holds (Restricted goods, section 2.1) and section 2.1 too.",
        "Restricted goods 1.0, section 2.1 holds.",
        "In Brazil, section 1.2 holds.",
        "The duty follows section 230 of the Communications Act and 18 USC, section 2258.",
        "A section 3 % long is `section 9.9` in code. <!-- section 9.8 -->",
        "A section of 9.9 points. Dissection 9.9. Version 9.9.",
    ],
)
def test_a_reference_that_leads_somewhere_is_left_alone(linted: Lint, text: str) -> None:
    assert linted({"rules.md": rules(text), "goods.md": GOODS}, RULE) == []


def test_a_reference_to_a_superseded_version_is_a_warning(linted: Lint) -> None:
    """Naming the old version on purpose, in words of the past, is none."""
    both = {"goods.md": GOODS, "goods2.md": NEWER}
    (finding,) = linted({"rules.md": rules("Release 3 holds Restricted goods 1.0 alone."), **both}, RULE)
    assert finding.severity == "warning"
    assert "Restricted goods 1.0 is superseded by 2.0" in finding.says
    assert linted({"rules.md": rules("Under Restricted goods 1.0 this was fine."), **both}, RULE) == []
    assert linted({"rules.md": rules("Release 3 holds Restricted goods 2.0."), **both}, RULE) == []


def test_a_section_that_only_another_version_has_says_which(linted: Lint) -> None:
    files = {"rules.md": rules("See Restricted goods, section 2.1."), "goods.md": GOODS}
    files["goods2.md"] = NEWER.replace("### 2.1", "### 2.2")
    (finding,) = linted(files, RULE)
    assert "version 1.0, superseded, has one" in finding.says


def test_what_is_superseded_itself_is_not_mended(linted: Lint) -> None:
    """A version that is history may refer to what is gone."""
    old = GOODS.replace("needs a seal", "needs a seal (section 9.9)")
    assert linted({"goods.md": old, "goods2.md": NEWER}, RULE) == []


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ("[end](#12-end)", False),
        ("[end](#end)", False),
        ("[end](#1.2)", False),
        ("[goods](sub/goods.md#21-open-offers)", False),
        ("[goods](./sub/../sub/goods.md)", False),
        ("[web](https://example.org/none.md) and [mail](mailto:a@example.org)", False),
        ("[out](../elsewhere.md)", False),
        ("[picture](picture.png)", False),
        ("`[code](#none)`", False),
        ("[end](#none)", True),
        ("[goods](sub/goods.md#none)", True),
        ("[goods](goods.md)", True),
        ("[goods][g]\n\n[g]: nothing.md", True),
    ],
)
def test_links_lead_to_headings_and_files_that_are_there(linted: Lint, link: str, wrong: bool) -> None:
    files = {"rules.md": rules(f"Look at {link}."), "sub/goods.md": GOODS, "picture.png": b"\x89PNG"}
    found = linted(files, RULE)
    assert [one.severity for one in found] == (["error"] if wrong else [])


def test_documents_without_numbers_or_front_matter_are_linted_too(linted: Lint) -> None:
    """A reference by number into a document without numbers says so."""
    plain = "Offers\n======\n\nSee section 2.\n\nSeals\n-----\n\nSeals are [round](#colours) or [flat](#seals).\n"
    number, link = linted({"offers.md": plain}, RULE)
    assert "have no numbers" in number.says
    assert "#colours" in link.says
    assert (number.line, link.line) == (4, 9)
