"""Knowledge: what the team wrote down, in one object. The guidelines are the source; the index is derived from them."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal, TypeVar

from knowledge.changes import Asked, DocumentChange, changed
from knowledge.errors import FolderError
from knowledge.index import adding
from knowledge.index.dense import Dense, Store
from knowledge.index.embeddings import Loader, load
from knowledge.index.file import Index, meta
from knowledge.index.storing import AddReport, Progress, stored_folders
from knowledge.passages import Hit, Passage, passages
from knowledge.search.answerable import FLOOR, LIKELY, confidence
from knowledge.search.finding import Search, find
from knowledge.search.glossary import is_glossary
from knowledge.search.lexicon import Lexicon, Understood
from knowledge.search.quotes import quote, sentences
from knowledge.search.ranking import Signals, cleaned, occurs, ranked
from knowledge.search.terms import read_terms, set_term
from knowledge.search.wordbook import Wordbook
from knowledge.sources.folders import Folder
from knowledge.versions import Edition, Filed, Standing, Versions, chosen, edition, filed, in_order, standings

if TYPE_CHECKING:
    from knowledge.lint import Finding, Limits

_Found = TypeVar("_Found", bound=Passage)
_QUOTED_BY_MEANING = 24  # sentences; embedding one costs 5-10 ms, the first time


@dataclass(frozen=True)
class Status:
    """What the index holds, and how it is searched.

    `collections` gives the documents of each, `sections` counts those with text of their own, `dense` says which
    vectors answer, or why none do. `kept` counts the earlier texts of files changed in place, which only `chunks`
    counts, too.
    """

    collections: dict[str, int]
    documents: int
    sections: int
    chunks: int
    embedder: str
    dense: str
    kept: int = 0


@dataclass(frozen=True)
class Found:
    """What a search found: the hits, best first; how likely the best one answers, 0 to 1; how the query was read."""

    hits: tuple[Hit, ...]
    confidence: float
    asked: Understood

    @property
    def answered(self) -> bool:
        """Whether the best hit clears the floor."""
        return self.confidence >= FLOOR

    @property
    def likely(self) -> bool:
        """Whether the best hit is worth quoting, though it may not answer."""
        return self.confidence >= LIKELY


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
        self._wordbook = Wordbook(home)
        self._lock = RLock()
        self._filed: tuple[tuple[str, str], dict[int, Filed]] | None = None

    def add(
        self, folder: Path, collection: str, progress: Progress | None = None, *, link_base: str | None = None
    ) -> AddReport:
        """Add a folder of documents to a collection, or replace what the folder held there.

        Documents that name no `url` are linked to as `link_base` and their path; None leaves what was said before.
        """
        if link_base and not link_base.startswith(("https://", "http://")):
            raise FolderError(f"The link base {link_base[:80]!r} is no web address; begin it with https://.")
        report = adding.add(self._index, _folder(folder, collection), self._dense.loaded, progress, link_base)
        self._follow()
        return report

    def sync(self, progress: Progress | None = None, *, folder: Path | None = None) -> AddReport:
        """Read every added folder again, or the one named; only what changed is parsed and embedded.

        A text that was changed in place stays as a superseded version, or as an earlier wording of the same one.
        """
        only = None if folder is None else _folder(folder, "any").resolved
        report = adding.sync(self._index, self._dense.loaded, progress, only)
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
        """The sections that best answer the query, best first; see `find`."""
        return list(self.find(query, collection, limit, document, versions, today).hits)

    def find(
        self,
        query: str,
        collection: str | None = None,
        limit: int = 5,
        document: str | None = None,
        versions: Versions = "in-force",
        today: date | None = None,
        scope: Iterable[str] = (),
        excluded: Collection[str] = (),
        version: str | None = None,
    ) -> Found:
        """The sections that best answer the query, best first, and whether they clear the floor.

        Args:
            query: any text, in any of the languages there are word lists for; without a word in it nothing is found.
            document: the id or path of the one document to search.
            versions: `in-force` searches the version in force on `today` (default: now, UTC), `all` every version.
            scope: ids of documents or policy areas to prefer (a channel's, a thread's).
            excluded: collections left out where none is named.
            version: search the editions of this version alone, whether they are in force or not.
        """
        text, today = cleaned(query), today or _today()
        with self._reading() as (connection, documents):
            standing = standings(documents.values(), today)
            wanted = chosen(documents, standing, collection, document, "all" if version else versions)
            wanted = {key for key in wanted if version in (None, documents[key].version)}
            if collection is None:
                wanted = {key for key in wanted if documents[key].collection not in excluded}
            asked = self._lexicon(connection, documents, standing).read(text, lambda word: occurs(connection, word))
            if not text or limit < 1 or not wanted:
                return Found((), 0.0, asked)
            search = Search(asked, frozenset(wanted), frozenset(scope))
            signals = find(connection, self._dense, documents, search)
            keys = ranked(signals)[: max(limit * 3, 6)]
            sure = confidence(connection, asked, keys[0], signals[keys[0]]) if keys else 0.0
            found = passages(connection, keys, documents, standing)
            weighed = {id(passage): signals[key] for key, passage in zip(keys, found, strict=True)}
            hits = [_hit(passage, weighed[id(passage)], asked.meaning) for passage in _distinct(found)[:limit]]
        return Found(tuple(hits), sure, asked)

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

    def changes(
        self,
        document: str | None = None,
        before: str | None = None,
        after: str | None = None,
        since: date | None = None,
        until: date | None = None,
        today: date | None = None,
    ) -> list[DocumentChange]:
        """What changed between two versions or two days, a document (id or path) each; else in its latest step."""
        today = today or _today()
        name = self.editions(document, today)[0].id if document is not None else None

        def sections(id: str, version: str) -> list[Passage]:
            return self.sections(id, version, today)

        return changed(Asked(before, after, since, until), self.editions(today=today), sections, today, name)

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

    def lint(
        self,
        folder: Path | None = None,
        collection: str | None = None,
        today: date | None = None,
        limits: "Limits | None" = None,
    ) -> list["Finding"]:
        """What authors should mend in a folder, added or not, else in all that was added; read from the files."""
        from knowledge.lint import Limits, drafts_of, lint  # its patterns cost 25 ms, which no question needs

        named = None if folder is None else _folder(folder, collection or "not added")
        return lint(drafts_of(self._index.home, named, collection, today or _today(), limits or Limits()))

    def folders(self) -> list[Path]:
        """Where the added folders are read from."""
        with self._reading() as (connection, _):
            return sorted({Path(one.resolved) for one in stored_folders(connection)})

    def team_terms(self) -> dict[str, tuple[str, ...]]:
        """The short forms and everyday words in use, each with what it stands for; the home's own win."""
        with self._reading() as (connection, _):
            return read_terms(self._wordbook.files(connection))

    def set_term(self, word: str, stands_for: Iterable[str]) -> None:
        """Say what a word stands for, from the next question on; for nothing, it is taken out of the home's own."""
        set_term(self._wordbook.own, word, stands_for)

    def warm(self) -> None:
        """Start the model and bring the vectors up to date now, so that the first question need not wait for it."""
        self._dense.embed("warm")
        self._follow()

    def status(self) -> Status:
        """What is indexed and how it is searched."""
        with self._reading() as (connection, documents):
            chunks = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
            now = [d for d in documents.values() if not d.kept]
            names = sorted({d.collection for d in now})
            loaded = self._dense.loaded
            return Status(
                collections={name: sum(d.collection == name for d in now) for name in names},
                documents=len(now),
                sections=sum(d.sections for d in now),
                chunks=chunks,
                embedder=loaded.embedder.id if loaded.embedder else f"none: {loaded.reason}",
                dense=self._dense.state(connection),
                kept=len(documents) - len(now),
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

    def _lexicon(
        self, connection: sqlite3.Connection, documents: dict[int, Filed], standing: dict[int, Standing]
    ) -> Lexicon:
        generation = (meta(connection, "index"), meta(connection, "generation"))
        keys = [key for key, one in documents.items() if is_glossary(one.id) and standing[key] == "in force"]
        rows = connection.execute(
            "SELECT key FROM sections WHERE document IN (SELECT value FROM json_each(?))", (json.dumps(keys),)
        )
        glossary = passages(connection, [row[0] for row in rows], documents, standing)
        return self._wordbook.lexicon(connection, generation, glossary, self._dense.loaded.spans)

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


def _hit(passage: Passage, signals: Signals, query: str) -> Hit:
    fields = {name: getattr(passage, name) for name in passage.__dataclass_fields__}
    return Hit(**fields, score=signals.score, similarity=signals.chunk, snippet=quote(passage.text, query))


def _distinct(found: Iterable[_Found]) -> list[_Found]:
    """One of each section: a folder may have been added to two collections."""
    first: dict[tuple[str, str, str], _Found] = {}
    for one in found:
        first.setdefault((one.section, one.version, one.text), one)
    return list(first.values())


def _today() -> date:
    return datetime.now(UTC).date()
