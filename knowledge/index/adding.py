"""Adding: which folders the index holds. One writer at a time; each change is seen as a whole or not at all."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.errors import BusyError, DamagedIndexError, FolderError, NothingAddedError, StorageError
from knowledge.index.embeddings import Loaded
from knowledge.index.file import Index
from knowledge.index.storing import AddReport, Progress, store, stored_folders, take_out
from knowledge.sources.documents import Reading, Unreadable, read_folder
from knowledge.sources.folders import Folder, register, registered


def add(index: Index, folder: Folder, loaded: Loaded, progress: Progress | None = None) -> AddReport:
    """Add a folder, or replace what it held. On an error (any KnowledgeError) nothing has changed."""
    with _alone(index):
        reading = _read(folder, progress)
        known = {*registered(index.home)}
        if not reading.documents and (reading.unreadable or _without(folder, known) == known):
            raise FolderError(_nothing_in(folder, reading))
        if _without(folder, known) and not index.path.exists():
            raise DamagedIndexError("file is missing")
        index.create()
        with index.read(empty=True) as connection:
            known |= _new(stored_folders(connection), known)
        register(index.home, {*_without(folder, known), folder})
        return store(index, [(folder, reading)], loaded, progress)


def reindex(index: Index, loaded: Loaded, progress: Progress | None = None) -> AddReport:
    """Read every added folder again and make the index anew; a damaged one is thrown away first.

    A folder that is gone is named in the report; its documents stay where the old index can still be read.
    """
    with _alone(index):
        folders = {*registered(index.home)}
        if index.path.exists() and index.sound():
            with index.read(empty=True) as connection:
                folders |= _new(stored_folders(connection), folders)
        else:
            index.discard()
        if not folders:
            raise NothingAddedError
        readings: list[tuple[Folder, Reading]] = []
        gone: list[Unreadable] = []
        for folder in sorted(folders):
            try:
                readings.append((folder, _read(folder, progress)))
            except FolderError:
                gone.append(
                    Unreadable(folder.given, f"is not at {folder.resolved} any more; add it from its new place")
                )
        if not readings:
            names = ", ".join(one.path for one in gone)
            raise FolderError(f"None of the added folders can be read ({names}); add them from their new place.")
        index.create()
        register(index.home, folders)
        report = store(index, readings, loaded, progress, afresh=True)
        return replace(report, unreadable=(*gone, *report.unreadable))


def remove(index: Index, folder: Folder) -> int:
    """Take a folder out of its collection; returns how many documents went."""
    with _alone(index):
        with index.read() as connection:
            known = {*registered(index.home)}
            known |= _new(stored_folders(connection), known)
        if _without(folder, known) == known:
            raise FolderError(f"{folder.given} is not among the added folders of the collection {folder.collection}.")
        gone = take_out(index, folder)
        register(index.home, _without(folder, known))
        return gone


@contextmanager
def _alone(index: Index) -> Iterator[None]:
    """Hold the home's write lock; the system lets it go when the process dies."""
    home = index.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / "write.lock", timeout=index.patience, thread_local=False):
            yield
    except Timeout:
        raise BusyError from None
    except OSError as problem:
        message = f"{home} cannot be written ({problem.strerror or problem}); choose another home or mend permissions."
        raise StorageError(message) from problem


def _read(folder: Folder, progress: Progress | None) -> Reading:
    def tell(done: int, total: int) -> None:
        if progress:
            progress("reading", done, total)

    return read_folder(Path(folder.resolved), tell, folder.given)


def _without(folder: Folder, folders: Iterable[Folder]) -> set[Folder]:
    return {one for one in folders if (one.collection, one.resolved) != (folder.collection, folder.resolved)}


def _new(stored: Iterable[Folder], known: Iterable[Folder]) -> set[Folder]:
    """Folders of the index that the record lacks (it was lost, or a kill came between)."""
    have = {(one.collection, one.resolved) for one in known}
    return {one for one in stored if (one.collection, one.resolved) not in have}


def _nothing_in(folder: Folder, reading: Reading) -> str:
    if not reading.unreadable:
        return f"There is no Markdown file (.md, .markdown) under {folder.given}; nothing was added."
    first = "; ".join(f"{one.path} {one.reason}" for one in reading.unreadable[:3])
    return f"None of the {len(reading.unreadable)} Markdown files under {folder.given} can be read: {first}."
