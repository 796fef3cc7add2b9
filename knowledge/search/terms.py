"""Terms: short forms and everyday words with what they stand for, from `terms.yaml` files that people edit.

A folder of guidelines may bring one (`kid: [minor]`), and the home has one of its own, which wins.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from knowledge.errors import FolderError, StorageError

FILE = "terms.yaml"
_MOST, _LONGEST, _LARGEST = 5_000, 80, 1_000_000

Terms = Mapping[str, tuple[str, ...]]


def read_terms(files: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """The terms of these files, later ones winning; a file that is missing or no list of terms gives none."""
    found: dict[str, tuple[str, ...]] = {}
    for file in files:
        try:
            if file.stat().st_size <= _LARGEST:
                found.update(_parsed(yaml.safe_load(file.read_text("utf-8"))))
        except (OSError, ValueError, yaml.YAMLError, RecursionError):
            continue
    return dict(list(found.items())[:_MOST])


def stamps(files: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """What changes whenever one of the files does."""
    found = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            continue
        found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def set_term(file: Path, word: str, stands_for: Iterable[str]) -> None:
    """Write one term into a file, or take it out where it stands for nothing; the file is replaced as a whole.

    Raises:
        FolderError: the word or what it stands for is no short text.
        StorageError: the file cannot be written.
    """
    key, values = " ".join(word.split()).lower(), tuple(" ".join(value.split()) for value in stands_for)
    for text in (key, *values):
        if not text or len(text) > _LONGEST or not text.isprintable():
            raise FolderError(f"A term is 1 to {_LONGEST} printable characters; write it shorter.")
    terms = read_terms([file])
    terms.pop(key, None)
    if values:
        terms[key] = values
    text = yaml.safe_dump({k: list(v) for k, v in sorted(terms.items())}, allow_unicode=True, sort_keys=True)
    new = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text("# Words of this team's questions, and what they stand for in the guidelines.\n" + text, "utf-8")
        new.replace(file)
    except OSError as problem:
        raise StorageError(f"{file} cannot be written ({problem.strerror}); mend permissions, then retry.") from problem


def _parsed(document: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(document, dict):
        return {}
    found = {}
    for word, values in document.items():
        listed = values if isinstance(values, list) else [values]
        kept = tuple(str(value).strip() for value in listed if isinstance(value, str | int) and str(value).strip())
        if kept and len(str(word)) <= _LONGEST:
            found[" ".join(str(word).split()).lower()] = kept
    return found
