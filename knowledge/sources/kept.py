"""Kept: texts a file held before it was changed in place, as Markdown below the home, so that `reindex` finds them.

One file a text, `kept/<collection>/<folder>/<path of the file>/<place>-<version>.md`, with what the index needs as
front matter. They are written before the index knows them and removed after it has let them go, so a kill loses none.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from knowledge.errors import StorageError
from knowledge.sources.documents import Document, slug
from knowledge.sources.extracts import BrokenError
from knowledge.sources.folders import Folder
from knowledge.sources.front_matter import front_matter

_FIELDS = ("id", "title", "version", "owner", "sensitivity", "scope", "url", "kept")


@dataclass(frozen=True)
class Dropped:
    """A kept text that goes."""

    path: str
    place: int
    version: str


def body_digest(body: str) -> str:
    """What tells two texts apart; blank space around them does not."""
    return hashlib.sha256(body.strip().encode()).hexdigest()


def save(home: Path, folder: Folder, document: Document) -> None:
    """Write a text that is kept, as a whole or not at all."""
    path = _file(home, folder, document)
    said = {name: getattr(document, name) for name in _FIELDS if getattr(document, name)}
    said |= {"effective": document.effective.isoformat()} if document.effective else {}
    said |= {"place": str(document.place), "file": document.path}
    head = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1_000)
    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"---\n{head}---\n{document.body}")
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as problem:
        message = f"{path} cannot be written ({problem.strerror}); free space or mend permissions, then retry."
        raise StorageError(message) from problem


def saved(home: Path, folder: Folder) -> Iterator[Document]:
    """The texts kept of this folder's files; one that somebody damaged is passed over."""
    top = _top(home, folder)
    for path in sorted(top.rglob("*.md")) if top.is_dir() else ():
        if not path.is_file():
            continue
        try:
            said, body = front_matter(path.read_text("utf-8"))
            yield Document(
                path=path.parent.relative_to(top).as_posix(),
                id=said["id"],
                title=said.get("title", ""),
                version=said["version"],
                effective=date.fromisoformat(said["effective"]) if "effective" in said else None,
                owner=said.get("owner", ""),
                sensitivity=said.get("sensitivity", ""),
                scope=said.get("scope", ""),
                digest=body_digest(body),
                body=body,
                url=said.get("url", ""),
                kept=said["kept"],
                place=int(said["place"]),
            )
        except (OSError, ValueError, KeyError, BrokenError):
            continue


def drop(home: Path, folder: Folder, dropped: Dropped) -> None:
    """Remove one kept text; a second process may have been faster."""
    with suppress(OSError):
        file = _file(home, folder, dropped)
        file.unlink()
        file.parent.rmdir()  # where it was the last of its file


def drop_folder(home: Path, folder: Folder) -> None:
    """Remove all that was kept of a folder."""
    shutil.rmtree(_top(home, folder), ignore_errors=True)


def _top(home: Path, folder: Folder) -> Path:
    mark = hashlib.sha256(f"{folder.collection}\0{folder.resolved}".encode()).hexdigest()[:12]
    return home / "kept" / (slug(folder.collection) or "collection") / mark


def _file(home: Path, folder: Folder, document: Document | Dropped) -> Path:
    return _top(home, folder) / document.path / f"{document.place}-{slug(document.version) or 'version'}.md"
