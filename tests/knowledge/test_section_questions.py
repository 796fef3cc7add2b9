"""What people ask, by section: complete, without repeats, and free of content.

The file is part of the library, so it obeys the same lint as the guidelines it belongs to.
"""

from collections import Counter
from functools import cache

import yaml

from tests.knowledge.test_library import FOLDER, UNSAFE, VERSIONS, content, words

QUESTIONS = FOLDER / "questions.yaml"
SHORTEST, LONGEST = 3, 25


@cache
def in_force() -> list[str]:
    """Ids of all leaf sections of the newest version of each document, in the order they are shipped."""
    return [f"{name}/{section.number}" for name in sorted(VERSIONS) for section in VERSIONS[name][-1].sections]


@cache
def entries() -> list[tuple[str, list[str]]]:
    """Ids with their questions as written, so that an id that stands twice is seen twice."""
    root = yaml.compose(QUESTIONS.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    found = []
    for key, value in root.value:
        assert isinstance(key, yaml.ScalarNode)
        assert isinstance(value, yaml.SequenceNode), key.value
        assert all(isinstance(one, yaml.ScalarNode) for one in value.value), key.value
        found.append((str(key.value), [str(one.value) for one in value.value]))
    return found


def questions() -> list[str]:
    return [question for _, asked in entries() for question in asked]


def test_the_file_is_a_mapping_from_sections_to_texts() -> None:
    """It parses as plain YAML, and no question is read as a number, a date or a truth value."""
    loaded = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    assert [one for asked in loaded.values() for one in asked if not isinstance(one, str)] == []
    assert loaded == dict(entries())


def test_every_id_is_a_section_in_force() -> None:
    """No question leads to a section that does not exist or stands in an older version alone."""
    assert [name for name, _ in entries() if name not in in_force()] == []


def test_every_section_stands_once_and_in_document_order() -> None:
    assert [name for name, _ in entries()] == in_force()


def test_every_section_has_two_questions_or_three() -> None:
    assert {name: len(asked) for name, asked in entries() if not 2 <= len(asked) <= 3} == {}


def test_no_question_stands_twice() -> None:
    """A question that two sections claim would pull both up; case and punctuation make no difference."""
    plain = ("".join(c for c in question.lower() if c.isalnum() or c == " ") for question in questions())
    assert [question for question, times in Counter(plain).items() if times > 1] == []


def test_questions_are_short_and_in_lower_case() -> None:
    assert [q for q in questions() if not SHORTEST <= words(q) <= LONGEST] == []
    assert [q for q in questions() if q != q.lower() or q != q.strip()] == []


def test_no_question_holds_content() -> None:
    """No quoted speech, disguised word, link or unsafe wording; a question gets no exception for the route."""
    assert [question for question in questions() if content(question) or UNSAFE.search(question)] == []
