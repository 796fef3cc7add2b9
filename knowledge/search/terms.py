"""Terms: short forms and everyday words with what they stand for, from `terms.yaml` files that people edit.

A folder of guidelines may bring one (`kid: [minor]`), and the home has one of its own, which wins.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from threading import Lock

import yaml

from knowledge.errors import FolderError, StorageError

FILE = "terms.yaml"
_MOST, _LONGEST, _LARGEST = 5_000, 80, 400_000  # PyYAML reads 200 KB a second, and a file once
_VALUES = 12  # things that a word stands for
_UNREADABLE = (OSError, ValueError, yaml.YAMLError, RecursionError)
_WRITING = Lock()

Terms = Mapping[str, tuple[str, ...]]


def read_terms(files: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """The terms of these files, later ones winning; a file that is missing or no list of terms gives none.

    Of more than 5,000 those of later files are kept.
    """
    found: dict[str, tuple[str, ...]] = {}
    for file in reversed(list(files)):
        try:
            terms = _read(file)
        except _UNREADABLE:
            continue
        for word, stands_for in terms.items():
            found.setdefault(word, stands_for)
    return dict(islice(found.items(), _MOST))


def stamps(files: Iterable[Path]) -> tuple[tuple[str, int, int, int], ...]:
    """What changes whenever one of the files does."""
    found = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            continue
        found.append((str(file), stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return tuple(found)


def set_term(file: Path, word: str, stands_for: Iterable[str]) -> None:
    """Write one term into a file, or take it out where it stands for nothing; the file is replaced as a whole.

    Raises:
        FolderError: the word or what it stands for is no short text, or the file is no list of terms.
        StorageError: the file cannot be written.
    """
    key, values = " ".join(word.split()).lower(), tuple(" ".join(value.split()) for value in stands_for)
    for text in (key, *values):
        if not text or len(text) > _LONGEST or not text.isprintable():
            raise FolderError(f"A term is 1 to {_LONGEST} printable characters; write it shorter.")
    with _WRITING:
        try:
            terms = _read(file)
        except _UNREADABLE:
            raise FolderError(f"{file} is no list of terms; mend it by hand, so that nothing in it is lost.") from None
        terms.pop(key, None)
        if values:
            terms[key] = values
        _write(file, terms)


def _write(file: Path, terms: Terms) -> None:
    text = yaml.safe_dump({k: list(v) for k, v in sorted(terms.items())}, allow_unicode=True, sort_keys=True)
    new = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text("# Words of this team's questions, and what they stand for in the guidelines.\n" + text, "utf-8")
        new.replace(file)
    except OSError as problem:
        raise StorageError(f"{file} cannot be written ({problem.strerror}); mend permissions, then retry.") from problem


def _read(file: Path) -> dict[str, tuple[str, ...]]:
    """The terms of one file, none where it is missing; raises one of `_UNREADABLE`."""
    if not file.exists():
        return {}
    if not file.is_file() or file.stat().st_size > _LARGEST:  # a pipe would be waited for
        raise ValueError("no file of terms")
    document = yaml.safe_load(file.read_text("utf-8"))
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ValueError("no list of terms")
    found = {}
    for word, values in document.items():
        listed = values if isinstance(values, list) else [values]
        kept = tuple(filter(None, map(_short, listed)))[:_VALUES]
        if kept and (key := _short(word).lower()):
            found[key] = kept
    return found


def _short(value: object) -> str:
    """A short text on one line; empty for anything else, such as the truth value that YAML reads in `on`."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else ""
