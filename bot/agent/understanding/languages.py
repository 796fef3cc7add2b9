"""Questions in other languages: words on metrics, data and rules, brought to the English of the examples."""

from pathlib import Path

from knowledge.search.languages import GUIDELINE_WORDS, english_words, language_of, read_lists

_SENTENCE = 4  # words from which a text without one word of English alone may be in another language

FILE = Path(__file__).with_name("languages.yaml")


def to_english(text: str) -> str:
    """The text with the words of one other language replaced; English and what no list knows stay as they are.

    The words of guidelines are looked at only where the text is in another language: their list takes .3 s to read.
    """
    found = language_of(text, read_lists(FILE))
    if found is None and text.isascii() and (english_words(text) or len(text.split()) < _SENTENCE):
        return text
    said = found.replaced(text) if found else text
    lists = [one for one in read_lists(GUIDELINE_WORDS) if found is None or one.language == found.language]
    further = lists[0] if found and lists else language_of(said, lists)
    return further.replaced(said) if further else said
