"""Sync reads every added folder again and does no more than the changes ask for."""

import shutil
from pathlib import Path

import pytest

from knowledge import Knowledge, KnowledgeError
from knowledge.errors import NothingAddedError
from knowledge.sources.extracts import Extract
from knowledge.sources.formats import READERS, Reader
from tests.knowledge.bags import Bags
from tests.knowledge.conftest import CONTACT, Write
from tests.knowledge.sources.written import docx

NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")


def test_what_came_changed_and_went_is_reported(words_alone: Knowledge, write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.md").write_text("# Other\n\nSchool.\n")
    folder = write({"a.md": NOW, "b.md": "# B\n\nSchool.\n", "c.md": "# C\n"})
    words_alone.add(folder, "policy")
    words_alone.add(other, "team")
    write({"b.md": "# B\n\nSchool yard.\n", "d.md": "# D\n\nNew.\n", "bad.md": b"\xff"})
    (folder / "c.md").unlink()
    (other / "o.md").unlink()
    report = words_alone.sync()
    assert report.added == (f"{folder}/d.md",)
    assert report.changed == (f"{folder}/b.md",)
    assert set(report.removed) == {f"{folder}/c.md", f"{other}/o.md"}
    assert [one.path for one in report.unreadable] == [f"{folder}/bad.md"]
    assert words_alone.status().collections == {"policy": 3}
    again = words_alone.sync()
    assert (again.added, again.changed, again.removed, again.kept) == ((), (), (), ())


def test_what_did_not_change_is_neither_parsed_nor_embedded(
    hashed: Knowledge, bags: Bags, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A DOCX costs a hundred times its hash to parse."""
    hashed.add(write({"a.md": NOW, "b.docx": docx([("Heading1", "B"), ("", "School.")])}), "policy")
    parsed: list[str] = []

    def counted(suffix: str, reader: Reader) -> Reader:
        def read(raw: bytes) -> Extract:
            parsed.append(suffix)
            return reader(raw)

        return read

    for suffix, reader in list(READERS.items()):
        monkeypatch.setitem(READERS, suffix, counted(suffix, reader))
    write({"a.md": NOW + "\n### 3.5 More\n\nAnother rule.\n"})
    assert hashed.sync().embedded == 1
    assert parsed == [".md"]


def test_one_folder_can_be_synced_alone(words_alone: Knowledge, write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.md").write_text("# Other\n\nSchool.\n")
    words_alone.add(write({"a.md": NOW}), "policy")
    words_alone.add(other, "team")
    write({"b.md": "# B\n"})
    (other / "p.md").write_text("# P\n")
    assert words_alone.sync(folder=other).added == (f"{other}/p.md",)
    with pytest.raises(KnowledgeError, match="not among the added folders"):
        words_alone.sync(folder=tmp_path)


def test_before_anything_is_added_there_is_nothing_to_sync(words_alone: Knowledge) -> None:
    with pytest.raises(NothingAddedError):
        words_alone.sync()


def test_a_folder_that_is_gone_keeps_its_documents(words_alone: Knowledge, write: Write, tmp_path: Path) -> None:
    folder = write({"a.md": NOW})
    words_alone.add(folder, "policy")
    shutil.move(folder, tmp_path / "away")
    report = words_alone.sync()
    assert [one.path for one in report.unreadable] == [str(folder)]
    assert words_alone.search("school")[0].section == "contact/3.2"


def test_a_link_is_the_authors_or_the_base_of_the_folder(words_alone: Knowledge, write: Write) -> None:
    """The base stays until another is given; what is no web address is no link."""
    own = NOW.replace("id: contact\n", "id: own\nurl: https://wiki.example.org/own\n")
    no_link = NOW.replace("id: contact\n", "id: none\nurl: javascript:alert(1)\n")
    folder = write({"deep/a b.md": NOW, "own.md": own, "none.md": no_link})
    words_alone.add(folder, "policy")
    links = {one.id: one.link for one in words_alone.editions()}
    assert links == {"contact": "", "own": "https://wiki.example.org/own", "none": ""}
    words_alone.add(folder, "policy", link_base="https://git.example.org/rules/")
    words_alone.sync()
    words_alone.add(folder, "policy")
    words_alone.reindex()
    passage = words_alone.section("contact/3.2")
    assert passage is not None
    assert passage.link == "https://git.example.org/rules/deep/a%20b.md"
    assert words_alone.search("school", document="own")[0].link == "https://wiki.example.org/own"
    with pytest.raises(KnowledgeError, match="no web address"):
        words_alone.add(folder, "policy", link_base="rules")


def test_a_mark_of_a_section_overrides_its_document(words_alone: Knowledge, write: Write) -> None:
    """R6: the level of a section is its own where the author marked it."""
    heading = "### 3.4 Stated relations\n"
    marked = NOW.replace(
        heading, f"{heading}<!-- sensitivity: restricted -->\n<!-- owner: @legal -->\n<!-- conflicts: goods/1 -->\n"
    )
    words_alone.add(write({"a.md": marked}), "policy")
    first, second = (words_alone.section(f"contact/{number}") for number in ("3.2", "3.4"))
    assert first is not None
    assert second is not None
    assert (first.sensitivity, first.owner, first.marks) == ("internal", "@owner-privacy", {})
    assert (second.sensitivity, second.owner) == ("restricted", "@legal")
    assert second.marks["conflicts"] == "goods/1"
    assert second.text == "A stated family relation lowers the label."
    words_alone.reindex()
    assert words_alone.section("contact/3.4") == second
