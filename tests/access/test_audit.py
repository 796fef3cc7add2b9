"""The audit: append-only, chained, written by all at once, and honest about a row changed behind its back (R20)."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import DBAPIError

from bot.access.audit import GENESIS, Audit
from tests.access.trail import audited, rows
from tests.agent.desks import Desk
from tests.clock import Clock
from tests.databases import Kind
from tools.store.database import connect
from tools.store.tables import AuditRow

WRITERS, EACH = 8, 12
UNLOCK = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgres": ("ALTER TABLE audit DISABLE TRIGGER ALL",),
}


@pytest.fixture
def audit(database: Engine, clock: Clock) -> Audit:
    """An audit of six rows, on each database."""
    written = Audit(database, clock)
    for number in range(6):
        written.append("ana", "C1", "answer", {"number": number, "share": 0.1, "name": "Zoë \N{SNOWMAN}", "none": None})
        clock.forward(seconds=1)
    return written


def test_r20_each_row_holds_the_hash_of_the_one_before(audit: Audit, database: Engine) -> None:
    """The first follows the beginning, every other its predecessor, and the whole verifies."""
    chain = rows(database)
    assert [row.previous for row in chain] == [GENESIS, *(row.hash for row in chain[:-1])]
    assert len({row.hash for row in chain}) == 6
    assert audit.broken_at() is None


def test_r20_the_chain_holds_when_all_write_at_once(database: Engine, clock: Clock) -> None:
    """Eight writers, one row after another of each: none is lost, none shares a predecessor."""

    def write(writer: int) -> None:
        alone = Audit(database, clock)  # of its own, as another process would have
        for number in range(EACH):
            alone.append(f"w{writer}", "C1", "answer", {"number": number})

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    chain = rows(database)
    assert len(chain) == WRITERS * EACH
    assert Audit(database, clock).broken_at() is None
    for writer in range(WRITERS):
        mine = [row.detail["number"] for row in chain if row.actor == f"w{writer}"]
        assert mine == list(range(EACH))


def test_r20_the_database_itself_refuses_a_change(audit: Audit, database: Engine) -> None:
    """Neither an update nor a delete goes through, whoever sends it."""
    for statement in ("UPDATE audit SET actor = 'eve'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="append-only"), database.begin() as connection:
            connection.execute(text(statement))
    assert [row.actor for row in rows(database)] == ["ana"] * 6


@pytest.mark.parametrize(
    "change",
    [{"actor": "eve"}, {"channel": "C2"}, {"action": "approve"}, {"detail": {"number": 3}}, {"hash": "0" * 64}],
)
def test_r20_a_row_changed_behind_its_back_is_found(
    audit: Audit, database: Engine, database_kind: Kind, change: dict[str, object]
) -> None:
    """With the triggers gone, any change of any field breaks the chain at that very row."""
    third = rows(database)[2].seq
    unlock(database, database_kind)
    with database.begin() as connection:
        connection.execute(update(AuditRow).where(AuditRow.seq == third).values(**change))
    assert audit.broken_at() == third


def test_r20_a_row_taken_out_is_found(audit: Audit, database: Engine, database_kind: Kind) -> None:
    """The row after the gap follows a hash that is not there."""
    chain = rows(database)
    unlock(database, database_kind)
    with database.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE seq = :seq"), {"seq": chain[2].seq})
    assert audit.broken_at() == chain[3].seq


def test_r20_a_copied_database_that_was_altered_is_found(tmp_path: Path, desk: Desk) -> None:
    """A copy of a real home's file, altered with plain SQLite, is told from the untouched one."""
    for _ in range(3):
        desk.ask("what can you do?")
    desk.steward.engine.dispose()
    copied = Path(shutil.copy(desk.steward.home / "steward.db", tmp_path / "copy.db"))
    connection = sqlite3.connect(copied)
    connection.executescript("DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'eve' WHERE seq = 2;")
    connection.close()
    opened = connect(f"sqlite:///{copied}")
    assert Audit(opened, desk.clock).broken_at() == 2
    assert desk.steward.audit.broken_at() is None
    opened.dispose()


def test_r20_every_answer_is_recorded_without_its_question(desk: Desk) -> None:
    """Who, where, which tool with which arguments on which run, and the hash of what was shown."""
    answer = desk.ask("recall for bullying-text v7 on the oct golden set?", audience="C1", id="m1")
    row = audited(desk)[-1]
    assert (row["actor"], row["channel"], row["action"]) == ("ana", "C1", "answer")
    assert row["detail"]["answer"] == answer.id
    assert row["detail"]["calls"] == [call.model_dump() for call in answer.tool_calls]
    assert row["detail"]["runs"] == [answer.results[0].provenance[0].run]
    assert len(row["detail"]["shown"]) == 64
    assert "oct golden set" not in str(row)


def test_r20_a_question_to_the_guidelines_leaves_its_sections_not_its_words(desk: Desk) -> None:
    """The free text of a search is a question, too: it is not kept, the sections shown are."""
    answer = desk.ask("what does the guideline say about paid promotion?")
    row = audited(desk)[-1]
    assert answer.citations
    assert row["detail"]["sections"]
    assert "paid promotion" not in str(row)


def test_r20_refusals_help_and_errors_are_recorded_too(desk: Desk) -> None:
    """Each accepted message leaves one row, whatever became of it."""
    before = len(audited(desk))
    for text_, kind in (("show me the worst misses", "refusal"), ("", "help"), ("what's our recall?", "clarify")):
        desk.ask(text_)
        assert audited(desk)[-1]["detail"]["kind"] == kind
    assert len(audited(desk)) == before + 3


def unlock(engine: Engine, kind: Kind) -> None:
    """Take the database's own control away, as someone with its password could."""
    with engine.begin() as connection:
        for statement in UNLOCK[kind]:
            connection.execute(text(statement))
