"""Reading: the drafts of a folder, added or not, beside the added ones it may refer to."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from knowledge.errors import FolderError, NothingAddedError, UnknownNameError
from knowledge.lint.drafts import Draft, Drafts, Limits, first_line
from knowledge.sources.documents import Document, read_folder
from knowledge.sources.extracts import Unreadable
from knowledge.sources.folders import Folder, registered
from knowledge.sources.questions import FILE
from knowledge.sources.sections import split
from knowledge.versions import Filed, standings


def drafts_of(home: Path, folder: Folder | None, collection: str | None, today: date, limits: Limits) -> Drafts:
    """The drafts of one folder, added or not, else of every folder added to this home, or to one collection of it.

    Raises:
        FolderError: the folder does not exist or cannot be listed.
        NothingAddedError: no folder is named and none was added.
        UnknownNameError: no folder is named and the collection does not exist.
    """
    added = registered(home)
    if folder is not None:
        known = next((one.collection for one in added if one.resolved == folder.resolved), folder.collection)
        folder = replace(folder, collection=collection or known)
        return read_drafts([folder], [one for one in added if one.resolved != folder.resolved], today, limits)
    names = sorted({one.collection for one in added})
    if not names:
        raise NothingAddedError
    if collection is not None and collection not in names:
        raise UnknownNameError(
            "collection", collection, get_close_matches(collection[:200], names, n=5, cutoff=0) or names
        )
    there = [one for one in added if collection in (None, one.collection) and Path(one.resolved).is_dir()]
    drafts = read_drafts(there, [one for one in added if one not in there], today, limits)
    gone = [
        Unreadable(one.given, f"is not at {one.resolved} any more; add it from its new place")
        for one in added
        if collection in (None, one.collection) and one not in there
    ]
    return replace(drafts, unreadable=(*gone, *drafts.unreadable))


def read_drafts(linted: Sequence[Folder], beside: Iterable[Folder], today: date, limits: Limits) -> Drafts:
    """Read the folders to lint, and those of the same collections whose documents may be referred to.

    Raises:
        FolderError: a folder to lint does not exist or cannot be listed.
    """
    read: list[tuple[Folder, Document, bool]] = []
    unreadable: list[Unreadable] = []
    questions: dict[str, Sequence[str]] = {}
    for folder in linted:
        reading = read_folder(Path(folder.resolved), None, folder.given)
        read += [(folder, document, True) for document in reading.documents]
        unreadable += [Unreadable(f"{folder.given}/{one.path}", one.reason) for one in reading.unreadable]
        questions[f"{folder.given}/{FILE}"] = tuple(reading.questions or ())
    for folder in beside:
        try:
            read += [(folder, one, False) for one in read_folder(Path(folder.resolved), None, folder.given).documents]
        except FolderError:  # it is not the one in question; `steward knowledge reindex` names it
            continue
    return Drafts(tuple(_drafts(read, today)), tuple(unreadable), questions, today, limits)


def _drafts(read: Sequence[tuple[Folder, Document, bool]], today: date) -> Iterable[Draft]:
    filed = [
        Filed(
            key, folder.collection, str(Path(folder.given, one.path)), one.id, one.title, one.version, one.effective,
            one.owner, one.sensitivity, one.scope,
        )
        for key, (folder, one, _) in enumerate(read)
    ]  # fmt: skip
    standing = standings(filed, today)
    for at, (folder, document, linted) in enumerate(read):
        title = document.title or split(document.id, "", document.body)[0]
        first = first_line(Path(folder.resolved), document) if linted else None
        yield Draft(
            folder.collection, filed[at].path, Path(folder.resolved), document, title, standing[at], first, linted
        )
