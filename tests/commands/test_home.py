"""A home is made whole, wherever it was interrupted, and never out of somebody else's folder."""

import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.home import create, is_sample
from bot.settings import Settings
from bot.team import FILE, read_team
from bot.wiring import data_root
from knowledge import Knowledge
from tests.commands.conftest import Begin, Run
from tests.knowledge.bags import alone
from tools.errors import SetupError
from tools.registry import verify
from tools.store.database import connect
from tools.store.session import reading
from tools.store.tables import Run as RunRow
from tools.store.tables import RunCell

MOMENTS: tuple[tuple[str, Callable[[Path], bool]], ...] = (
    ("the database is there", lambda home: (home / "steward.db").exists()),
    ("files are copied", lambda home: len(list(home.glob("data/models/*.onnx"))) >= 2),
    ("the index is begun", lambda home: (home / "knowledge" / "index.sqlite").exists()),
    ("evaluations are under way", lambda home: len(list(home.glob("data/predictions/*"))) >= 3),
)


def make(home: Path, *, sample: bool = False) -> None:
    """Make a home in this process, without the embedding model."""
    create(
        Settings(home=home), sample=sample, tell=lambda what, done, of: None,
        knowledge=lambda folder: Knowledge(folder / "knowledge", embedder=alone),
    )  # fmt: skip


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def counted(home: Path) -> tuple[list[tuple[str, str, int]], int | None]:
    """The runs with status and items, and how many cells they have together."""
    engine = connect(Settings(home=home).database)
    with reading(engine) as session:
        runs = [(run.id, run.status, run.rows) for run in session.scalars(select(RunRow).order_by(RunRow.id))]
        cells = session.scalar(select(func.count()).select_from(RunCell))
    engine.dispose()
    return runs, cells


def wait_for(moment: Callable[[Path], bool], home: Path, process: "subprocess.Popen[str]") -> None:
    """Until it is so, or the process has ended without."""
    end = time.monotonic() + 60
    while not moment(home) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)


def test_killed_at_any_moment_the_next_start_goes_on(
    begin: Begin, steward: Run, tmp_path: Path, sample_home: Path
) -> None:
    """kill -9 four times, each further on: no half home is taken for a whole one, and the last start completes it."""
    home = tmp_path / "killed"
    for name, moment in MOMENTS:
        process = begin("tests.commands.making", home=home)
        wait_for(moment, home, process)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL, f"ended before {name}"
        assert not (home / FILE).exists()
    asked = steward("ask", "recall of bullying-text v7", home=home)
    assert asked.exit_code == 2
    assert "steward init" in asked.stderr
    process = begin("tests.commands.making", home=home)
    _, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    assert counted(home) == counted(sample_home)
    assert [path.name for path in home.rglob("*.partial")] == []
    engine = connect(Settings(home=home).database)
    assert verify(engine, data_root(home)) == []
    engine.dispose()
    guidelines = Knowledge(home / "knowledge", embedder=alone)
    whole = Knowledge(sample_home / "knowledge", embedder=alone)
    assert guidelines.status().sections == whole.status().sections
    guidelines.close()
    whole.close()


def test_ctrl_c_ends_init_with_130_and_the_next_start_goes_on(begin: Begin, steward: Run, tmp_path: Path) -> None:
    """The real command, interrupted while it embeds: no traceback, and no half home that passes for a whole one."""
    home = tmp_path / "interrupted"
    process = begin("bot", "init", "--sample", home=home)
    wait_for(MOMENTS[2][1], home, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert not (home / FILE).exists()
    assert steward("init", home=home).exit_code == 0
    assert steward("ask", "what can you do?", home=home).exit_code == 0


def test_making_it_again_mends_and_keeps_what_people_changed(own_sample_home: Path) -> None:
    """A damaged data file comes back; an edited guideline and the team file stay as people left them."""
    data = data_root(own_sample_home) / "data" / "evasion-2.parquet"
    good = data.read_bytes()
    data.write_bytes(b"lorem")
    guideline = sorted((own_sample_home / "guidelines").glob("*.md"))[0]
    guideline.write_text(guideline.read_text("utf-8") + "\nEdited here.\n", "utf-8")
    team = (own_sample_home / FILE).read_text("utf-8") + "# ours\n"
    (own_sample_home / FILE).write_text(team, "utf-8")
    before = counted(own_sample_home)
    make(own_sample_home, sample=True)
    assert data.read_bytes() == good
    assert "Edited here." in guideline.read_text("utf-8")
    assert (own_sample_home / FILE).read_text("utf-8") == team
    assert counted(own_sample_home) == before


def test_an_empty_home_has_its_maker_as_admin_and_says_what_is_next(steward: Run, tmp_path: Path) -> None:
    """`init` without the sample: a database, a team of one, no data; a question then says what is missing."""
    home = tmp_path / "empty"
    made = steward("init", home=home)
    assert made.exit_code == 0
    assert "team.yaml" in made.stdout
    assert [person.roles for person in read_team(home).people] == [("admin",)]
    assert not is_sample(home)
    asked = steward("ask", "recall of bullying-text v7", home=home)
    assert asked.exit_code == 0
    assert not re.search(r"0\.\d\d", asked.stdout)


@pytest.mark.parametrize("command", [("init",), ("init", "--sample")])
@pytest.mark.parametrize(
    "names", [("lorem.txt",), ("data/theirs.csv", "lorem.txt"), ("guidelines/theirs.md", "src/x.py"), (".git/HEAD",)]
)
def test_somebody_elses_folder_is_left_alone(
    steward: Run, tmp_path: Path, command: tuple[str, ...], names: tuple[str, ...]
) -> None:
    """A folder with other things, even with a folder called as ours is, is refused and not touched."""
    home = tmp_path / "theirs"
    for name in names:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("lorem", "utf-8")
    before = tree(home)
    made = steward(*command, home=home)
    assert made.exit_code == 2
    assert "not Steward's" in made.stderr
    assert "STEWARD_HOME" in made.stderr
    assert tree(home) == before


def test_a_file_is_no_home(steward: Run, tmp_path: Path) -> None:
    """Making it, asking and examining all say that it is a file, and leave it as it was."""
    home = tmp_path / "file"
    home.write_text("lorem", "utf-8")
    for words in (("init",), ("ask", "help"), ("eval", "list")):
        said = steward(*words, home=home)
        assert said.exit_code == 2
        assert "is a file, not a folder" in said.stderr
    assert home.read_text("utf-8") == "lorem"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """Below a file there is no folder; the message names the setting."""
    (tmp_path / "file").write_text("lorem", "utf-8")
    with pytest.raises(SetupError, match="STEWARD_HOME"):
        make(tmp_path / "file" / "home")


@pytest.mark.parametrize("words", [("init", "--sample"), ("ask", "help"), ("eval", "list"), ("chat",)])
def test_a_broken_team_file_is_said_before_anything_is_written(
    steward: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """The file and what to do; the folder is as it was."""
    home = tmp_path / "ours"
    make(home)
    (home / FILE).write_text("people: [", "utf-8")
    before = tree(home)
    said = steward(*words, home=home)
    assert said.exit_code == 2
    assert FILE in said.stderr
    assert "Mend it" in said.stderr
    assert tree(home) == before


def test_a_database_that_is_none_is_said_and_left(steward: Run, home: Path) -> None:
    """Garbage where the database should be: a sentence, exit code 2, and the garbage stays for whoever needs it."""
    (home / "steward.db").write_bytes(b"lorem ipsum " * 500)
    for words in (("ask", "recall of bullying-text v7"), ("init", "--sample"), ("eval", "list")):
        said = steward(*words)
        assert said.exit_code == 2
        assert "steward.db" in said.stderr
        assert "steward init" in said.stderr or "STEWARD_" in said.stderr
    assert (home / "steward.db").read_bytes() == b"lorem ipsum " * 500


def test_a_database_of_another_program_is_left_alone(steward: Run, home: Path) -> None:
    """A valid SQLite file with other tables is not filled with ours."""
    (home / "steward.db").unlink()
    connection = sqlite3.connect(home / "steward.db")
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    assert steward("ask", "recall of bullying-text v7").exit_code == 2
    connection = sqlite3.connect(home / "steward.db")
    assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == ["theirs"]
    connection.close()


def test_a_missing_database_is_not_replaced_by_an_empty_one(steward: Run, home: Path) -> None:
    """A question says that it is gone; only `init` makes a new one, and the sample is then whole again."""
    (home / "steward.db").unlink()
    said = steward("ask", "recall of bullying-text v7")
    assert said.exit_code == 2
    assert "missing" in said.stderr
    assert not (home / "steward.db").exists()


def test_missing_data_files_stop_what_needs_them_and_nothing_else(steward: Run, home: Path) -> None:
    """Stored numbers are still told; a new evaluation is not proposed, and says which file is missing."""
    shutil.rmtree(home / "data" / "data")
    assert "Recall 0." in steward("ask", "recall of bullying-text v7").stdout
    refused = steward("eval", "propose", "bullying-text v8-rc1", "evasion 2")
    assert refused.exit_code == 2
    assert "evasion-2.parquet" in refused.stderr
    assert "Proposed" not in refused.stdout
