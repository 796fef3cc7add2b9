"""What an import of a dataset is asked to do: the file and its columns, or counts, and what the set is called."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tools.errors import SetupError

BINARY = ("0", "1")
KINDS = ("train", "golden", "suite")
RESERVED = ("item_id", "label", "cluster", "weight", "near_duplicate", "score", "predicted", "decision", "row")
MOST_CLASSES = 127  # a label is stored as one signed byte
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")  # also a part of a file name
_DIMENSION = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_CLASS = re.compile(r"[^\s@/\\:<>,]{1,64}")


@dataclass(frozen=True)
class DatasetImport:
    """What to import. Several `ids` are one id together; with `count` a row is not an item but a number of them.

    `classes` is the label vocabulary, of two the positive class last. `beside` are columns of the file that belong to
    something else, and so are neither read nor refused. Without `as_of` it is the day of the first import.
    """

    file: Path
    name: str
    version: str
    kind: str = "golden"
    slices: tuple[str, ...] = ()
    ids: tuple[str, ...] = ("item_id",)
    label: str = "label"
    classes: tuple[str, ...] = BINARY
    cluster: str | None = None
    weight: str | None = None
    near_duplicate: str | None = None
    count: str | None = None
    where: str = ""
    card: Path | None = None
    gold_version: str = "1"
    guideline_version: str = "unknown"
    as_of: date | None = None
    beside: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"

    @property
    def said(self) -> str:
        """`name version`."""
        return f"{self.name} {self.version}"

    @property
    def columns(self) -> list[str]:
        """The columns of the file that are read."""
        if self.count:
            return [*self.slices, self.label, self.count]
        groups = (self.cluster, self.weight, self.near_duplicate)
        return list(dict.fromkeys([*self.ids, self.label, *self.slices, *(name for name in groups if name)]))


def check_request(wanted: DatasetImport) -> None:
    """Refuse a request that contradicts itself, or names what cannot be a name.

    Raises:
        SetupError: says which part, and how to write it.
    """
    for option, name in (("--name", wanted.name), ("--version", wanted.version)):
        if not _NAME.fullmatch(name):
            raise SetupError(f"{option} must be at most 64 letters, digits, dots, - and _, a letter or digit first.")
    for option, name in (("--gold-version", wanted.gold_version), ("--guideline", wanted.guideline_version)):
        if not 1 <= len(name.strip()) <= 50:
            raise SetupError(f"{option} must be 1 to 50 characters.")
    if wanted.kind not in KINDS:
        raise SetupError(f"--kind is one of {', '.join(KINDS)}.")
    _check_columns(wanted)
    if not 2 <= len(wanted.classes) <= MOST_CLASSES or len(set(wanted.classes)) < len(wanted.classes):
        raise SetupError(f"--classes needs 2 to {MOST_CLASSES} different labels, separated by commas.")
    if not all(_CLASS.fullmatch(name) for name in wanted.classes):
        raise SetupError("A label of --classes is one word of at most 64 characters: no address and no path (R1).")


def _check_columns(wanted: DatasetImport) -> None:
    groups = {"--cluster": wanted.cluster, "--weight": wanted.weight, "--near-duplicate": wanted.near_duplicate}
    if wanted.count and (given := [option for option, name in groups.items() if name]):
        raise SetupError(f"With --count there are no items, so leave out {', '.join(given)}.")
    if not wanted.count and not wanted.ids:
        raise SetupError("Name the column of the item's id with --id, or the column of counts with --count.")
    # An id, a slice and a cluster may well be one column: the variants of an item have its id as their cluster.
    twice = sorted({name for name in wanted.slices if wanted.slices.count(name) > 1})
    twice += [name for name in (wanted.label, wanted.weight, wanted.count) if name and _named(wanted).count(name) > 1]
    if twice:
        raise SetupError(f"Column(s) {', '.join(dict.fromkeys(twice))} are named for two things. Name each once.")
    wrong = [name for name in wanted.slices if not _DIMENSION.fullmatch(name) or name.lower() in RESERVED]
    if wrong:
        raise SetupError(
            f"--slices cannot be called {', '.join(wrong)}: a slice begins with a letter, has at most 64 letters,"
            f" digits, - and _, and is none of {', '.join(RESERVED)}. Rename the column in the file."
        )


def _named(wanted: DatasetImport) -> list[str]:
    """Every column that the request names, as often as it names it."""
    groups = (wanted.label, wanted.cluster, wanted.weight, wanted.near_duplicate, wanted.count)
    ids = () if wanted.count else wanted.ids
    return [*ids, *wanted.slices, *(name for name in groups if name)]
