"""Versions: several of one document live side by side; which one is in force on a day."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from knowledge.errors import UnknownNameError

Versions = Literal["in-force", "all"]
Standing = Literal["in force", "superseded", "not yet in force"]


@dataclass(frozen=True)
class Filed:
    """A document as the index holds it. `path` is the folder as it was given, joined with the file's own path.

    `kept` is empty for what the file holds now, else `version` or `wording`: what it held under an earlier version
    number, or under the same; `place` orders what was kept of one file.
    """

    key: int
    collection: str
    path: str
    id: str
    title: str
    version: str
    effective: date | None
    owner: str
    sensitivity: str
    scope: str
    link: str = ""
    kept: str = ""
    place: int = 0
    sections: int = 0


@dataclass(frozen=True)
class Edition:
    """One version of one document as people see it: what its front matter says, and whether it is in force.

    `link` is where people read it, empty where nobody said; `sections` counts those with text of their own.
    """

    collection: str
    path: str
    id: str
    title: str
    version: str
    effective: date | None
    owner: str
    sensitivity: str
    scope: str
    standing: Standing
    link: str = ""
    sections: int = 0


def edition(document: Filed, standing: Standing) -> Edition:
    """A stored document with its standing."""
    d = document
    return Edition(
        d.collection, d.path, d.id, d.title, d.version, d.effective, d.owner, d.sensitivity, d.scope, standing,
        d.link, d.sections,
    )  # fmt: skip


def in_order(documents: Iterable[Filed]) -> list[Filed]:
    """By collection and id, the oldest version first."""
    return sorted(documents, key=lambda one: (one.collection, one.id, _age(one)))


def standings(documents: Iterable[Filed], today: date) -> dict[int, Standing]:
    """The standing of each document: in force is the version with the latest effective date that is not after today.

    A version without a date counts as older than any with one; equal dates are told apart by version number. What a
    file held earlier is in force only on days before the date of what it holds now, an earlier wording of the same
    version never.
    """
    documents = list(documents)
    now = {(one.collection, one.path, one.id): one for one in documents if not one.kept}
    newest: dict[tuple[str, str], Filed] = {}
    for document in documents:
        if _later(document, today) or (document.kept and _replaced(document, now, today)):
            continue
        name = (document.collection, document.id)
        if name not in newest or _age(document) > _age(newest[name]):
            newest[name] = document
    in_force = {document.key for document in newest.values()}
    return {document.key: _standing(document, in_force, now, today) for document in documents}


def _standing(document: Filed, in_force: set[int], now: Mapping[tuple[str, str, str], Filed], today: date) -> Standing:
    if document.key in in_force:
        return "in force"
    waits = _later(document, today) and not (document.kept and _replaced(document, now, document.effective or today))
    return "not yet in force" if waits else "superseded"


def _later(document: Filed, day: date) -> bool:
    return document.effective is not None and document.effective > day


def _replaced(document: Filed, now: Mapping[tuple[str, str, str], Filed], day: date) -> bool:
    """Whether, on that day, another text stands in the place of one that was kept."""
    current = now.get((document.collection, document.path, document.id))
    return document.kept == "wording" or current is None or not _later(current, day)


def _age(document: Filed) -> tuple[date, bool, int, list[int], str]:
    numbers = [int(n) for n in re.findall(r"\d{1,9}", document.version)]
    return document.effective or date.min, not document.kept, document.place, numbers, document.version


def filed(connection: sqlite3.Connection) -> dict[int, Filed]:
    """Every document of the index by its key."""
    rows = connection.execute(
        "SELECT d.key, f.collection, f.given, d.path, d.id, d.title, d.version, d.effective, d.owner, d.sensitivity,"
        " d.scope, d.url, f.link_base, d.kept, d.place,"
        " (SELECT count(*) FROM sections s WHERE s.document = d.key AND s.text <> '')"
        " FROM documents d JOIN folders f ON f.key = d.folder ORDER BY d.key"
    )
    return {
        key: Filed(
            key, collection, str(Path(given, path)), name, title, version,
            date.fromisoformat(effective) if effective else None, owner, sensitivity, scope,
            url or link(base, path), kept, place, sections,
        )
        for key, collection, given, path, name, title, version, effective, owner, sensitivity, scope, url, base, kept,
        place, sections in rows
    }  # fmt: skip


def link(base: str, path: str) -> str:
    """Where a file of a folder is read, given the address of the folder; empty where there is none."""
    return f"{base.rstrip('/')}/{quote(path)}" if base else ""


def chosen(
    documents: Mapping[int, Filed],
    standing: Mapping[int, Standing],
    collection: str | None,
    document: str | None,
    versions: Versions,
) -> set[int]:
    """The keys of the documents to search; a name that nobody added raises UnknownNameError with the nearest ones."""
    collections = {d.collection for d in documents.values()}
    if collection is not None and collection not in collections:
        raise UnknownNameError("collection", collection, _nearest(collection, collections))
    inside = [d for d in documents.values() if collection in (None, d.collection)]
    if document is not None:
        inside = [d for d in inside if document in (d.id, d.path)]
        if not inside:
            names = {d.id for d in documents.values() if collection in (None, d.collection)}
            raise UnknownNameError("document", document, _nearest(document, names))
    return {d.key for d in inside if versions == "all" or standing[d.key] == "in force"}


def _nearest(name: str, names: Iterable[str]) -> list[str]:
    names = sorted(names)
    return get_close_matches(name[:200], names, n=5, cutoff=0.3) or names[:5]
