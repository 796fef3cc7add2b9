"""The command line, run in this process or in one of its own, on homes of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

ROOT = Path(__file__).parents[2]


class Command(Protocol):
    """Runs `steward` with these words; `home` is STEWARD_HOME, other settings go by name."""

    def __call__(self, *words: str, home: Path | None = None, typed: str = "", **settings: str) -> Result: ...


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a command: nothing of this machine's Steward, a terminal of fixed width, no colours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STEWARD_")}
    named = {f"STEWARD_{name.upper()}": value for name, value in settings.items()}
    return {**kept, "STEWARD_HOME": str(home), "COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1", **named}


def begin(*words: str, home: Path, **settings: str) -> subprocess.Popen[str]:
    """Start `steward` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT, env=environment(home, **settings), text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture
def steward(own_sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """The command line in this process, on a copy of the sample unless another home is named."""

    def run(*words: str, home: Path | None = None, typed: str = "", **settings: str) -> Result:
        for name in [name for name in os.environ if name.startswith("STEWARD_")]:
            monkeypatch.delenv(name)
        wanted = environment(home or own_sample_home, **settings)
        return CliRunner().invoke(app, list(words), input=typed, env=wanted)

    yield run
