"""Pairs: a section is found again where it kept its number, was renumbered or renamed; the rest came or went."""

from knowledge import Knowledge
from tests.knowledge.changes.drafts import only, step
from tests.knowledge.conftest import Write

STUNT = "A stunt with safety equipment by a minor is labelled by what the act risks and by who supervises it."
FOOD = "A challenge to eat or drink something in a set time is labelled by the amount and by what it is."
WATER = "Any dare at open water counts as dangerous where nobody on the shore is named as the one who watches."


def test_a_section_with_its_number_and_heading_is_the_same_whatever_it_says(
    words_alone: Knowledge, write: Write
) -> None:
    change = only(step(words_alone, write, {"1 Stunts": STUNT}, {"1 Stunts": WATER}))
    assert (change.kind, change.origin) == ("changed", "")


def test_sections_that_came_and_went_are_told(words_alone: Knowledge, write: Write) -> None:
    change = step(words_alone, write, {"1 Stunts": STUNT, "2 Food": FOOD}, {"1 Stunts": STUNT, "3 Water": WATER})
    assert {(one.kind, one.section.name) for one in change.sections} == {("removed", "2 Food"), ("added", "3 Water")}
    assert change.unchanged == 1


def test_renumbered_sections_are_moved_and_not_removed_and_added(words_alone: Knowledge, write: Write) -> None:
    """A new section before them shifts the numbers of the others."""
    new = {"1 Stunts": STUNT, "2 Water": WATER, "3 Food": FOOD}
    change = step(words_alone, write, {"1 Stunts": STUNT, "2 Food": FOOD}, new)
    assert {(one.kind, one.section.name, one.origin) for one in change.sections} == {
        ("added", "2 Water", ""),
        ("moved", "3 Food", "2"),
    }


def test_a_section_that_was_renumbered_and_reworded_is_one_change(words_alone: Knowledge, write: Write) -> None:
    change = only(step(words_alone, write, {"2 Food": FOOD}, {"4 Food": FOOD.replace("amount", "quantity")}))
    assert (change.kind, change.origin) == ("changed", "2")


def test_a_section_under_another_heading_is_known_by_its_words(words_alone: Knowledge, write: Write) -> None:
    change = step(words_alone, write, {"2 Food": FOOD, "1 Stunts": STUNT}, {"5 Eating": FOOD + " Tell the owner."})
    kinds = {one.section.name: one.kind for one in change.sections}
    assert kinds == {"5 Eating": "changed", "1 Stunts": "removed"}


def test_sections_in_another_order_are_no_change(words_alone: Knowledge, write: Write) -> None:
    """Without a new number nothing moved that a reference could miss."""
    change = step(words_alone, write, {"1 Stunts": STUNT, "2 Food": FOOD}, {"2 Food": FOOD, "1 Stunts": STUNT})
    assert change.sections == ()


def test_identical_texts_have_no_changes(words_alone: Knowledge, write: Write) -> None:
    """Nor does white space make one."""
    change = step(words_alone, write, {"1 Stunts": STUNT}, {"1 Stunts": STUNT.replace(" by ", "\nby ")})
    assert change.sections == ()
    assert change.unchanged == 1


def test_headings_without_numbers_are_paired_by_heading_and_by_words(words_alone: Knowledge, write: Write) -> None:
    change = step(words_alone, write, {"Stunts": STUNT, "Food": FOOD}, {"Stunts": STUNT, "Eating": FOOD})
    moved = only(change)
    assert (moved.kind, moved.section.name) == ("changed", "Eating")
    assert "Food" in " ".join(run.text for run in moved.runs if run.part == "removed")


def test_two_sections_that_swap_their_numbers_are_both_moved(words_alone: Knowledge, write: Write) -> None:
    change = step(words_alone, write, {"1 Stunts": STUNT, "2 Food": FOOD}, {"1 Food": FOOD, "2 Stunts": STUNT})
    assert {(one.kind, one.section.name, one.origin) for one in change.sections} == {
        ("moved", "1 Food", "2"),
        ("moved", "2 Stunts", "1"),
    }
