"""What the guidelines do not answer is counted, and no word of a question is kept."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text

from knowledge import Knowledge, KnowledgeError
from tests.clock import Clock
from tests.tools.guidelines.asked_in_vain import NAMES, asked, asked_on_three_days
from tools.guidelines.unanswered import KEY, forget, record_unanswered
from tools.store.session import reading
from tools.store.tables import GuidelineAsker, GuidelineQuestion, GuidelineWord, Table
from tools.workspace import Call, Caller

TOKEN = "qxzorbingtoken"


def everything(engine: Engine) -> str:
    """Every value of every table, as one text."""
    with engine.connect() as connection:
        return "\n".join(
            str(tuple(row)) for table in Table.metadata.sorted_tables for row in connection.execute(select(table))
        )


def files_of(folder: Path) -> bytes:
    """The bytes of every file below a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def rows(engine: Engine, table: type[Any]) -> list[Any]:
    """The rows of a table."""
    with reading(engine) as session:
        return list(session.scalars(select(table)))


def words(engine: Engine) -> set[str]:
    """The words that are kept as words."""
    return {row.word for row in rows(engine, GuidelineWord) if row.word}


def test_a_question_is_a_count_of_its_topic_and_week(vain: Call) -> None:
    """Topic, collection, nearest section, language, outcome; the second one adds to it."""
    asked(vain, "is zorbing BUL-2", "ab")
    (row,) = rows(vain.workspace.engine, GuidelineQuestion)
    assert (row.topic, row.collection, row.section, row.outcome, row.n) == (
        "bullying: BUL-2", "guidelines", "bullying/2.1", "not found", 2
    )  # fmt: skip
    assert row.week == date(2026, 11, 16)
    assert len(rows(vain.workspace.engine, GuidelineAsker)) == 2


def test_r2_r3_no_word_of_a_question_is_in_the_database_or_beside_it(
    vain: Call, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A token that two people asked about is in no table, no file and no log; nor are other words, nor who asked."""
    asked(vain, f"may a {TOKEN} borrow the yellow bicycle", "ab", section="")
    record_unanswered(replace(vain, caller=Caller("ulrika", frozenset())), f"{TOKEN} BUL-2", [], names=NAMES)
    kept = everything(vain.workspace.engine)
    vain.workspace.engine.dispose()
    assert "BUL-2" in kept
    for word in (TOKEN, "borrow", "yellow", "bicycle", "ulrika"):
        assert word not in kept
        assert word.encode() not in files_of(tmp_path)
        assert word not in caplog.text


def test_r3_a_language_that_is_no_code_is_not_kept(vain: Call) -> None:
    """Free text goes in by no argument."""
    record_unanswered(vain, "zorbing", [], names=NAMES, language=f"de {TOKEN}")
    record_unanswered(vain, "zorbing", [], names=NAMES, language="hi-Latn")
    record_unanswered(vain, "zorbing", [], names=NAMES)
    record_unanswered(vain, "welche regel gilt für zorbing in einer gruppe", [], names=NAMES)
    assert {row.language for row in rows(vain.workspace.engine, GuidelineQuestion)} == {"", "hi-Latn", "en", "de"}


def test_a_word_is_kept_from_the_third_person_on_the_third_day(vain: Call, clock: Clock) -> None:
    """Until then only its hash is there."""
    for number, person in enumerate("abc"):
        assert words(vain.workspace.engine) == set(), number
        asked(vain, "what about zorbing", person)
        clock.forward(days=1)
    assert words(vain.workspace.engine) == {"zorbing"}


def test_one_person_makes_no_word_however_often_they_ask(vain: Call, clock: Clock) -> None:
    """Five days, one person; and many people on one day."""
    for _ in range(5):
        asked(vain, "what about zorbing", "a")
        clock.forward(days=1)
    asked(vain, "what about kwelling", "abcdefgh")
    assert words(vain.workspace.engine) == set()


def test_without_the_names_of_the_team_no_word_is_noted_at_all(vain: Call, clock: Clock) -> None:
    """Fail safe (R24): nobody's name can be told from a word."""
    for person in "abc":
        record_unanswered(replace(vain, caller=Caller(person, frozenset())), "what about zorbing", [])
        clock.forward(days=1)
    assert rows(vain.workspace.engine, GuidelineWord) == []
    assert len(rows(vain.workspace.engine, GuidelineQuestion)) > 0


def test_words_of_another_language_are_not_noted(vain: Call) -> None:
    """Every one of them would be unknown."""
    record_unanswered(vain, "what about zorbing", [], names=NAMES, language="de")
    record_unanswered(vain, "welche regel gilt für zorbing", [], names=NAMES)
    assert rows(vain.workspace.engine, GuidelineWord) == []


def test_people_and_words_are_hashed_with_a_key_that_the_database_has_not(vain: Call, tmp_path: Path) -> None:
    """The key is a file of this home, for its owner's eyes; another home's hashes are other hashes."""
    asked(vain, "what about zorbing", "a")
    path = vain.workspace.root / KEY
    assert len(path.read_bytes()) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [KEY]
    other = replace(vain, workspace=replace(vain.workspace, root=tmp_path / "other"))
    asked(other, "what about zorbing", "a")
    assert len(rows(vain.workspace.engine, GuidelineAsker)) == 2


def test_no_two_topics_of_a_person_can_be_linked(vain: Call) -> None:
    """The hash is of person and topic: the table does not tell what else somebody asked."""
    asked(vain, "is zorbing BUL-1", "a")
    asked(vain, "is zorbing BUL-3", "a")
    first, second = rows(vain.workspace.engine, GuidelineAsker)
    assert first.topic != second.topic
    assert first.asker != second.asker


def test_r21_after_ninety_days_nothing_is_left(vain: Call, clock: Clock) -> None:
    """A day before it is all there; then nothing is, and the words go first where too few people are left."""
    asked_on_three_days(vain, clock, "what about zorbing")
    engine = vain.workspace.engine
    clock.forward(days=80)
    forget(engine, clock())
    assert words(engine) == {"zorbing"}
    clock.forward(days=7)
    forget(engine, clock())
    left = rows(engine, GuidelineWord)
    assert 0 < len(left) < 3
    assert words(engine) == set()
    clock.forward(days=5)
    forget(engine, clock())
    assert [rows(engine, table) for table in (GuidelineQuestion, GuidelineAsker, GuidelineWord)] == [[], [], []]


def test_r21_the_next_question_purges_too(vain: Call, clock: Clock) -> None:
    """So a process that runs for months forgets without being told."""
    asked(vain, "is zorbing BUL-1")
    clock.forward(days=100)
    asked(vain, "is zorbing BUL-3")
    assert [row.topic for row in rows(vain.workspace.engine, GuidelineQuestion)] == ["bullying: BUL-3"]


def test_questions_at_once_are_all_counted(vain: Call) -> None:
    """Eight people at the same moment, the first ones of this home: none is lost, and there is one key."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda person: asked(vain, "is zorbing BUL-2", person), "abcdefgh"))
    with reading(vain.workspace.engine) as session:
        assert session.scalar(select(func.sum(GuidelineQuestion.n))) == 8
        assert session.scalar(select(func.count()).select_from(GuidelineAsker)) == 8
    assert [one.name for one in vain.workspace.root.iterdir()] == [KEY]


def _broken_guidelines() -> Knowledge:
    raise KnowledgeError(f"about {TOKEN}")


def test_r24_a_question_that_cannot_be_counted_is_answered_all_the_same(
    vain: Call, caplog: pytest.LogCaptureFixture
) -> None:
    """No table, no guidelines, no place for the key: logged by its kind, without a word of it, and swallowed."""
    asked_before = len(rows(vain.workspace.engine, GuidelineQuestion))
    record_unanswered(replace(vain, workspace=replace(vain.workspace, knowledge=_broken_guidelines)), TOKEN, [])
    blocked = vain.workspace.root.with_name("file")
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("no folder")
    record_unanswered(replace(vain, workspace=replace(vain.workspace, root=blocked)), TOKEN, [], names=NAMES)
    assert len(rows(vain.workspace.engine, GuidelineQuestion)) == asked_before
    with vain.workspace.engine.begin() as connection:
        connection.execute(text("DROP TABLE guideline_askers"))
    record_unanswered(vain, TOKEN, [], names=NAMES)
    reasons = [record.getMessage().rpartition(": ")[2] for record in caplog.records]
    assert reasons[:2] == ["KnowledgeError", "FileExistsError"]
    assert reasons[2:] in (["OperationalError"], ["ProgrammingError"])
    assert TOKEN not in caplog.text
