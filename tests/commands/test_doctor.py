"""`steward doctor`: each part by itself, what is wrong with it and what to do."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.team import FILE
from tests.commands.conftest import Run


def parts(shown: str) -> dict[str, tuple[bool, str]]:
    """Part -> whether it is well, and what was found."""
    lines = [line.split(maxsplit=2) for line in shown.splitlines() if line.startswith(("ok ", "mend "))]
    return {words[1]: (words[0] == "ok", words[2]) for words in lines}


def test_a_good_home_is_well_in_every_part(steward: Run) -> None:
    """Exit code 0, and each part says what it found."""
    examined = steward("doctor")
    found = parts(examined.stdout)
    assert examined.exit_code == 0, examined.stdout
    assert set(found) == {"home", "database", "team", "catalogue", "runs", "guidelines", "model", "audit"}
    assert all(well for well, _ in found.values())
    assert "6 model versions" in found["catalogue"][1]


def _tamper(home: Path) -> None:
    connection = sqlite3.connect(home / "steward.db")
    connection.execute("INSERT INTO audit VALUES (1, '2026-11-20 10:00:00', 'a', 'c', 'x', '{}', 'no', 'hash')")
    connection.commit()
    connection.close()


def _fail(home: Path) -> None:
    connection = sqlite3.connect(home / "steward.db")
    connection.execute("UPDATE runs SET status = 'failed', error = 'lorem' WHERE model_id = 'bullying-text@v6'")
    connection.commit()
    connection.close()


def _forget(home: Path) -> None:
    for path in (home / "knowledge").glob("*"):
        path.unlink()


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "catalogue": (lambda home: (home / "data/data/evasion-2.parquet").write_bytes(b"lorem"), "evasion-2.parquet"),
    "team": (lambda home: (home / FILE).write_text("people: [{id: ana}]", "utf-8"), "role"),
    "runs": (_fail, "Failed"),
    "guidelines": (_forget, "steward knowledge add"),
    "audit": (_tamper, "row 1"),
}


@pytest.mark.parametrize("part", BROKEN)
def test_a_broken_part_is_named_and_does_not_hide_the_others(steward: Run, home: Path, part: str) -> None:
    """Exit code 1; the part says what is wrong and what mends it, and the rest is examined all the same."""
    harm, said = BROKEN[part]
    harm(home)
    examined = steward("doctor")
    found = parts(examined.stdout)
    assert examined.exit_code == 1
    assert [name for name, (well, _) in found.items() if not well] == [part], examined.stdout
    assert said in found[part][1]
    assert len(found) == 8


def test_a_model_that_cannot_be_set_up_is_named(steward: Run) -> None:
    """The setting and what to do, without a call to any provider."""
    examined = steward("doctor", settings={"model": "nonsense:lorem"})
    assert examined.exit_code == 1
    assert "STEWARD_MODEL" in parts(examined.stdout)["model"][1]


def test_a_damaged_database_file_is_examined_without_a_traceback(steward: Run, home: Path) -> None:
    """Pages overwritten in the middle: whatever part meets them says that the database is damaged."""
    with (home / "steward.db").open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * 40 * 4096)
    examined = steward("doctor")
    assert examined.exit_code == 1
    assert examined.exception is None or isinstance(examined.exception, SystemExit)
    assert any(not well for well, _ in parts(examined.stdout).values())


def test_no_home_is_one_line(steward: Run, tmp_path: Path) -> None:
    """Where nothing is set up there is one thing to say, and the command that does it."""
    examined = steward("doctor", home=tmp_path / "nowhere")
    assert examined.exit_code == 1
    assert list(parts(examined.stdout)) == ["home"]
    assert "steward init" in examined.stdout
    assert not (tmp_path / "nowhere").exists()
