"""Faults: a lost, damaged or foreign index gives a sentence that names the cure, never a wrong answer."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge import Knowledge, KnowledgeError, Loaded
from knowledge.errors import REINDEX, BusyError, EmbeddingError, NothingAddedError, StorageError
from tests.knowledge.bags import Bags, alone
from tests.knowledge.conftest import CONTACT, Write

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")


def _lose(index: Path) -> None:
    for path in index.parent.glob("index.sqlite*"):
        path.unlink()


def _empty(index: Path) -> None:
    _lose(index)
    index.touch()


def _garbage(index: Path) -> None:
    _lose(index)
    index.write_bytes(b"this is no database " * 1_000)


def _cut_short(index: Path) -> None:
    index.write_bytes(index.read_bytes()[: index.stat().st_size // 2])


def _folder(index: Path) -> None:
    _lose(index)
    index.mkdir()


def _foreign(index: Path) -> None:
    _lose(index)
    with sqlite3.connect(index) as other:
        other.execute("CREATE TABLE pictures (id)")
    other.close()


def _statement(sql: str) -> Callable[[Path], None]:
    def change(index: Path) -> None:
        with sqlite3.connect(index) as connection:
            connection.execute(sql)
        connection.close()

    return change


DAMAGE = {
    "lost": _lose,
    "empty": _empty,
    "garbage": _garbage,
    "cut short": _cut_short,
    "foreign": _foreign,
    "of another layout": _statement("UPDATE meta SET value = '0' WHERE name = 'schema'"),
    "without its record": _statement("DELETE FROM meta"),
    "without folders": _statement("DELETE FROM folders"),
    "with a changed text": _statement("UPDATE sections SET text = replace(text, 'PRV-2', 'PRV-0')"),
    "without words": _statement("DROP TABLE words"),
    "with short vectors": _statement("UPDATE vectors SET vector = x'00'"),
    "with vectors that are no numbers": _statement("UPDATE vectors SET vector = x'" + "0000c07f" * 32 + "'"),
}


@pytest.fixture
def filled(home: Path, bags: Bags, write: Write) -> Path:
    """A closed index of one document with two sections; returns its file."""
    knowledge = Knowledge(home, embedder=bags.load)
    knowledge.add(write({"a.md": NOW}), "policy")
    knowledge.close()
    return home / "index.sqlite"


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_said_and_mended_by_reindex(filled: Path, bags: Bags, damage: str) -> None:
    DAMAGE[damage](filled)
    knowledge = Knowledge(filled.parent, embedder=bags.load)
    with pytest.raises(KnowledgeError, match=REINDEX):
        knowledge.search("request for a school")
    knowledge.reindex()
    hit = knowledge.search("request for a school")[0]
    assert hit.section == "contact/3.2"
    assert "PRV-2" in hit.text
    assert hit.similarity is not None
    knowledge.close()


def test_a_process_that_has_the_lost_index_open_notices(hashed: Knowledge, home: Path, write: Write) -> None:
    hashed.add(write({"a.md": NOW}), "policy")
    assert hashed.search("school")
    _lose(home / "index.sqlite")
    with pytest.raises(KnowledgeError, match=REINDEX):
        hashed.search("school")


def test_an_index_that_cannot_be_opened_is_said(filled: Path) -> None:
    _folder(filled)
    knowledge = Knowledge(filled.parent, embedder=alone)
    with pytest.raises(KnowledgeError, match=REINDEX):
        knowledge.search("school")
    with pytest.raises(StorageError, match="remove it by hand"):
        knowledge.reindex()


def test_before_anything_is_added_the_command_to_add_is_named(words_alone: Knowledge) -> None:
    for ask in (words_alone.status, words_alone.terms, words_alone.reindex, lambda: words_alone.search("x")):
        with pytest.raises(NothingAddedError, match="steward knowledge add"):
            ask()


def test_another_embedder_leaves_words_and_says_how_to_get_vectors_back(filled: Path) -> None:
    """Vectors of two embedders are never compared; not even when only the dimension differs."""
    for other in (Bags(id="other"), Bags(dimension=16)):
        knowledge = Knowledge(filled.parent, embedder=other.load)
        hit = knowledge.search("request for a school")[0]
        assert (hit.section, hit.similarity) == ("contact/3.2", None)
        assert REINDEX in knowledge.status().dense
        knowledge.reindex()
        assert knowledge.search("request for a school")[0].similarity is not None
        knowledge.close()


def test_a_vector_that_is_missing_leaves_words(filled: Path, bags: Bags) -> None:
    """Half the vectors would rank half the sections: none are used until all are there."""
    _statement("DELETE FROM vectors WHERE rowid = (SELECT min(rowid) FROM vectors)")(filled)
    knowledge = Knowledge(filled.parent, embedder=bags.load)
    assert knowledge.search("school")[0].similarity is None
    assert knowledge.status().dense.startswith("off: 1 of 2 chunks have no vector")
    assert knowledge.reindex().embedded == 1
    assert knowledge.search("school")[0].similarity is not None
    knowledge.close()


class Failing(Bags):
    """An embedder that stops working."""

    def embed_query(self, text: str) -> "Vectors":
        raise EmbeddingError("the model is gone")


def test_an_embedder_that_fails_leaves_words(filled: Path, write: Write) -> None:
    knowledge = Knowledge(filled.parent, embedder=lambda: Loaded(Failing()))
    assert knowledge.search("school")[0].similarity is None
    assert knowledge.status().dense == "off: the model is gone"
    report = knowledge.add(write({"b.md": "# B\n\nSchool.\n"}), "policy")
    assert (report.documents, report.without_vectors) == (2, "the model is gone")
    knowledge.close()


def test_the_record_of_folders_is_made_again_from_the_index(filled: Path) -> None:
    (filled.parent / "folders.json").write_text("{broken")
    knowledge = Knowledge(filled.parent, embedder=alone)
    assert knowledge.search("school")
    knowledge.reindex()
    _lose(filled)
    assert knowledge.reindex().documents == 1
    knowledge.close()


def test_a_folder_that_is_gone_keeps_its_documents_and_is_named(filled: Path, write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.md").write_text("# Other\n\nElsewhere.\n")
    knowledge = Knowledge(filled.parent, embedder=alone)
    knowledge.add(other, "policy")
    write({}).rename(tmp_path / "away")
    report = knowledge.reindex()
    assert [one.path for one in report.unreadable] == [str(tmp_path / "docs")]
    assert knowledge.search("school")[0].section == "contact/3.2"
    _lose(filled)
    assert knowledge.reindex().documents == 1
    knowledge.close()


def test_adding_to_a_lost_index_does_not_hide_what_else_was_added(filled: Path, tmp_path: Path) -> None:
    _lose(filled)
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.md").write_text("# Other\n\nElsewhere.\n")
    knowledge = Knowledge(filled.parent, embedder=alone)
    with pytest.raises(KnowledgeError, match=REINDEX):
        knowledge.add(other, "policy")
    knowledge.close()


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path, write: Write) -> None:
    (tmp_path / "file").write_text("")
    knowledge = Knowledge(tmp_path / "file" / "home", embedder=alone)
    with pytest.raises(StorageError, match="choose another home"):
        knowledge.add(write({"a.md": NOW}), "policy")
    with pytest.raises(NothingAddedError):
        knowledge.search("x")


def test_a_locked_index_is_said(filled: Path, write: Write) -> None:
    knowledge = Knowledge(filled.parent, embedder=alone, patience=0.1)
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError, match="when it is done"):
        knowledge.add(write({"b.md": "# B\n"}), "policy")
    other.close()
    assert knowledge.search("school")
    knowledge.close()
