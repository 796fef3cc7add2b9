"""Folders: which folders were added, kept beside the index so that a lost index can be made again."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.errors import StorageError

_FILE = "folders.json"


@dataclass(frozen=True, order=True)
class Folder:
    """A folder as it was added: `given` is shown to people, `resolved` is where it is read from.

    `link_base` is the address its files are read at, empty where there is none.
    """

    collection: str
    resolved: str
    given: str
    link_base: str = ""


def registered(home: Path) -> tuple[Folder, ...]:
    """The folders added to this home; none where the record is missing or unreadable."""
    try:
        return tuple(Folder(**entry) for entry in json.loads((home / _FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return ()


def register(home: Path, folders: Iterable[Folder]) -> None:
    """Write the record as a whole: a reader, or a kill at any point, sees the old one or the new one."""
    text = json.dumps([asdict(folder) for folder in sorted(folders)], indent=1)
    new = home / f"{_FILE}.new"
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(home / _FILE)
    except OSError as problem:
        message = f"{home / _FILE} cannot be written ({problem.strerror}); free space or mend permissions, then retry."
        raise StorageError(message) from problem
