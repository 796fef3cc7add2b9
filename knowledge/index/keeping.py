"""Keeping: which earlier texts of changed files stay, as superseded versions or as earlier wordings of one."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.index.rows import stored_document
from knowledge.sources.documents import UNVERSIONED, Document
from knowledge.sources.kept import Dropped, body_digest

if TYPE_CHECKING:
    from knowledge.index.plans import Plan


@dataclass(frozen=True)
class Held:
    """A document's row in the index. The digest of one that is kept is that of its text."""

    key: int
    path: str
    id: str
    version: str
    digest: str
    kept: str
    place: int


def is_draft(version: str) -> bool:
    """Whether a text under this version is nothing to cite: it has no number, or changes nobody committed."""
    return version == UNVERSIONED or version.endswith("+changed")


def keep(
    connection: sqlite3.Connection,
    plan: "Plan",
    here: Mapping[str, tuple[Held | None, Document | None]],
    earlier: Sequence[Held],
    saved: Iterable[Document] | None,
) -> None:
    """Fill the plan with the earlier texts that stay, come or go.

    `here` has by path what stood there and what stands there now (None: the same), `earlier` the rows of texts kept
    before. Where `saved` is given all of them are written again, those on disk among them.
    """
    kept: dict[str, list[Held | Document]] = {}
    for row in earlier:
        kept.setdefault(row.path, []).append(row)
    for document in saved or ():
        names = {(one.id, one.version) for one in kept.get(document.path, [])}
        if (document.id, document.version) not in names:
            kept.setdefault(document.path, []).append(document)
    for path in sorted(kept.keys() | here.keys()):
        before, now = here.get(path, (None, None))
        current = now.id if now else before.id if before else ""
        texts = kept.get(path, [])
        staying = [one for one in texts if one.id == current]
        for one in texts:
            if one.id != current:  # its document left with the file, or with the id the file had
                _let_go(plan, one)
        if now is not None:
            staying = _under_other_names(connection, plan, staying, now)
            staying += _of_the_last_text(connection, plan, staying, before, now)
        if saved is not None:
            _write_again(connection, plan, staying)


def _of_the_last_text(
    connection: sqlite3.Connection, plan: "Plan", kept: Sequence[Held | Document], before: Held | None, now: Document
) -> list[Held | Document]:
    """Keep what the file held until now, unless it is a draft, the same text, or kept already."""
    if before is None or before.id != now.id or before.digest == now.digest or is_draft(before.version):
        return []
    last = stored_document(connection, before.key)
    claimed = {(one.id, one.version) for one in plan.new if not one.kept and one.path != now.path}
    if last.version != now.version:
        if (last.id, last.version) in claimed:
            return []
        return [_keep(plan, kept, replace(last, kept="version"))]
    if body_digest(last.body) == body_digest(now.body):
        return []
    wording = _wording(kept, last)
    if wording is None:
        return []
    plan.notes.append(
        f"changed without a new version number: {last.id} {last.version} ({last.path});"
        f" the wording before is kept as {wording.version}"
    )
    return [_keep(plan, kept, wording)]


def _under_other_names(
    connection: sqlite3.Connection, plan: "Plan", kept: list[Held | Document], now: Document
) -> list[Held | Document]:
    """A kept version the file has gone back to: its text becomes an earlier wording, unless it is the same."""
    staying: list[Held | Document] = []
    for one in kept:
        if one.kept == "version" and one.version == now.version:
            text = stored_document(connection, one.key) if isinstance(one, Held) else one
            _let_go(plan, one)
            wording = _wording([*kept, *staying], text)
            if wording is not None and body_digest(text.body) != body_digest(now.body):
                staying.append(_keep(plan, [*kept, *staying], wording))
        else:
            staying.append(one)
    return staying


def _wording(kept: Sequence[Held | Document], last: Document) -> Document | None:
    """The text as the next wording of its version, `4.3~1`, `4.3~2` …; None where it is kept as one already."""
    of_it = [one for one in kept if one.kept == "wording" and one.version.rpartition("~")[0] == last.version]
    if body_digest(last.body) in {one.digest for one in of_it}:
        return None
    number = 1 + max((int(one.version.rpartition("~")[2]) for one in of_it), default=0)
    return replace(last, version=f"{last.version}~{number}", kept="wording")


def _keep(plan: "Plan", kept: Sequence[Held | Document], document: Document) -> Document:
    place = 1 + max((one.place for one in kept), default=0)
    document = replace(document, place=place, digest=body_digest(document.body))
    plan.new.append(document)
    plan.kept.append(document)
    return document


def _let_go(plan: "Plan", one: Held | Document) -> None:
    if isinstance(one, Held):
        plan.gone.append(one.key)
    plan.dropped.append(Dropped(one.path, one.place, one.version))


def _write_again(connection: sqlite3.Connection, plan: "Plan", kept: Sequence[Held | Document]) -> None:
    for one in kept:
        if isinstance(one, Held):
            plan.gone.append(one.key)
            document = stored_document(connection, one.key)
            plan.new.append(document)
            plan.kept.append(document)  # also where the file below the home was lost
        elif one not in plan.new:
            plan.new.append(one)
