"""Pairs: which section of the new version was which of the old one, also where it moved or got another number."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.passages import Passage
from knowledge.search.words import words

ALIKE = 0.4  # share of word pairs in common from which a section under another heading is taken for the same
RENAMED = 0.2  # the same where it kept its number or its heading
_COMMON = 50  # sections; a word pair that more of them have says nothing


@dataclass(frozen=True)
class Pair:
    """A section of either version, or of both; at least one is there."""

    before: Passage | None
    after: Passage | None


def pairs(before: Sequence[Passage], after: Sequence[Passage]) -> list[Pair]:
    """Every section once, in the order of the new version; what was removed stands where it stood.

    By number and heading first, then by the same words, then by heading or number with words alike, then by words.
    """
    old, new = dict(enumerate(before)), dict(enumerate(after))
    found: dict[int, int] = {}  # place in the new version -> place in the old one

    def take(links: Iterator[tuple[int, int]]) -> None:
        for a, b in links:
            if a in old and b in new:
                found[b] = a
                del old[a], new[b]

    take(_equal(old, new, lambda one: (one.number, one.heading)))
    take(_equal(old, new, lambda one: (one.number, named(one)) if one.number else None))
    take(_equal(old, new, lambda one: " ".join(one.text.split()) or None))
    likeness = _likeness(old, new)
    for bound, same in ((RENAMED, named), (RENAMED, lambda one: one.number), (ALIKE, lambda one: "")):
        likely = [
            (-share, a, b) for (a, b), share in likeness.items() if share >= bound and same(before[a]) == same(after[b])
        ]
        take((a, b) for _, a, b in sorted(likely))
    take(_equal(old, new, lambda one: named(one) if not one.text else None))
    return _in_order(before, after, found)


def named(section: Passage) -> str:
    """The last part of the heading, without its number."""
    return section.name.removeprefix(section.number).strip(" .):") or section.name


def _equal(
    old: dict[int, Passage], new: dict[int, Passage], key: Callable[[Passage], Hashable]
) -> Iterator[tuple[int, int]]:
    """Sections with the same key, in order where several have it; None is no key."""
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at, one in old.items():
        waiting[key(one)].append(at)
    links = []
    for at, one in new.items():
        name = key(one)
        if name is not None and waiting[name]:
            links.append((waiting[name].pop(0), at))
    return iter(links)


def _likeness(old: dict[int, Passage], new: dict[int, Passage]) -> dict[tuple[int, int], float]:
    """Dice's share of common word pairs, for sections that have any in common."""
    bags = {at: _bag(one.text) for at, one in old.items()}
    having: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, bag in bags.items():
        for pair in bag:
            having[pair].append(at)
    shares: dict[tuple[int, int], float] = {}
    for at, one in new.items():
        bag = _bag(one.text)
        common: Counter[int] = Counter()
        for pair, n in bag.items():
            if len(having[pair]) <= _COMMON:
                for other in having[pair]:
                    common[other] += min(n, bags[other][pair])
        total = sum(bag.values())
        shares |= {(other, at): 2 * n / (total + sum(bags[other].values())) for other, n in common.items()}
    return shares


def _bag(text: str) -> Counter[tuple[str, str]]:
    every = words(text)
    return Counter(pairwise(every))


def _in_order(before: Sequence[Passage], after: Sequence[Passage], found: dict[int, int]) -> list[Pair]:
    kept, done, ordered = set(found.values()), -1, []
    for at, one in enumerate(after):
        origin = found.get(at)
        if origin is not None and origin > done:
            gone = [before[n] for n in range(done + 1, origin) if n not in kept]
            ordered += [Pair(section, None) for section in gone]
            done = origin
        ordered.append(Pair(before[origin] if origin is not None else None, one))
    return ordered + [Pair(before[n], None) for n in range(done + 1, len(before)) if n not in kept]
