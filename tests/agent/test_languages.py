"""Questions in other languages are read with the examples that there are; English stays as it is."""

from pathlib import Path

import pytest
import yaml

from bot.agent.understanding.languages import FILE, to_english

SIXTIES = Path(__file__).parents[1] / "questions"


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("¿cuántos comentarios hay en train?", "how many comments is there in train?"),
        ("qual é a precisão de v7?", "what is the precision of v7?"),
        ("wie viele Kommentare", "how many comments"),
        ("quel est le rappel de v7", "what is the recall of v7"),
        ("v7 的误报率", "v7 of false positive rate"),
        ("v7 の再現率", "v7 of recall"),
        ("v7 ka recall kitna hai", "v7 of recall what is"),
        ("ano ang recall ng v7", "what is recall of v7"),
    ],
)
def test_the_words_of_another_language_become_english(text: str, english: str) -> None:
    """Names stay as they are."""
    assert to_english(text) == english


@pytest.mark.parametrize("file", ["first_sixty.yaml", "second_sixty.yaml"])
def test_english_questions_stay_as_they_are(file: str) -> None:
    """Not one of them is touched."""
    asked = [str(entry["ask"]) for entry in yaml.safe_load((SIXTIES / file).read_text("utf-8"))]
    english = [text for text in asked if text.isascii()]
    assert len(english) > 40
    assert {text: to_english(text) for text in english if to_english(text) != text} == {}


def test_a_word_of_a_glossary_leads_to_something() -> None:
    """Nothing is listed twice in one language, and every entry is text."""
    entries = yaml.safe_load(FILE.read_text("utf-8"))
    assert set(entries) == {"es", "pt", "de", "fr", "zh", "ja", "hi-Latn", "tl", "english"}
    assert len(entries.pop("english").split()) > 40
    for words in entries.values():
        assert all(isinstance(word, str) and isinstance(meaning, str) for word, meaning in words.items())
        assert len({word.lower() for word in words}) == len(words)
