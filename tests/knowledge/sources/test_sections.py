"""Sections: stable ids, heading paths and exact text, for any Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sources.sections import MAX_HEADING, Section, split

NUMBERED = """# Standard

Before all.

## 3 Contact

### 3.2 Requests for *a place*

First line,
second line.

- item

## 4. Actions

## Closing words
"""


def _ids(body: str, title: str = "") -> list[str]:
    return [section.id for section in split("doc", title, body)[1]]


def test_a_numbered_heading_gives_its_number_as_id() -> None:
    title, sections = split("doc", "", NUMBERED)
    by_id = {section.id: section for section in sections}
    assert title == "Standard"
    assert list(by_id) == ["doc/standard", "doc/3", "doc/3.2", "doc/4", "doc/closing-words"]
    assert by_id["doc/3.2"].path == ("3 Contact", "3.2 Requests for a place")
    assert by_id["doc/3.2"].number == "3.2"
    assert by_id["doc/3.2"].text == "First line,\nsecond line.\n\n- item"
    assert by_id["doc/3"].text == ""


def test_a_heading_alone_is_its_own_text() -> None:
    """With nothing below it there is still something to find and to quote."""
    assert split("doc", "", NUMBERED)[1][-1].text == "## Closing words"


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ("Only text.", ["doc/preamble"]),
        (
            "Text.\n\n# Guide\n\n## Notes\n\na\n\n## Notes\n\nb\n",
            ["doc/preamble", "doc/guide", "doc/notes", "doc/notes~2"],
        ),
        ("Guide\n=====\n\nFirst\n-----\n\na\n", ["doc/guide", "doc/first"]),
        ("## A\n\n### B\n\nx\n\n## C\n\n### B\n\ny\n", ["doc/a", "doc/a/b", "doc/c", "doc/c/b"]),
        ("## 3 A\n\n### Examples\n\nx\n", ["doc/3", "doc/3/examples"]),
        ("## 1 A\n\nx\n\n## 1 B\n\ny\n", ["doc/1", "doc/1~2"]),
        ("## 章の規則\n\nx\n\n## !!!\n\ny\n", ["doc/章の規則", "doc/section"]),
        (
            "## §4.1 Duties\n\nx\n\n## 2026 plans\n\ny\n\n## 1.5x gain\n\nz\n",
            ["doc/4.1", "doc/2026-plans", "doc/1-5x-gain"],
        ),
        ("", []),
        ("\n \n", []),
    ],
)
def test_any_markdown_gives_stable_ids(body: str, ids: list[str]) -> None:
    assert _ids(body) == ids


def test_a_heading_in_code_or_in_a_quotation_opens_no_section() -> None:
    body = "## A\n\n```\n# not one\n```\n\n    # nor this\n\n> # nor that\n\n- # nor here\n"
    sections = split("doc", "", body)[1]
    assert [section.id for section in sections] == ["doc/a"]
    assert "# not one" in sections[0].text


def test_an_endless_heading_is_cut() -> None:
    title, sections = split("doc", "", "# " + "word " * 9_000 + "\n\nText.\n")
    assert len(title) <= MAX_HEADING
    assert (sections[0].path, sections[0].text) == ((title,), "Text.")


def test_marks_under_a_heading_are_no_part_of_its_text() -> None:
    """Only directly under it; another comment, and one further down, is text as the author wrote it."""
    body = (
        "## A\n\n<!-- Owner: @x -->\n<!--questions: a | b-->\n<!-- questions: c -->\n\nText.\n<!-- owner: @y -->\n"
        "## B\n<!-- a remark -->\nMore.\n## C\n<!-- owner: @z -->\n"
    )
    first, second, third = split("doc", "", body)[1]
    assert (first.text, first.marks) == ("Text.\n<!-- owner: @y -->", {"owner": "@x", "questions": "a | b | c"})
    assert (second.text, second.marks) == ("<!-- a remark -->\nMore.", {})
    assert (third.text, third.marks) == ("## C", {"owner": "@z"})


def test_deep_nesting_is_read() -> None:
    body = "## A\n\n" + "> " * 3_000 + "deep\n\n" + "".join("  " * n + "- x\n" for n in range(200))
    sections = split("doc", "", body)[1]
    assert len(sections) == 1
    assert "deep" in sections[0].text


_LINES = st.lists(
    st.sampled_from(
        [
            "# One",
            "## 2 Two",
            "### 2.1 Deep *x*",
            "####### seven",
            "Text here.",
            "",
            "===",
            "---",
            "```",
            "    code",
            "> # q",
        ]
    )
    | st.text(max_size=12).filter(lambda line: "\n" not in line and "\r" not in line)
)


@given(_LINES)
def test_every_text_is_a_literal_part_of_the_document(lines: list[str]) -> None:
    """In document order, and under ids that are unique."""
    body = "\n".join(lines)
    sections: tuple[Section, ...] = split("doc", "", body)[1]
    assert len({section.id for section in sections}) == len(sections)
    at = 0
    for section in sections:
        found = body.find(section.text, at)
        assert found >= 0
        at = found + len(section.text)


@given(st.lists(st.integers(min_value=0, max_value=6)))
def test_no_paragraph_is_lost_and_each_stands_under_its_heading(levels: list[int]) -> None:
    """0 is a paragraph, any other number a heading of that level."""
    blocks = [f"{'#' * level} heading{n}" if level else f"paragraph{n}" for n, level in enumerate(levels)]
    sections = split("doc", "a title", "\n\n".join(blocks))[1]
    home = {word: section for section in sections for word in section.text.split()}
    latest = "a title"
    for n, level in enumerate(levels):
        if level:
            latest = f"heading{n}"
        else:
            assert home[f"paragraph{n}"].path[-1] == latest
