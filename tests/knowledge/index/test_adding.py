"""Adding: a folder replaces what it held before, in one step, and embeds only what is new."""

import shutil
from pathlib import Path

import pytest

from knowledge import Knowledge, KnowledgeError
from tests.knowledge.bags import Bags, alone
from tests.knowledge.conftest import CONTACT, Write

NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")
PLAIN = "# Plain\n\n## Notes\n\nAbout schools.\n\n## Notes\n\nMore about schools.\n"


def _ids(knowledge: Knowledge) -> set[str]:
    return {hit.section for hit in knowledge.search("school relation notes", limit=50)}


def test_the_report_counts_what_was_added_and_names_what_was_not(words_alone: Knowledge, write: Write) -> None:
    report = words_alone.add(write({"a.md": NOW, "b.md": PLAIN, "bad.md": b"\xff"}), "policy")
    assert (report.documents, report.sections, report.chunks, report.embedded) == (2, 4, 4, 0)
    assert [(Path(one.path).name, one.reason) for one in report.unreadable] == [
        ("bad.md", "is not UTF-8 (byte 0); save it as UTF-8")
    ]
    assert report.without_vectors == "switched off"


def test_an_unchanged_file_is_not_embedded_again(hashed: Knowledge, bags: Bags, write: Write) -> None:
    folder = write({"a.md": NOW, "b.md": PLAIN})
    assert hashed.add(folder, "policy").embedded == 4
    assert hashed.add(folder, "policy").embedded == 0
    write({"b.md": PLAIN.replace("More", "Much more")})
    bags.seen.clear()
    assert hashed.add(folder, "policy").embedded == 1
    assert [text for text in bags.seen if "Much more" in text] == bags.seen


def test_ids_stay_the_same_when_a_folder_is_added_again(words_alone: Knowledge, write: Write) -> None:
    folder = write({"a.md": NOW, "b.md": PLAIN})
    words_alone.add(folder, "policy")
    before = _ids(words_alone)
    assert before == {"contact/3.2", "contact/3.4", "b/notes", "b/notes~2"}
    write({"a.md": NOW + "\n", "c.md": "# New\n\nSchool.\n"})
    words_alone.add(folder, "policy")
    assert _ids(words_alone) == before | {"c/new"}
    words_alone.reindex()
    assert _ids(words_alone) == before | {"c/new"}


def test_what_left_the_folder_leaves_the_index(words_alone: Knowledge, write: Write) -> None:
    folder = write({"a.md": NOW, "b.md": PLAIN})
    words_alone.add(folder, "policy")
    (folder / "b.md").unlink()
    report = words_alone.add(folder, "policy")
    assert report.documents == 1
    assert _ids(words_alone) == {"contact/3.2", "contact/3.4"}


def test_other_folders_stay_when_one_is_added_again(words_alone: Knowledge, write: Write, tmp_path: Path) -> None:
    """Two folders may hold a document of the same name: each keeps its own id on every re-add."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.md").write_text("# Other\n\n## Notes\n\nAbout the school yard.\n")
    folder = write({"b.md": PLAIN})
    words_alone.add(folder, "policy")
    words_alone.add(other, "policy")
    both = {"b/notes", "b/notes~2", "b~2/notes"}
    for again in (folder, other, folder):
        words_alone.add(again, "policy")
        assert _ids(words_alone) == both
    words_alone.reindex()
    assert words_alone.status().documents == 2


def test_a_folder_that_moved_takes_its_documents_along(words_alone: Knowledge, write: Write, tmp_path: Path) -> None:
    folder = write({"a.md": NOW})
    words_alone.add(folder, "policy")
    moved = tmp_path / "moved"
    shutil.move(folder, moved)
    words_alone.add(moved, "policy")
    assert words_alone.status().documents == 1
    assert words_alone.search("school")[0].document == str(moved / "a.md")
    assert words_alone.search("school")[0].section == "contact/3.2"


def test_an_index_made_of_words_gets_its_vectors_with_the_next_add(home: Path, bags: Bags, write: Write) -> None:
    folder = write({"a.md": NOW})
    plain = Knowledge(home, embedder=alone)
    plain.add(folder, "policy")
    plain.close()
    knowledge = Knowledge(home, embedder=bags.load)
    assert knowledge.status().dense.startswith("off: the index was made without an embedder")
    assert knowledge.add(folder, "policy").embedded == 2
    assert knowledge.search("school")[0].similarity is not None
    knowledge.close()


def test_a_folder_can_be_taken_out(words_alone: Knowledge, write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.md").write_text("# Other\n\nSchool.\n")
    folder = write({"a.md": NOW})
    words_alone.add(folder, "policy")
    words_alone.add(other, "policy")
    assert words_alone.remove(folder, "policy") == 1
    assert _ids(words_alone) == {"o/other"}
    words_alone.reindex()
    assert _ids(words_alone) == {"o/other"}
    with pytest.raises(KnowledgeError, match="not among the added folders"):
        words_alone.remove(folder, "policy")


def test_progress_is_told_by_stage(hashed: Knowledge, write: Write) -> None:
    told: list[tuple[str, int, int]] = []
    hashed.add(write({"a.md": NOW, "b.md": PLAIN}), "policy", lambda *step: told.append(step))
    assert [what for what, done, total in told if done == total] == ["reading", "splitting", "embedding"]


@pytest.mark.parametrize("collection", ["", "  ", "a\nb", "x" * 101])
def test_a_collection_needs_a_name(words_alone: Knowledge, write: Write, collection: str) -> None:
    with pytest.raises(KnowledgeError, match="collection's name"):
        words_alone.add(write({"a.md": NOW}), collection)


def test_a_folder_with_nothing_to_read_changes_nothing(words_alone: Knowledge, write: Write, tmp_path: Path) -> None:
    words_alone.add(write({"a.md": NOW}), "policy")
    empty, broken = tmp_path / "empty", tmp_path / "broken"
    for folder in (empty, broken):
        folder.mkdir()
    (broken / "b.md").write_bytes(b"\xff")
    for folder, reason in ((empty, "no document"), (broken, "b.md is not UTF-8"), (tmp_path / "no", "no folder")):
        with pytest.raises(KnowledgeError, match=reason):
            words_alone.add(folder, "policy")
    assert words_alone.status().collections == {"policy": 1}


def test_a_file_that_a_kill_left_without_tables_is_filled(words_alone: Knowledge, home: Path, write: Write) -> None:
    """The first `add` makes the tables, whether it finds no file or an empty one."""
    home.mkdir()
    (home / "index.sqlite").touch()
    assert words_alone.add(write({"a.md": NOW}), "policy").documents == 1
    assert _ids(words_alone) == {"contact/3.2", "contact/3.4"}
