"""Lexicon: a question in the guidelines' own words, whatever language, short form or slip it came in."""

import time

import pytest

from knowledge.search.glossary import GlossaryTerm
from knowledge.search.lexicon import Lexicon
from knowledge.search.wordbook import shipped

TERMS = {"kid": ["minor"], "address leak": ["personal information", "home address"], "c++": ["code"], "dm": ["private"]}
IAA = GlossaryTerm("Inter-annotator agreement", ("IAA", "agreement"), "how far two agree", "glossary/1.2")


def test_a_question_in_the_guidelines_words_stays_as_it_is() -> None:
    """Nothing replaced, nothing added."""
    read = Lexicon(TERMS, [IAA]).read("Which label has a request for a place?")
    assert (read.text, read.meaning, read.phrases, read.language) == (read.text, read.text, (), "en")
    assert read.text == "Which label has a request for a place?"


def test_an_everyday_word_is_searched_as_what_it_stands_for() -> None:
    """The words of the question stay; the meaning has the likeliest, the phrases all."""
    read = Lexicon(TERMS).read("A kid with an Address  Leak")
    assert read.text == "A kid with an Address  Leak"
    assert read.meaning == "A minor with an personal information"
    assert read.phrases == ("minor", "personal information", "home address")


def test_a_glossary_term_leads_from_each_form_to_the_others() -> None:
    """A short form is written out; a name is not shortened, yet its short form is searched, too."""
    lexicon = Lexicon({}, [IAA])
    assert lexicon.read("what is IAA").meaning == "what is Inter-annotator agreement"
    assert lexicon.read("what is iaa?").phrases == ("Inter-annotator agreement", "agreement")
    long = lexicon.read("what is inter-annotator agreement")
    assert (long.meaning, long.phrases) == (long.text, ("IAA", "agreement"))


@pytest.mark.parametrize("text", ["kids", "skid", "kid-2", "a-kid", "akidb", "_kid"])
def test_a_part_of_a_word_is_no_term(text: str) -> None:
    assert Lexicon(TERMS).read(text).phrases == ()


@pytest.mark.parametrize("key", ["c++", "(a|b)*", "a.b", "[x", "\\d+", "^x$", "100%", "#tag", "a\\", "?:"])
def test_terms_are_text_and_never_patterns(key: str) -> None:
    """A term of special characters stands for itself alone."""
    lexicon = Lexicon({key: ["meaning"]})
    assert lexicon.read(f"what is {key} here").meaning == "what is meaning here"
    assert lexicon.read("what is abc 12 x here").phrases == ()


@pytest.mark.parametrize("text", ["is a m\u0131nor here", "ki\u017f", "\u0130dea", "STRASSE", "\u1e9e", "οδοσ", "K"])
def test_letters_that_are_alike_only_without_case_are_no_error(text: str) -> None:
    """A dotless i counts as an i where case is ignored, and is another letter in lower case."""
    terms = dict.fromkeys(["minor", "kis", "idea", "straße", "ß", "οδος", "kk"], ("x",))
    assert Lexicon(terms).read(text).text == text


def test_a_short_form_that_is_a_common_word_counts_in_capitals_alone() -> None:
    """`it` is no IT, and one letter is never a short form."""
    lexicon = Lexicon(
        {}, [GlossaryTerm("Information technology", ("IT",), "", ""), GlossaryTerm("Actor", ("A",), "", "")]
    )
    assert lexicon.read("is it a minor").phrases == lexicon.read("A minor").phrases == ()
    assert lexicon.read("who runs IT").meaning == "who runs Information technology"


def test_terms_that_stand_for_one_another_end() -> None:
    """Each word is read once: no loop, no chain."""
    read = Lexicon({"kid": ["teen"], "teen": ["kid"], "self": ["self"]}).read("kid teen self")
    assert read.meaning == "teen kid self"
    assert Lexicon({"kid": ["teen"], "teen": ["minor"]}).read("kid").meaning == "teen"


def test_terms_without_a_word_or_a_meaning_change_nothing() -> None:
    lexicon = Lexicon({"": ["x"], "kid": [], " ": ["y"]}, [GlossaryTerm("kid", (), "", "")])
    assert lexicon.read("a kid ? - b").meaning == "a kid ? - b"


def test_a_question_that_names_the_whole_glossary_adds_no_more_than_it_can_bear() -> None:
    """Twenty-four phrases, of thousands of terms, within a second."""
    many = [GlossaryTerm(f"Thing number {n}", (f"TN{n}",), "", "") for n in range(5_000)]
    lexicon = Lexicon({f"word {n}": ["meaning"] for n in range(5_000)}, many)
    lexicon.read("once")
    began = time.process_time()
    read = lexicon.read(" ".join(f"TN{n}" for n in range(700)))
    assert time.process_time() - began < 1
    assert len(read.phrases) == 24


@pytest.mark.parametrize(
    ("question", "language"),
    [("¿Qué etiqueta tiene un menor?", "es"), ("welche Richtlinie gilt für Minderjährige", "de"),
     ("which label has a minor", "en")],
)  # fmt: skip
def test_a_question_in_another_language_is_read_in_english(question: str, language: str) -> None:
    read = Lexicon({}, languages=shipped).read(question)
    assert read.language == language
    assert ("minor" in read.text) is True


def test_a_word_of_a_term_is_no_typo() -> None:
    """What a team says is a word, though no guideline holds it."""
    lexicon = Lexicon({"kidz": ["minor"]}, vocabulary=lambda: {"kids": 3, "minor": 2})
    assert lexicon.read("kidz", lambda word: False).typos == {}
    assert lexicon.read("kidx", lambda word: False).typos == {"kidx": "kids"}
