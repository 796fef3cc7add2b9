"""An import is whole or not at all, wherever it is cut off; a repeat puts right what a killed process left."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from tests.tools.importers.conftest import Predict
from tests.tools.importers.files import request, table, write
from tests.tools.state import State, state
from tools.catalog import load
from tools.errors import SetupError
from tools.evals.identity import predictions_folder
from tools.importers.aside import PARTIAL, set_aside
from tools.importers.keyed import FILE as KEY
from tools.importers.request import ScoredModel
from tools.store.database import connect
from tools.store.session import reading, writing
from tools.store.tables import Run

ROOT = Path(__file__).resolve().parents[3]


class Stop(Exception):
    """Whatever may go wrong in the middle."""


def _without_key(found: State) -> State:
    return State(found.rows, tuple(file for file in found.files if not file.startswith(KEY)))


def test_cut_off_at_any_step_it_leaves_nothing(predict: Predict, engine: Engine, data: Path) -> None:
    """No row, no file, no folder but the key of the installation; also Ctrl-C. A repeat then does everything."""
    content, before = table(60), state(engine, data)
    errors: tuple[type[BaseException], ...] = (Stop, KeyboardInterrupt, SetupError)
    steps, at = 0, 0

    def tell(what: str, done: int, total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == at:
            raise errors[at % 3]("stopped")

    while True:
        steps, at = 0, at + 1
        try:
            (run,) = predict(content, tell=tell)
            break
        except errors:
            assert _without_key(state(engine, data)) == before
            assert not list(data.rglob(".*"))
    assert at > 8
    assert (run.new, run.rows) == (True, 60)
    assert len(load(engine).datasets) == 1


def test_cut_off_beside_a_registered_dataset_it_leaves_that_as_it_was(
    predict: Predict, engine: Engine, data: Path
) -> None:
    """The dataset was there before, so it stays; the second of two models takes the first with it."""
    predict(table(40), models=(ScoredModel("old", "v1", "two"),))
    before = state(engine, data)
    both = (ScoredModel("m", "v1", "one"), ScoredModel("n", "v1", "flagged"))

    def tell(what: str, done: int, total: int) -> None:
        if what == "counting" and done == 1:
            raise Stop

    with pytest.raises(Stop):
        predict(table(40), models=both, tell=tell)
    assert state(engine, data) == before


@pytest.mark.parametrize("step", ["writing 1", "joining 0", "counting 0", "counting 1"])
def test_killed_at_a_step_a_repeat_mends_it(
    predict: Predict, engine: Engine, data: Path, tmp_path: Path, step: str
) -> None:
    """What is there then is what an import that nobody killed leaves."""
    file = write(tmp_path, table(60))
    address = engine.url.render_as_string(hide_password=False)
    killed = subprocess.run(
        [sys.executable, "-m", "tests.tools.importers.interrupted", address, str(data), str(file), step], cwd=ROOT
    )
    assert killed.returncode == 9
    with reading(engine) as session:
        assert session.scalars(select(Run)).all() == []
    for left in data.glob(f"{PARTIAL}*"):
        old = time.time() - 100_000
        os.utime(left, (old, old))
    (run,) = predict(file=file)
    assert run.new
    assert sorted(path.name for path in predictions_folder(data).iterdir()) == [run.run]
    assert not list(data.glob(".*"))
    after = state(engine, data)
    (again,) = predict(file=file)
    assert (again.new, state(engine, data)) == (False, after)


def test_predictions_without_a_run_are_written_over(predict: Predict, engine: Engine, data: Path) -> None:
    """A process that dies between putting them in place and its commit leaves such a folder."""
    (run,) = predict(table(40))
    whole = state(engine, data)
    folder = predictions_folder(data) / run.run
    (folder / "00007.parquet").write_bytes(b"half")
    with writing(engine) as session:
        session.delete(session.get_one(Run, run.run))
    (again,) = predict(table(40))
    assert (again.run, again.new) == (run.run, True)
    assert state(engine, data) == whole


def test_a_run_that_failed_before_does_not_stand_in_the_way(predict: Predict, engine: Engine) -> None:
    """Only a finished run of other predictions does."""
    (run,) = predict(table(40))
    with writing(engine) as session:
        session.execute(update(Run).where(Run.id == run.run).values(status="failed"))
    changed = table(40)
    changed["one"][0] = 0.99
    (other,) = predict(changed)
    assert other.new


def test_two_at_once_import_once(engine: Engine, data: Path, tmp_path: Path) -> None:
    """The later one finds it done, or is told to come again; never a traceback, never two."""
    file, address = write(tmp_path, table(400)), engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.tools.importers.interrupted", address, str(data), str(file), "never"]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[1] for process in both]
    assert 0 in [process.returncode for process in both]
    for text in filter(None, said):
        assert "tools.errors.SetupError: Somebody else" in text, text
    with reading(engine) as session:
        assert len(session.scalars(select(Run)).all()) == 1
    assert len(list(predictions_folder(data).iterdir())) == 1


def test_what_is_set_aside_is_gone_and_what_others_work_on_stays(tmp_path: Path) -> None:
    """A day old it was left by a process that was killed; younger, somebody may be at work."""
    young, old, spill = (tmp_path / name for name in (f"{PARTIAL}1", f"{PARTIAL}2", ".spill-3"))
    for folder in (young, old, spill):
        folder.mkdir()
    for folder in (old, spill):
        os.utime(folder, (time.time() - 90_000,) * 2)
    with set_aside(tmp_path) as mine:
        (mine / "part").write_text("x")
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([young.name, mine.name])
    assert [path.name for path in tmp_path.iterdir()] == [young.name]


def test_a_second_home_gives_the_same_run(predict: Predict, engine: Engine, data: Path, tmp_path: Path) -> None:
    """A run is what was evaluated; where and when does not matter, but for the clusters' key."""
    from tests.clock import Clock
    from tools.importers.predictions import import_predictions
    from tools.store.database import migrate

    (run,) = predict(table(40))
    other = connect(f"sqlite:///{tmp_path}/other.db")
    migrate(other)
    (second,) = import_predictions(other, tmp_path / "other", request(write(tmp_path, table(40))), Clock(), "ben")
    other.dispose()
    assert second.run == run.run
    shutil.rmtree(tmp_path / "other")
