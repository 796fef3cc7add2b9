"""Conflicts: two sections in force that say different things about the same (R17: both are shown, with the owner).

A conflict is found in two ways: by the author's mark (`<!-- conflicts: other-document/3.2 -->`), and by two clauses in
nearly the same words that give different numbers of one unit, or different labels of one area. What is found by words
is built for precision: a missed conflict leaves things as they were, a false alarm teaches people to look away.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Generic, Protocol, TypeVar

from knowledge.search.claims import Claim, claims
from knowledge.search.quotes import sentences

# The share of the words of two clauses that they must have in common (Dice), see the pairs in
# tests/knowledge/search/test_conflicts.py; sibling rules of an area share most words and differ in the act alone.
ALIKE = 0.6
ALIKE_LABELS = 0.85
_FEWEST = 3  # words in common; of fewer, both clauses must begin with the same and one must hold the other
_CROWDED = 30  # claims that one word leads to at most: keeps 10,000 sections to seconds
_BOUNDS = frozenset({"", "within", "after"})  # relations that people use for one another


class Stated(Protocol):
    """A section of a version of a document; a Passage is one."""

    @property
    def collection(self) -> str: ...
    @property
    def document_id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def standing(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def marks(self) -> Mapping[str, str]: ...


_Stated = TypeVar("_Stated", bound=Stated)
_Pair = tuple[_Stated, Claim]


@dataclass(frozen=True)
class Conflict(Generic[_Stated]):
    """Two sections that do not say the same. `about` names what they differ on; both sentences are verbatim."""

    first: _Stated
    second: _Stated
    about: str
    first_says: str
    second_says: str


def conflicts(passages: Sequence[_Stated]) -> list[Conflict[_Stated]]:
    """The conflicts among these sections, by mark first, each pair of sections once.

    Only versions in force are compared, and never two versions of one document: those differ by intent.
    """
    current = [one for one in passages if one.standing == "in force"]
    found = [*_marked(current), *_differing(current)]
    return list({frozenset((one.first.section, one.second.section)): one for one in reversed(found)}.values())[::-1]


def marked(marks: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the sections that a section's author says it conflicts with."""
    return tuple(part for part in re.split(r"[,|\s]+", marks.get("conflicts", "")) if part)


def _marked(passages: Sequence[_Stated]) -> Iterator[Conflict[_Stated]]:
    by_id = {one.section: one for one in passages}
    for one in passages:
        for name in marked(one.marks):
            other = by_id.get(name)
            if other is not None and other is not one:
                yield Conflict(one, other, f"{one.name} / {other.name}", _rule(one.text), _rule(other.text))


def _rule(text: str) -> str:
    return next(iter(sentences(text)), "")


def _differing(passages: Sequence[_Stated]) -> Iterator[Conflict[_Stated]]:
    groups: dict[tuple[str, ...], list[_Pair[_Stated]]] = defaultdict(list)
    for passage in passages:
        for claim in claims(passage.text):
            groups[claim.kind].append((passage, claim))
    for kind, stated in groups.items():
        for (first, one), (second, other) in _candidates(stated):
            if _contradict(one, other) and not (_also(first, kind, other) or _also(second, kind, one)):
                yield Conflict(first, second, _about(one, other), one.sentence, other.sentence)


def _candidates(stated: Sequence[_Pair[_Stated]]) -> Iterator[tuple[_Pair[_Stated], _Pair[_Stated]]]:
    """Pairs of sections that may be alike enough: a claim's rarest words alone lead to the others.

    A Dice of `d` needs at least `d / (2 - d)` of a claim's words in common, so one of the rest plus one is shared.
    """
    often = Counter(word for _, claim in stated for word in claim.about)
    seen: dict[str, list[int]] = defaultdict(list)
    for at, (passage, claim) in enumerate(stated):
        rare = sorted(claim.about, key=lambda word: (often[word], word))
        kept = len(rare) - ceil(len(rare) * ALIKE / (2 - ALIKE)) + 1
        near = {before for word in rare[:kept] for before in seen[word]}
        for before in sorted(near):
            if _comparable(stated[before][0], passage):
                yield stated[before], (passage, claim)
        for word in rare[:kept]:
            if len(seen[word]) < _CROWDED:
                seen[word].append(at)


def _comparable(one: Stated, other: Stated) -> bool:
    """Whether two sections are to agree: of two documents, or of one version in one collection."""
    return one.document_id != other.document_id or (one.collection, one.version) == (other.collection, other.version)


def _contradict(one: Claim, other: Claim) -> bool:
    """Whether two claims of one kind are about the same and cannot both hold."""
    if one.value == other.value or one.exact != other.exact:
        return False
    if one.relation != other.relation and not {one.relation, other.relation} <= _BOUNDS:
        return False
    if one.exact:
        return one.about.keys() == other.about.keys()
    if one.beside and other.beside and one.beside != other.beside:
        return False
    shared = one.about.keys() & other.about.keys()
    least = ALIKE_LABELS if one.kind[0] == "label" else ALIKE
    if len(shared) < _FEWEST and not _begins(one, other):
        return False
    if len(shared) < 2 or 2 * len(shared) < least * (len(one.about) + len(other.about)):
        return False
    return not any(_told_apart(word, one, other) for word in shared)


def _begins(one: Claim, other: Claim) -> bool:
    shorter, longer = sorted((one.about, other.about), key=len)
    return shorter.keys() <= longer.keys() and next(iter(shorter), "") == next(iter(longer), "")


def _told_apart(word: str, one: Claim, other: Claim) -> bool:
    """Whether a modifier makes the word another thing (`train item`, `golden item`; `urgent appeals`, `appeals`)."""
    first, second = one.before.get(word, ""), other.before.get(word, "")
    return first != second and first not in other.about and second not in one.about


def _also(passage: Stated, kind: tuple[str, ...], claim: Claim) -> bool:
    """Whether a section states the other's value too: then it tells cases apart itself."""
    return any(one.kind == kind and one.value == claim.value for one in claims(passage.text))


def _about(one: Claim, other: Claim) -> str:
    words = [written for word, written in one.about.items() if word in other.about]
    return f"{' '.join(words[:8])} ({' '.join(part for part in one.kind if part)})"
