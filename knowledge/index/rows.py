"""Rows: a document written into the index and taken out of it. The caller holds the transaction."""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.errors import DamagedIndexError
from knowledge.index.chunks import Chunk
from knowledge.sources.documents import Document, Known
from knowledge.sources.folders import Folder
from knowledge.sources.sections import Section


@dataclass(frozen=True)
class Cut:
    """A document ready to be written: its sections, each with the chunks of its text."""

    document: Document
    title: str
    sections: tuple[tuple[Section, tuple[Chunk, ...]], ...]


def text_hash(text: str) -> str:
    """What a vector is filed under."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def indexed(heading: str, text: str) -> str:
    """The text of a chunk as it is embedded."""
    return f"{heading}\n\n{text}"


def insert_document(connection: sqlite3.Connection, folder: int, cut: Cut) -> None:
    """Write a document, its sections and the chunks of their text."""
    d = cut.document
    effective = d.effective.isoformat() if d.effective else None
    document = connection.execute(
        "INSERT INTO documents (folder, path, id, title, version, effective, owner, sensitivity, scope, url, digest,"
        " stated, kept, place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            folder,
            d.path,
            d.id,
            cut.title,
            d.version,
            effective,
            d.owner,
            d.sensitivity,
            d.scope,
            d.url,
            d.digest,
            d.stated,
            d.kept,
            d.place,
        ),
    ).lastrowid
    connection.execute("INSERT INTO originals VALUES (?, ?)", (document, zlib.compress(d.body.encode(), 1)))
    for position, (section, chunks) in enumerate(cut.sections):
        path, marks = (json.dumps(value, ensure_ascii=False) for value in (section.path, dict(section.marks)))
        row = (document, position, section.id, section.number, path, section.level, section.text)
        key = connection.execute(
            "INSERT INTO sections (document, position, id, number, path, level, text, digest, marks)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, text_hash(section.text), marks),
        ).lastrowid
        for piece in chunks:
            text = section.text[piece.start : piece.end]
            hashed = text_hash(indexed(piece.heading, text))
            chunk_key = connection.execute(
                "INSERT INTO chunks (section, document, heading, first, after, hash, kind, text)"
                " VALUES (?, ?, ?, ?, ?, ?, 'text', '')",
                (key, document, piece.heading, piece.start, piece.end, hashed),
            ).lastrowid
            connection.execute(
                "INSERT INTO words (rowid, heading, body) VALUES (?, ?, ?)", (chunk_key, piece.heading, text)
            )


def stored_document(connection: sqlite3.Connection, key: int) -> Document:
    """A document as it was written."""
    row = connection.execute(
        "SELECT d.path, d.id, d.title, d.version, d.effective, d.owner, d.sensitivity, d.scope, d.digest, o.body,"
        " d.url, d.stated, d.kept, d.place FROM documents d JOIN originals o ON o.document = d.key WHERE d.key = ?",
        (key,),
    ).fetchone()
    if row is None:
        raise DamagedIndexError("lacks a text that it lists")
    try:
        body = zlib.decompress(row[9]).decode()
    except (zlib.error, TypeError, UnicodeDecodeError):
        raise DamagedIndexError("does not hold what was written into it") from None
    path, identity, title, version, effective, owner, sensitivity, scope, digest, _, url, stated, kept, place = row
    dated = date.fromisoformat(effective) if effective else None
    return Document(
        path, identity, title, version, dated, owner, sensitivity, scope, digest, body, url, bool(stated), kept, place
    )


def known_documents(connection: sqlite3.Connection, folder: Folder) -> dict[str, Known]:
    """What the index holds of a folder's files, by path."""
    rows = connection.execute(
        "SELECT d.path, d.id, d.version, d.digest, d.stated FROM documents d JOIN folders f ON f.key = d.folder"
        " WHERE f.collection = ? AND f.resolved = ? AND d.kept = ''",
        (folder.collection, folder.resolved),
    )
    return {path: Known(identity, version, digest, bool(stated)) for path, identity, version, digest, stated in rows}


def delete_documents(connection: sqlite3.Connection, documents: Iterable[int]) -> None:
    """Take documents out with all that hangs on them."""
    for key in documents:
        connection.execute("DELETE FROM words WHERE rowid IN (SELECT key FROM chunks WHERE document = ?)", (key,))
        connection.execute("DELETE FROM documents WHERE key = ?", (key,))


def folder_key(connection: sqlite3.Connection, folder: Folder) -> int:
    """The key of a folder's row, which is made or brought up to date."""
    connection.execute(
        "INSERT INTO folders (collection, given, resolved, link_base) VALUES (?, ?, ?, ?) ON CONFLICT"
        " (collection, resolved) DO UPDATE SET given = excluded.given, link_base = excluded.link_base",
        (folder.collection, folder.given, folder.resolved, folder.link_base),
    )
    row = connection.execute(
        "SELECT key FROM folders WHERE collection = ? AND resolved = ?", (folder.collection, folder.resolved)
    ).fetchone()
    return int(row[0])


def counts(connection: sqlite3.Connection, folders: Iterable[int]) -> tuple[int, int, int]:
    """Documents, sections with text of their own, and chunks of these folders; not what is kept of earlier texts."""
    keys = json.dumps(list(folders))
    inside = "(SELECT key FROM documents WHERE kept = '' AND folder IN (SELECT value FROM json_each(?)))"
    row = connection.execute(
        f"SELECT (SELECT count(*) FROM documents WHERE key IN {inside}),"
        f" (SELECT count(*) FROM sections WHERE text <> '' AND document IN {inside}),"
        f" (SELECT count(*) FROM chunks WHERE document IN {inside})",
        (keys, keys, keys),
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])
