"""Walking: the files below a folder that may be documents."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from knowledge.errors import FolderError
from knowledge.sources.extracts import Unreadable


def files(folder: Path, suffixes: Collection[str], unreadable: list[Unreadable]) -> Iterator[Path]:
    """Every file with one of the suffixes, hidden ones left out; what cannot be listed is named in `unreadable`.

    Raises:
        FolderError: the folder itself cannot be listed.
    """

    def note(problem: OSError) -> None:
        where = Path(problem.filename or folder)
        if where == folder:
            raise FolderError(f"The folder {folder} cannot be listed: {problem.strerror}; mend its permissions.")
        unreadable.append(Unreadable(where.relative_to(folder).as_posix(), f"cannot be listed: {problem.strerror}"))

    for here, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if Path(name).suffix.lower() in suffixes and not name.startswith((".", "~$")):
                try:
                    name.encode()
                except UnicodeEncodeError:
                    shown = name.encode(errors="replace").decode()
                    unreadable.append(Unreadable(shown, "its name is not valid Unicode; rename it"))
                    continue
                yield Path(here, name)
