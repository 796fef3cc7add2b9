"""Versions: the one in force is searched, an older one is called superseded (R17)."""

from datetime import date

import pytest

from knowledge import Knowledge, UnknownNameError
from tests.knowledge.conftest import CONTACT, Write

TODAY = date(2026, 11, 20)
VERSIONS = {
    "contact-4.2.md": CONTACT.format(version="4.2", effective="2026-05-01", label="PRV-1"),
    "contact-4.10.md": CONTACT.format(version="4.10", effective="2026-11-01", label="PRV-2"),
    "contact-5.md": CONTACT.format(version="5.0", effective="2027-01-01", label="PRV-3"),
}


def test_the_version_in_force_today_is_searched(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write(VERSIONS), "policy")
    for day, version in ((date(2026, 5, 1), "4.2"), (TODAY, "4.10"), (date(2027, 1, 1), "5.0")):
        hits = words_alone.search("request for a school", today=day)
        assert {hit.version for hit in hits} == {version}
        assert {hit.standing for hit in hits} == {"in force"}


def test_before_any_version_is_in_force_nothing_is_found(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write(VERSIONS), "policy")
    assert words_alone.search("request for a school", today=date(2026, 1, 1)) == []


def test_all_versions_stand_side_by_side_when_asked_for(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write(VERSIONS), "policy")
    hits = words_alone.search("request for a school", versions="all", limit=20, today=TODAY)
    of_3_2 = {hit.version: hit for hit in hits if hit.section == "contact/3.2"}
    assert {version: (hit.standing, hit.superseded) for version, hit in of_3_2.items()} == {
        "4.2": ("superseded", True),
        "4.10": ("in force", False),
        "5.0": ("not yet in force", False),
    }
    assert "PRV-1" in of_3_2["4.2"].text


def test_equal_dates_are_told_apart_by_number(words_alone: Knowledge, write: Write) -> None:
    """4.10 is later than 4.9, which text order would turn round."""
    texts = {f"{v}.md": CONTACT.format(version=v, effective="2026-05-01", label="PRV-2") for v in ("4.9", "4.10")}
    words_alone.add(write(texts), "policy")
    assert {hit.version for hit in words_alone.search("school", today=TODAY)} == {"4.10"}


def test_a_section_is_found_by_its_id_and_version(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write(VERSIONS), "policy")
    current = words_alone.section("contact/3.2", today=TODAY)
    older = words_alone.section("contact/3.2", version="4.2", today=TODAY)
    assert current is not None
    assert older is not None
    assert (current.version, older.version, older.superseded) == ("4.10", "4.2", True)
    assert current.effective == date(2026, 11, 1)
    assert (current.owner, current.sensitivity, current.scope) == ("@owner-privacy", "internal", "privacy")
    assert words_alone.section("contact/9.9", today=TODAY) is None
    assert words_alone.section("contact/3.2", version="1.0", today=TODAY) is None


def test_the_sections_of_a_document_come_in_order(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write(VERSIONS), "policy")
    ids = ["contact/unsafe-contact", "contact/3", "contact/3.2", "contact/3.4"]
    assert [one.section for one in words_alone.sections("contact", today=TODAY)] == ids
    assert {one.version for one in words_alone.sections("contact", version="4.2", today=TODAY)} == {"4.2"}
    with pytest.raises(UnknownNameError) as caught:
        words_alone.sections("contakt", today=TODAY)
    assert caught.value.nearest == ["contact"]


def test_terms_name_documents_and_headings_in_force(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write(VERSIONS), "policy")
    terms = {(term.kind, term.text, term.section) for term in words_alone.terms(today=TODAY)}
    assert ("document", "Unsafe contact", "") in terms
    assert ("section", "Requests for a place", "contact/3.2") in terms
    assert sum(kind == "document" for kind, *_ in terms) == 1
