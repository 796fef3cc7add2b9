"""A file that cannot be read is refused whole, with one sentence that has nothing of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.tools.importers.conftest import Predict
from tests.tools.importers.files import SECRET, table, told, write
from tests.tools.state import state
from tools.errors import SetupError


def test_without_a_header_no_value_is_shown(predict: Predict, tmp_path: Path) -> None:
    """The first row's values are not the names of columns that a message may list."""
    path = tmp_path / "headless.csv"
    path.write_text(f"{SECRET},1,0.5\n{SECRET}2,0,0.4\n")
    with pytest.raises(SetupError) as caught:
        predict(file=path)
    assert "has none of the columns item, gold, language, one" in str(caught.value)
    assert SECRET not in told(caught.value)


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 200] = b"\xff" * 200
    path.write_bytes(data)


Damage = Callable[[Path], Any]


def _appended(text: str, encoding: str = "utf-8") -> Damage:
    return lambda path: path.write_bytes(path.read_bytes() + text.encode(encoding))


def _only_header(path: Path) -> None:
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


def _renamed(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("two", "one", 1), "utf-8")


@pytest.mark.parametrize(
    ("kind", "damage", "said"),
    [
        ("parquet", _truncated, "cannot be read to its end"),
        ("parquet", _middle, "cannot be read to its end"),
        ("csv", lambda path: path.write_bytes(b""), "is empty"),
        ("jsonl", lambda path: path.write_bytes(b""), "is empty"),
        ("csv", _only_header, "has no rows"),
        ("csv", lambda path: path.write_bytes(b"\n" + path.read_bytes()), "first line must name them"),
        ("csv", _renamed, "two columns called one"),
        ("csv", lambda path: path.write_text(path.read_text("utf-8"), "utf-16"), "cannot be read"),
        ("csv", _appended(f"{SECRET},1\n"), "near line 42"),
        ("csv", _appended(f'"{SECRET},1,1\n'), "near line 42"),
        ("csv", _appended(f"{SECRET}é,1", "latin-1"), "cannot be read"),
        ("jsonl", _appended(f'{{"item": {SECRET}}}\n'), "cannot be read"),
        ("jsonl", _appended(f'{{"item": "{SECRET}", "item": 1}}\n'), "cannot be read"),
        ("jsonl", lambda path: path.write_text(f'[{{"item": "{SECRET}"}}]', "utf-8"), "has no column"),
        ("csv.gz", _truncated, "cannot be read"),
    ],
)
def test_a_damaged_file_is_refused_whole(
    predict: Predict, engine: Engine, data: Path, tmp_path: Path, kind: str, damage: Damage, said: str
) -> None:
    """Truncated, garbled, empty, ragged, of another encoding: one sentence, of a CSV file the line, and no value."""
    path = write(tmp_path, table(40), kind)
    damage(path)
    before = state(engine, data)
    with pytest.raises(SetupError) as caught:
        predict(file=path)
    assert re.search(said, str(caught.value))
    assert SECRET not in told(caught.value)
    assert state(engine, data) == before


@pytest.mark.parametrize("name", ["scores.txt", "scores", "scores.json", "scores.parquet.gz", "scores.xlsx", ".csv"])
def test_other_kinds_of_files_are_refused_by_their_name(predict: Predict, tmp_path: Path, name: str) -> None:
    """And so is a folder, and what is not there."""
    (tmp_path / name).write_text("x")
    with pytest.raises(SetupError, match="is no Parquet, CSV or JSON lines file"):
        predict(file=tmp_path / name)
    (tmp_path / "folder.csv").mkdir(exist_ok=True)
    for missing in ("folder.csv", "none.csv"):
        with pytest.raises(SetupError, match="There is no file"):
            predict(file=tmp_path / missing)
