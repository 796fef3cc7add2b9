"""Storing: documents cut, embedded and written; unchanged files keep their rows and vectors."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from knowledge.errors import EmbeddingError
from knowledge.index.asked import follow_questions, question_texts
from knowledge.index.chunks import chunk
from knowledge.index.embeddings import Loaded
from knowledge.index.file import Index
from knowledge.index.plans import Plan, plans_for
from knowledge.index.rows import Cut, counts, delete_documents, folder_key, indexed, insert_document, text_hash
from knowledge.index.vectors import drop_unsound, embed_missing
from knowledge.sources.documents import Document, Reading
from knowledge.sources.extracts import Unreadable
from knowledge.sources.folders import Folder
from knowledge.sources.kept import drop, drop_folder, save, saved
from knowledge.sources.questions import FILE, marked
from knowledge.sources.sections import split

Progress = Callable[[str, int, int], None]
"""Called with what is being done (`reading`, `splitting`, `embedding`), how many are done, and of how many."""


@dataclass(frozen=True)
class AddReport:
    """What the folders hold now, how many chunks were newly embedded, and what was left out.

    `sections` counts those with text of their own; a heading above others is none.
    `without_vectors` is empty, or says why only words were indexed; `notes` are sentences about what is odd. `added`,
    `changed` and `removed` are files, `kept` the earlier texts that were put aside (`contact 4.2`, `contact 4.3~1`).
    """

    documents: int
    sections: int
    chunks: int
    embedded: int
    unreadable: tuple[Unreadable, ...]
    without_vectors: str = ""
    notes: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


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
        plans = plans_for(connection, readings, afresh, partial(saved, index.home))
        gone = {key for plan in plans for key in plan.gone}
        texts = {} if loaded.embedder is None else _unembedded(connection, loaded.embedder.id, gone)
    total = sum(len(plan.new) for plan in plans)
    cuts: list[list[Cut]] = []
    done = 0
    for plan in plans:
        cuts.append([])
        for document in plan.new:
            cuts[-1].append(_cut(document, loaded))
            done += 1
            if progress:
                progress("splitting", done, total)
    texts.update((text_hash(text), text) for plan in cuts for cut in plan for text in _texts(cut))
    texts.update(question_texts(_questions(readings, cuts)))
    embedded, problem = 0, loaded.reason
    if loaded.embedder is not None:
        try:
            embedded = embed_missing(index, loaded.embedder, texts, progress)
        except EmbeddingError as failed:
            problem = str(failed)
    keys: list[int] = []
    notes = [f"{plan.folder.given}: {note}" for plan in plans for note in plan.notes]
    notes += [f"{folder.given}: {note}" for folder, reading in readings for note in reading.notes]
    for plan in plans:
        for document in plan.kept:
            save(index.home, plan.folder, document)
    with index.write() as connection:
        for plan, made in zip(plans, cuts, strict=True):
            keys.append(folder_key(connection, plan.folder))
            delete_documents(connection, plan.gone)
            for cut in made:
                insert_document(connection, keys[-1], cut)
        for key, (folder, reading) in zip(keys, readings, strict=True):
            for section in follow_questions(connection, key, reading.questions):
                notes.append(f"{folder.given}: {FILE} names {section[:120]}, which is no section there")
        if loaded.embedder is not None and not problem:
            _note(connection, "embedder", loaded.embedder.id)
            _note(connection, "dimension", str(loaded.embedder.dimension))
        _finish(connection)
        sizes = counts(connection, keys)
    for plan in plans:
        for dropped in plan.dropped:
            drop(index.home, plan.folder, dropped)
    unreadable = tuple(
        replace(one, path=f"{folder.given}/{one.path}") for folder, r in readings for one in r.unreadable
    )
    return AddReport(
        *sizes,
        embedded,
        unreadable,
        problem,
        tuple(notes),
        added=_named(plans, [plan.added for plan in plans]),
        changed=_named(plans, [plan.changed for plan in plans]),
        removed=_named(plans, [plan.removed for plan in plans]),
        kept=tuple(f"{one.id} {one.version}" for plan in plans for one in plan.kept),
    )


def take_out(index: Index, folder: Folder) -> int:
    """Delete one folder and its documents, and what was kept of them; returns how many documents went."""
    with index.write() as connection:
        key = folder_key(connection, folder)
        rows = connection.execute("SELECT key, kept FROM documents WHERE folder = ?", (key,)).fetchall()
        delete_documents(connection, [row[0] for row in rows])
        connection.execute("DELETE FROM folders WHERE key = ?", (key,))
        _finish(connection)
    drop_folder(index.home, folder)
    return sum(not kept for _, kept in rows)


def stored_folders(connection: sqlite3.Connection) -> set[Folder]:
    """The folders the index holds."""
    rows = connection.execute("SELECT collection, resolved, given, link_base FROM folders")
    return {Folder(*row) for row in rows}


def _cut(document: Document, loaded: Loaded) -> Cut:
    title, sections = split(document.id, document.title, document.body)
    pieces = tuple(
        (section, chunk(title, section.path, section.text, loaded.spans) if section.text else ())
        for section in sections
    )
    return Cut(document, title, pieces)


def _named(plans: Sequence[Plan], paths: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(f"{plan.folder.given}/{path}" for plan, some in zip(plans, paths, strict=True) for path in some)


def _questions(readings: Sequence[tuple[Folder, Reading]], cuts: Sequence[Sequence[Cut]]) -> Iterable[str]:
    for _, reading in readings:
        for asked in (reading.questions or {}).values():
            yield from asked
    for plan in cuts:
        for cut in plan:
            for section, _ in cut.sections:
                yield from marked(section.marks)


def _texts(cut: Cut) -> Iterable[str]:
    for section, chunks in cut.sections:
        for piece in chunks:
            yield indexed(piece.heading, section.text[piece.start : piece.end])


def _unembedded(connection: sqlite3.Connection, embedder: str, gone: set[int]) -> dict[str, str]:
    """The texts of stored chunks that have no vector of this embedder, by hash."""
    rows = connection.execute(
        "SELECT c.hash, c.document, c.heading, c.first, c.after, s.text, c.text FROM chunks c JOIN sections s"
        " ON s.key = c.section WHERE c.hash NOT IN (SELECT hash FROM vectors WHERE embedder = ?)",
        (embedder,),
    )
    return {row[0]: row[6] or indexed(row[2], row[5][row[3] : row[4]]) for row in rows if row[1] not in gone}


def _note(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name))


def _finish(connection: sqlite3.Connection) -> None:
    """Drop the vectors nothing uses any more and count the change, so that every process reads afresh."""
    connection.execute(
        "DELETE FROM vectors WHERE hash NOT IN (SELECT hash FROM chunks)"
        " OR embedder <> (SELECT value FROM meta WHERE name = 'embedder')"
    )
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'")
