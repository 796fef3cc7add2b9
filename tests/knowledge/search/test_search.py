"""Search: what a person writes finds sections, and nothing they write is an error."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge import LIBRARY, Hit, Knowledge, Loaded, UnknownNameError
from knowledge.search.ranking import match_expression, match_terms
from tests.knowledge.bags import Bags, alone
from tests.knowledge.conftest import CONTACT, Write

NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")
GOODS = "# Goods\n\n## 2.1 Paid promotion\n\nPaid promotion of restricted goods is ARS-2 regardless of tone.\n"

AWKWARD = [
    "",
    " ",
    "\0\x1b[2J\u202e",
    "\ud800 half",
    "school " * 3_000,
    "x" * 20_000,
    'AND OR NOT NEAR( "',
    "school AND",
    '"school" * ^ : {} (a',
    "heading : school - body",
    "'; DROP TABLE sections; --",
    "学校についての質問",
    "сколько лет",
    "هل يمكن",
    "क्या यह स्कूल है",
    "🙂🙂",
    "*",
    "%_\\",
]


@pytest.fixture
def filled(words_alone: Knowledge, write: Write) -> Knowledge:
    words_alone.add(write({"contact.md": NOW, "goods.md": GOODS}), "policy")
    return words_alone


def test_a_hit_carries_everything_a_citation_needs(filled: Knowledge, write: Write) -> None:
    hit = filled.search("label for asking a school")[0]
    assert hit.document == str(write({}) / "contact.md")
    assert (hit.title, hit.document_id, hit.section, hit.number) == ("Unsafe contact", "contact", "contact/3.2", "3.2")
    assert hit.heading == "3 Requests > 3.2 Requests for a place"
    assert (hit.version, hit.owner, hit.sensitivity, hit.collection) == ("4.3", "@owner-privacy", "internal", "policy")
    assert hit.snippet == "A request for a school is labelled PRV-2 where no relationship is stated."
    assert hit.snippet in hit.text
    assert hit.similarity is None


def test_a_folder_given_in_a_relative_way_is_shown_that_way(
    words_alone: Knowledge, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"a/contact.md": NOW}).parent)
    words_alone.add(Path("docs"), "policy")
    assert words_alone.search("school")[0].document == "docs/a/contact.md"


@pytest.mark.parametrize("query", AWKWARD)
def test_no_query_is_an_error(filled: Knowledge, query: str) -> None:
    for hit in filled.search(query):
        assert hit.snippet in hit.text


@pytest.mark.parametrize("query", AWKWARD)
def test_no_query_is_an_error_for_the_real_model(minilm: Loaded, home: Path, write: Write, query: str) -> None:
    knowledge = Knowledge(home, embedder=lambda: minilm)
    knowledge.add(write({"contact.md": NOW}), "policy")
    knowledge.search(query)
    knowledge.close()


def test_operators_are_words(filled: Knowledge) -> None:
    """`NOT` excludes nothing: what a person writes cannot become a query language."""
    assert filled.search('NOT "school"')[0].section == filled.search("school")[0].section
    assert match_expression(match_terms('a "b" OR c*')) == '"b" OR "c"'


def test_a_query_without_a_word_finds_nothing(filled: Knowledge) -> None:
    assert filled.search("") == filled.search("…") == filled.search("school", limit=0) == []


def test_a_code_is_found_as_one_name(filled: Knowledge) -> None:
    assert filled.search("PRV-2")[0].section == "contact/3.2"
    assert filled.search("what is ars-2?")[0].section == "goods/2.1"


def test_a_section_number_in_the_query_brings_that_section_up(filled: Knowledge) -> None:
    assert filled.search("what does 3.4 say")[0].section == "contact/3.4"


def test_a_collection_and_a_document_restrict_the_search(filled: Knowledge, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "school.md").write_text("# School\n\nThe school of the team is elsewhere.\n")
    filled.add(other, "handbook")
    assert {hit.collection for hit in filled.search("school", collection="handbook")} == {"handbook"}
    assert {hit.document_id for hit in filled.search("school", document="contact")} == {"contact"}
    assert {hit.document_id for hit in filled.search("school", document=str(other / "school.md"))} == {"school"}
    assert {hit.collection for hit in filled.search("school")} == {"handbook", "policy"}


def test_a_name_nobody_added_is_answered_with_the_nearest(filled: Knowledge) -> None:
    with pytest.raises(UnknownNameError, match="there is policy") as caught:
        filled.search("school", collection="polcy")
    assert (caught.value.kind, caught.value.nearest) == ("collection", ["policy"])
    with pytest.raises(UnknownNameError):
        filled.search("school", document="nothing")


def test_a_folder_in_two_collections_gives_each_section_once(filled: Knowledge, write: Write) -> None:
    filled.add(write({}), "copy")
    sections = [hit.section for hit in filled.search("school relationship request", limit=20)]
    assert len(sections) == len(set(sections))


def test_meaning_finds_what_words_do_not(minilm: Loaded, home: Path, write: Write) -> None:
    places = "## 1 Places\n\nAsking where somebody lives is contact.\n"
    folder = write({"rules.md": f"# Rules\n\n{places}\n## 2 Goods\n\nSay who pays. Alcohol adverts are promotion.\n"})
    real = Knowledge(home, embedder=lambda: minilm)
    real.add(folder, "policy")
    query = "beer commercials"
    hit = real.search(query)[0]
    assert hit.section == "rules/2"
    assert hit.similarity is not None
    assert real.quote(hit, query) == "Alcohol adverts are promotion."
    real.close()
    words_alone = Knowledge(home, embedder=alone)
    assert words_alone.search(query) == []
    words_alone.close()


def test_a_warmed_knowledge_answers_the_same(minilm: Loaded, home: Path, write: Write) -> None:
    knowledge = Knowledge(home, embedder=lambda: minilm)
    knowledge.add(write({"contact.md": NOW, "goods.md": GOODS}), "policy")
    cold = knowledge.search("asking a school")
    knowledge.close()
    knowledge.warm()
    assert knowledge.search("asking a school") == cold
    knowledge.close()


def test_the_shipped_guidelines_answer_their_own_example(home: Path) -> None:
    """The example of a good answer, found by words alone among the first five."""
    knowledge = Knowledge(home, embedder=alone)
    knowledge.add(LIBRARY, "sample")
    hits = knowledge.search("adult asks a minor for school and address, no relationship stated: which label?")
    found = [hit for hit in hits if hit.section == "privacy-unsafe-contact/3.2"]
    assert len(found) == 1
    assert "PRV-2 where no relationship is stated." in knowledge.quote(
        found[0], "request for a minor's school, address"
    )
    knowledge.close()


def test_threads_share_one_object(minilm: Loaded, home: Path, write: Write) -> None:
    knowledge = Knowledge(home, embedder=lambda: minilm)
    knowledge.add(write({"contact.md": NOW, "goods.md": GOODS}), "policy")
    queries = ["asking a school", "paid promotion", "family relation", "restricted goods"] * 10
    alone_in_order = [knowledge.search(query) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(knowledge.search, queries)) == alone_in_order
    knowledge.close()


def test_the_same_question_gets_the_same_answer(home: Path, bags: Bags, write: Write) -> None:
    folder = write({f"{n}.md": f"# Part {n}\n\nThe same words everywhere.\n" for n in range(30)})
    answers: list[list[Hit]] = []
    for _ in range(2):
        knowledge = Knowledge(home, embedder=bags.load)
        knowledge.add(folder, "policy")
        answers.append(knowledge.search("same words", limit=10))
        knowledge.close()
    assert len(answers[0]) == 10
    assert answers[0] == answers[1]
