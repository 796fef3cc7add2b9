"""Processes: several at once, and one killed at any moment, leave an index that answers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge import Knowledge
from knowledge.errors import BusyError
from tests.knowledge.bags import Bags, alone
from tests.knowledge.conftest import CONTACT, Write

ROOT = Path(__file__).parents[2]
NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")

ADD = """
import sys, time
from pathlib import Path
from knowledge import Knowledge
from tests.knowledge.bags import Bags

class Slow(Bags):
    def embed_query(self, text):
        time.sleep(0.004)
        return super().embed_query(text)

def tell(what, done, total):
    print(what, done, total, flush=True)

home, folder, collection = map(str, sys.argv[1:4])
knowledge = Knowledge(Path(home), embedder=Slow().load, patience=30)
report = knowledge.sync(tell) if collection == "sync" else knowledge.add(Path(folder), collection, tell)
print("done", report.documents, report.embedded, flush=True)
"""

SEARCH = """
import sys, time
from pathlib import Path
from knowledge import Knowledge
from tests.knowledge.bags import Bags

knowledge = Knowledge(Path(sys.argv[1]), embedder=Bags().load)
seen, end = set(), time.monotonic() + 30
while ("new",) not in {words for _, words in seen} and time.monotonic() < end:
    hits = knowledge.search("rule", limit=100)
    seen.add((len(hits), tuple(sorted({hit.text.split()[-1] for hit in hits}))))
    print("looked", flush=True)
print(sorted(seen))
"""


def _start(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _many(word: str) -> dict[str, str | bytes]:
    return {f"{n}.md": f"# Part {n}\n\nThe rule of part {n} is {word}\n" for n in range(60)}


def test_searches_go_on_while_a_folder_is_replaced_and_see_it_whole(home: Path, write: Write) -> None:
    """A reader sees the sixty old texts or the sixty new ones, never some of each."""
    folder = write(_many("old"))
    Knowledge(home, embedder=Bags().load).add(folder, "policy")
    reader = _start(SEARCH, home)
    assert reader.stdout is not None
    assert reader.stdout.readline() == "looked\n"
    write(_many("new"))
    writer = _start(ADD, home, folder, "policy")
    assert writer.communicate(timeout=60)[0].endswith("done 60 60\n")
    seen, errors = reader.communicate(timeout=60)
    assert errors == ""
    assert seen.splitlines()[-1] == "[(60, ('new',)), (60, ('old',))]"


def test_two_processes_add_at_once_and_both_are_kept(home: Path, write: Write, tmp_path: Path) -> None:
    folder = write(_many("old"))
    other = tmp_path / "other"
    other.mkdir()
    for n in range(40):
        (other / f"o{n}.md").write_text(f"# Other {n}\n\nAnother rule {n}.\n")
    both = [_start(ADD, home, folder, "policy"), _start(ADD, home, other, "other")]
    for process in both:
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode == 0
    knowledge = Knowledge(home, embedder=alone)
    assert knowledge.status().collections == {"other": 40, "policy": 60}
    knowledge.close()


@pytest.mark.parametrize("moment", ["splitting", "embedding 16", "embedding 60"])
def test_a_kill_during_an_add_leaves_the_old_index_answering(home: Path, write: Write, moment: str) -> None:
    """And the next add finishes the work, embedding only what was not saved yet."""
    folder = write({"a.md": NOW})
    Knowledge(home, embedder=Bags().load).add(folder, "policy")
    write(_many("new"))
    process = _start(ADD, home, folder, "policy")
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(moment):
            break
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    knowledge = Knowledge(home, embedder=alone)
    found = {hit.section for hit in knowledge.search("school rule relation", limit=100)}
    whole = {"contact/3.2", "contact/3.4"} | {f"{n}/part-{n}" for n in range(60)}
    # After the last vector the commit may have come before the kill: then all is new, never a part.
    assert found == {"contact/3.2", "contact/3.4"} or (moment == "embedding 60" and found == whole)
    knowledge.close()
    report = Knowledge(home, embedder=Bags().load).add(folder, "policy")
    saved = int(moment.split()[1]) if moment.startswith("embedding") else 0
    assert report.documents == 61
    assert report.embedded <= 60 - saved


def test_a_kill_during_the_very_first_add_leaves_nothing_half_made(home: Path, write: Write) -> None:
    folder = write(_many("new"))
    process = _start(ADD, home, folder, "policy")
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("embedding"):
            break
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    report = Knowledge(home, embedder=Bags().load).add(folder, "policy")
    assert report.documents == 60
    assert report.embedded < 60


@pytest.mark.parametrize("moment", ["reading 30", "splitting 40", "embedding 32"])
def test_a_kill_during_a_sync_leaves_the_old_index_answering_and_loses_no_version(
    home: Path, write: Write, moment: str
) -> None:
    """The next sync keeps every version that was replaced in place, once."""

    def versions(version: str) -> dict[str, str | bytes]:
        head = f'---\nversion: "{version}"\neffective: 2026-01-0{version[0]}\n---\n'
        return {name: f"{head}{text!s}" for name, text in _many(f"of{version[0]}").items()}

    folder = write(versions("1.0"))
    knowledge = Knowledge(home, embedder=Bags().load)
    knowledge.add(folder, "policy")
    knowledge.close()
    write(versions("2.0"))
    process = _start(ADD, home, folder, "sync")
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(moment):
            break
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert {hit.version for hit in knowledge.search("rule", limit=100)} == {"1.0"}
    assert len(knowledge.sync().kept) == 60
    found = {(hit.version, hit.standing) for hit in knowledge.search("rule", limit=200, versions="all")}
    assert found == {("1.0", "superseded"), ("2.0", "in force")}
    assert knowledge.sync().kept == ()
    knowledge.close()


def test_a_second_writer_waits_and_then_says_so(home: Path, write: Write) -> None:
    folder = write(_many("new"))
    process = _start(ADD, home, folder, "policy")
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("embedding"):
            break
    impatient = Knowledge(home, embedder=alone, patience=0.05)
    started = time.monotonic()
    with pytest.raises(BusyError):
        impatient.add(folder, "policy")
    assert time.monotonic() - started < 5
    process.communicate(timeout=60)
