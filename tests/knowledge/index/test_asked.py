"""Questions people ask of a section are further ways to find it; its text stays what is quoted."""

import sqlite3
from pathlib import Path

from knowledge import Knowledge
from tests.knowledge.bags import Bags
from tests.knowledge.conftest import CONTACT, Write

NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")
LISTED = (
    "contact/3.2:\n  - is wanting to know the classroom a problem\n  - zebra crossing\ncontact/3.4: [siblings ok]\n"
)


def _questions(home: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(home / "index.sqlite") as connection:
        rows = connection.execute(
            "SELECT s.id, c.text FROM chunks c JOIN sections s ON s.key = c.section WHERE c.kind = 'question'"
        ).fetchall()
    connection.close()
    return set(rows)


def test_a_listed_question_finds_its_section(words_alone: Knowledge, write: Write, home: Path) -> None:
    report = words_alone.add(write({"a.md": NOW, "questions.yaml": LISTED}), "policy")
    hit = words_alone.search("zebra")[0]
    assert hit.section == "contact/3.2"
    assert "zebra" not in hit.text
    assert report.notes == ()
    assert len(_questions(home)) == 3


def test_a_question_under_a_heading_finds_its_section(words_alone: Knowledge, write: Write) -> None:
    """`<!-- questions: a | b -->`"""
    marked = NOW.replace(
        "### 3.4 Stated relations\n", "### 3.4 Stated relations\n<!-- questions: zebra | the yak -->\n"
    )
    words_alone.add(write({"a.md": marked}), "policy")
    assert [words_alone.search(word)[0].section for word in ("zebra", "yak")] == ["contact/3.4", "contact/3.4"]
    assert "yak" not in words_alone.search("yak")[0].text


def test_questions_follow_their_file_without_reading_the_documents_again(
    hashed: Knowledge, bags: Bags, write: Write, home: Path
) -> None:
    folder = write({"a.md": NOW, "questions.yaml": LISTED})
    assert hashed.add(folder, "policy").embedded == 2 + 3
    write({"questions.yaml": LISTED.replace("zebra", "okapi")})
    bags.seen.clear()
    report = hashed.sync()
    assert (report.embedded, report.changed) == (1, ())
    assert bags.seen == ["okapi crossing"]
    assert ("contact/3.2", "okapi crossing") in _questions(home)
    (folder / "questions.yaml").unlink()
    hashed.sync()
    assert _questions(home) == set()
    assert hashed.status().dense.startswith("exact")


def test_a_changed_document_keeps_its_questions(words_alone: Knowledge, write: Write, home: Path) -> None:
    words_alone.add(write({"a.md": NOW, "questions.yaml": LISTED}), "policy")
    before = _questions(home)
    write({"a.md": NOW.replace("lowers", "always lowers")})
    words_alone.sync()
    assert _questions(home) == before
    words_alone.reindex()
    assert _questions(home) == before


def test_a_question_of_no_section_is_named(words_alone: Knowledge, write: Write) -> None:
    folder = write({"a.md": NOW, "questions.yaml": LISTED + "contact/9.9: [nowhere]\n"})
    assert words_alone.add(folder, "policy").notes == (
        f"{folder}: questions.yaml names contact/9.9, which is no section there",
    )


def test_broken_questions_are_named_and_those_before_stay(words_alone: Knowledge, write: Write, home: Path) -> None:
    folder = write({"a.md": NOW, "questions.yaml": LISTED})
    words_alone.add(folder, "policy")
    before = _questions(home)
    for broken in ("contact/3.2: [", "- a\n- b\n", "contact/3.2: one\n", b"\xff", "a: " + "[" * 2_000):
        write({"questions.yaml": broken})
        report = words_alone.sync()
        assert [one.path for one in report.unreadable] == [f"{folder}/questions.yaml"]
        assert _questions(home) == before
