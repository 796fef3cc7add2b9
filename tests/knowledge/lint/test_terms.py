"""Terms: what is written like one and defined nowhere is found, and what nobody uses."""

import pytest

from tests.knowledge.lint.conftest import GLOSSARY, Lint, document

AREA = "## 1 Area\n\nIt has three labels: XYZ-0 fine, XYZ-1 mild and XYZ-2 harmful. "


def test_without_a_glossary_there_is_one_note(linted: Lint) -> None:
    found = linted({"a.md": document("a", "ABC and DEF hold."), "b.md": document("b", "GHI holds.")}, "undefined-term")
    assert [(one.severity, one.document) for one in found] == [("note", "docs/a.md")]
    assert "There is no glossary" in found[0].says


@pytest.mark.parametrize(
    "text",
    ["The ABC decides.", "Die ABC entscheidet.", "АБВ решает."],
)
def test_a_short_form_that_nothing_explains_is_a_note(linted: Lint, text: str) -> None:
    (finding,) = linted({"a.md": document("a", text), "glossary.md": GLOSSARY}, "undefined-term")
    assert finding.severity == "note"
    assert "is not in the glossary" in finding.says


def test_a_short_form_used_in_many_sections_is_a_warning_once(linted: Lint) -> None:
    body = "\n\n".join(f"## {n} Part\n\nThe ABC decides part {n}." for n in range(1, 4))
    (finding,) = linted({"a.md": document("a", body), "glossary.md": GLOSSARY}, "undefined-term")
    assert (finding.severity, finding.line) == ("warning", 13)
    assert "in 3 sections" in finding.says


@pytest.mark.parametrize(
    "text",
    [
        "The area board (ABC) decides. The ABC is last.",
        "ABC stands for a board. The ABC is last.",
        "The ITEM DECIDES ALWAYS HERE.",
        "The PDF and the URL are fine.",
        "An item is one unit.",
        "A rule is **never** waived, and **Item** is one.",
        "`ABC` in code alone.",
    ],
)
def test_what_is_explained_or_plain_is_left_alone(linted: Lint, text: str) -> None:
    assert linted({"a.md": document("a", text), "glossary.md": GLOSSARY}, "undefined-term") == []


def test_names_and_words_in_bold_count_from_the_second_section_on(linted: Lint) -> None:
    """A word set in bold once may be emphasis; a title or heading defines its own words."""
    once = document("a", "## 1 Part\n\nThe **seal check** and the Seal Office decide.")
    assert linted({"a.md": once, "glossary.md": GLOSSARY}, "undefined-term") == []
    twice = once + "\n## 2 More\n\nThe **seal check** and the Seal Office rest.\n"
    found = linted({"a.md": twice, "glossary.md": GLOSSARY}, "undefined-term")
    assert sorted(one.says.split("'")[1] for one in found) == ["Seal Office", "seal check"]
    defined = GLOSSARY + "- Seal check (seal office): a look at the seal.\n"
    assert linted({"a.md": twice, "glossary.md": defined}, "undefined-term") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A rule gives XZY-2 here.", "XZY-2 is explained nowhere"),
        ("A rule gives XYZ-7 here.", "XYZ-7 is not among XYZ-0, XYZ-1, XYZ-2"),
        ("A rule gives XYZ-2 in UTF-8 and `ABC-1`.", ""),
        ("ABC stands for seals, and ABC-1 is given.", ""),
    ],
)
def test_label_codes_are_among_those_explained(linted: Lint, text: str, said: str) -> None:
    found = linted({"a.md": document("a", AREA + text)}, "undefined-label")
    assert [(one.severity, said in one.says) for one in found] == ([("warning", True)] if said else [])


def test_glossary_entries_that_no_document_uses_are_notes(linted: Lint) -> None:
    """Any form and ending counts as use; the glossary itself does not."""
    glossary = GLOSSARY + "- Seal check (look, SC): an item's check.\n- Blue Moon: a rare day, like any moon.\n"
    files = {"a.md": document("a", "Items are looked at by SC rules."), "glossary.md": glossary}
    (finding,) = linted(files, "unused-term")
    assert (finding.severity, finding.line) == ("note", 18)
    assert "'Blue Moon'" in finding.says
