"""Words people use instead of the guideline's own: each leads to words that the guidelines hold."""

import re
from collections import Counter
from functools import cache

import yaml

from tests.knowledge.test_library import FOLDER, UNSAFE, VERSIONS, content

TERMS = FOLDER / "terms.yaml"


@cache
def library() -> str:
    """All text in force, headings and titles included, in lower case."""
    newest = [found[-1] for found in VERSIONS.values()]
    parts = [document.title for document in newest]
    parts += [f"{section.heading}\n{section.text}" for document in newest for section in document.sections]
    return "\n".join(parts).lower()


def occurs(words: str) -> bool:
    """Whether the words stand in the guidelines as written, or in the plural."""
    return re.search(rf"\b{re.escape(words.lower())}s?\b", library()) is not None


@cache
def entries() -> list[tuple[str, list[str]]]:
    """Words with what they stand for as written, so that a word that stands twice is seen twice."""
    root = yaml.compose(TERMS.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    return [(str(key.value), [str(one.value) for one in value.value]) for key, value in root.value]


def test_the_file_maps_words_to_lists_of_words() -> None:
    """It parses as plain YAML, no word is read as a truth value or a number, and there are at least 80."""
    loaded = yaml.safe_load(TERMS.read_text(encoding="utf-8"))
    assert loaded == dict(entries())
    assert len(loaded) >= 80
    assert all(stands_for and len(set(stands_for)) == len(stands_for) for stands_for in loaded.values())


def test_every_word_stands_for_words_of_the_guidelines() -> None:
    """A right side that no section in force holds would find nothing."""
    assert [(term, words) for term, stands_for in entries() for words in stands_for if not occurs(words)] == []


def test_no_word_stands_twice_or_for_itself() -> None:
    assert [term for term, times in Counter(term for term, _ in entries()).items() if times > 1] == []
    assert [term for term, stands_for in entries() if term in map(str.lower, stands_for)] == []


def test_words_are_in_lower_case_and_free_of_content() -> None:
    assert [term for term, _ in entries() if term != term.lower() or content(term) or UNSAFE.search(term)] == []
