"""A Chroma server: the same answers as exact search, from any number of processes, whatever becomes of the server."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import Hit, Knowledge
from knowledge.index.chroma_server import ChromaServer, Server
from knowledge.index.dense import AGAIN, Dense, Store
from tests.knowledge.bags import Bags
from tests.knowledge.conftest import CONTACT, Write

ROOT = Path(__file__).parents[3]
PROGRAM = shutil.which("chroma") or str(Path(sys.executable).with_name("chroma"))
NAMES = ("school", "address", "routine", "secrecy", "promotion", "exclusion", "imitation", "threat")
TEXTS: dict[str, str | bytes] = {f"{name}.md": f"# About {name}\n\nA rule on {name} and its owner.\n" for name in NAMES}
OLD = CONTACT.format(version="4.2", effective="2026-01-01", label="PRV-1")
NEW = CONTACT.format(version="4.3", effective="2026-02-01", label="PRV-2")


class Running:
    """`chroma run` on a free port of this machine, which keeps its port and its folder over a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self._process is not None:
            return
        command = [PROGRAM, "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def signal(self, number: int) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)
            self._process = None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if not Path(PROGRAM).exists():
        pytest.skip("the program `chroma` is not installed")
    server = Running(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def server(running: Running) -> Iterator[Running]:
    """The running server; one that a test killed is started again."""
    yield running
    running.start()


def _open(home: Path, store: Store, bags: Bags | None = None) -> Knowledge:
    return Knowledge(home, store=store, embedder=(bags or Bags()).load)


def _found(knowledge: Knowledge, query: str = "rule on secrecy") -> list[tuple[str, str]]:
    return [(hit.section, hit.version) for hit in knowledge.search(query, limit=20)]


def _similarities(hits: list[Hit]) -> list[float]:
    return [hit.similarity or 0.0 for hit in hits]


def _state(knowledge: Knowledge) -> str:
    return knowledge.status().dense


@pytest.fixture
def filled(home: Path, write: Write, running: Running) -> Iterator[Knowledge]:
    """An index whose vectors are on the server."""
    knowledge = _open(home, Server(running.url))
    knowledge.add(write({**TEXTS, "old.md": OLD, "new.md": NEW}), "policy")
    yield knowledge
    knowledge.close()


def test_the_server_finds_what_exact_search_finds(filled: Knowledge, home: Path, running: Running) -> None:
    """Superseded versions are left out by both, and the status says which one answers."""
    exact = _open(home, "exact")
    for query in (*NAMES, "request for a school"):
        ours, theirs = filled.search(query, limit=20), exact.search(query, limit=20)
        assert [hit.section for hit in ours] == [hit.section for hit in theirs]
        assert _similarities(ours) == pytest.approx(_similarities(theirs), abs=1e-4)
    assert _state(filled) == f"the Chroma server {running.url} over 12 vectors"
    assert not (home / "chroma").exists()
    exact.close()


def test_only_vectors_and_numbers_go_to_the_server(filled: Knowledge, running: Running) -> None:
    """No text of a guideline and no question lies in its folder."""
    assert _found(filled, "zyxwv secrecy")
    held = b"".join(path.read_bytes() for path in running.folder.rglob("*") if path.is_file())
    for word in (b"secrecy", b"zyxwv", b"Unsafe contact", b"owner-privacy"):
        assert word not in held


def test_every_process_may_use_it_at_once(filled: Knowledge, home: Path, running: Running) -> None:
    """Three processes find the same, all on the server; none of them damages the copy."""
    code = (
        "import sys; from pathlib import Path; from knowledge import Knowledge; from tests.knowledge.bags import Bags;"
        "from knowledge.index.chroma_server import Server;"
        "k = Knowledge(Path(sys.argv[1]), store=Server(sys.argv[2]), embedder=Bags().load);"
        "print([(h.section, h.version) for h in k.search('rule on secrecy', limit=20)], k.status().dense)"
    )
    command = [sys.executable, "-c", code, str(home), running.url]
    others = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    expected = f"{_found(filled)} the Chroma server {running.url} over 12 vectors"
    assert [other.communicate(timeout=60)[0].strip() for other in others] == [expected] * 3


def test_a_change_by_another_process_is_followed(filled: Knowledge, home: Path, write: Write, running: Running) -> None:
    """The second one copies the change; the first one sees it at its next question."""
    assert _found(filled)[0] == ("secrecy/about-secrecy", "unversioned")
    second = _open(home, Server(running.url))
    second.add(
        write({"secrecy.md": "# About keys\n\nA rule on keys.\n", "more.md": "# More\n\nA rule on secrecy.\n"}),
        "policy",
    )
    found = _found(filled)
    assert found[0] == ("more/more", "unversioned")
    assert ("secrecy/about-secrecy", "unversioned") not in found
    assert _state(filled) == f"the Chroma server {running.url} over 13 vectors"
    second.close()


def test_a_killed_server_is_replaced_by_exact_search(filled: Knowledge, server: Running) -> None:
    """R24: the answers stay the same and the status says why; once it is back, it is used again, with all vectors."""
    expected = _found(filled)
    server.kill()
    assert _found(filled) == expected
    assert _state(filled) == f"exact search (NumPy): the Chroma server {server.url} failed (it cannot be reached)"
    server.start()
    assert _state(filled) == f"the Chroma server {server.url} over 12 vectors"
    assert _found(filled) == expected


def test_a_server_that_hangs_costs_a_question_seconds_and_no_answer(filled: Knowledge, server: Running) -> None:
    """R24: it takes connections and says nothing; the question is answered, and the next one does not wait again."""
    expected = _found(filled)
    server.signal(signal.SIGSTOP)
    started = time.monotonic()
    assert _found(filled) == expected
    waited, started = time.monotonic() - started, time.monotonic()
    assert _found(filled) == expected
    again = time.monotonic() - started
    server.signal(signal.SIGCONT)
    assert 2 < waited < 20
    assert again < 2


def test_a_server_that_lost_its_data_gets_them_again(filled: Knowledge, server: Running) -> None:
    expected = _found(filled)
    server.kill()
    shutil.rmtree(server.folder)
    server.start()
    assert _found(filled) == expected
    assert _state(filled) == f"the Chroma server {server.url} over 12 vectors"
    assert _found(filled) == expected


def _copy(home: Path, running: Running) -> ChromaServer:
    with sqlite3.connect(home / "index.sqlite") as connection:
        index = connection.execute("SELECT value FROM meta WHERE name = 'index'").fetchone()[0]
    connection.close()
    return ChromaServer(Server(running.url), home, index, "bags")


def test_a_copy_that_lost_vectors_is_not_trusted(filled: Knowledge, home: Path, running: Running) -> None:
    """Whoever took them out; they are copied again."""
    expected = _found(filled)
    other = _copy(home, running)
    other._open()
    other._collection.delete(ids=other._collection.get(include=[])["ids"][:5])
    assert _found(filled) == expected
    assert _state(filled) == f"the Chroma server {running.url} over 12 vectors"
    assert other._collection.count() == 12
    other.close()


def test_a_copied_home_does_not_answer_for_the_first_one(
    filled: Knowledge, home: Path, write: Write, running: Running, tmp_path: Path
) -> None:
    """Both have the same index by name and use the same chunk numbers for other texts; neither finds the other's."""
    expected = _found(filled)
    twin_home = tmp_path / "twin"
    shutil.copytree(home, twin_home)
    twin = _open(twin_home, Server(running.url))
    folder = write({"secrecy.md": "# About keys\n\nA rule on keys and their owner.\n"})
    twin.sync(folder=folder)
    assert ("secrecy/about-secrecy", "unversioned") not in _found(twin)
    assert ("secrecy/about-keys", "unversioned") in _found(twin, "keys owner")
    assert _found(filled) == expected
    twin.close()


def test_while_another_copies_the_vectors_themselves_are_searched(
    filled: Knowledge, home: Path, write: Write, running: Running
) -> None:
    """The lock is held by the one that copies; whoever asks meanwhile is answered, and says why."""
    from filelock import FileLock

    with FileLock(home / "chroma-server.lock"):
        filled.add(write({"more.md": "# More\n\nA rule on secrecy.\n"}), "policy")
        assert ("more/more", "unversioned") in _found(filled)
        assert _state(filled) == f"exact search (NumPy): another process copies to the Chroma server {running.url}"
    assert _state(filled) == f"the Chroma server {running.url} over 13 vectors"


def test_a_question_tries_the_server_again_only_after_a_while(home: Path, write: Write, server: Running) -> None:
    """Not every question waits for one that is down; the clock decides, not the luck of the next one."""
    builder = _open(home, Server(server.url))
    builder.add(write(TEXTS), "policy")
    builder.close()
    now = [0.0]
    bags = Bags()
    dense = Dense(home, bags.load, Server(server.url), lambda: now[0])
    query = bags.embed_query("rule on secrecy")
    with sqlite3.connect(home / "index.sqlite") as connection:

        def asked() -> bool:
            assert dense.search(connection, query, (), 3)
            return "the Chroma server" in dense._why and "failed" not in dense._why

        assert asked()
        server.kill()
        assert not asked()
        server.start()
        now[0] = AGAIN - 1
        assert not asked()
        now[0] = AGAIN
        assert asked()
    connection.close()
    dense.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8000",
        "ftp://host",
        "file:///etc",
        "http://",
        "http://name:secret@host",
        "http://host/path",
        "http://host:no",
        "http://host?x=1",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    """Also one with a password in it, which would end up in the status."""
    with pytest.raises(ValueError, match="is not the address of a Chroma server"):
        Server(url)


def test_an_address_says_host_port_and_whether_it_is_encrypted() -> None:
    near, far = Server("http://127.0.0.1:8000"), Server("https://chroma.example.org/")
    assert (near.host, near.port, near.secure) == ("127.0.0.1", 8000, False)
    assert (far.host, far.port, far.secure) == ("chroma.example.org", 443, True)


def test_the_commands_take_the_server_from_the_settings(
    home: Path, write: Write, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`steward knowledge status` says which one is used; an address that is none ends the command with a sentence."""
    from typer.testing import CliRunner

    from bot.commands.knowledge import app

    monkeypatch.setenv("STEWARD_HOME", str(home))
    monkeypatch.setenv("STEWARD_CHROMA_URL", running.url)
    folder = write({"school.md": TEXTS["school.md"]})
    runner = CliRunner()
    added = runner.invoke(app, ["add", str(folder), "--collection", "policy"])
    assert added.exit_code == 0, added.output
    said = runner.invoke(app, ["status"]).output
    assert f"the Chroma server {running.url} over 1 vectors" in said or "Vectors      off" in said
    monkeypatch.setenv("STEWARD_CHROMA_URL", "http://host/path")
    refused = runner.invoke(app, ["status"])
    assert refused.exit_code == 2
    assert "STEWARD_CHROMA_URL is not the address of a Chroma server" in refused.output
