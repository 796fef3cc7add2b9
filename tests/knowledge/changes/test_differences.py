"""Differences word by word: what stayed, went and came; bounded in time whatever the text."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.changes import Run, differences, snippet

TEXTS = st.lists(st.sampled_from(["a", "b", "must", "PRV-1", ".", ",", "\n", "§"]), max_size=40).map(" ".join)


def words(runs: tuple[Run, ...], gone: str) -> list[str]:
    """The words of one side, without its punctuation's spacing."""
    return "".join(run.text for run in runs if run.part != gone).split()


@given(TEXTS, TEXTS)
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    """What stayed and went is the old text, what stayed and came the new one."""
    runs = differences(before, after)
    for text, gone in ((before, "added"), (after, "removed")):
        assert "".join("".join(run.text for run in runs if run.part != gone).split()) == "".join(text.split())


def test_a_changed_word_is_one_removed_and_one_added() -> None:
    assert differences("is labelled PRV-1 here", "is labelled PRV-2 here") == (
        Run("same", "is labelled"),
        Run("removed", "PRV-1"),
        Run("added", "PRV-2"),
        Run("same", "here"),
    )


@pytest.mark.parametrize("after", ["a b  c", "a\n\nb c ", "\ta b c"])
def test_white_space_alone_is_no_change(after: str) -> None:
    assert {run.part for run in differences("a b c", after)} == {"same"}


def test_punctuation_is_a_change_of_its_own() -> None:
    """A word does not change with the comma after it."""
    assert [run.text for run in differences("one, two", "one two") if run.part != "same"] == [","]


def test_an_empty_side_is_all_added_or_all_removed() -> None:
    assert differences("", "a b") == (Run("added", "a b"),)
    assert differences("a b", "") == (Run("removed", "a b"),)
    assert differences("", "") == ()


_CHOICE = random.Random(1)
_VOCABULARY = [f"w{n}" for n in range(3_000)]
_MEGABYTE = " ".join(_CHOICE.choice(_VOCABULARY) + ("." if at % 20 == 19 else "") for at in range(170_000))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_MEGABYTE, _MEGABYTE.replace(" w7 ", " changed ")),
        (_MEGABYTE, " ".join(_CHOICE.choice(_VOCABULARY) for _ in range(170_000))),
        ("a " * 400_000, "b a " * 200_000),
        ("".join(_CHOICE.choice(["a ", "b ", ". "]) for _ in range(400_000)), "a b . " * 130_000),
    ],
    ids=["few edits", "another text", "one word", "hostile sentences"],
)
def test_a_megabyte_is_compared_in_seconds(before: str, after: str) -> None:
    """Matching words is quadratic; past a bound it gives way to sentences, then to the whole (measured: 1-2 s)."""
    start = time.process_time()
    runs = differences(before, after)
    assert time.process_time() - start < 15
    assert {"removed", "added"} <= {run.part for run in runs}


def test_few_edits_in_a_megabyte_are_still_found_word_by_word() -> None:
    runs = differences(_MEGABYTE, _MEGABYTE.replace(" w7 ", " changed "))
    assert {run.text for run in runs if run.part == "added"} == {"changed"}


def test_a_snippet_strikes_what_went_and_bolds_what_came() -> None:
    """With a few words around, and the rest left out."""
    before = f"{'before ' * 20}the label is PRV-1 for a first request{' after' * 20}"
    line = snippet(differences(before, before.replace("PRV-1", "PRV-2").replace("first ", "")))
    assert line == (
        "… before before before the label is ~~PRV-1~~ → **PRV-2** for a ~~first~~ request"
        " after after after after after …"
    )


def test_a_snippet_of_equal_texts_is_empty() -> None:
    assert snippet(differences("a b", "a  b")) == ""


def test_marks_within_a_guideline_cannot_break_the_snippet() -> None:
    """Stars, tildes, bars and angle brackets of the text itself are left out of the line; the runs keep them."""
    runs = differences("old", "**new** ~~x~~ <!channel> | `code`")
    assert snippet(runs) == "~~old~~ → **new x!channel code**"
    assert "".join(run.text for run in runs if run.part == "added") == "**new** ~~x~~ <!channel> | `code`"


def test_many_changes_are_counted_and_not_all_shown() -> None:
    before = " ".join(f"same stays put again here w{n}" for n in range(60))
    line = snippet(differences(before, before.replace(" w", " x")))
    assert "more changes of words" in line
    assert len(line) < 1_500
