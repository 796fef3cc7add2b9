"""The questions the search of guidelines is tuned and measured on: enough of each kind, and two honest halves.

A figure of the search is worth what its questions are worth: a section that is not there, a question that stands in
both halves or a kind that is missing would all go unseen in the figure itself.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz

HERE = Path(__file__).parent / "retrieval"
LIBRARY = Path(__file__).parents[2] / "knowledge" / "library"
KINDS = {"plain", "paraphrased", "typo", "foreign"}
LANGUAGES = {"es", "pt", "de", "fr", "zh", "ja", "hi-Latn", "tl"}
# Measured over words in any order. Questions of one form ("what does X stand for") stay under it, rewordings do not.
ALIKE = 85


@dataclass(frozen=True)
class Asked:
    """A question with its governing sections and those acceptable as second reading."""

    ask: str
    lang: str
    kind: str
    sections: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True)
class Unanswerable:
    """A question no section answers; `near` if it is of the same field."""

    ask: str
    lang: str
    near: bool
    half: str


def entries(text: str, keys: list[str]) -> list[dict[str, object]]:
    """The entries of a file, each with exactly these keys in this order."""
    read: object = yaml.safe_load(text)
    assert isinstance(read, list)
    for entry in read:
        assert isinstance(entry, dict)
        assert list(entry) == keys, entry
    return read


def words(value: object) -> str:
    """A value that is text and not blank."""
    assert isinstance(value, str), value
    assert value.strip(), "blank"
    return value


def truth(value: object) -> bool:
    """A value that is true or false."""
    assert isinstance(value, bool), value
    return value


def names(value: object) -> tuple[str, ...]:
    """A value that is a list of text."""
    assert isinstance(value, list), value
    return tuple(words(one) for one in value)


def asked(text: str) -> list[Asked]:
    """The questions of a half."""
    found = entries(text, ["ask", "lang", "kind", "sections", "also"])
    return [
        Asked(words(one["ask"]), words(one["lang"]), words(one["kind"]), names(one["sections"]), names(one["also"]))
        for one in found
    ]


@cache
def half(name: str) -> list[Asked]:
    """The questions of the half of this name."""
    return asked((HERE / f"{name}.yaml").read_text("utf-8"))


@cache
def unanswerable() -> list[Unanswerable]:
    """The questions without an answer."""
    found = entries((HERE / "unanswerable.yaml").read_text("utf-8"), ["ask", "lang", "near", "half"])
    return [
        Unanswerable(words(one["ask"]), words(one["lang"]), truth(one["near"]), words(one["half"])) for one in found
    ]


@cache
def both() -> list[Asked]:
    """The questions of both halves."""
    return half("tune") + half("report")


@cache
def sections() -> frozenset[str]:
    """The ids of the sections in the newest version of each document of the library."""
    newest: dict[str, tuple[str, str]] = {}
    for path in LIBRARY.glob("*.md"):
        _, front, body = path.read_text("utf-8").split("---\n", 2)
        about = yaml.safe_load(front)
        newest[about["id"]] = max(newest.get(about["id"], ("", "")), (str(about["effective"]), body))
    return frozenset(
        f"{document}/{number}"
        for document, (_, body) in newest.items()
        for number in re.findall(r"^### (\d+\.\d+) ", body, re.MULTILINE)
    )


def folded(ask: str) -> str:
    """A question without case and marks."""
    return " ".join(re.findall(r"\w+", ask.casefold()))


def alike(first: list[str], second: list[str]) -> list[tuple[str, str]]:
    """The pairs of questions that differ in little but the order of their words."""
    pairs = product(map(folded, first), map(folded, second))
    return [(one, other) for one, other in pairs if fuzz.token_sort_ratio(one, other) >= ALIKE]


def test_there_are_enough_questions_of_each_kind() -> None:
    """A kind the figures are printed for rests on enough questions."""
    kinds = Counter(one.kind for one in both())
    assert set(kinds) == KINDS
    assert len(both()) >= 150
    assert kinds["paraphrased"] >= 50
    assert kinds["foreign"] >= 30
    assert kinds["typo"] >= 12


def test_questions_come_in_eight_other_languages() -> None:
    """Each language people ask in has at least four questions, and only foreign questions are not in English."""
    languages = Counter(one.lang for one in both() if one.kind == "foreign")
    assert set(languages) == LANGUAGES
    assert min(languages.values()) >= 4
    assert {one.lang for one in both() if one.kind != "foreign"} == {"en"}


def test_the_halves_are_alike() -> None:
    """What is tuned on one half is measured on questions of the same mix in the other."""
    first, second = (Counter(one.kind for one in half(name)) for name in ("tune", "report"))
    assert all(abs(first[kind] - second[kind]) <= 2 for kind in KINDS)


def test_every_section_is_in_the_library() -> None:
    """A question asks for sections that the newest version of a document has."""
    named = {section for one in both() for section in one.sections + one.also}
    assert named <= sections(), sorted(named - sections())


def test_every_question_has_a_governing_section_apart_from_its_second_readings() -> None:
    """A section has one grade for a question."""
    for one in both():
        graded = one.sections + one.also
        assert one.sections, one.ask
        assert len(graded) == len(set(graded)), one.ask


def test_every_document_is_asked_about_in_both_halves() -> None:
    """No document is left out of what is tuned or of what is measured."""
    documents = {section.split("/")[0] for section in sections()}
    for name in ("tune", "report"):
        assert {section.split("/")[0] for one in half(name) for section in one.sections} == documents


def test_no_question_stands_twice() -> None:
    """A question counts once, whatever its case and marks, and never as answerable and unanswerable."""
    seen = Counter(folded(ask) for ask in [one.ask for one in both()] + [one.ask for one in unanswerable()])
    assert [ask for ask, times in seen.items() if times > 1] == []


def test_the_halves_share_no_wording() -> None:
    """What the search was tuned on is not measured again in the same words in another order."""
    first, second = ([one.ask for one in half(name)] for name in ("tune", "report"))
    assert alike(first, second) == []


def test_the_halves_without_an_answer_share_no_wording() -> None:
    """The floor is not measured on the questions it was chosen on."""
    first, second = ([one.ask for one in unanswerable() if one.half == name] for name in ("tune", "report"))
    assert alike(first, second) == []


def test_there_are_enough_questions_without_an_answer() -> None:
    """Both halves have as many, near ones and far ones."""
    assert len(unanswerable()) >= 40
    cells = Counter((one.near, one.half) for one in unanswerable())
    assert set(cells) == set(product((True, False), ("tune", "report")))
    assert min(cells.values()) >= 10
    assert all(cells[near, "tune"] == cells[near, "report"] for near in (True, False))


def test_a_question_reworded_in_order_alone_is_seen() -> None:
    """The comparison of wordings finds what it is there to find, and leaves two questions of one form."""
    assert alike(["what is a golden set used for"], ["A golden set is used for what?"])
    assert not alike(["what is a golden set used for"], ["what is a delta set used in"])


@pytest.mark.parametrize(
    "text",
    [
        "- {ask: a, lang: en, kind: plain, sections: [bullying/1.1]}",
        "- {ask: a, lang: en, kind: plain, sections: bullying/1.1, also: []}",
        "- {ask: ' ', lang: en, kind: plain, sections: [bullying/1.1], also: []}",
        "- {ask: a, lang: no, kind: plain, sections: [bullying/1.1], also: []}",
        "ask: a",
    ],
)
def test_a_half_that_is_malformed_is_refused(text: str) -> None:
    """A missing key, a section outside a list, a blank question or a language read as a truth value is no entry."""
    with pytest.raises(AssertionError):
        asked(text)
