"""Nothing happens at import: no file, no network, no thread; and the command line starts light."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.project.processes import python
from tests.project.tree import SCRIPTS, modules

HEAVY = (
    "langchain", "langchain_core", "langgraph", "chromadb", "dbos", "duckdb", "pyarrow", "onnxruntime", "sqlalchemy",
    "alembic", "numpy", "slack_bolt", "slack_sdk", "aiohttp", "pydantic", "tokenizers",
)  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that must stay empty."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def report(empty: Path) -> dict[str, Any]:
    """What a process did while it imported everything."""
    # The sample's build script imports the ONNX runtime, whose telemetry is judged in test_telemetry.py.
    done = python("-m", "tests.project.importing", home=empty, ORT_DISABLE_TELEMETRY="1")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_importing_everything_touches_nothing(report: dict[str, Any], empty: Path) -> None:
    """No file is written, none of our data is read, nobody is called, no thread or process is left."""
    assert {name: acts for name, acts in report["done"].items() if acts} == {}
    assert report["threads"] == []
    assert list(empty.iterdir()) == []  # also what the audit hook cannot see, in libraries written in C


def test_every_module_was_imported(report: dict[str, Any]) -> None:
    """All but Alembic's scripts and `python -m bot`."""
    scripts = {module.name for module in modules() if SCRIPTS in module.path.parents}
    assert {module.name for module in modules()} - set(report["done"]) == {"bot.__main__", *scripts}


@pytest.mark.parametrize(
    "line",
    [
        "open('x', 'w')",
        "open(ROOT / 'tools' / 'sample' / 'workspace.yaml')",
        "os.mkdir('x')",
        "sqlite3.connect(':memory:')",
        "socket.socket().connect_ex(('127.0.0.1', 9))",
        "socket.getaddrinfo('localhost', 80)",
        "subprocess.run(['true'])",
    ],
)
def test_the_watch_sees_what_it_is_for(line: str, tmp_path: Path) -> None:
    """Each kind of act is reported."""
    code = (
        "import os, socket, sqlite3, subprocess, sys\nfrom tests.project.importing import ROOT, _notable\nseen = []\n"
        f"sys.addaudithook(lambda event, arguments: seen.extend(_notable(event, arguments)))\n{line}\n"
        "print(len(seen))"
    )
    assert int(python("-c", code, home=tmp_path).stdout) >= 1


def test_the_command_line_starts_light(tmp_path: Path) -> None:
    """`steward --help` loads no agent, no database and no model: they cost seconds."""
    code = f"import sys, bot.cli; print([name for name in {HEAVY} if name in sys.modules])"
    assert python("-c", code, home=tmp_path).stdout.strip() == "[]"
