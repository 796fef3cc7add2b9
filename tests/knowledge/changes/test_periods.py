"""Periods: two versions, two days, or the latest step; what is not yet in force is called that."""

from collections.abc import Sequence
from datetime import date

import pytest

from knowledge import Edition, Knowledge, UnknownNameError
from knowledge.changes import Asked, DocumentChange, compare, spans
from tests.knowledge.changes.drafts import TODAY, draft
from tests.knowledge.conftest import Write

ONE, TWO, THREE = ({"1 Stunts": f"A stunt is DCH-{n}."} for n in (1, 2, 3))


@pytest.fixture
def held(words_alone: Knowledge, write: Write) -> Knowledge:
    """Version 1 of May, 2 of October, 3 of next January; and a document of August with one version."""
    files = {
        "1.md": draft("1", ONE, effective="2026-05-01"),
        "2.md": draft("2", TWO, effective="2026-10-01"),
        "3.md": draft("3", THREE, effective="2027-01-01"),
        "food.md": draft("7", {"1 Food": "A spoon."}, effective="2026-08-01").replace("dares", "food"),
    }
    words_alone.add(write(files), "guidelines")
    return words_alone


def steps(found: Sequence[DocumentChange]) -> list[tuple[str, str | None, str]]:
    return [(one.edition.id, one.before.version if one.before else None, one.edition.version) for one in found]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [("dares", "1", "2")]),
        ({"before": "1", "after": "3"}, [("dares", "1", "3")]),
        ({"before": "3", "after": "1"}, [("dares", "1", "3")]),
        ({"after": "3"}, [("dares", "2", "3")]),
        ({"after": "1"}, [("dares", None, "1")]),
        ({"before": "1"}, [("dares", "1", "2")]),
        ({"before": "2"}, [("dares", "2", "3")]),
        ({"before": "3"}, [("dares", "3", "3")]),
        ({"before": "2", "after": "2"}, [("dares", "2", "2")]),
        ({"since": date(2026, 10, 1)}, [("dares", "1", "2")]),
        ({"since": date(2026, 10, 2)}, [("dares", "2", "2")]),
        ({"since": date(2026, 1, 1)}, [("dares", None, "2")]),
        ({"since": date(2026, 11, 21), "until": date.max}, [("dares", "2", "3")]),
        ({"since": date(2026, 9, 1), "until": date(2026, 9, 30)}, [("dares", "1", "1")]),
        ({"until": date(2026, 6, 1)}, [("dares", None, "1")]),
    ],
)
def test_the_versions_that_a_question_means(
    held: Knowledge, asked: dict[str, str], found: list[tuple[str, str | None, str]]
) -> None:
    """Of one document: the older one comes first, however they are named."""
    assert steps(held.changes("dares", today=TODAY, **asked)) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (date(2026, 9, 1), None, [("dares", "1", "2")]),
        (date(2026, 8, 1), None, [("dares", "1", "2"), ("food", None, "7")]),
        (date(2026, 8, 1), date(2026, 8, 31), [("food", None, "7")]),
        (date(2026, 10, 2), None, []),
        (None, None, [("dares", "1", "2")]),
    ],
)
def test_over_all_documents_those_that_came_into_force_are_told(
    held: Knowledge, since: date | None, until: date | None, found: list[tuple[str, str | None, str]]
) -> None:
    """The latest first; one added in these days has no version before it."""
    assert steps(held.changes(since=since, until=until, today=TODAY)) == found


def test_a_version_not_yet_in_force_is_compared_and_called_that(held: Knowledge) -> None:
    (change,) = held.changes("dares", after="3", today=TODAY)
    assert change.edition.standing == "not yet in force"
    assert change.before is not None
    assert change.before.standing == "in force"
    assert [one.why for one in change.sections] == ["label DCH-2 → DCH-3"]


def test_the_superseded_version_is_called_that(held: Knowledge) -> None:
    """R17: also in each section of it."""
    (change,) = held.changes("dares", today=TODAY)
    assert change.before is not None
    assert change.before.standing == "superseded"
    before = change.sections[0].before
    assert before is not None
    assert before.superseded


def test_an_unknown_version_names_the_nearest(held: Knowledge) -> None:
    with pytest.raises(UnknownNameError) as caught:
        held.changes("dares", after="2.0", today=TODAY)
    assert caught.value.nearest[0] == "2"
    with pytest.raises(UnknownNameError) as caught:
        held.changes("dare", today=TODAY)
    assert caught.value.nearest == ["dares"]


def test_a_document_may_be_named_by_its_path(held: Knowledge) -> None:
    path = held.editions("dares", today=TODAY)[0].path
    assert steps(held.changes(path, today=TODAY)) == [("dares", "1", "2")]


def test_versions_alone_find_the_documents_that_have_them(held: Knowledge) -> None:
    assert steps(held.changes(before="1", after="2", today=TODAY)) == [("dares", "1", "2")]


def test_a_document_that_ended_has_all_its_sections_removed(held: Knowledge) -> None:
    """Withdrawn: nothing is in force after it."""
    last = next(one for one in held.editions("dares", today=TODAY) if one.version == "2")
    change = compare(last, None, {"2": held.sections("dares", "2", TODAY)})
    assert [(one.kind, one.section.name) for one in change.sections] == [("removed", "1 Stunts")]
    assert change.edition == last


def test_the_same_version_twice_has_no_changes(held: Knowledge) -> None:
    (change,) = held.changes("dares", before="2", after="2", today=TODAY)
    assert (change.before, change.sections) == (change.after, ())


def test_a_document_in_two_collections_is_told_once(held: Knowledge, write: Write) -> None:
    """A folder may be added to two collections."""
    held.add(write({}), "again")
    assert steps(held.changes(today=TODAY)) == [("dares", "1", "2")]


def test_a_version_without_a_date_is_the_oldest() -> None:
    editions = [
        Edition("c", f"{v}.md", "x", "X", v, day, "", "internal", "all", standing)  # type: ignore[arg-type]
        for v, day, standing in (("1", None, "superseded"), ("2", date(2026, 5, 1), "in force"))
    ]
    (found,) = spans(editions, Asked(), TODAY, named=True)
    assert (found.before, found.after, found.between) == (editions[0], editions[1], ("2",))
