"""Documents: the files of a folder, each with what its front matter says. What cannot be read is named."""

import hashlib
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from knowledge.errors import FolderError
from knowledge.search.words import words
from knowledge.sources.checkout import Checkout, checkout
from knowledge.sources.confluence import without_contents
from knowledge.sources.extracts import BrokenError, Extract, Unreadable
from knowledge.sources.formats import READERS, extract
from knowledge.sources.front_matter import LONGEST, fields
from knowledge.sources.notion import is_notion, notion_markdown, without_ids
from knowledge.sources.questions import FILE, read_questions
from knowledge.sources.walking import files

MAX_BYTES = 50_000_000
UNVERSIONED = "unversioned"


@dataclass(frozen=True)
class Document:
    """One file. `path` is relative to its folder; `title` is empty where nothing states one.

    `id` is the front matter's, else the path's slug; `effective` is None where no date is stated (always in force);
    `digest` is the SHA-256 of the file's bytes (and of the `.yaml` beside it); `body` is its text as Markdown, newlines
    as `\\n`; `url` is where people read it; `stated` says whether the version is the author's own. `kept` and `place`
    are those of `knowledge.versions.Filed`.
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
    url: str = ""
    stated: bool = True
    kept: str = ""
    place: int = 0


@dataclass(frozen=True)
class Known:
    """What the index holds of a file; while its digest is this one, it need not be parsed again."""

    id: str
    version: str
    digest: str
    stated: bool


@dataclass(frozen=True)
class Reading:
    """What a folder holds: its documents by path, and what could not be read.

    `questions` are what people ask, by section id, from its `questions.yaml`; None where that cannot be read.
    `unchanged` are the paths of documents that are as the index knows them; `notes` are sentences about what is odd.
    """

    documents: tuple[Document, ...]
    unreadable: tuple[Unreadable, ...]
    questions: Mapping[str, Sequence[str]] | None = field(default_factory=dict, hash=False)
    unchanged: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def slug(text: str) -> str:
    """Words joined by hyphens in lower case, any script, at most 60 characters; may be empty."""
    return "-".join(words(text))[:60].strip("-")


def read_folder(
    folder: Path,
    tell: Callable[[int, int], None] | None = None,
    shown: str | None = None,
    known: Mapping[str, Known] | None = None,
) -> Reading:
    """Read every document below the folder, in path order; a file that fails is named and the rest goes on.

    `shown` is how an error names the folder; `known` are the documents of the index by path.

    Raises:
        FolderError: the folder does not exist or cannot be listed.
    """
    if not folder.is_dir():
        raise FolderError(f"There is no folder {shown or folder}; name an existing folder of documents.")
    documents: list[Document] = []
    unchanged: list[str] = []
    unreadable: list[Unreadable] = []
    known, repository = known or {}, _Repository(folder)
    paths = without_contents(sorted(files(folder, READERS, unreadable)))
    for done, path in enumerate(paths, 1):
        relative = path.relative_to(folder).as_posix()
        try:
            raw, beside = _bytes(path), _beside(path)
            digest = hashlib.sha256(raw + b"\0" + beside if beside else raw).hexdigest()
            before = known.get(relative)
            if before and before.digest == digest and repository.confirms(before, relative, raw):
                unchanged.append(relative)
            else:
                document = _document(relative, digest, extract(path.suffix.lower(), raw), beside)
                documents.append(repository.dated(document, raw))
        except BrokenError as broken:
            unreadable.append(Unreadable(relative, str(broken)))
        except OSError as problem:
            unreadable.append(Unreadable(relative, f"cannot be read: {problem.strerror or problem}"))
        if tell:
            tell(done, len(paths))
    questions: Mapping[str, Sequence[str]] | None = None
    try:
        questions = read_questions(folder)
    except BrokenError as broken:
        unreadable.append(Unreadable(FILE, str(broken)))
    taken = {(known[path].id, known[path].version) for path in unchanged}
    failed = tuple(sorted(unreadable, key=lambda one: one.path))
    return Reading(_distinct(documents, taken), failed, questions, tuple(unchanged), repository.notes())


class _Repository:
    """Git's word on documents that state no version; it is asked when the first of them is met."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed: list[str] = []

    @cached_property
    def _checkout(self) -> Checkout:
        return checkout(self._folder)

    def confirms(self, before: Known, path: str, raw: bytes) -> bool:
        """Whether a file that did not change still has the version it had."""
        return before.stated or self._version(path, raw)[0] == before.version

    def dated(self, document: Document, raw: bytes) -> Document:
        """The document, with git's version and date where it states no version."""
        if document.stated:
            return document
        version, day = self._version(document.path, raw)
        return replace(document, version=version, effective=document.effective or day)

    def notes(self) -> tuple[str, ...]:
        """What is odd about the repository and the files in it."""
        said = [self._checkout.note] if "_checkout" in self.__dict__ and self._checkout.note else []
        if self._changed:
            names = ", ".join(self._changed[:5]) + (" …" if len(self._changed) > 5 else "")
            said.append(f"not as committed, so marked +changed: {names}")
        return tuple(said)

    def _version(self, path: str, raw: bytes) -> tuple[str, date | None]:
        committed = self._checkout.of(path, raw)
        if committed is None:
            return UNVERSIONED, None
        if committed.changed and path not in self._changed:
            self._changed.append(path)
        return committed.version, committed.day


def _bytes(path: Path) -> bytes:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise BrokenError("is not a regular file")
    if found.st_size > MAX_BYTES:
        raise BrokenError(f"is larger than {MAX_BYTES // 1_000_000} MB; split it")
    return path.read_bytes()


def _beside(path: Path) -> bytes:
    """The fields in `name.docx.yaml`, for a format that cannot hold front matter."""
    beside = path.with_name(f"{path.name}.yaml")
    if not beside.is_file():
        return b""
    if beside.stat().st_size > LONGEST:
        raise BrokenError(f"has a {beside.name} longer than 64 kB; keep `key: value` lines in it")
    return beside.read_bytes()


def _document(relative: str, digest: str, read: Extract, beside: bytes) -> Document:
    name, _, suffix = relative.rpartition(".")
    body, properties = notion_markdown(read.body) if is_notion(name) and suffix == "md" else (read.body, {})
    said = {**properties, **read.stated, **_fields(beside)}
    found = {**read.found, **{key: value for key, value in said.items() if value}}
    without_suffix = without_ids(name)
    fallback = "/".join(filter(None, map(slug, without_suffix.split("/")))) or "document"
    return Document(
        path=relative,
        id="/".join(filter(None, map(slug, found.get("id", "").split("/")))) or fallback,
        title=found.get("title", ""),
        version=found.get("version") or UNVERSIONED,
        effective=_date(said.get("effective", "")) or _past(read.found.get("effective", "")),
        owner=found.get("owner", ""),
        sensitivity=found.get("sensitivity", ""),
        scope=found.get("scope", ""),
        digest=digest,
        body=body,
        url=_url(found.get("url", "")),
        stated=bool(found.get("version")),
    )


def _fields(beside: bytes) -> dict[str, str]:
    if not beside:
        return {}
    try:
        return fields(beside.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BrokenError("has a `.yaml` beside it that is not UTF-8; save that as UTF-8") from None


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise BrokenError(f"has an effective date that is not YYYY-MM-DD: {text[:40]!r}") from None


def _past(text: str) -> date | None:
    """A date a format gives by itself; one that is none, or lies ahead (a clock gone wrong), is left out."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if found <= datetime.now(UTC).date() else None


def _url(text: str) -> str:
    """An address people can follow; anything else (`javascript:`, a path) is no link."""
    return text if re.fullmatch(r"https?://[^\s<>|\"]+", text) else ""


def _distinct(documents: list[Document], taken: set[tuple[str, str]]) -> tuple[Document, ...]:
    """Two files that claim the same id and version are told apart by a suffix, in path order."""
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
