"""Notes: the author's marks, in “Changes in this version” and on the section itself."""

import pytest

from knowledge import Knowledge
from knowledge.changes.notes import notes
from tests.knowledge.changes.drafts import TODAY, draft, only, step
from tests.knowledge.conftest import Write


def marks(text: str, *others: str) -> list[tuple[str, str | None]]:
    return [(note.number, note.given) for note in notes(text, others)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rule change: section 3.2 gives PRV-2 where 4.2 gave PRV-1.", [("3.2", "rule change")]),
        ("Added: section 3.7 on secrecy.", [("3.7", None)]),
        ("Editorial: section 3.1 says actor. Clarification: section 1.3 says who.",
         [("3.1", "editorial"), ("1.3", "clarification")]),
        ("Editorial: sections 3.1, 3.4 and 4.2 say actor.",
         [("3.1", "editorial"), ("3.4", "editorial"), ("4.2", "editorial")]),
        ("Clarification: sections 2.1 to 2.3.", [(f"2.{n}", "clarification") for n in (1, 2, 3)]),
        ("Clarification: §§ 1–2 reworded.", [("1", "clarification"), ("2", "clarification")]),
        ("- **Rule change:** Section 5 is new\n- editorial: section 6", [("5", "rule change"), ("6", "editorial")]),
        ("Rule changes: section 2; editorial: section 3.", [("2", "rule change"), ("3", "editorial")]),
        ("Rule change: section 3.4 takes over what section 3.5 said.", [("3.4", "rule change")]),
        ("Editorial: the questions in order stand in a section of their own.", []),
        ("Version 4.3 changes one rule, see section 3.2.", []),
        ("Rule change: sections 3.1 to 9.99999.", [("3.1", "rule change"), ("9", "rule change")]),
    ],
)  # fmt: skip
def test_the_marks_of_an_author_name_their_sections(text: str, found: list[tuple[str, str | None]]) -> None:
    """Several in a sentence, ranges and lists included; the first ones of a sentence are those it is about."""
    assert marks(text) == found


def test_a_mark_about_another_document_is_none_here() -> None:
    text = "Rule change: exclusion moves to BUL-2 (Bullying, section 3.4). Editorial: section 3.4 says actor."
    assert marks(text, "Bullying") == [("3.4", "editorial")]


OLD = {"1 Stunts": "A stunt with a helmet is DCH-1.", "2 Food": "A sender may eat."}


def test_the_author_s_mark_goes_before_what_the_text_looks_like(words_alone: Knowledge, write: Write) -> None:
    told = "Rule change: section 1 now speaks of gear."
    new = {**OLD, "1 Stunts": "A stunt with a hard hat is DCH-1.", "9 Changes in this version": told}
    change = only(step(words_alone, write, OLD, new))
    assert (change.given, change.by_author, change.note) == ("rule change", True, told)


def test_the_section_that_tells_the_changes_is_none_of_them(words_alone: Knowledge, write: Write) -> None:
    old = {**OLD, "9 Changes in this version": "First version."}
    change = step(words_alone, write, old, {**OLD, "9 Changes in this version": "Nothing much."})
    assert change.sections == ()
    assert change.notes is not None
    assert change.notes.text == "Nothing much."


def test_a_mark_on_the_section_itself_goes_before_all(words_alone: Knowledge, write: Write) -> None:
    """An HTML comment under the heading."""
    new = {**OLD, "1 Stunts": "<!-- change: clarification -->\n\nA stunt with a hard hat is DCH-1."}
    change = only(step(words_alone, write, OLD, new))
    assert (change.given, change.by_author) == ("clarification", True)


def test_a_mark_that_the_text_contradicts_is_doubted(words_alone: Knowledge, write: Write) -> None:
    """Marked editorial, yet a label changed: the mark stands and the doubt beside it."""
    new = {"1 Stunts": OLD["1 Stunts"].replace("DCH-1", "DCH-2"), "2 Food": "An actor may eat.",
           "9 Changes in this version": "Editorial: sections 1 and 2 reworded."}  # fmt: skip
    stunts, food = step(words_alone, write, OLD, new).sections
    assert (stunts.given, stunts.by_author) == ("editorial", True)
    assert stunts.doubt == "marked editorial by its author, yet the text shows: label DCH-1 → DCH-2"
    assert food.doubt == ""


def test_a_mark_on_a_section_that_did_not_change_is_told(words_alone: Knowledge, write: Write) -> None:
    said = "Rule change: section 2 forbids it."
    change = step(words_alone, write, OLD, {**OLD, "9 Changes in this version": said})
    assert change.unfounded == (said,)


def test_a_mark_on_a_chapter_is_of_its_sections(words_alone: Knowledge, write: Write) -> None:
    old = {"3.1 Stunts": "A helmet.", "3.2 Food": "A spoon."}
    new = {"3.1 Stunts": "A hard hat.", "3.2 Food": "A spoon.", "9 What changed": "Rule change: section 3 on gear."}
    assert only(step(words_alone, write, old, new)).given == "rule change"


def test_marks_of_every_version_in_between_count(words_alone: Knowledge, write: Write) -> None:
    """From 1 to 3 at once, the severest word of either author holds."""
    texts = [
        draft("1", OLD, effective="2026-01-01"),
        draft(
            "2", {"1 Stunts": "A hat.", "2 Food": "A", "9 Changes": "Rule change: section 1."}, effective="2026-02-01"
        ),
        draft("3", {"1 Stunts": "A cap.", "2 Food": "A", "9 Changes": "Editorial: section 1."}, effective="2026-03-01"),
    ]
    words_alone.add(write({f"{n}.md": text for n, text in enumerate(texts)}), "guidelines")
    (change,) = words_alone.changes("dares", before="1", after="3", today=TODAY)
    assert change.sections[0].given == "rule change"
    (last,) = words_alone.changes("dares", today=TODAY)
    assert last.sections[0].given == "editorial"
