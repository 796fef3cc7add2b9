"""Documents: the Markdown files of a folder, each with what its front matter says. What cannot be read is named."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from knowledge.errors import FolderError
from knowledge.search.words import words

SUFFIXES = (".md", ".markdown")
MAX_BYTES = 50_000_000
_MAX_FRONT_MATTER = 64_000
UNVERSIONED = "unversioned"


@dataclass(frozen=True)
class Document:
    """One Markdown file. `path` is relative to its folder; `title` is empty where the front matter has none.

    `id` is the front matter's, else the path's slug; `effective` is None where no date is stated (always in force);
    `digest` is the SHA-256 of the file's bytes; `body` is the text below the front matter, newlines as `\\n`.
    """

    path: str
    id: str
    title: str
    version: str
    effective: date | None
    owner: str
    sensitivity: str
    scope: str
    digest: str
    body: str


@dataclass(frozen=True)
class Unreadable:
    """A file that was left out, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What a folder holds: its documents by path, and what could not be read."""

    documents: tuple[Document, ...]
    unreadable: tuple[Unreadable, ...]


class _Strings(yaml.SafeLoader):
    """A YAML loader that keeps every scalar as written: version 4.10 stays `4.10`, `no` stays `no`."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  (PyYAML's own shape)


class _BrokenError(Exception):
    """This file is left out; the message is the reason."""


def slug(text: str) -> str:
    """Words joined by hyphens in lower case, any script, at most 60 characters; may be empty."""
    return "-".join(words(text))[:60].strip("-")


def read_folder(folder: Path, tell: Callable[[int, int], None] | None = None, shown: str | None = None) -> Reading:
    """Read every Markdown file below the folder, in path order; a file that fails is named and the rest goes on.

    `shown` is how an error names the folder.

    Raises:
        FolderError: the folder does not exist or cannot be listed.
    """
    if not folder.is_dir():
        raise FolderError(f"There is no folder {shown or folder}; name an existing folder of Markdown files.")
    documents: list[Document] = []
    unreadable: list[Unreadable] = []
    paths = sorted(_markdown_files(folder, unreadable))
    for done, path in enumerate(paths, 1):
        relative = path.relative_to(folder).as_posix()
        try:
            documents.append(_read(path, relative))
        except _BrokenError as broken:
            unreadable.append(Unreadable(relative, str(broken)))
        except OSError as problem:
            unreadable.append(Unreadable(relative, f"cannot be read: {problem.strerror or problem}"))
        if tell:
            tell(done, len(paths))
    return Reading(_distinct(documents), tuple(sorted(unreadable, key=lambda u: u.path)))


def _markdown_files(folder: Path, unreadable: list[Unreadable]) -> Iterator[Path]:
    def note(problem: OSError) -> None:
        where = Path(problem.filename or folder)
        if where == folder:
            raise FolderError(f"The folder {folder} cannot be listed: {problem.strerror}; mend its permissions.")
        unreadable.append(Unreadable(where.relative_to(folder).as_posix(), f"cannot be listed: {problem.strerror}"))

    for here, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                try:
                    name.encode()
                except UnicodeEncodeError:
                    shown = name.encode(errors="replace").decode()
                    unreadable.append(Unreadable(shown, "its name is not valid Unicode; rename it"))
                    continue
                yield Path(here, name)


def _read(path: Path, relative: str) -> Document:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise _BrokenError("is not a regular file")
    if found.st_size > MAX_BYTES:
        raise _BrokenError(f"is larger than {MAX_BYTES // 1_000_000} MB; split it")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _BrokenError(f"is not UTF-8 (byte {problem.start}); save it as UTF-8") from None
    if "\0" in text:
        raise _BrokenError("holds NUL characters; it is not a text file")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    fields, body = _front_matter(text)
    without_suffix = relative.rsplit(".", 1)[0]
    fallback = "/".join(filter(None, map(slug, without_suffix.split("/")))) or "document"
    return Document(
        path=relative,
        id="/".join(filter(None, map(slug, fields.get("id", "").split("/")))) or fallback,
        title=fields.get("title", ""),
        version=fields.get("version") or UNVERSIONED,
        effective=_date(fields.get("effective", "")),
        owner=fields.get("owner", ""),
        sensitivity=fields.get("sensitivity", ""),
        scope=fields.get("scope", ""),
        digest=hashlib.sha256(raw).hexdigest(),
        body=body,
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split `---` front matter off. A leading `---` that no `key:` line follows is a rule, not front matter."""
    if not re.match(r"---[ \t]*\n\s*[A-Za-z][\w -]*:", text):
        return {}, text
    end = re.search(r"^(?:---|\.\.\.)[ \t]*$", text[4:], re.MULTILINE)
    if end is None:
        raise _BrokenError("has front matter that is not closed; end it with a line `---`")
    if end.start() > _MAX_FRONT_MATTER:
        raise _BrokenError("has front matter longer than 64 kB; move the text below it")
    try:
        fields = yaml.load(text[4 : 4 + end.start()], _Strings)  # noqa: S506  (a SafeLoader that resolves less)
    except yaml.YAMLError as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", None)
        where = "" if line is None else f" (line {line + 2})"
        raise _BrokenError(f"has broken front matter{where}; write it as `key: value` lines") from None
    except RecursionError:
        raise _BrokenError("has front matter nested too deeply; write it as `key: value` lines") from None
    if not isinstance(fields, dict):
        raise _BrokenError("has broken front matter; write it as `key: value` lines")
    plain = {str(key).strip().lower(): _plain(value) for key, value in fields.items()}
    return plain, text[4 + end.end() :].removeprefix("\n")


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    return "" if value is None else " ".join(str(value).split())[:300]


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise _BrokenError(f"has an effective date that is not YYYY-MM-DD: {text[:40]!r}") from None


def _distinct(documents: list[Document]) -> tuple[Document, ...]:
    """Two files that claim the same id and version are told apart by a suffix, in path order."""
    taken: set[tuple[str, str]] = set()
    distinct = []
    for document in documents:
        free = free_id(document.id, document.version, taken)
        taken.add((free, document.version))
        distinct.append(replace(document, id=free))
    return tuple(distinct)


def free_id(wanted: str, version: str, taken: set[tuple[str, str]]) -> str:
    """`wanted`, else the first of `wanted~2`, `wanted~3` … that no other document of this version has."""
    candidate, n = wanted, 1
    while (candidate, version) in taken:
        n += 1
        candidate = f"{wanted}~{n}"
    return candidate
