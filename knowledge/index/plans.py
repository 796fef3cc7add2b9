"""Plans: which stored documents go and which new ones come when folders are read."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from knowledge.sources.documents import Document, Reading, free_id
from knowledge.sources.folders import Folder


@dataclass
class Plan:
    """What becomes of one folder: the keys of the documents that go, and the documents to write."""

    folder: Folder
    gone: list[int] = field(default_factory=list)
    new: list[Document] = field(default_factory=list)


def plans_for(connection: sqlite3.Connection, readings: Sequence[tuple[Folder, Reading]], afresh: bool) -> list[Plan]:
    """Compare what was read with what is stored; `afresh` writes unchanged files again.

    Ids stay as they were on every re-add: a document whose id and version another folder of its collection holds
    gets a suffix, and the same file found in a new place replaces the old row.
    """
    changing = {(folder.collection, folder.resolved) for folder, _ in readings}
    rows = connection.execute(
        "SELECT d.key, f.collection, f.resolved, d.path, d.id, d.version, d.digest"
        " FROM documents d JOIN folders f ON f.key = d.folder"
    ).fetchall()
    elsewhere: dict[tuple[str, str, str], tuple[int, str]] = {}
    own: dict[tuple[str, str], dict[str, tuple[int, str, str]]] = {}
    for key, collection, resolved, path, identity, version, digest in rows:
        if (collection, resolved) in changing:
            own.setdefault((collection, resolved), {})[path] = (key, identity, digest)
        else:
            elsewhere[collection, identity, version] = (key, digest)
    taken = {c: {(i, v) for cc, i, v in elsewhere if cc == c} for c, *_ in elsewhere}
    plans = []
    for folder, reading in readings:
        plan = Plan(folder)
        names = taken.setdefault(folder.collection, set())
        left = own.get((folder.collection, folder.resolved), {})
        for document in reading.documents:
            twin = elsewhere.get((folder.collection, document.id, document.version))
            if twin and twin[1] == document.digest:  # the same file, added before from another place
                plan.gone.append(twin[0])
                identity = document.id
            else:
                identity = free_id(document.id, document.version, names)
            names.add((identity, document.version))
            old = left.get(document.path)
            if old and not afresh and old[1:] == (identity, document.digest):
                del left[document.path]
            else:
                plan.new.append(replace(document, id=identity))
        plan.gone.extend(key for key, *_ in left.values())
        plans.append(plan)
    return plans
