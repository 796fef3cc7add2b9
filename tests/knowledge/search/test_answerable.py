"""Answerable: an answer is told from the nearest of many neighbours; measured on the shipped guidelines."""

from collections.abc import Iterator

import pytest

from knowledge import LIBRARY, Knowledge, Loaded
from knowledge.search.answerable import BY_WORDS, FLOOR, LIKELY, NEAR_BY_WORDS, Evidence, probability
from tests.knowledge.conftest import CONTACT, Write

NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")


@pytest.fixture(scope="module")
def library(minilm: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    knowledge = Knowledge(tmp_path_factory.mktemp("library"), embedder=lambda: minilm)
    knowledge.add(LIBRARY, "guidelines")
    yield knowledge
    knowledge.close()


@pytest.mark.parametrize("closest", [None, -1.0, 0.0, 0.5, 1.0])
def test_a_probability_is_one_and_more_evidence_never_lowers_it(closest: float | None) -> None:
    """Held words raise it, words that stand nowhere lower it, nearness raises it."""
    shares = sorted([0.0, 0.3, 0.5, BY_WORDS, 1.0])
    rising = [probability(Evidence(closest, share, 0)) for share in shares]
    assert rising == sorted(rising)
    assert all(0 <= one <= 1 for one in rising)
    assert probability(Evidence(closest, 0.5, 0.5)) <= probability(Evidence(closest, 0.5, 0))
    if closest is not None:
        assert probability(Evidence(closest, 0.5, 0)) > probability(Evidence(closest - 0.1, 0.5, 0))


def test_without_vectors_most_words_must_be_held() -> None:
    assert probability(Evidence(None, BY_WORDS, 0)) >= FLOOR
    assert LIKELY <= probability(Evidence(None, BY_WORDS - 0.01, 0)) < FLOOR
    assert probability(Evidence(None, NEAR_BY_WORDS - 0.01, 0)) < LIKELY
    assert probability(Evidence(None, 0, 1)) == 0


def test_nothing_found_is_nothing_sure(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"contact.md": NOW}), "policy")
    for query in ("", "…", "zzyx qqwv", "\0\x1b"):
        found = words_alone.find(query)
        assert (found.hits, found.confidence, found.answered, found.likely) == ((), 0.0, False, False)


def test_a_section_named_by_its_number_is_the_one_that_is_meant(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"contact.md": NOW}), "policy")
    found = words_alone.find("what does contact 3.4 say")
    assert (found.hits[0].section, found.confidence) == ("contact/3.4", 1.0)


@pytest.mark.parametrize("amount", ["3.4 percent", "3.4%", "3.4 hours", "3.4 million", "3.4.1 days", "v3.4", "3.45"])
def test_an_amount_names_no_section(words_alone: Knowledge, write: Write, amount: str) -> None:
    """Every document has a 3.4, and a question about 3.4 hours is about none of them."""
    words_alone.add(write({"contact.md": NOW}), "policy")
    found = words_alone.find(f"is {amount} of zzyx enough for a printer")
    assert found.confidence < LIKELY


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("request for a minor's school by an account that presents as adult", "privacy-unsafe-contact/3.2"),
        ("which deciding factor does a rationale name", "glossary/1.1"),
        ("favourable display of a restricted good without gain or offer", "age-restricted-goods/2.2"),
        ("favorable dispaly of a restrictd good without gain or offer", "age-restricted-goods/2.2"),
    ],
)
def test_a_section_that_holds_every_word_and_is_near_clears_the_floor(
    library: Knowledge, question: str, section: str
) -> None:
    """Typos mended as well."""
    found = library.find(question)
    assert found.answered
    assert section in [hit.section for hit in found.hits[:3]]


@pytest.mark.parametrize(
    "question",
    ["how do I bake sourdough bread", "what is the capital of Mongolia", "printer on the third floor is jammed",
     "best train to Lisbon tomorrow", "wie wird das Wetter am Sonntag", "zzyx qqwv vvkp"],
)  # fmt: skip
def test_a_question_about_something_else_does_not_clear_it(library: Knowledge, question: str) -> None:
    assert not library.find(question).answered


def test_superseded_editions_of_the_library_stay_out(library: Knowledge) -> None:
    """Two documents have an older edition beside them."""
    for query in ("bullying of a minor", "request for a minor's school", "version 4.2"):
        assert {hit.standing for hit in library.find(query, limit=20).hits} == {"in force"}
    assert {hit.version for hit in library.find("bullying", version="4.2", limit=20).hits} == {"4.2"}
