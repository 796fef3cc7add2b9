"""Questions in other languages: the words of questions about metrics and data, brought to the English of the examples."""

from pathlib import Path

from knowledge.search import languages

FILE = Path(__file__).with_name("languages.yaml")


def to_english(text: str) -> str:
    """The text with the words of one other language replaced; English and what no list knows stay as they are."""
    return languages.to_english(text, languages.read_lists(FILE))
