"""The command line, run in this process or in one of its own, on homes of its own."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.agent.conftest import shared_desk, whole_home

__all__ = ["shared_desk", "whole_home"]

ROOT = Path(__file__).parents[2]
NOTHING: Mapping[str, str] = {}


class Run(Protocol):
    """Runs `steward` with these words in this process; settings go by name (`{"model": "…"}`)."""

    def __call__(
        self, *words: str, home: Path | None = None, typed: str = "", settings: Mapping[str, str] = NOTHING
    ) -> Result: ...


class Begin(Protocol):
    """Starts Python with these words as a process of its own, with STEWARD_HOME set."""

    def __call__(self, *words: str, home: Path) -> subprocess.Popen[str]: ...


def environment(home: Path, settings: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Nothing of this machine's Steward, a wide terminal without colours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STEWARD_")}
    named = {f"STEWARD_{name.upper()}": value for name, value in settings.items()}
    return {**kept, "STEWARD_HOME": str(home), "COLUMNS": "240", "TERM": "dumb", "NO_COLOR": "1", **named}


@pytest.fixture
def home(whole_home: Path, tmp_path: Path) -> Path:
    """A home that a test may change."""
    return Path(shutil.copytree(whole_home, tmp_path / "home"))


@pytest.fixture
def steward(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in this process."""

    def run(*words: str, home: Path | None = home, typed: str = "", settings: Mapping[str, str] = NOTHING) -> Result:
        for name in [name for name in os.environ if name.startswith("STEWARD_")]:
            monkeypatch.delenv(name)
        ended = CliRunner().invoke(app, list(words), input=typed, env=environment(home or ROOT, settings))
        # DBOS keeps the error stream of the moment for its log; this one is closed now.
        logging.getLogger("dbos").handlers.clear()
        return ended

    return run


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Processes, none of which outlives its test."""
    with ExitStack() as stack:

        def start(*words: str, home: Path) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT, env=environment(home), text=True, encoding="utf-8",
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            stack.callback(_end, process)
            return process

        yield start


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
