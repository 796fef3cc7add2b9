"""Knowledge: what the team wrote down, in one object. The guidelines are the source; the index is derived from them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock
from typing import Literal, TypeVar

from knowledge.errors import FolderError
from knowledge.index import adding
from knowledge.index.dense import Dense, Store
from knowledge.index.embeddings import Loader, load
from knowledge.index.file import Index, meta
from knowledge.index.storing import AddReport, Progress
from knowledge.passages import Hit, Passage, passages
from knowledge.search.quotes import quote, sentences
from knowledge.search.ranking import POOL, by_number, by_words, cleaned, fused, sections_of
from knowledge.sources.folders import Folder
from knowledge.versions import Edition, Filed, Versions, chosen, edition, filed, in_order, standings

_Found = TypeVar("_Found", bound=Passage)
_QUOTED_BY_MEANING = 24  # sentences; embedding one costs 5-10 ms, the first time


@dataclass(frozen=True)
class Status:
    """What the index holds, and how it is searched.

    `collections` gives the documents of each, `sections` counts those with text of their own, `dense` says which
    vectors answer, or why none do.
    """

    collections: dict[str, int]
    documents: int
    sections: int
    chunks: int
    embedder: str
    dense: str


@dataclass(frozen=True)
class Term:
    """A name of the guidelines in force: a document's title or a section's heading, for linking words of a question."""

    text: str
    kind: Literal["document", "section"]
    document_id: str
    section: str


class Knowledge:
    """The guidelines of one home folder: add folders, search them, cite them. Safe to share between threads.

    Args:
        home: the folder of the index; made at the first `add`.
        store: where vectors are searched. `auto` takes Chroma from 20,000 chunks on, `chroma` always (for processes
            that live long), `exact` never.
        embedder: finds the embedder at first use; words alone are searched where it finds none.
        patience: seconds to wait while another process writes.

    Every method may raise a KnowledgeError, whose message says what to do.
    """

    def __init__(self, home: Path, *, store: Store = "auto", embedder: Loader = load, patience: float = 10) -> None:
        self._index = Index(home, patience)
        self._dense = Dense(home, embedder, store)
        self._lock = RLock()
        self._filed: tuple[tuple[str, str], dict[int, Filed]] | None = None

    def add(self, folder: Path, collection: str, progress: Progress | None = None) -> AddReport:
        """Add a folder of Markdown files to a collection, or replace what the folder held there."""
        report = adding.add(self._index, _folder(folder, collection), self._dense.loaded, progress)
        self._follow()
        return report

    def remove(self, folder: Path, collection: str) -> int:
        """Take a folder out of a collection; returns how many documents went."""
        return adding.remove(self._index, _folder(folder, collection))

    def reindex(self, progress: Progress | None = None) -> AddReport:
        """Read every added folder again and make the index anew; mends a missing, damaged or outdated one."""
        report = adding.reindex(self._index, self._dense.loaded, progress)
        self._follow()
        return report

    def search(
        self,
        query: str,
        collection: str | None = None,
        limit: int = 5,
        document: str | None = None,
        versions: Versions = "in-force",
        today: date | None = None,
    ) -> list[Hit]:
        """The sections that best answer the query, best first.

        Args:
            query: any text; without a word in it nothing is found.
            document: the id or path of the one document to search.
            versions: `in-force` searches the version in force on `today` (default: now, UTC), `all` every version.
        """
        text = cleaned(query)
        vector = self._dense.embed(text) if limit > 0 else None
        with self._reading() as (connection, documents):
            standing = standings(documents.values(), today or _today())
            wanted = chosen(documents, standing, collection, document, versions)
            if not text or limit < 1 or not wanted:
                return []
            pool, unwanted = max(POOL, 2 * limit), documents.keys() - wanted
            lexical = by_words(connection, text, wanted, pool)
            dense = [] if vector is None else self._dense.search(connection, vector, unwanted, pool)
            section = sections_of(connection, [*lexical, *(chunk for chunk, _ in dense)])
            similarity: dict[int, float] = {}
            for chunk, cosine in dense:
                similarity.setdefault(section[chunk], cosine)
            named = by_number(connection, text, wanted)
            ranked = fused([section[chunk] for chunk in lexical], list(similarity), named)
            scores = dict(ranked)
            keys = [key for key, _ in ranked][: limit * 3]
            found = zip(keys, passages(connection, keys, documents, standing), strict=True)
            hits = [_hit(passage, scores[key], similarity.get(key), text) for key, passage in found]
        return _distinct(hits)[:limit]

    def quote(self, passage: Passage, query: str) -> str:
        """The sentence of the passage that best answers the query, by words and meaning; a literal part of its text."""
        text = cleaned(query)
        candidates = sentences(passage.text)
        by_meaning = 1 < len(candidates) <= _QUOTED_BY_MEANING
        return quote(passage.text, text, self._dense.closeness(candidates, text) if by_meaning else None)

    def sections(self, document: str, version: str | None = None, today: date | None = None) -> list[Passage]:
        """The sections of a document (id or path) in order: of that version, else of the one in force."""
        return self._passages("TRUE", (), document, version, today)

    def section(self, section: str, version: str | None = None, today: date | None = None) -> Passage | None:
        """One section by its stable id: of that version, else of the one in force; None where there is none."""
        return next(iter(self._passages("id = ?", (section,), None, version, today)), None)

    def editions(self, document: str | None = None, today: date | None = None) -> list[Edition]:
        """The document versions that are indexed, by collection, id and age; of one document (id or path) if named."""
        with self._reading() as (_, documents):
            standing = standings(documents.values(), today or _today())
            if document is not None:
                kept = chosen(documents, standing, None, document, "all")
                documents = {key: one for key, one in documents.items() if key in kept}
            return [edition(one, standing[one.key]) for one in in_order(documents.values())]

    def terms(self, today: date | None = None) -> list[Term]:
        """The titles and headings of the versions in force, without section numbers."""
        with self._reading() as (connection, documents):
            standing = standings(documents.values(), today or _today())
            current = [d for d in documents.values() if standing[d.key] == "in force"]
            terms = [Term(d.title, "document", d.id, "") for d in current]
            names = {d.key: d.id for d in current}
            rows = connection.execute("SELECT document, id, number, json_extract(path, '$[#-1]') FROM sections")
            for key, section, number, heading in rows:
                text = str(heading).removeprefix(str(number)).strip(" .):") or str(heading)
                if key in names:
                    terms.append(Term(text, "section", names[key], section))
        return terms

    def warm(self) -> None:
        """Start the model and bring the vectors up to date now, so that the first question need not wait for it."""
        self._dense.embed("warm")
        self._follow()

    def status(self) -> Status:
        """What is indexed and how it is searched."""
        with self._reading() as (connection, documents):
            count = connection.execute(
                "SELECT (SELECT count(*) FROM sections WHERE text <> ''), (SELECT count(*) FROM chunks)"
            ).fetchone()
            names = sorted({d.collection for d in documents.values()})
            loaded = self._dense.loaded
            return Status(
                collections={name: sum(d.collection == name for d in documents.values()) for name in names},
                documents=len(documents),
                sections=count[0],
                chunks=count[1],
                embedder=loaded.embedder.id if loaded.embedder else f"none: {loaded.reason}",
                dense=self._dense.state(connection),
            )

    def close(self) -> None:
        """Let the files go; the object may be used again."""
        with self._lock:
            self._dense.close()
            self._index.close()

    def _follow(self) -> None:
        """Bring the vectors up to date: copying 25,000 into Chroma takes 24 s, which no question should wait for."""
        with self._reading() as (connection, _):
            self._dense.state(connection)

    def _passages(
        self, where: str, values: tuple[str, ...], document: str | None, version: str | None, today: date | None
    ) -> list[Passage]:
        with self._reading() as (connection, documents):
            standing = standings(documents.values(), today or _today())
            wanted = chosen(documents, standing, None, document, "all" if version else "in-force")
            wanted = {key for key in wanted if version in (None, documents[key].version)}
            rows = connection.execute(
                f"SELECT key FROM sections WHERE {where} AND document IN (SELECT value FROM json_each(?))"
                " ORDER BY document, position",
                (*values, json.dumps(sorted(wanted))),
            )
            return _distinct(passages(connection, [row[0] for row in rows], documents, standing))

    @contextmanager
    def _reading(self) -> Iterator[tuple[sqlite3.Connection, dict[int, Filed]]]:
        with self._lock, self._index.read() as connection:
            generation = (meta(connection, "index"), meta(connection, "generation"))
            if self._filed is None or self._filed[0] != generation:
                self._filed = (generation, filed(connection))
            yield connection, self._filed[1]


def _folder(folder: Path, collection: str) -> Folder:
    name = collection.strip()
    if not name or not name.isprintable() or len(name) > 100:
        raise FolderError("A collection's name is 1 to 100 printable characters; choose another.")
    try:
        resolved = str(folder.resolve())
        resolved.encode()
    except (OSError, ValueError, RuntimeError):  # a loop of links, a NUL, bytes that are no text
        raise FolderError(f"The folder {str(folder)!r} cannot be read; name an existing folder.") from None
    return Folder(name, resolved, str(folder))


def _hit(passage: Passage, score: float, similarity: float | None, query: str) -> Hit:
    fields = {name: getattr(passage, name) for name in passage.__dataclass_fields__}
    return Hit(**fields, score=score, similarity=similarity, snippet=quote(passage.text, query))


def _distinct(found: Iterable[_Found]) -> list[_Found]:
    """One of each section: a folder may have been added to two collections."""
    return list({(one.section, one.version, one.text): one for one in reversed(list(found))}.values())[::-1]


def _today() -> date:
    return datetime.now(UTC).date()
