"""A topic is made of the guidelines' own words; an unknown word is letters, no name and never a sentence."""

import pytest

from knowledge import Passage
from tools.guidelines.topics import OTHER, Vocabulary, topic_of, unknown_words, vocabulary
from tools.workspace import Workspace


@pytest.fixture(scope="module")
def known(sample: Workspace) -> Vocabulary:
    """What the sample's guidelines say."""
    return vocabulary(sample.knowledge(), sample.now().date())


@pytest.fixture(scope="module")
def near(sample: Workspace) -> Passage:
    """A section of the guideline on bullying."""
    found = sample.knowledge().section("bullying/2.1")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("is zorbing bul-2 or BUL-3", "bullying: BUL-2"),
        ("which minimal pair is there for zorbing", "bullying: minimal pair"),
        ("how is the minimal pairs thing meant", "bullying: minimal pair"),
        ("what about zorbing", "bullying"),
        ("is zorbing XYZ-2 or COVID-19", "bullying"),
    ],
)
def test_r3_a_topic_has_no_word_that_the_guidelines_do_not_have(
    known: Vocabulary, near: Passage, query: str, topic: str
) -> None:
    """The nearest document, and a label code or a term of the glossary that the question names."""
    assert topic_of(query, near, known) == topic


def test_what_is_near_nothing_and_names_nothing_is_other(known: Vocabulary) -> None:
    """A code alone is a topic still."""
    assert topic_of("zorbing qwertz", None, known) == OTHER
    assert topic_of("zorbing PRV-2", None, known) == "PRV-2"


def test_a_term_that_stands_everywhere_tells_nothing(known: Vocabulary) -> None:
    """“Label” and “section” are in the glossary, and in every question."""
    said = {" ".join(words) for words in known.terms}
    assert {"label", "section", "item"} & said == set()
    assert {"minimal pair", "rotation pool"} <= said


def test_unknown_words_are_those_that_no_section_has(known: Vocabulary) -> None:
    """In any form: a plural or a past tense of a known word is known."""
    assert unknown_words("how do we label zorbing and exclusions in groups", known, ()) == ("zorbing",)
    assert unknown_words("is ZORB a thing", known, ()) == ("zorb",)


@pytest.mark.parametrize(
    "query",
    [
        "what about @zorbo",
        "what about <@U0ZORBO|zorbo>",
        "what about zorbo99 and zorbo_x",
        "what about zo",
        "what about zorbozorbozorbozorbozorbo",
        "what about Zorbo",
        "ask Zorbo's teacher",
        "what about #zorbo",
        "一人の生徒を仲間から外すのはどうですか",
        "ज़ोर्बो",
    ],
)
def test_r7_what_may_be_a_name_a_handle_or_a_sentence_is_no_word(known: Vocabulary, query: str) -> None:
    """Mentions, digits, capitals, too short, too long, and scripts that are written without spaces."""
    assert unknown_words(query, known, ()) == ()


def test_r7_names_of_the_team_are_no_words(known: Vocabulary) -> None:
    """By id or by any part of the name, whatever case, the possessive included."""
    names = ("zorba", "Mira Kwelling")
    assert unknown_words("does zorba's rule or kwelling's or mira apply to zorbing", known, names) == ("zorbing",)


def test_a_question_of_unknown_words_alone_is_another_language(known: Vocabulary) -> None:
    """Four words that no section has: none is kept, for it may be a sentence."""
    assert unknown_words("zorbing kwelling frumbly plonk", known, ()) == ()
    assert len(unknown_words("zorbing kwelling frumbly", known, ())) == 3


def test_the_vocabulary_is_read_once_a_day(sample: Workspace, known: Vocabulary) -> None:
    """The same object until the day or the documents change."""
    knowledge, today = sample.knowledge(), sample.now().date()
    assert vocabulary(knowledge, today) is vocabulary(knowledge, today)
    assert vocabulary(knowledge, today.replace(day=1)) is not known
