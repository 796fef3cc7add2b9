"""The method cards: complete, alike in form, free of content, their figures right and their references named.

Two independent controls keep content out: the patterns here, and the review of each card by a person.
"""

import re
from math import ceil, sqrt
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from knowledge import PLAYBOOK
from knowledge.sources.documents import Document, read_folder
from knowledge.sources.sections import split
from tests.knowledge.test_library import DISGUISED, KEYS, QUOTED, UNSAFE, first_sentence

SECTIONS = [
    "What it is",
    "When it helps",
    "When it does not",
    "What it costs",
    "How to know that it worked",
    "Reference",
]
READING = read_folder(PLAYBOOK)
CARDS = {document.id: document for document in READING.documents}
QUESTIONS = yaml.safe_load((PLAYBOOK / "questions.yaml").read_text("utf-8"))
# Author and year, then a title; or that there is none.
REFERENCE = re.compile(r"[A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and (?:[A-Z][a-z]+|others))? (?:19|20)\d\d, .{10,}")
# What would make it a recipe: a list of words to look for, a prompt, a sample (R1, R4).
RECIPE = re.compile(
    r"\b(?:word ?lists?|keywords?|for example,? the words?|prompt it|such as the word)\b|\be\.g\.", re.I
)
every_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())


def sections(card: Document) -> dict[str, str]:
    """Heading -> text, in order; the title has none."""
    _, found = split(card.id, card.title, card.body)
    return {section.path[-1]: section.text for section in found if section.path[-1] != card.title}


def length(text: str) -> int:
    return len(text.split())


def test_there_are_cards_enough_and_all_can_be_read() -> None:
    """At least 26, each read, each with an id of its own that its file is named after."""
    assert READING.unreadable == ()
    assert len(READING.documents) >= 26
    assert len(CARDS) == len(READING.documents)
    assert {f"method-{Path(card.path).stem}" for card in CARDS.values()} == CARDS.keys()
    assert len({card.title.lower() for card in CARDS.values()}) == len(CARDS)


@every_card
def test_the_front_matter_is_complete(card: Document) -> None:
    """The keys of a guideline, in its order; general, so that everybody may read it (R6)."""
    front = yaml.safe_load((PLAYBOOK / card.path).read_text("utf-8").split("---\n", 2)[1])
    assert list(front) == KEYS
    assert (front["version"], str(front["effective"])) == ("1.0", "2026-11-01")
    assert (front["sensitivity"], front["scope"]) == ("general", ["methods"])
    assert re.fullmatch(r"@owner-[a-z-]+", front["owner"])


@every_card
def test_a_card_has_the_six_sections_and_a_readable_length(card: Document) -> None:
    """In this order, none empty, 150 to 300 words together, the title above."""
    assert card.body.startswith(f"\n# {card.title}\n")
    assert list(sections(card)) == SECTIONS
    assert all(sections(card).values())
    assert 150 <= sum(map(length, sections(card).values())) <= 300


@every_card
def test_each_section_opens_with_a_sentence_that_can_be_quoted_alone(card: Document) -> None:
    """One to 45 words, closed, and not leaning on a sentence before it."""
    for heading in SECTIONS[:4]:
        first = first_sentence(sections(card)[heading])
        assert 3 <= length(first) <= 60, heading
        assert re.search(r"[.?]$", first), heading
    assert first_sentence(sections(card)["When it helps"]).startswith("It helps ")
    assert re.match(r"It (?:does not|is no|makes|proves)", sections(card)["When it does not"])


@every_card
def test_it_says_what_to_measure(card: Document) -> None:
    """How to know that it worked names a figure that can be had: a rate, an interval, a paired test, a count."""
    measured = r"(?i)\b(?:recall|FPR|agreement|intervals?|paired|rates?|share|accuracy|items|positives|k of n|seeds)\b"
    assert len(set(re.findall(measured, sections(card)["How to know that it worked"]))) >= 2


@every_card
def test_no_card_holds_content(card: Document) -> None:
    """No quoted speech, disguised word, link, picture, code, list of words, or unsafe matter (R1, R4)."""
    found = [line for line in card.body.splitlines() if UNSAFE.search(line) or RECIPE.search(line)]
    found += [line for line in card.body.splitlines() if not line.startswith("#") and DISGUISED.search(line)]
    found += [line for line in card.body.splitlines() if QUOTED.search(re.sub(r"(?<=[A-Za-z])'(?=[a-z])", "", line))]
    assert found == []
    tokens = MarkdownIt("commonmark").parse(card.body)
    kinds = {child.type for token in tokens for child in (token, *(token.children or ()))}
    assert kinds <= {"heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text"}


@pytest.mark.parametrize("line", ["a keyword such as that", "Keep word lists.", "e.g. this", "the word list is here"])
def test_the_patterns_refuse_what_they_are_for(line: str) -> None:
    """A recipe is found."""
    assert RECIPE.search(line)


@every_card
def test_a_reference_is_named_or_said_to_be_missing(card: Document) -> None:
    """Author, year and title, or a standard by its number, or common practice; never a link."""
    text = sections(card)["Reference"]
    named = REFERENCE.match(text) or text.startswith("Unicode Technical Standard 39, ")
    assert named or text == "Common practice; no source named."


def test_harmful_content_is_never_to_be_made() -> None:
    """The card on synthetic data says so in its first section, and keeps it out of gold (R4)."""
    card = sections(CARDS["method-synthetic-data"])
    assert "Harmful content is not generated, for any reason." in card["What it is"]
    assert "Synthetic items never enter gold." in card["When it does not"]
    assert "no list of words is kept" in sections(CARDS["method-perturbation-augmentation"])["What it is"]


def needed(p: float, half: float) -> int:
    """Items for a normal interval of this half-width, 95 %."""
    return ceil(1.959964**2 * p * (1 - p) / half**2)


def about(n: int) -> float:
    """The half-width of the Wilson interval at one half, in hundredths (Wilson 1927)."""
    z = 1.959964
    return round(z * sqrt(1 / 4 / n + z * z / 4 / n / n) / (1 + z * z / n), 2)


POINTS = {0.03: "three", 0.05: "five", 0.10: "ten"}


@pytest.mark.parametrize(
    ("card", "phrase"),
    [
        ("more-evidence-first", f"{needed(0.9, 0.03)} positives show a recall of .90 to within three points"),
        ("low-resource-languages", f"{needed(0.9, 0.03)} for a recall of .90 to within three points"),
        ("more-evidence-first", f"sixty without a miss still allow a miss rate of {100 - 100 * 0.05 ** (1 / 60):.1f}"),
        ("label-audit", f"A hundred items with three raters show an error rate to about {POINTS[about(100)]} points"),
        ("label-audit", f"400 to about {POINTS[about(400)]}"),
        ("several-raters", f"A hundred items with three raters show the error rate of the old labels to about"
                           f" {POINTS[about(100)]} points"),
        ("stratified-collection", f"at 1 % prevalence 300 positives in a cell take about {300 / 0.01:,.0f} random"),
        ("random-gold-refresh", f"at 1 % prevalence sixty positives need about {60 / 0.01:,.0f} random items"),
    ],
)  # fmt: skip
def test_figures_in_the_cards_are_recomputed(card: str, phrase: str) -> None:
    """A number in a card is what the formula gives."""
    assert phrase in CARDS[f"method-{card}"].body


def test_every_card_has_everyday_questions() -> None:
    """Four to eight each, of its section on when it helps, none twice, none with content."""
    assert QUESTIONS.keys() == {f"{name}/when-it-helps" for name in CARDS}
    every = [question for asked in QUESTIONS.values() for question in asked]
    assert {name: len(asked) for name, asked in QUESTIONS.items() if not 4 <= len(asked) <= 8} == {}
    assert len(set(every)) == len(every)
    assert [question for question in every if UNSAFE.search(question) or DISGUISED.search(question)] == []
