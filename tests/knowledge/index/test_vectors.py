"""Vectors in memory: brought up to date by reading only what is new, and equal to reading everything."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from knowledge import Knowledge
from knowledge.errors import DamagedIndexError
from knowledge.index.dense import Dense
from knowledge.index.vectors import Stored, brought_up_to_date, read_vectors
from tests.knowledge.bags import Bags
from tests.knowledge.conftest import Write

BAGS = Bags()
TEXTS: dict[str, str | bytes] = {f"{n}.md": f"# Part {n}\n\nThe rule of part {n} is old.\n" for n in range(12)}


@pytest.fixture
def knowledge(home: Path, write: Write) -> Iterator[Knowledge]:
    opened = Knowledge(home, store="exact", embedder=BAGS.load)
    opened.add(write(TEXTS), "policy")
    yield opened
    opened.close()


def _read(home: Path, before: Stored | None = None) -> Stored:
    with closing(sqlite3.connect(home / "index.sqlite")) as connection:
        if before is None:
            return read_vectors(connection, BAGS.id, BAGS.dimension)
        return brought_up_to_date(connection, BAGS.id, before)


def _same(one: Stored, other: Stored) -> bool:
    return all(
        np.array_equal(mine, theirs)
        for mine, theirs in (
            (one.chunks, other.chunks),
            (one.documents, other.documents),
            (one.matrix, other.matrix),
        )
    )


@pytest.mark.parametrize("changed", [0, 1, 12])
def test_what_was_read_before_is_brought_to_what_is_there(
    knowledge: Knowledge, home: Path, write: Write, changed: int
) -> None:
    """Nothing, one file or every file changed, one gone, one new."""
    before = _read(home)
    write({f"{n}.md": f"# Part {n}\n\nThe rule of part {n} is new and longer.\n" for n in range(changed)})
    if changed:
        (home.parent / "docs" / "11.md").unlink()
        write({"more.md": "# More\n\nA rule that nobody had.\n"})
    knowledge.sync()
    after = _read(home, before)
    assert _same(after, _read(home))
    assert (after is before) == (not changed)


def test_some_chunks_are_read_alone(knowledge: Knowledge, home: Path) -> None:
    every = _read(home)
    with closing(sqlite3.connect(home / "index.sqlite")) as connection:
        some = read_vectors(connection, BAGS.id, BAGS.dimension, every.chunks[[7, 2]].tolist())
    assert some.chunks.tolist() == every.chunks[[2, 7]].tolist()
    assert np.array_equal(some.matrix, every.matrix[[2, 7]])


def test_a_damaged_vector_among_the_new_ones_is_seen(knowledge: Knowledge, home: Path, write: Write) -> None:
    before = _read(home)
    write({"more.md": "# More\n\nA rule that nobody had.\n"})
    knowledge.sync()
    with closing(sqlite3.connect(home / "index.sqlite")) as connection:
        newest = "(SELECT hash FROM chunks ORDER BY key DESC LIMIT 1)"
        connection.execute(f"UPDATE vectors SET vector = x'00' WHERE hash = {newest}")
        connection.commit()
    with pytest.raises(DamagedIndexError):
        _read(home, before)


def test_vectors_of_another_index_are_not_taken_over(knowledge: Knowledge, home: Path, write: Write) -> None:
    """The index is made anew in the same place: its chunks have the same numbers and are others."""
    dense = Dense(home, BAGS.load, "exact")
    query = BAGS.embed_query("the rule of part 3")

    def nearest() -> list[tuple[int, float]]:
        with closing(sqlite3.connect(home / "index.sqlite")) as connection:
            return dense.search(connection, query, (), 5)

    assert nearest()
    for path in home.glob("index.sqlite*"):
        path.unlink()
    write({"0.md": "# Zero\n\nSomething else first.\n"})
    knowledge.reindex()
    found, fresh = nearest(), Dense(home, BAGS.load, "exact")
    with closing(sqlite3.connect(home / "index.sqlite")) as connection:
        assert found == fresh.search(connection, query, (), 5)
