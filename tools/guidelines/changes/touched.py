"""Touched: the data sets, label sets and models that were made under an older text than the one in force."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge import Edition, Passage
from knowledge.changes import DocumentChange
from tools.catalog import Catalog

_RELEASE = re.compile(r"\bRelease (?P<release>\d+(?:\.\d+)*) (?:consists of|takes in|fixes|comprises) (?P<list>[^\n]+)")


@dataclass(frozen=True)
class Set:
    """Something registered under a guideline version; `items` is None for a model."""

    kind: str
    name: str
    guideline_version: str
    gold_version: str
    items: int | None


@dataclass(frozen=True)
class Touched:
    """What one document's change touches: `release` is the first that takes in the later version, empty where no text
    says so; `registered` counts all that is of the document's area."""

    change: DocumentChange
    release: str
    sets: tuple[Set, ...]
    registered: int


def releases(sections: Iterable[Passage]) -> dict[tuple[str, str], str]:
    """Title and version of a document -> the oldest release of the standard that is said to consist of it."""
    found: dict[tuple[str, str], str] = {}
    for section in sections:
        for match in _RELEASE.finditer(section.text):
            for title, version in re.findall(r"([A-Z][\w -]*?) (\d+(?:\.\d+)*)(?=[,.\s]|$)", match["list"]):
                key = (title.removeprefix("and ").strip().lower(), version)
                found[key] = min(found.get(key, match["release"]), match["release"], key=_parts)
    return found


def touched(change: DocumentChange, catalog: Catalog, known: Mapping[tuple[str, str], str]) -> Touched:
    """What of the document's area was registered under an older guideline version.

    A set's guideline version is a release of the standard (glossary: Release). Where no text says which release takes a
    document's version in, a version that the registered sets use themselves is taken for one.
    """
    area = _areas(change.edition)
    sets = [one for one, policies in _registered(catalog) if not area or not policies or area & policies]
    after = change.edition.version
    used = {one.guideline_version for one in sets}
    release = known.get((change.edition.title.lower(), after), after if after in used else "")
    older = [one for one in sets if release and _parts(one.guideline_version) < _parts(release)]
    return Touched(change, release, tuple(older), len(sets))


def _registered(catalog: Catalog) -> list[tuple[Set, set[str]]]:
    """Everything registered with the policies it is of; no policy means all."""
    found = [
        (
            Set("dataset", one.label, one.guideline_version, one.gold_version, one.rows),
            set(one.dimensions.get("policy", ())),
        )
        for one in catalog.datasets
    ]
    own = {one.id: set(one.dimensions.get("policy", ())) for one in catalog.datasets}
    found += [
        (
            Set("label set", one.label, one.guideline_version, str(one.traits.get("gold_version", "")), one.rows),
            set(one.dimensions.get("policy", ())) or own.get(one.dataset_id or "", set()),
        )
        for one in catalog.label_sets
    ]
    found += [(Set("model", one.label, one.guideline_version, "", None), {one.policy}) for one in catalog.models]
    return found


def _areas(edition: Edition) -> set[str]:
    """The policies a document is about; empty means all of them."""
    named = {part.strip() for part in re.split(r"[,\s]+", edition.scope) if part.strip()}
    return set() if not named or "all" in named else named


def _parts(version: str) -> tuple[list[int], str]:
    return [int(number) for number in re.findall(r"\d{1,9}", version)], version


def listed(sets: Sequence[Set]) -> str:
    """`datasets train 2026-06 and golden 2026-07; model bullying-text v7`."""
    parts = []
    for kind in dict.fromkeys(one.kind for one in sets):
        names = [one.name for one in sets if one.kind == kind]
        shown = names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"]
        parts.append(f"{kind}{'s' if len(names) > 1 else ''} {_and(shown)}")
    return "; ".join(parts)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
