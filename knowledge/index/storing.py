"""Storing: documents cut, embedded and written; unchanged files keep their rows and vectors."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge.errors import EmbeddingError
from knowledge.index.chunks import Chunk, chunk
from knowledge.index.embeddings import Loaded
from knowledge.index.file import Index
from knowledge.index.plans import plans_for
from knowledge.index.vectors import drop_unsound, embed_missing
from knowledge.sources.documents import Document, Reading, Unreadable
from knowledge.sources.folders import Folder
from knowledge.sources.sections import Section, split

Progress = Callable[[str, int, int], None]
"""Called with what is being done (`reading`, `splitting`, `embedding`), how many are done, and of how many."""


@dataclass(frozen=True)
class AddReport:
    """What the folders hold now, how many chunks were newly embedded, and what was left out.

    `sections` counts those with text of their own; a heading above others is none.
    `without_vectors` is empty, or says why only words were indexed.
    """

    documents: int
    sections: int
    chunks: int
    embedded: int
    unreadable: tuple[Unreadable, ...]
    without_vectors: str = ""


@dataclass(frozen=True)
class _Cut:
    """A document ready to be written."""

    document: Document
    title: str
    sections: tuple[tuple[Section, tuple[Chunk, ...]], ...]


def store(
    index: Index,
    readings: Sequence[tuple[Folder, Reading]],
    loaded: Loaded,
    progress: Progress | None = None,
    afresh: bool = False,
) -> AddReport:
    """Replace these folders' documents in one transaction; `afresh` writes unchanged files again, too.

    Vectors are saved as they are made, by the hash of their text, so an interrupted run resumes where it stopped.
    """
    if afresh and loaded.embedder is not None:
        with index.write() as connection:
            drop_unsound(connection, loaded.embedder)
    with index.read(empty=True) as connection:
        plans = plans_for(connection, readings, afresh)
        gone = {key for plan in plans for key in plan.gone}
        texts = {} if loaded.embedder is None else _unembedded(connection, loaded.embedder.id, gone)
    total = sum(len(plan.new) for plan in plans)
    cuts: list[list[_Cut]] = []
    done = 0
    for plan in plans:
        cuts.append([])
        for document in plan.new:
            cuts[-1].append(_cut(document, loaded))
            done += 1
            if progress:
                progress("splitting", done, total)
    texts.update((text_hash(text), text) for plan in cuts for cut in plan for text in _texts(cut))
    embedded, problem = 0, loaded.reason
    if loaded.embedder is not None:
        try:
            embedded = embed_missing(index, loaded.embedder, texts, progress)
        except EmbeddingError as failed:
            problem = str(failed)
    with index.write() as connection:
        for plan, made in zip(plans, cuts, strict=True):
            folder = _folder_key(connection, plan.folder)
            _delete(connection, plan.gone)
            for cut in made:
                _insert(connection, folder, cut)
        if loaded.embedder is not None and not problem:
            _note(connection, "embedder", loaded.embedder.id)
            _note(connection, "dimension", str(loaded.embedder.dimension))
        _finish(connection)
        counts = _counts(connection, [plan.folder for plan in plans])
    unreadable = tuple(
        replace(one, path=f"{folder.given}/{one.path}") for folder, r in readings for one in r.unreadable
    )
    return AddReport(*counts, embedded, unreadable, problem)


def take_out(index: Index, folder: Folder) -> int:
    """Delete one folder and its documents; returns how many documents went."""
    with index.write() as connection:
        key = _folder_key(connection, folder)
        gone = [row[0] for row in connection.execute("SELECT key FROM documents WHERE folder = ?", (key,))]
        _delete(connection, gone)
        connection.execute("DELETE FROM folders WHERE key = ?", (key,))
        _finish(connection)
    return len(gone)


def stored_folders(connection: sqlite3.Connection) -> set[Folder]:
    """The folders the index holds."""
    rows = connection.execute("SELECT collection, resolved, given FROM folders")
    return {Folder(*row) for row in rows}


def text_hash(text: str) -> str:
    """What a vector is filed under."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _cut(document: Document, loaded: Loaded) -> _Cut:
    title, sections = split(document.id, document.title, document.body)
    pieces = tuple(
        (section, chunk(title, section.path, section.text, loaded.spans) if section.text else ())
        for section in sections
    )
    return _Cut(document, title, pieces)


def _indexed(heading: str, text: str) -> str:
    return f"{heading}\n\n{text}"


def _texts(cut: _Cut) -> Iterable[str]:
    for section, chunks in cut.sections:
        for piece in chunks:
            yield _indexed(piece.heading, section.text[piece.start : piece.end])


def _unembedded(connection: sqlite3.Connection, embedder: str, gone: set[int]) -> dict[str, str]:
    """The texts of stored chunks that have no vector of this embedder, by hash."""
    rows = connection.execute(
        "SELECT c.hash, c.document, c.heading, c.first, c.after, s.text FROM chunks c JOIN sections s"
        " ON s.key = c.section WHERE c.hash NOT IN (SELECT hash FROM vectors WHERE embedder = ?)",
        (embedder,),
    )
    return {row[0]: _indexed(row[2], row[5][row[3] : row[4]]) for row in rows if row[1] not in gone}


def _insert(connection: sqlite3.Connection, folder: int, cut: _Cut) -> None:
    d = cut.document
    effective = d.effective.isoformat() if d.effective else None
    row = (folder, d.path, d.id, cut.title, d.version, effective, d.owner, d.sensitivity, d.scope, d.digest)
    document = connection.execute(
        "INSERT INTO documents (folder, path, id, title, version, effective, owner, sensitivity, scope, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    ).lastrowid
    for position, (section, chunks) in enumerate(cut.sections):
        path, digest = json.dumps(section.path, ensure_ascii=False), text_hash(section.text)
        key = connection.execute(
            "INSERT INTO sections (document, position, id, number, path, level, text, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (document, position, section.id, section.number, path, section.level, section.text, digest),
        ).lastrowid
        for piece in chunks:
            text = section.text[piece.start : piece.end]
            hashed = text_hash(_indexed(piece.heading, text))
            chunk_key = connection.execute(
                "INSERT INTO chunks (section, document, heading, first, after, hash) VALUES (?, ?, ?, ?, ?, ?)",
                (key, document, piece.heading, piece.start, piece.end, hashed),
            ).lastrowid
            connection.execute(
                "INSERT INTO words (rowid, heading, body) VALUES (?, ?, ?)", (chunk_key, piece.heading, text)
            )


def _delete(connection: sqlite3.Connection, documents: Iterable[int]) -> None:
    for key in documents:
        connection.execute("DELETE FROM words WHERE rowid IN (SELECT key FROM chunks WHERE document = ?)", (key,))
        connection.execute("DELETE FROM documents WHERE key = ?", (key,))


def _folder_key(connection: sqlite3.Connection, folder: Folder) -> int:
    connection.execute(
        "INSERT INTO folders (collection, given, resolved) VALUES (?, ?, ?)"
        " ON CONFLICT (collection, resolved) DO UPDATE SET given = excluded.given",
        (folder.collection, folder.given, folder.resolved),
    )
    row = connection.execute(
        "SELECT key FROM folders WHERE collection = ? AND resolved = ?", (folder.collection, folder.resolved)
    ).fetchone()
    return int(row[0])


def _note(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name))


def _finish(connection: sqlite3.Connection) -> None:
    """Drop the vectors nothing uses any more and count the change, so that every process reads afresh."""
    connection.execute(
        "DELETE FROM vectors WHERE hash NOT IN (SELECT hash FROM chunks)"
        " OR embedder <> (SELECT value FROM meta WHERE name = 'embedder')"
    )
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'")


def _counts(connection: sqlite3.Connection, folders: Iterable[Folder]) -> tuple[int, int, int]:
    keys = json.dumps([_folder_key(connection, folder) for folder in folders])
    inside = "(SELECT key FROM documents WHERE folder IN (SELECT value FROM json_each(?)))"
    row = connection.execute(
        f"SELECT (SELECT count(*) FROM documents WHERE key IN {inside}),"
        f" (SELECT count(*) FROM sections WHERE text <> '' AND document IN {inside}),"
        f" (SELECT count(*) FROM chunks WHERE document IN {inside})",
        (keys, keys, keys),
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])
