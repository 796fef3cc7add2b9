"""Index: one SQLite file of sections, their words (FTS5) and vectors. Derived data; `reindex` makes it again.

WAL lets searches go on while another process writes; a writer killed at any point leaves the last commit answering.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from knowledge.errors import BusyError, DamagedIndexError, NothingAddedError, StorageError
from knowledge.sources.folders import registered

SCHEMA = "2"  # raise it with any change to the tables, to sections' ids or to the size of chunks

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE folders (
    key INTEGER PRIMARY KEY AUTOINCREMENT, collection TEXT NOT NULL, given TEXT NOT NULL, resolved TEXT NOT NULL,
    link_base TEXT NOT NULL, UNIQUE (collection, resolved));
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,
    path TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL, effective TEXT,
    owner TEXT NOT NULL, sensitivity TEXT NOT NULL, scope TEXT NOT NULL, url TEXT NOT NULL, digest TEXT NOT NULL,
    stated INTEGER NOT NULL, kept TEXT NOT NULL, place INTEGER NOT NULL);
CREATE INDEX documents_folder ON documents (folder);
CREATE TABLE originals (document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE, body BLOB NOT NULL);
CREATE TABLE sections (
    key INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    position INTEGER NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, path TEXT NOT NULL, level INTEGER NOT NULL,
    text TEXT NOT NULL, digest TEXT NOT NULL, marks TEXT NOT NULL);
CREATE INDEX sections_document ON sections (document, position);
CREATE INDEX sections_id ON sections (id);
CREATE TABLE chunks (
    key INTEGER PRIMARY KEY AUTOINCREMENT, section INTEGER NOT NULL REFERENCES sections ON DELETE CASCADE,
    document INTEGER NOT NULL, heading TEXT NOT NULL, first INTEGER NOT NULL, after INTEGER NOT NULL,
    hash TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX chunks_section ON chunks (section);
CREATE INDEX chunks_document ON chunks (document);
CREATE INDEX chunks_hash ON chunks (hash);
CREATE VIRTUAL TABLE words USING fts5 (heading, body, tokenize = 'porter unicode61');
CREATE TABLE vectors (
    embedder TEXT NOT NULL, hash TEXT NOT NULL, vector BLOB NOT NULL, parts BLOB NOT NULL,
    PRIMARY KEY (embedder, hash));
"""


class Index:
    """The index file of a home. Safe to share between threads; one reader or writer at a time."""

    def __init__(self, home: Path, patience: float) -> None:
        self.home = home
        self.patience = patience  # seconds to wait for another writer
        self.path = home / "index.sqlite"
        self._lock = RLock()
        self._open: sqlite3.Connection | None = None
        self._inode = 0

    @contextmanager
    def read(self, empty: bool = False) -> Iterator[sqlite3.Connection]:
        """One consistent view of the index; `empty` allows one that holds no folder yet.

        Raises:
            NothingAddedError: no folder was ever added here.
            DamagedIndexError: the file is missing, damaged or of another layout.
        """
        with self._lock, _translated():
            connection = self._connection()
            if not empty and connection.execute("SELECT 1 FROM folders").fetchone() is None:
                raise self._nothing("holds no documents")
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, committed as a whole or not at all. The caller holds the home's write lock."""
        with self._lock, _translated(writing=True):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    def create(self) -> None:
        """Make the file and its tables where there are none. The caller holds the home's write lock."""
        with self._lock, _translated(writing=True):
            self.close()
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=self.patience)
            try:
                if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                    return
                connection.execute("PRAGMA journal_mode = WAL")
                index = uuid.uuid4().hex
                connection.executescript(
                    f"BEGIN; {_TABLES} INSERT INTO meta VALUES ('schema', '{SCHEMA}'), ('index', '{index}'), "
                    "('generation', '0'), ('embedder', ''), ('dimension', '0'); COMMIT;"
                )
            finally:
                connection.close()

    def sound(self) -> bool:
        """Whether pages, references and the full-text index are in order (reads the whole file)."""
        try:
            with self.write() as connection:
                connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
                orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
                return orphans is None and connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        except (DamagedIndexError, NothingAddedError):
            return False

    def discard(self) -> None:
        """Remove the file. The main file goes first: a reader that opens in between finds none, never a half."""
        with self._lock:
            self.close()
            try:
                for suffix in ("", "-wal", "-shm", "-journal"):
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            except OSError as problem:
                message = f"{self.path} cannot be removed ({problem.strerror}); remove it by hand and run this again."
                raise StorageError(message) from problem

    def close(self) -> None:
        """Let the file go; the next use opens it again."""
        with self._lock:
            if self._open is not None:
                with suppress(sqlite3.Error):
                    self._open.close()
                self._open = None

    def _connection(self) -> sqlite3.Connection:
        try:
            inode = self.path.stat().st_ino
        except OSError:
            self.close()
            raise self._nothing("file is missing") from None
        if self._open is not None and inode == self._inode:
            return self._open
        self.close()  # another process has made the file anew
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=self.patience
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
                raise self._nothing("file is empty")
            schema = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
            if schema is None or schema[0] != SCHEMA:
                raise DamagedIndexError("was made by another version of Steward")
        except BaseException:
            connection.close()
            raise
        self._open, self._inode = connection, inode
        return connection

    def _nothing(self, what: str) -> DamagedIndexError | NothingAddedError:
        return DamagedIndexError(what) if registered(self.home) else NothingAddedError()


def meta(connection: sqlite3.Connection, name: str) -> str:
    """One value of the index's own record; a missing one means a damaged index."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise DamagedIndexError("lacks its own record")
    return str(row[0])


@contextmanager
def _translated(writing: bool = False) -> Iterator[None]:
    """SQLite's errors as ours: what the operator must do decides the class."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        text = str(problem)
        if "locked" in text or "busy" in text:
            raise BusyError from problem
        if writing and any(word in text for word in ("full", "readonly", "disk I/O")):
            message = f"The guideline index cannot be written ({text}); free space or mend permissions, then retry."
            raise StorageError(message) from problem
        raise DamagedIndexError(f"cannot be read ({text})") from problem
    except sqlite3.Error as problem:
        raise DamagedIndexError(f"is damaged ({problem})") from problem
