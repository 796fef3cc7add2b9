"""Chroma: a copy with one owner, equal to the index, and never needed for an answer."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge import Hit, Knowledge
from knowledge.index.dense import CHROMA_FROM, Store
from tests.knowledge.bags import Bags
from tests.knowledge.conftest import CONTACT, Write

NAMES = ("school", "address", "routine", "secrecy", "promotion", "exclusion", "imitation", "threat")
TEXTS = {f"{name}.md": f"# About {name}\n\nA rule on {name} and its owner.\n" for name in NAMES}
OLD = CONTACT.format(version="4.2", effective="2026-01-01", label="PRV-1")
NEW = CONTACT.format(version="4.3", effective="2026-02-01", label="PRV-2")


def _open(home: Path, store: Store) -> Knowledge:
    return Knowledge(home, store=store, embedder=Bags().load)


def _found(knowledge: Knowledge, query: str = "rule on secrecy") -> list[tuple[str, str]]:
    return [(hit.section, hit.version) for hit in knowledge.search(query, limit=20)]


@pytest.fixture
def owner(home: Path, write: Write) -> Iterator[Knowledge]:
    knowledge = _open(home, "chroma")
    knowledge.add(write({**TEXTS, "old.md": OLD, "new.md": NEW}), "policy")
    yield knowledge
    knowledge.close()


def test_chroma_finds_what_exact_search_finds(owner: Knowledge, home: Path) -> None:
    """Superseded versions are left out by both."""
    exact = _open(home, "exact")
    for query in (*NAMES, "request for a school"):
        ours, theirs = owner.search(query, limit=20), exact.search(query, limit=20)
        assert [hit.section for hit in ours] == [hit.section for hit in theirs]
        assert _similarities(ours) == pytest.approx(_similarities(theirs), abs=1e-4)
        assert "4.2" not in {hit.version for hit in ours}
    assert owner.status().dense == "Chroma over 12 vectors"
    assert exact.status().dense == "exact search (NumPy) over 12 vectors"
    exact.close()


def _similarities(hits: list[Hit]) -> list[float]:
    return [hit.similarity or 0.0 for hit in hits]


def test_the_copy_follows_the_index(owner: Knowledge, home: Path, write: Write) -> None:
    """Also when another process changed it."""
    assert ("secrecy/about-secrecy", "unversioned") in _found(owner)
    folder = write({"secrecy.md": "# About keys\n\nA rule on keys.\n", "more.md": "# More\n\nA rule on secrecy.\n"})
    code = (
        "import sys; from pathlib import Path; from knowledge import Knowledge; from tests.knowledge.bags import Bags;"
        "Knowledge(Path(sys.argv[1]), embedder=Bags().load).add(Path(sys.argv[2]), 'policy')"
    )
    subprocess.run([sys.executable, "-c", code, home, folder], check=True, cwd=Path(__file__).parents[3])
    found = _found(owner)
    assert found[0] == ("more/more", "unversioned")
    assert ("secrecy/about-secrecy", "unversioned") not in found
    assert owner.status().dense == "Chroma over 13 vectors"


def test_the_second_to_ask_searches_the_vectors_themselves(owner: Knowledge, home: Path) -> None:
    expected = _found(owner)
    second = _open(home, "chroma")
    assert _found(second) == expected
    assert second.status().dense == "exact search (NumPy): another process holds the Chroma folder"
    second.close()
    owner.close()
    heir = _open(home, "chroma")
    assert _found(heir) == expected
    assert heir.status().dense.startswith("Chroma")
    heir.close()


@pytest.mark.parametrize("damage", ["garbage", "emptied", "gone"])
def test_a_damaged_copy_is_made_anew(owner: Knowledge, home: Path, damage: str) -> None:
    expected = _found(owner)
    owner.close()
    files = [path for path in (home / "chroma").rglob("*") if path.is_file()]
    assert files
    for path in files:
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(b"garbage" * 100 if damage == "garbage" else b"")
    again = _open(home, "chroma")
    assert _found(again) == expected
    assert again.status().dense.startswith("Chroma")
    again.close()


def test_a_copy_of_another_index_is_not_trusted(owner: Knowledge, home: Path) -> None:
    """The index is made anew with fewer documents: its chunk numbers start again, the old copy has the same ones."""
    assert _found(owner)
    for path in home.glob("index.sqlite*"):
        path.unlink()
    for name in ("school", "address", "secrecy"):
        (home.parent / "docs" / f"{name}.md").unlink()
    owner.reindex()
    exact = _open(home, "exact")
    assert _found(owner, "imitation") == _found(exact, "imitation")
    assert owner.status().dense == "Chroma over 9 vectors"
    exact.close()


def test_a_copy_half_made_is_completed(owner: Knowledge, home: Path) -> None:
    """A kill between two batches leaves the mark off; the next owner compares and adds what is missing."""
    import chromadb
    from chromadb.config import Settings

    expected = _found(owner)
    owner.close()
    (place,) = (home / "chroma").iterdir()
    client: Any = chromadb.PersistentClient(str(place), Settings(anonymized_telemetry=False))
    collection = client.get_collection("chunks", embedding_function=None)
    collection.delete(ids=collection.get(include=[])["ids"][:5])
    collection.modify(metadata={**collection.metadata, "generation": ""})
    client.close()
    again = _open(home, "chroma")
    assert _found(again) == expected
    again.close()


def test_small_indexes_do_without_chroma(home: Path, write: Write) -> None:
    knowledge = _open(home, "auto")
    report = knowledge.add(write(TEXTS), "policy")
    assert _found(knowledge)
    assert report.chunks < CHROMA_FROM
    assert not (home / "chroma").exists()
    knowledge.close()


def test_the_vectors_beside_the_sections_are_the_source(owner: Knowledge, home: Path) -> None:
    """Every chunk has its blob, so that the copy can always be made again."""
    with sqlite3.connect(home / "index.sqlite") as connection:
        query = "SELECT count(*), count(v.vector) FROM chunks c LEFT JOIN vectors v ON v.hash = c.hash"
        assert connection.execute(query).fetchone() == (12, 12)
    connection.close()
