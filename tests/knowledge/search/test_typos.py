"""Typos: a slip in a guideline's word is mended; names, common words and what is too far off stay as they are."""

import random
import string
import time
from pathlib import Path

import pytest

from knowledge import Knowledge, Loaded
from knowledge.search.typos import mended, replaced
from tests.knowledge.conftest import CONTACT, Write

GUIDELINES = {"guidelines": 9, "privacy": 5, "private": 2, "minor": 7, "school": 3, "margin": 2, "label": 8, "lapel": 1}
NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")


def _mended(text: str, known: frozenset[str] = frozenset(), slips: int = 2) -> dict[str, str]:
    return mended(text, GUIDELINES.__contains__, known.__contains__, lambda: GUIDELINES, slips=slips)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [("privcy", "privacy"), ("pirvacy", "privacy"), ("privaccy", "privacy"), ("scholl", "school"),
     ("guidlines", "guidelines"), ("giudelnes", "guidelines"), ("PRIVCY", "privacy")],
)  # fmt: skip
def test_a_slip_in_a_guidelines_word_is_mended(typo: str, meant: str) -> None:
    """A letter left out, doubled, swapped or another; two of them in a long word."""
    assert _mended(f"what does {typo} mean") == {typo.lower(): meant}
    assert replaced(f"what does {typo} mean?", {typo.lower(): meant}) == f"what does {meant} mean?"


@pytest.mark.parametrize("word", ["prvcy", "rivacy", "labl", "min", "schuul", "gidelynez", "wordsmith"])
def test_a_word_further_off_stays(word: str) -> None:
    """Two slips in a short word, another first letter, three letters, or nothing like it; `labl` is one slip away."""
    assert _mended(word) == ({"labl": "label"} if word == "labl" else {})


def test_a_common_word_is_no_typo() -> None:
    """`marvin` is one slip from nothing here, `martin` is a word, and `minors` a word of the guidelines in a form."""
    assert _mended("a martin", frozenset({"martin"})) == {}
    assert _mended("margim") == {"margim": "margin"}
    assert mended("labels", lambda word: word == "labels", lambda word: False, lambda: GUIDELINES) == {}


@pytest.mark.parametrize(
    "name", ["SCHOL2", "scholl-2", "PRVT-2", "2-scholl", "scholl.3.2", "@privcy", "@owner-privcy", "scholl_set",
             "privcy@lumo", "scholl2x"],
)  # fmt: skip
def test_names_with_digits_and_handles_are_never_mended(name: str) -> None:
    """Not even where the same word is mended elsewhere in the question."""
    assert _mended(f"what about {name}") == {}
    words = _mended(f"the scholl and privcy of {name}")
    assert words == {"scholl": "school", "privcy": "privacy"}
    assert replaced(f"the scholl and privcy of {name}", words) == f"the school and privacy of {name}"


def test_the_name_of_a_person_is_not_mended() -> None:
    """A capital inside a sentence says so; at its beginning it says nothing, and all capitals are a shout."""
    assert _mended("what did Margim say about it") == {}
    assert _mended("Margim of the gate? Privcy of whom") == {"margim": "margin", "privcy": "privacy"}
    assert _mended("THE MARGIM OF THE GATE") == {"margim": "margin"}


def test_of_equally_near_words_the_frequent_one_is_meant() -> None:
    """`labek` is one slip from `label` only; `lapbel` from both; `privaate` is nearer to `private`."""
    assert _mended("lapbel")["lapbel"] == "label"
    assert _mended("privaate")["privaate"] == "private"


def test_words_joined_by_marks_are_words() -> None:
    """A hyphen or a slash makes no name of them."""
    assert _mended("scholl/privcy or self-privcy") == {"scholl": "school", "privcy": "privacy"}


def test_where_no_word_list_helps_one_slip_is_all() -> None:
    """Two slips make another word of a word: a reduction is no reaction."""
    reaction = {"reaction": 3}
    for slips, found in ((1, {}), (2, {"reduction": "reaction"})):
        assert mended("reduction", lambda word: False, lambda word: False, lambda: reaction, slips=slips) == found


def test_a_pasted_text_costs_no_more_than_a_question() -> None:
    """400 unknown words against 100,000 of the guidelines: some are looked up, and then it is enough."""
    chance = random.Random(5)
    letters = string.ascii_lowercase
    many = {"".join(chance.choices(letters, k=chance.randint(4, 12))): 1 for _ in range(100_000)}
    text = " ".join("".join(chance.choices(letters, k=8)) for _ in range(400))
    began = time.process_time()
    mended(text, lambda word: False, lambda word: False, lambda: many)
    assert time.process_time() - began < 2


def test_the_vocabulary_is_not_made_for_words_that_are_known() -> None:
    """Listing the words of all guidelines takes a second at 30 million characters."""

    def never() -> dict[str, int]:
        raise AssertionError("asked for")

    assert mended("the label of a minor", GUIDELINES.__contains__, lambda word: len(word) < 4, never) == {}


def test_a_typo_finds_its_section_and_common_words_stay(home: Path, minilm: Loaded, write: Write) -> None:
    """With the packaged model, whose tokenizer knows the common words of English."""
    knowledge = Knowledge(home, embedder=lambda: minilm)
    knowledge.add(write({"contact.md": NOW}), "policy")
    found = knowledge.find("a stated famly relatoin")
    assert found.asked.typos == {"famly": "family", "relatoin": "relation"}
    assert found.hits[0].section == "contact/3.4"
    for query in ("the latest station and nations", "PRV-2 or PRVX-2", "Did Stater label it?"):
        assert knowledge.find(query).asked.typos == {}
    knowledge.close()
