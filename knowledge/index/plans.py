"""Plans: which stored documents go and which new ones come when folders are read."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from knowledge.index.keeping import Held, keep
from knowledge.sources.documents import Document, Reading, free_id
from knowledge.sources.folders import Folder
from knowledge.sources.kept import Dropped


@dataclass
class Plan:
    """What becomes of one folder.

    `gone` are the keys of the documents that go, `new` the documents to write, `kept` those of them that are earlier
    texts to be saved; `dropped` are earlier texts that are no longer kept. `added`, `changed` and `removed` are
    paths.
    """

    folder: Folder
    gone: list[int] = field(default_factory=list)
    new: list[Document] = field(default_factory=list)
    kept: list[Document] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plans_for(
    connection: sqlite3.Connection,
    readings: Sequence[tuple[Folder, Reading]],
    afresh: bool,
    saved: Callable[[Folder], Iterable[Document]],
) -> list[Plan]:
    """Compare what was read with what is stored; `afresh` writes unchanged files again, and what `saved` kept.

    Ids stay as they were on every re-add: a document whose id and version another folder of its collection holds
    gets a suffix, and the same file found in a new place replaces the old row. A file that cannot be read now keeps
    what it held when it was read last.
    """
    changing = {(folder.collection, folder.resolved) for folder, _ in readings}
    elsewhere: dict[tuple[str, str, str], Held] = {}
    own: dict[tuple[str, str], list[Held]] = {}
    for collection, resolved, *row in connection.execute(
        "SELECT f.collection, f.resolved, d.key, d.path, d.id, d.version, d.digest, d.kept, d.place"
        " FROM documents d JOIN folders f ON f.key = d.folder"
    ):
        held = Held(*row)
        if (collection, resolved) in changing:
            own.setdefault((collection, resolved), []).append(held)
        elif not held.kept:
            elsewhere[collection, held.id, held.version] = held
    taken: dict[str, set[tuple[str, str]]] = {}
    for collection, identity, version in elsewhere:
        taken.setdefault(collection, set()).add((identity, version))
    plans = []
    for folder, reading in readings:
        held_here = own.get((folder.collection, folder.resolved), [])
        plan, names = Plan(folder), taken.setdefault(folder.collection, set())
        here = _compare(plan, reading, [one for one in held_here if not one.kept], names, elsewhere, afresh)
        earlier = [one for one in held_here if one.kept]
        keep(connection, plan, here, earlier, saved(folder) if afresh else None)
        plans.append(plan)
    return plans


def _compare(
    plan: Plan,
    reading: Reading,
    held: Sequence[Held],
    names: set[tuple[str, str]],
    elsewhere: dict[tuple[str, str, str], Held],
    afresh: bool,
) -> dict[str, tuple[Held | None, Document | None]]:
    """Fill the plan with what the files hold now; returns by path what stood there and what stands there."""
    left = {one.path: one for one in held}
    here: dict[str, tuple[Held | None, Document | None]] = {}
    failed = [one.path for one in reading.unreadable]
    for path in [*reading.unchanged, *(path for path in left if _among(path, failed))]:
        if path in left:
            old = left.pop(path)
            here[path] = (old, None)
            names.add((old.id, old.version))
    for document in reading.documents:
        twin = elsewhere.get((plan.folder.collection, document.id, document.version))
        if twin and twin.digest == document.digest:  # the same file, added before from another place
            plan.gone.append(twin.key)
            identity = document.id
        else:
            identity = free_id(document.id, document.version, names)
        names.add((identity, document.version))
        before = left.pop(document.path, None)
        now = (identity, document.version, document.digest)
        same = before is not None and (before.id, before.version, before.digest) == now
        if before is None:
            plan.added.append(document.path)
        elif not same:
            plan.changed.append(document.path)
        if same and not afresh:
            here[document.path] = (before, None)
            continue
        if before is not None:
            plan.gone.append(before.key)
        document = replace(document, id=identity)
        plan.new.append(document)
        here[document.path] = (before, document)
    plan.gone.extend(one.key for one in left.values())
    plan.removed.extend(left)
    return here


def _among(path: str, failed: Sequence[str]) -> bool:
    """Whether the file, or a folder above it, could not be read."""
    return any(path == one or path.startswith(f"{one}/") for one in failed)
