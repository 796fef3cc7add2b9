"""Rulings: the parts of a section that decide a case, each a literal part of it (R17)."""

import time

import pytest

from knowledge import LIBRARY
from knowledge.search.quotes import quote, sentences
from knowledge.search.rulings import label_name, ruling
from knowledge.sources.sections import split

SCALE = "It has four labels: PRV-0 not violating, PRV-1 low risk, PRV-2 unsafe contact, unclear, and PRV-3 severe."
RULE = "A request is PRV-2. Deciding factor: no relation. It would be PRV-0 with a relation. Unless told, wait."
HOSTILE = [
    "**A** <b>rule</b>\x1b[2J is\0 PRV-2.\u202e\n\n> Deciding factor: `x`\n> ![i](j) \\* | a | b |\n\n- Unless *x*.",
    "| a | b |\n|---|---|\n| Except c | PRV-1. It would be d |",
    "]]>--><script>`` ``` ~~~\nExcept\r\n\r\nWhat decides\x07: \ud7ff.",
    "* * * * *\n- - - -\n# # #\n1. 2. 3. Unless",
    "\n\n\n", "", "Exception: " * 300, "文。Unless 字。",
]  # fmt: skip


def test_a_section_gives_its_rule_what_decides_and_what_flips_it() -> None:
    found = ruling(RULE)
    assert (found.rule, found.deciding, found.label) == (
        "A request is PRV-2.",
        "Deciding factor: no relation.",
        "PRV-2",
    )
    assert found.flips == ("It would be PRV-0 with a relation.", "Unless told, wait.")


def test_marks_of_markdown_hide_nothing() -> None:
    """Authors set these words in bold."""
    found = ruling("A is PRV-2.\n\n**Deciding factor:** none.\n\n- **Exception:** b.\n- *It would be* c.")
    assert found.deciding == "**Deciding factor:** none."
    assert len(found.flips) == 2


@pytest.mark.parametrize("rule", ["A is PRV-2 and PRV-3.", "No label here.", "A2-B is PRV-.", ""])
def test_a_rule_of_no_label_or_of_several_has_none(rule: str) -> None:
    """The one of the next sentence is not the rule's."""
    assert ruling(f"{rule} Then PRV-1." if rule else "").label == ""


def _literal(text: str) -> None:
    found = ruling(text)
    assert all(part in text for part in (found.rule, found.deciding, *found.flips, found.label))
    assert all(len(part) <= 400 for part in (found.rule, found.deciding, *found.flips))
    assert all(part in text for part in sentences(text))
    assert quote(text, "unless deciding rule") in text


@pytest.mark.parametrize("text", HOSTILE)
def test_every_part_is_a_literal_part_of_a_hostile_text(text: str) -> None:
    """Control characters, tables, marks and half Markdown are quoted as they stand."""
    _literal(text)
    assert label_name("PRV-1", [text]) in text


def test_every_part_of_the_shipped_guidelines_is_literal() -> None:
    decided = 0
    for file in sorted(LIBRARY.glob("*.md")):
        for section in split(file.stem, file.stem, file.read_text())[1]:
            _literal(section.text)
            decided += bool(ruling(section.text).deciding)
    assert decided > 50


def test_a_label_is_called_what_its_list_says() -> None:
    """The first sentence with three of its family; a literal part of it."""
    names = [label_name(f"PRV-{n}", ["PRV-1 alone is no list.", SCALE]) for n in range(4)]
    assert names == ["not violating", "low risk", "unsafe contact, unclear", "severe"]
    assert all(name in SCALE for name in names)


@pytest.mark.parametrize("label", ["PRV-4", "BUL-1", "PRV", "", "P.V-1", "(-1", "PRV-1|x"])
def test_a_label_that_no_sentence_lists_has_no_name(label: str) -> None:
    """What looks like a pattern is none."""
    assert label_name(label, [SCALE]) == ""


def test_a_wide_gap_in_a_list_costs_nothing() -> None:
    """60,000 spaces took minutes."""
    began = time.process_time()
    assert label_name("PRV-0", [f"PRV-0{' ' * 60_000}x, PRV-1 a, PRV-2 b"]) == "x"
    assert label_name("PRV-0", [f"PRV-0 {' , '.join('y' * 20_000)} PRV-1 a, PRV-2 b"]) == ""
    assert time.process_time() - began < 2
