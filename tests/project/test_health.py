"""The health check tells a home that serving can stand on from one it cannot, and touches neither."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.home import create
from bot.settings import Settings
from tests.databases import Kind, scratch
from tools.store.database import connect, migrate


def live(home: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """`steward doctor --live` on a home."""
    monkeypatch.setenv("STEWARD_HOME", str(home))
    return CliRunner().invoke(app, ["doctor", "--live"])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home just made, without guidelines, models and data."""
    folder = tmp_path / "home"
    create(Settings(home=folder), sample=False, tell=lambda what, done, of: None)
    return folder


def test_a_home_that_serves_is_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though much is missing that no restart would bring, and `steward doctor` says so; no file is made or changed."""
    before = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    found = live(home, monkeypatch)
    assert (found.exit_code, found.stdout) == (0, "well\n")
    after = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert {
        name: content for name, content in after.items() if name not in ("steward.db-wal", "steward.db-shm")
    } == before
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 1


def test_a_home_that_is_not_set_up_is_not_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1, what to type, and still no home: a check makes none."""
    found = live(tmp_path / "home", monkeypatch)
    assert found.exit_code == 1
    assert "steward init" in found.stderr
    assert not (tmp_path / "home").exists()


def test_a_database_that_is_gone_is_not_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not made anew by looking for it."""
    (home / "steward.db").unlink()
    before = sorted(path.name for path in home.iterdir())
    found = live(home, monkeypatch)
    assert found.exit_code == 1
    assert "steward.db is missing" in found.stderr
    assert sorted(path.name for path in home.iterdir()) == before


@pytest.mark.parametrize("content", [b"no database " * 500, b""], ids=["garbage", "empty"])
def test_a_database_that_does_not_answer_is_not_well(
    home: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """A damaged file, or one without tables."""
    (home / "steward.db").write_bytes(content)
    found = live(home, monkeypatch)
    assert found.exit_code == 1
    assert "steward init" in found.stderr


def test_a_team_file_that_is_wrong_is_not_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would be known."""
    (home / "team.yaml").write_text("people: [{id: a, roles: [owner]}]\n", "utf-8")
    found = live(home, monkeypatch)
    assert found.exit_code == 1
    assert "people.0.roles.0" in found.stderr


def test_the_check_waits_for_no_writer(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes, the database still answers."""
    writer = sqlite3.connect(home / "steward.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert live(home, monkeypatch).exit_code == 0
    finally:
        writer.close()


def test_another_database_is_asked_where_one_is_set(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_kind: Kind
) -> None:
    """`STEWARD_DATABASE_URL` counts, not the file in the home; well once it has tables."""
    with scratch(database_kind, tmp_path) as url:
        monkeypatch.setenv("STEWARD_DATABASE_URL", url)
        (home / "steward.db").unlink()
        assert live(home, monkeypatch).exit_code == 1
        engine = connect(url)
        migrate(engine)
        engine.dispose()
        assert live(home, monkeypatch).exit_code == 0
    if database_kind == "postgres":
        assert live(home, monkeypatch).exit_code == 1  # the database is gone
