"""`steward knowledge sync --watch` follows a folder a line a change, and ends cleanly."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from knowledge import Knowledge
from tests.knowledge.bags import alone
from tests.knowledge.conftest import CONTACT, Write

ROOT = Path(__file__).parents[2]
NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")


class Watching:
    """A process that watches, and its lines as they come."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "bot", "knowledge", "sync", "--watch"],
            cwd=ROOT,
            env={**os.environ, "STEWARD_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def until(self, start: str) -> list[str]:
        """The lines up to one that begins so."""
        seen: list[str] = []
        try:
            while not seen or not seen[-1].startswith(start):
                seen.append(self._lines.get(timeout=40))
        except Empty:
            pytest.fail(f"no line {start!r} after {seen}")
        return seen


@pytest.fixture
def watching(home: Path, write: Write) -> Iterator[Watching]:
    knowledge = Knowledge(home / "knowledge", embedder=alone)
    knowledge.add(write({"a.md": NOW}), "policy")
    knowledge.close()
    started = Watching(home)
    yield started
    started.process.kill()
    started.process.communicate()


def test_changes_are_followed_through_an_unreadable_state_until_ctrl_c(
    watching: Watching, write: Write, home: Path
) -> None:
    folder = write({})
    watching.until("Watching ")
    write({"b.md": "# B\n\nAbout the yard.\n"})
    assert watching.until("added ")[-1] == f"added {folder}/b.md"
    write({"a.md": "---\nid: contact\nversion: [\n---\n"})
    assert "broken front matter" in watching.until("  ")[-1]
    knowledge = Knowledge(home / "knowledge", embedder=alone)
    assert knowledge.section("contact/3.2") is not None
    write({"a.md": NOW.replace("4.3", "4.4")})
    assert watching.until("kept ")[-2:] == [f"changed {folder}/a.md", "kept contact 4.3, as it was before"]
    (folder / "b.md").unlink()
    watching.until(f"removed {folder}/b.md")
    assert [one.version for one in knowledge.editions()] == ["4.3", "4.4"]
    knowledge.close()
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=30) == 0
    assert watching.process.stderr is not None
    assert "Traceback" not in watching.process.stderr.read()
