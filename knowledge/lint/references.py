"""Dangling references: `section 3.2`, `Title, section 3.2`, `Title 4.2, section 3.1` to nowhere or to old text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from knowledge.lint.drafts import Draft, Drafts, Part
from knowledge.lint.findings import Finding

RULE = "dangling-reference"
_MOST_WORDS = 12  # of a title
_SECTION = r"(?:sections?|secs?\.|§{1,2}|chapters?|abschnitte?s?|secci(?:ó|o)n(?:es)?|seç(?:ã|a)o|seções)"
_REFERENCE = re.compile(
    rf"(?<!\w){_SECTION}\s{{0,3}}(\d{{1,3}}(?:\.\d{{1,3}})*)(?!\d|\s?%)"
    r"((?:(?:,\s?(?:and |or )?|\s(?:and|or|to|und|oder|bis|y|e|et|ou)\s|[–-])\d{1,3}(?:\.\d{1,3})+(?!\w|\s?%)){0,12})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*")
_VERSION = re.compile(r"(?<![\w.,§-])\d{1,3}(?:\.\d{1,3}){1,3}(?!\w|\.\d|\s?%)")
_AFTER = re.compile(r"\s+of\s+(?:the\s+)?(\S[^\n.;:()]{0,120})")
_LAW = re.compile(
    r"\b(?:acts?|codes?|laws?|directive|regulation|convention|treaty|statute|u\.?s\.?c\.?|gdpr|bgb|rule)\b", re.I
)
_UNKNOWN = re.compile(
    r"(?:^|.*[\s(])((?i:see|siehe|vgl\.|cf\.|voir|véase|in|of|by|under|per|from|to|with|follows?|and|as))\s+"
    r"([A-ZÄÖÜ][\w'’&-]{0,40}(?:\s[\w'’&-]{1,40}){0,6}),$",
    re.DOTALL,
)
_SURE = frozenset(("see", "siehe", "vgl.", "cf.", "voir", "véase"))
_PAST = re.compile(
    r"\b(?:superseded|replaced|changed?s?|was|were|gave|until|old|older|earlier|former|against|said|had)\b"
)


@dataclass(frozen=True)
class _Named:
    """A document named in a text, perhaps in one version, and where the name begins."""

    id: str
    title: str
    version: str
    start: int


def dangling_references(drafts: Drafts) -> Iterator[Finding]:
    """References of every document that can still be mended."""
    titles = _titles(drafts)
    for part in drafts.parts:
        yield from _numbered(part, drafts, titles)
        yield from _versions(part, drafts, titles)


def _titles(drafts: Drafts) -> dict[str, Draft]:
    """The document of each title and id, in lower case; of several those linted, then the one in force."""
    ordered = sorted(drafts.every, key=lambda draft: (draft.linted, draft.standing == "in force"))
    return {_folded(name): draft for draft in ordered for name in (draft.claimed, draft.title)}


def _numbered(part: Part, drafts: Drafts, titles: Mapping[str, Draft]) -> Iterator[Finding]:
    text = part.prose
    before: Draft | None = None
    for match in _REFERENCE.finditer(text):
        if _legal(text, match):
            continue
        named = _before(text, match.start(), titles) or _after(text, match.end(), titles)
        numbers = [match[1], *_NUMBER.findall(match[2])]
        if named is None and (unknown := _unknown(text, match.start(), part, numbers)):
            near = get_close_matches(unknown, sorted({draft.title for draft in drafts.every}), n=1, cutoff=0.6)
            hint = f"write {near[0]!r} if that is meant" if near else "write the title of a document as it stands there"
            yield part.finding(RULE, "error", f"No document is titled {unknown!r}; {hint}.", match.start())
            continue
        target = _target(part, drafts, named)
        if target is None:
            continue  # the version is unknown, which is reported where it is named
        missing = [number for number in numbers if number not in target.numbers]
        if named is None and before is not None:
            missing = [number for number in missing if number not in before.numbers]
        before = target if named else before
        for number in missing:
            yield part.finding(RULE, "error", _says(part, drafts, target, number), match.start())


def _target(part: Part, drafts: Drafts, named: _Named | None) -> Draft | None:
    """The version of the document that a reference leads to."""
    if named is None:
        return part.draft
    versions = drafts.versions[named.id]
    if named.version:
        return next((draft for draft in versions if draft.version == named.version), None)
    if named.id == part.draft.claimed:
        return part.draft
    return next((draft for draft in versions if draft.standing == "in force"), versions[-1])


def _says(part: Part, drafts: Drafts, target: Draft, number: str) -> str:
    where = "this document" if target is part.draft else f"{target.title} {target.version}"
    numbers = [one.number for one in target.parts if one.number]
    if not numbers:
        return (
            f"There is no section {number}: the sections of {where} have no numbers; name the section by its heading."
        )
    near = get_close_matches(number, numbers, n=3, cutoff=0.5)
    hint = f"the nearest are {', '.join(near)}" if near else f"its last is {numbers[-1]}"
    elsewhere = [d for d in drafts.versions[target.claimed] if d is not target and number in d.numbers]
    if elsewhere:
        hint = f"version {elsewhere[-1].version}, {elsewhere[-1].standing}, has one"
    return f"There is no section {number} in {where}; {hint}. Mend the number or add the section."


def _versions(part: Part, drafts: Drafts, titles: Mapping[str, Draft]) -> Iterator[Finding]:
    """Versions named with a title: `Bullying 4.2`."""
    text = part.prose
    for match in _VERSION.finditer(text):
        named = _before(text, match.start(), titles, exact=True)
        if named is None or named.version or _PAST.search(text, max(0, named.start - 60), match.end() + 60):
            continue
        versions = {draft.version: draft for draft in drafts.versions[named.id]}
        target = versions.get(match[0])
        kept = ", ".join(sorted(versions))
        if target is None:
            says = f"There is no version {match[0]} of {named.title}; there is {kept}. Name one of them."
            yield part.finding(RULE, "error", says, named.start)
        elif target.standing == "superseded" and target.claimed != part.draft.claimed:
            newer = next((d.version for d in drafts.in_force if d.claimed == named.id), "a newer one")
            says = (
                f"{named.title} {match[0]} is superseded by {newer}; name that one, or say that the old one is meant."
            )
            yield part.finding(RULE, "warning", says, named.start)


def _before(text: str, end: int, titles: Mapping[str, Draft], exact: bool = False) -> _Named | None:
    """The document whose title (and version) stands directly before a place, the longest title first."""
    start = max(0, end - 400)
    ahead = text[start:end].rstrip()
    if not exact:
        ahead = ahead.removesuffix(",").rstrip()
    version = re.search(r"\s(\d{1,3}(?:\.\d{1,3}){1,3}),?$", ahead) if not exact else None
    if version:
        ahead = ahead[: version.start()].rstrip()
    words = list(re.finditer(r"\S+", ahead))[-_MOST_WORDS:]
    for word in words:
        name = ahead[word.start() :].lstrip("(\"'“*_[").rstrip("\"'”*_]")
        draft = titles.get(_folded(name))
        if draft is not None and (not exact or name[:1].isupper()):
            return _Named(draft.claimed, draft.title, version[1] if version else "", start + word.start())
    return None


def _after(text: str, end: int, titles: Mapping[str, Draft]) -> _Named | None:
    """The document of `section 3.2 of Title`."""
    match = _AFTER.match(text, end)
    if match is None:
        return None
    words = match[1].split()[:_MOST_WORDS]
    for count in range(len(words), 0, -1):
        draft = titles.get(_folded(" ".join(words[:count]).rstrip(",;'\"”")))
        if draft is not None:
            return _Named(draft.claimed, draft.title, "", match.start(1))
    return None


def _unknown(text: str, start: int, part: Part, numbers: list[str]) -> str:
    """What looks like a title before `, section 3.2` and is none. `In Brazil, section 3.2` is left alone."""
    match = _UNKNOWN.match(text[max(0, start - 160) : start].rstrip())
    if match is None:
        return ""
    here = all(number in part.draft.numbers for number in numbers)
    return match[2] if match[1].lower() in _SURE or (" " in match[2] and not here) else ""


def _legal(text: str, match: re.Match[str]) -> bool:
    """Whether the section is one of a law: `section 230 of the … Act`, `18 USC, section 2258`."""
    following = _AFTER.match(text, match.end())
    ahead = text[max(0, match.start() - 30) : match.start()]
    return bool((following and _LAW.search(following[1])) or re.search(rf"{_LAW.pattern}\W*$", ahead, re.IGNORECASE))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
