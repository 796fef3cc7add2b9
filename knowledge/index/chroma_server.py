"""Chroma as a server (`chroma run`): one copy of the index's vectors, searched by any number of processes.

It gets vectors and numbers, never a text. Searching is safe whatever other processes do at the same time: an answer of
the server counts only if its copy is, before and after, marked as equal to the very state of the index that is asked.
"""

import hashlib
import sqlite3
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from knowledge.index.chroma import COSINE, ChromaError, HeldError, Read, ask, keys_of, make_equal
from knowledge.index.vectors import documents_of

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

_PATIENCE = 3.0  # seconds a question waits for a server that says nothing
_COPYING = 120.0  # seconds a batch of 5,000 vectors may take


@dataclass(frozen=True)
class Server:
    """The address of a `chroma run` server. It has no authentication of its own: loopback or a private net only."""

    url: str

    def __post_init__(self) -> None:
        with suppress(ValueError):  # a port that is none
            parts = urlsplit(self.url)
            more = parts.username or parts.password or parts.path.strip("/") or parts.query or parts.fragment
            if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not more:
                return
        raise ValueError("is not the address of a Chroma server, such as http://127.0.0.1:8000")

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def secure(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or (443 if self.secure else 80)


class ChromaServer:
    """The copy of one index on a server, kept equal to it by chunk key (keys are never used twice)."""

    def __init__(self, server: Server, home: Path, index: str, embedder: str) -> None:
        self.made_for = (index, embedder)
        self._server, self._home = server, home
        self._name = f"{index}-{hashlib.sha256(embedder.encode()).hexdigest()[:16]}"
        self._mark = ""
        self._count = 0
        self._client: Any = None
        self._collection: Any = None

    def follow(self, connection: sqlite3.Connection, read: Read, most: int | None = None) -> None:
        """Make the copy equal to the index as this connection sees it; adds `most` vectors at most, else ChromaError.

        One process of the home copies at a time: HeldError for the others, and where the index has already gone on.
        """
        mark, count = state_of(connection)
        with self._speaking(_COPYING):
            self._open()
            if self._record().get("mark") == mark and self._collection.count() == count:
                self._mark, self._count = mark, count
                return
            with _copying(self._home):
                if state_of_file(self._home) != mark.split("-")[0]:
                    raise HeldError
                have = keys_of(self._collection)
                lacking = count - len(have)
                if most is not None and lacking > most:
                    raise ChromaError(f"its copy lacks {lacking} vectors; `steward knowledge sync` copies them")
                self._copy(mark, have, documents_of(connection), read)
            self._mark, self._count = mark, count

    def nearest(self, query: "Vectors", excluded: Collection[int], count: int) -> list[tuple[int, float]]:
        """(chunk, cosine), best first, without chunks of the excluded documents; raises ChromaError."""
        with self._speaking(_PATIENCE):
            found = ask(self._collection, query, excluded, count)
            if self._record().get("mark") != self._mark or self._collection.count() != self._count:
                raise ChromaError("its copy is of another state of the index")
            return found

    def close(self) -> None:
        """Hang up."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            sessions = _sessions(client)
            with suppress(Exception):
                client.close()
            for session in sessions:
                session.close()

    def _open(self) -> None:
        import chromadb
        import httpx
        from chromadb.config import Settings

        if self._client is None:
            # Chroma's client has no time limit, and it already talks while it is made: first see whether one answers.
            address = f"{self._server.url.rstrip('/')}/api/v2/heartbeat"
            httpx.get(address, timeout=_PATIENCE).raise_for_status()
            self._client = chromadb.HttpClient(
                self._server.host, self._server.port, self._server.secure, settings=Settings(anonymized_telemetry=False)
            )
        self._limit(_COPYING)
        self._collection = self._client.get_or_create_collection(
            self._name, embedding_function=None, configuration=COSINE
        )

    def _record(self) -> dict[str, Any]:
        """The copy's own record, as the server has it now."""
        collection = self._client.get_collection(self._name, embedding_function=None)
        if collection.id != self._collection.id:
            raise ChromaError("its copy was made anew")
        return dict(collection.metadata or {})

    def _copy(self, mark: str, have: set[int], wanted: Mapping[int, int], read: Read) -> None:
        """Copy what differs. The lock keeps out processes of this home, the token those of a copied home."""
        token = uuid.uuid4().hex

        def mine() -> None:
            if self._record().get("copier") != token:
                raise HeldError

        # The mark is taken off first: a kill in between leaves a copy that is compared again, never trusted.
        self._collection.modify(metadata={"mark": "", "copier": token})
        make_equal(self._collection, have, wanted, read, mine)
        if keys_of(self._collection) != wanted.keys():
            raise ChromaError("its copy did not become equal to the index")
        mine()
        self._collection.modify(metadata={"mark": mark, "copier": token})

    @contextmanager
    def _speaking(self, patience: float) -> Iterator[None]:
        """The client's errors as ours; after one it is made anew."""
        try:
            self._limit(patience)
            yield
        except HeldError:
            raise
        except Exception as problem:  # the client and the server fail in many ways, and the blobs hold everything
            self.close()
            raise problem if isinstance(problem, ChromaError) else ChromaError(_why(problem)) from problem

    def _limit(self, seconds: float) -> None:
        """How long to wait for each answer."""
        if self._client is not None:
            for session in _sessions(self._client):
                session.timeout = seconds


def _sessions(client: Any) -> list[Any]:
    """The client's HTTP sessions. In chromadb 1.5 they have neither a time limit nor an end; both are given here."""
    inner = [getattr(one, "_server", None) for one in (client, getattr(client, "_admin_client", None))]
    return [one._session for one in inner if one is not None and hasattr(one, "_session")]


def state_of(connection: sqlite3.Connection) -> tuple[str, int]:
    """A mark that two states of an index never share, though one may be a copy of the other, and how many chunks."""
    digest, count = hashlib.sha256(), 0
    for row in connection.execute("SELECT key || ' ' || document || ' ' || hash FROM chunks ORDER BY key"):
        digest.update(row[0].encode())
        count += 1
    generation = connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0]
    return f"{generation}-{digest.hexdigest()}", count


def state_of_file(home: Path) -> str:
    """The generation of the index now, for one whose own view may be an older one."""
    with closing(sqlite3.connect(f"{(home / 'index.sqlite').absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return str(connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])


@contextmanager
def _copying(home: Path) -> Iterator[None]:
    try:
        with FileLock(home / "chroma-server.lock", timeout=0, thread_local=False):
            yield
    except (Timeout, OSError) as problem:
        raise HeldError from problem


def _why(problem: Exception) -> str:
    import httpx

    if isinstance(problem, httpx.TimeoutException):
        return "it does not answer"
    if isinstance(problem, httpx.TransportError):
        return "it cannot be reached"
    return str(problem)[:200] or type(problem).__name__
