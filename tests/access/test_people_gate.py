"""R9: nobody's figures are given to somebody else, whoever asks and however it is put."""

import pytest

from bot.access.people_gate import asks_about_person
from tests.agent.desks import Desk

TEAM = ["ana", "Ana", "ben", "Ben", "chen", "Chen"]


@pytest.mark.parametrize(
    "text",
    [
        "what is ben's kappa against gold?",
        "bens accuracy",
        "Ben’s error rate last week",
        "kappa of ben",
        "how accurate is ben",
        "how many labels did Chen get wrong",
        "mistakes by ana on spanish",
    ],
)
def test_r9_asking_for_a_persons_figures_is_noticed(text: str) -> None:
    """By name, possessive or not."""
    assert asks_about_person(text, TEAM)


@pytest.mark.parametrize(
    "text",
    [
        "recall of bullying-text v7",
        "label agreement by language",
        "ben asked for the recall of v7",
        "approved by ana",
        "benchmark accuracy of v7",
        "run it and tell ben",
        "",
    ],
)
def test_r9_what_is_about_nobody_is_let_through(text: str) -> None:
    """A name in a sentence is no question about the person."""
    assert not asks_about_person(text, TEAM)


def test_r9_the_figures_of_a_colleague_are_refused(desk: Desk) -> None:
    """Before any model reads the question; the answer says whose they are."""
    answer = desk.ask("what is ben's kappa against gold?")
    assert answer.kind == "refusal"
    assert "their mentor" in answer.text
    assert answer.results == ()
