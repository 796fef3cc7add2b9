"""Classes proposed from the text alone: in doubt the more severe one."""

import pytest

from knowledge.changes.classes import contradiction, proposed

RULE, CLEAR, EDIT = "rule change", "clarification", "editorial"


@pytest.mark.parametrize(
    ("before", "after", "given", "why"),
    [
        ("It is labelled PRV-1 here.", "It is labelled PRV-2 here.", RULE, "label PRV-1 → PRV-2"),
        ("A is BUL-1 and B is BUL-2.", "A is BUL-2 and B is BUL-1.", RULE, "label BUL-1 → BUL-2"),
        ("PRV-1 or PRV-2 if asked.", "PRV-2 if asked.", RULE, "label PRV-1 → PRV-2"),
        ("A delta set of 20 items.", "A delta set of 30 items.", RULE, "number 20 → 30"),
        ("Within one hour it is seen.", "Within two hours it is seen.", RULE, "number one → two"),
        ("A labeller may ask.", "A labeller must ask.", RULE, "word may → must"),
        ("The lead decides.", "The lead never decides.", RULE, "word never added"),
        ("Only the owner decides.", "The owner decides.", RULE, "word only removed"),
        ("A name and a place.", "A name or a place.", RULE, "word and → or"),
        ("Ask before it starts.", "Ask after it starts.", RULE, "word before → after"),
        ("It is DCH-1.", "It is DCH-1. It would be DCH-2 if it is repeated.", RULE, "label DCH-2 added"),
        ("It is DCH-1.", "It is DCH-1. It would be DCH-1 if it is repeated.", CLEAR,
         "added: “It would be DCH-1 if it …”"),
        ("It is DCH-1.", "It is DCH-1. Deciding factor: the gear.", CLEAR, "added: “Deciding factor: the gear.”"),
        ("It is DCH-1. For example a helmet.", "It is DCH-1.", CLEAR, "removed: “For example a helmet.”"),
        ("It is DCH-1.", "It is DCH-1. The gear stands on the list.", CLEAR, "a sentence added"),
        ("Repetition matters only for contact.", "Repetition matters only for exclusion and contact.", CLEAR,
         "a rule's own sentence reworded: exclusion"),
        ("The sender could see it.", "The actor could see it.", EDIT, "1 word, no label, number or word of force"),
        ("See the list (section 3.4).", "See the list (section 3.5).", EDIT, "punctuation, references or order alone"),
        ("A, B. C here.", "A B. C here!", EDIT, "punctuation, references or order alone"),
        ("First here. Then there.", "Then there. First here.", EDIT, "punctuation, references or order alone"),
        ("a b c d e f g h i j k l m n.", "z y x w v u t s r q p o t m.", CLEAR,
         "13 words, no label, number or word of force"),
    ],
)  # fmt: skip
def test_what_the_text_shows_gives_the_class(before: str, after: str, given: str, why: str) -> None:
    """Labels, numbers, deadlines and words of force first, then explanations, then words."""
    found = proposed(before, after)
    assert (found.given, found.why) == (given, why)


def test_a_whole_section_is_a_rule_where_it_rules() -> None:
    assert proposed("", "A request is PRV-3.").given == RULE
    assert proposed("A labeller must ask.", "").why == "word must removed"
    assert proposed("", "What this area covers.").given == CLEAR


@pytest.mark.parametrize(
    ("given", "before", "after", "doubted"),
    [
        ("editorial", "It is PRV-1.", "It is PRV-2.", True),
        ("clarification", "It is PRV-1.", "It is PRV-2.", True),
        ("editorial", "Ask within 2 days.", "Ask within 3 days.", True),
        ("clarification", "Ask within 2 days.", "Ask within 3 days.", False),
        ("editorial", "The sender.", "The actor.", False),
        ("rule change", "The sender.", "The actor.", False),
    ],
)
def test_only_a_mark_milder_than_the_text_is_doubted(given: str, before: str, after: str, doubted: bool) -> None:
    """An author may call a rule change what looks small; a changed label is never a mere wording."""
    assert bool(contradiction(given, proposed(before, after))) is doubted  # type: ignore[arg-type]


def test_a_long_text_is_classed_in_seconds() -> None:
    """A megabyte without a sentence's end."""
    assert proposed("word " * 200_000, "other " * 200_000).given == CLEAR
