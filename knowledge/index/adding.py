"""Adding: which folders the index holds. One writer at a time; each change is seen as a whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.errors import ADD, BusyError, DamagedIndexError, FolderError, NothingAddedError, StorageError
from knowledge.index.embeddings import Loaded
from knowledge.index.file import Index
from knowledge.index.rows import known_documents
from knowledge.index.storing import AddReport, Progress, store, stored_folders, take_out
from knowledge.sources.documents import Reading, read_folder
from knowledge.sources.extracts import Unreadable
from knowledge.sources.folders import Folder, register, registered
from knowledge.sources.formats import NAMES


def add(
    index: Index, folder: Folder, loaded: Loaded, progress: Progress | None = None, link_base: str | None = None
) -> AddReport:
    """Add a folder, or replace what it held; a `link_base` of None leaves the one it has.

    On an error (any KnowledgeError) nothing has changed.
    """
    with _alone(index):
        known = {*registered(index.home)}
        reading = _read(index, folder, progress)
        if not (reading.documents or reading.unchanged) and (reading.unreadable or _without(folder, known) == known):
            raise FolderError(_nothing_in(folder, reading))
        if _without(folder, known) and not index.path.exists():
            raise DamagedIndexError("file is missing")
        index.create()
        with index.read(empty=True) as connection:
            known |= _new(stored_folders(connection), known)
        before = next((one.link_base for one in known if _same(one, folder)), "")
        folder = replace(folder, link_base=before if link_base is None else link_base)
        register(index.home, {*_without(folder, known), folder})
        return store(index, [(folder, reading)], loaded, progress)


def sync(index: Index, loaded: Loaded, progress: Progress | None = None, only: str | None = None) -> AddReport:
    """Read every added folder again, or the one resolved to `only`; what did not change is not parsed again.

    A folder that is gone is named in the report and its documents stay.
    """
    with _alone(index):
        with index.read() as connection:
            known = {*registered(index.home)}
            known |= _new(stored_folders(connection), known)
        folders = sorted(one for one in known if only in (None, one.resolved))
        if not folders:
            raise FolderError(f"{only} is not among the added folders; add it with `{ADD}`.")
        readings, gone = _readings(folders, lambda folder: _read(index, folder, progress))
        register(index.home, known)
        report = store(index, readings, loaded, progress)
        return replace(report, unreadable=(*gone, *report.unreadable))


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
        readings, gone = _readings(sorted(folders), lambda folder: _read(None, folder, progress))
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


def _readings(
    folders: Iterable[Folder], read: Callable[[Folder], Reading]
) -> tuple[list[tuple[Folder, Reading]], list[Unreadable]]:
    """The folders read, and those that are not there any more."""
    readings: list[tuple[Folder, Reading]] = []
    gone: list[Unreadable] = []
    for folder in folders:
        try:
            readings.append((folder, read(folder)))
        except FolderError:
            where = f"is not at {folder.resolved} any more; add it from its new place"
            gone.append(Unreadable(folder.given, where))
    return readings, gone


def _read(index: Index | None, folder: Folder, progress: Progress | None) -> Reading:
    """Read a folder; what the index holds of it already, where one is given, is not parsed."""

    def tell(done: int, total: int) -> None:
        if progress:
            progress("reading", done, total)

    known = {}
    if index is not None and index.path.exists():
        # A kill may have left the file without its tables; whoever adds makes them.
        with suppress(NothingAddedError), index.read(empty=True) as connection:
            known = known_documents(connection, folder)
    return read_folder(Path(folder.resolved), tell, folder.given, known)


def _without(folder: Folder, folders: Iterable[Folder]) -> set[Folder]:
    return {one for one in folders if not _same(one, folder)}


def _same(one: Folder, other: Folder) -> bool:
    return (one.collection, one.resolved) == (other.collection, other.resolved)


def _new(stored: Iterable[Folder], known: Iterable[Folder]) -> set[Folder]:
    """Folders of the index that the record lacks (it was lost, or a kill came between)."""
    have = {(one.collection, one.resolved) for one in known}
    return {one for one in stored if (one.collection, one.resolved) not in have}


def _nothing_in(folder: Folder, reading: Reading) -> str:
    if not reading.unreadable:
        return f"There is no document ({NAMES}) under {folder.given}; nothing was added."
    first = "; ".join(f"{one.path} {one.reason}" for one in reading.unreadable[:3])
    return f"None of the {len(reading.unreadable)} files under {folder.given} can be read: {first}."
