"""Ranking: words and meaning on one scale; what is missing speaks against nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import Knowledge, Loaded
from knowledge.search.ranking import Signals, by_words, match_terms, ranked, rarities
from tests.knowledge.bags import alone
from tests.knowledge.conftest import Write

ALL = Signals(chunk=0.5, sentence=0.5, rule=0.5, question=0.5, lexical=0.4)


def test_equal_cosines_give_that_cosine() -> None:
    """The weights are those of a mean."""
    assert ALL.meaning == pytest.approx(0.5)
    assert Signals(chunk=0.5).meaning == pytest.approx(0.5)


def test_a_section_that_nobody_asked_about_loses_nothing_by_it() -> None:
    """A known question can only speak for a section."""
    assert replace(ALL, question=None).score == replace(ALL, question=0.1).score == ALL.score
    assert replace(ALL, question=0.9).score > ALL.score


@pytest.mark.parametrize("better", [{"chunk": 0.6}, {"sentence": 0.6}, {"rule": 0.6}, {"lexical": 0.6},
                                    {"named": True}, {"scoped": True}])  # fmt: skip
def test_whatever_speaks_for_a_section_raises_it(better: dict[str, float]) -> None:
    """Each signal alone, the others being equal."""
    assert replace(ALL, **better).score > ALL.score  # type: ignore[arg-type]


def test_without_vectors_words_rank_alone() -> None:
    """The section with the higher share of the question comes first; equals keep the index's order."""
    assert ranked({1: Signals(lexical=0.1), 2: Signals(lexical=0.3), 3: Signals(lexical=0.1)}) == [2, 1, 3]


@pytest.fixture
def filled(home: Path, write: Write) -> Knowledge:
    knowledge = Knowledge(home, embedder=alone)
    knowledge.add(
        write({"a.md": "# A\n\n## 1 One\n\nA rare harbour.\n\n## 2 Two\n\nA word.\n\n## 3 Three\n\nA word.\n"}), "x"
    )
    return knowledge


def test_words_that_stand_nowhere_count_against_the_rest(filled: Knowledge) -> None:
    """A question of one known and three unknown words gets a quarter and not all from the known one."""
    with filled._index.read() as connection:
        half = rarities(connection, "harbour zzyx qqwv vvkp")
        assert half.unseen == {"zzyx", "qqwv", "vvkp"}
        assert rarities(connection, "harbour").most < half.most
        assert half.share(half.unseen) > 0.75 * 0.99
        terms = match_terms("harbour zzyx")
        assert len(by_words(connection, terms, {1}, 5)) == 1


def test_the_scale_ends_at_one(filled: Knowledge) -> None:
    """A section that says nothing but the question reaches at most the whole of it."""
    hit = filled.search("harbour")[0]
    assert 0 < hit.score <= 0.3


def test_a_document_of_the_scope_comes_first_among_equals(home: Path, write: Write, minilm: Loaded) -> None:
    """The same section in two documents: the channel's wins; one about something else does not, whatever the scope."""
    text = "# {0}\n\n## 1 Rule\n\nRepeated exclusion from a group is level two.\n"
    knowledge = Knowledge(home, embedder=lambda: minilm)
    other = "# Other\n\n## 1 Shipping\n\nParcels leave on Monday.\n"
    knowledge.add(write({"one.md": text.format("One"), "two.md": text.format("Two"), "other.md": other}), "x")
    for name in ("one", "two"):
        assert knowledge.find("is repeated exclusion level two", scope=[name]).hits[0].document_id == name
    assert knowledge.find("is repeated exclusion level two", scope=["other"]).hits[0].document_id in ("one", "two")
    knowledge.close()
