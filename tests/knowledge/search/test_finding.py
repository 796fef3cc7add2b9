"""Finding: which sections are candidates, in which documents, and what becomes of it when vectors fail."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge import Knowledge, Loaded
from knowledge.errors import DamagedIndexError, EmbeddingError
from knowledge.search.finding import CANDIDATES, _candidates
from tests.knowledge.bags import Bags, alone
from tests.knowledge.conftest import CONTACT, Write

OLD = CONTACT.format(version="4.2", effective="2020-01-01", label="PRV-1")
NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")
TODAY = date(2026, 6, 1)


class Failing(Bags):
    """Fails at the first text that holds `word`."""

    word = "school"

    def embed_query(self, text: str) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
        if text == self.word:
            raise EmbeddingError("the service is away")
        return super().embed_query(text)


class Parted(Bags):
    """Bags with vectors of sentences."""

    def embed_sentences(self, text: str, spans: Sequence[tuple[int, int]]):  # type: ignore[no-untyped-def]
        return self.embed_query(text), np.stack([self.embed_query(text[first:after]) for first, after in spans])


def test_superseded_text_is_found_only_where_it_is_asked_for(words_alone: Knowledge, write: Write) -> None:
    """R17: the version in force answers; one day, one version or all of them may be asked for."""
    words_alone.add(write({"old.md": OLD, "now.md": NOW}), "policy")
    assert {hit.version for hit in words_alone.find("school label", today=TODAY, limit=20).hits} == {"4.3"}
    assert {hit.version for hit in words_alone.find("school label", today=date(2021, 1, 1)).hits} == {"4.2"}
    assert {hit.version for hit in words_alone.find("school label", version="4.2", today=TODAY).hits} == {"4.2"}
    every = words_alone.find("school label", versions="all", today=TODAY, limit=20).hits
    assert {hit.version for hit in every} == {"4.2", "4.3"}
    assert words_alone.find("school label", version="9.9", today=TODAY).hits == ()


def test_collections_left_out_are_found_where_they_are_named(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"now.md": NOW}), "policy")
    words_alone.add(write({"cards/card.md": "# Card\n\nA school card.\n"}).joinpath("cards"), "playbook")
    assert {hit.collection for hit in words_alone.find("school", excluded={"playbook"}, limit=20).hits} == {"policy"}
    named = words_alone.find("school", "playbook", excluded={"playbook"})
    assert {hit.collection for hit in named.hits} == {"playbook"}
    nothing = words_alone.find("school", excluded={"playbook", "policy"})
    assert (nothing.hits, nothing.confidence) == ((), 0)


def test_no_kind_of_candidate_crowds_the_others_out() -> None:
    """Every document may have a section 3.2; those that words or vectors found as well come before the rest."""
    found = _candidates(range(1_000), [5_000, 700], [6_000, 800])
    assert len(found) == CANDIDATES
    assert found[:6] == [700, 5_000, 6_000, 800, 0, 1]
    assert _candidates([], [], []) == []


@pytest.mark.parametrize("embedder", [Bags(), Parted(id="parted")])
def test_exact_search_and_chroma_find_the_same(home: Path, write: Write, embedder: Bags) -> None:
    """The same sections with the same scores, with and without vectors of sentences."""
    texts = {f"{n}.md": f"# Part {n}\n\n## 1 One\n\nRule {n} of tea. Cups {n % 7}.\n" for n in range(30)}
    folder = write(texts)
    answers = []
    for store in ("exact", "chroma"):
        knowledge = Knowledge(home / store, embedder=embedder.load, store=store)
        knowledge.add(folder, "policy")
        answers.append([knowledge.find(query, limit=8).hits for query in ("rule 4 of tea", "cups 3", "part 12")])
        assert knowledge.status().dense.startswith("Chroma" if store == "chroma" else "exact")
        knowledge.close()
    exact, chroma = ([(h.section, round(h.score, 4)) for hits in one for h in hits] for one in answers)
    assert exact == chroma
    assert exact


def test_an_embedder_that_fails_at_the_question_leaves_words(home: Path, write: Write) -> None:
    """The answer is the one of words alone, and the status says why."""
    failing = Failing()
    knowledge = Knowledge(home, embedder=failing.load)
    knowledge.add(write({"now.md": NOW}), "policy")
    assert knowledge.find("relations").hits[0].similarity is not None
    found = knowledge.find("school")
    assert (found.hits[0].section, found.hits[0].similarity) == ("contact/3.2", None)
    assert "the service is away" in knowledge.status().dense
    knowledge.close()


def test_an_embedder_that_another_thread_saw_fail_is_no_error(home: Path, write: Write) -> None:
    """A quote may fail between the two steps of a search."""
    bags = Bags()
    knowledge = Knowledge(home, embedder=bags.load)
    knowledge.add(write({"now.md": NOW}), "policy")
    search = knowledge._dense.search

    def then_fail(*arguments: object) -> list[tuple[int, float]]:
        found = search(*arguments)  # type: ignore[arg-type]
        knowledge._dense._fail("the service is away")
        return found

    knowledge._dense.search = then_fail  # type: ignore[method-assign, assignment]
    assert knowledge.find("school").hits[0].section == "contact/3.2"
    knowledge.close()


@pytest.mark.parametrize("damage", ["zeroblob(2 * 32 * 2 + 2)", "x'007e' || zeroblob(190)", "x'00'"])
def test_damaged_parts_are_said_to_be_damaged(home: Path, write: Write, damage: str) -> None:
    """Half a row, or a number that is none: no ranking is made of it."""
    knowledge = Knowledge(home, embedder=Parted().load)
    knowledge.add(write({"now.md": NOW}), "policy")
    knowledge.close()
    with sqlite3.connect(home / "index.sqlite") as connection:
        connection.execute(f"UPDATE vectors SET parts = CAST({damage} AS BLOB) WHERE rowid = 1")
    connection.close()
    with pytest.raises(DamagedIndexError):
        knowledge.find("school label")
    knowledge.close()


def test_documents_without_headings_are_found(home: Path, write: Write) -> None:
    """With vectors and without."""
    folder = write({"plain.md": "Tea is served at four.\n", "empty.md": "", "head.md": "# Only a heading\n"})
    for name, loader in (("words", alone), ("vectors", Parted().load)):
        knowledge = Knowledge(home / name, embedder=loader)
        knowledge.add(folder, "policy")
        found = knowledge.find("tea served")
        assert found.hits[0].text == "Tea is served at four."
        knowledge.close()


def test_a_copy_in_another_collection_takes_no_place(home: Path, write: Write) -> None:
    """One of each section, where the better of the two stands."""
    knowledge = Knowledge(home, embedder=lambda: Loaded(None, "off"))
    for name in ("one", "two", "three"):
        knowledge.add(write({"now.md": NOW}), name)
    found = [hit.section for hit in knowledge.find("school", limit=2).hits]
    assert found[0] == "contact/3.2"
    assert len(found) == len(set(found))
    knowledge.close()
