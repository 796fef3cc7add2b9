"""Terms: words used like terms that the glossary lacks, label codes nobody defines, and entries nobody uses."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.lint.drafts import Drafts, Part
from knowledge.lint.findings import Finding, Severity
from knowledge.lint.prose import prose
from knowledge.search.glossary import is_glossary
from knowledge.search.quotes import sentences
from knowledge.search.words import stem, words

RULE, CODES, UNUSED = "undefined-term", "undefined-label", "unused-term"
_ENTRY = re.compile(r"^[ \t]*[-*+][ \t]+([^:\n]{1,120}):[ \t]+\S", re.MULTILINE)
_GROUP = re.compile(r"\(([^()\n]*)\)")
_CODE = re.compile(r"(?<![\w-])([A-Z]{2,5})-(\d)(?![\w-])")
_STANDS_FOR = re.compile(r"(?<![\w-])([A-Z]{2,6})(?:-\d)? (?:stands? for|means?|for)\b")
_SHORT = re.compile(r"(?<![\w-])([^\W\d_]{2,6})(?![\w-])")
_NAME = re.compile(r"(?<=[a-z,] )([A-Z][a-z]{1,30}(?: [A-Z][a-z]{1,30}){1,4})(?![\w-])")
_MARKED = re.compile(
    r"(?<![\w*`_])(\*\*|__|\*|_|`)([^\W\d_][\w' -]{2,38}\w)\1(?![\w*`_])(?!\s*[:=–—]|\s+(?:is|are|means?)\b)"
)
_NO_CODES = frozenset(("UTF", "SHA", "ISO", "COVID", "RFC"))
_KNOWN_WORDS = (
    "AI AM API CD CEO CET CPU CSV DNA EEA EN EST ET EU FAQ GB GDPR GMT GPU HR HTML HTTP HTTPS ID IDS II III IP IT IV"
    " JSON KB MB ML NO OK PC PDF PIN PM QR RAM SMS SQL TB TV UI UK UN URL US USA USB UTC UX VI VII VIII VPN XML YAML"
    " ZIP"
)
_KNOWN = frozenset(_KNOWN_WORDS.split())
_EMPHASIS_WORDS = (
    "all and any at before both but cannot caution do don't each every example first however important if last least"
    " may more most must never no none not note nothing now one only optional or please required same should tip two"
    " unless warning when"
)
_EMPHASIS = frozenset(_EMPHASIS_WORDS.split())
_OFTEN = 3  # sections from which on an undefined term is a warning and not a note


@dataclass(frozen=True)
class _Entry:
    """A glossary entry: the forms it goes by, and where it stands."""

    name: str
    forms: tuple[str, ...]
    part: Part
    at: int


def undefined_terms(drafts: Drafts) -> Iterator[Finding]:
    """Short forms in capitals, names of several capitalised words and words in bold, italics or code, each once.

    A term is defined by the glossary, by a title or heading, or where its text spells it out: `(ABC)`, `ABC (…)`,
    `ABC stands for`. What stands in one section alone is noted only if it is a short form.
    """
    entries = list(_entries(drafts))
    if not any(is_glossary(draft.claimed) for draft in drafts.every):
        if first := next(iter(drafts.current), None):
            says = "There is no glossary; write one with the id `glossary` and `- Term (short form): meaning.` in it."
            yield first.finding(RULE, "note", says)
        return
    known = _stems(form for entry in entries for form in entry.forms)
    known |= _stems(name for draft in drafts.every for name in (draft.title, *(part.heading for part in draft.parts)))
    single = {word for phrase in known for word in phrase}
    said = {*map(str.casefold, _spelled_out(drafts)), *map(str.casefold, _explained(drafts)[0])}
    uses: dict[tuple[str, str], list[tuple[Part, int]]] = defaultdict(list)
    for part in drafts.parts:
        if not is_glossary(part.draft.claimed):
            for kind, term, at in _candidates(part):
                uses[kind, term].append((part, at))
    for (kind, term), places in uses.items():
        stems = _stem(term)
        sections = {part.section for part, _ in places}
        if not stems or stems in known or term.casefold() in said or (kind == "short" and stems[0] in single):
            continue
        if kind != "short" and len(sections) < 2:
            continue
        part, at = places[0]
        severity: Severity = "warning" if kind == "short" and len(sections) >= _OFTEN else "note"
        where = f" in {len(sections)} sections" if len(sections) > 1 else ""
        says = f"{term!r} is used like a term{where} and is not in the glossary; define it there or write it out."
        yield part.finding(RULE, severity, says, at)


def undefined_labels(drafts: Drafts) -> Iterator[Finding]:
    """Label codes whose letters are explained nowhere, or whose level stands beside no other of its area.

    The letters are explained by the glossary, by `ABC stands for`, or by a sentence that lists three levels of them.
    """
    levels, named = _explained(drafts)
    places: dict[tuple[str, str], list[tuple[Part, int]]] = defaultdict(list)
    for part in drafts.parts:
        for match in _CODE.finditer(part.prose):
            places[match[1], match[2]].append((part, match.start()))
    for (area, level), uses in places.items():
        part, at = uses[0]
        if area in _NO_CODES or (area in named and area not in levels):
            continue
        if area not in levels:
            says = f"The label {area}-{level} is explained nowhere; mend its letters, or say what {area} stands for."
            yield part.finding(CODES, "warning", says, at)
        elif level not in levels[area]:
            known = ", ".join(f"{area}-{one}" for one in sorted(levels[area]))
            says = f"The label {area}-{level} is not among {known}; mend its level, or list it with the others."
            yield part.finding(CODES, "warning", says, at)


def _explained(drafts: Drafts) -> tuple[dict[str, set[str]], set[str]]:
    """The levels listed for the letters of label codes, and the letters that are said to stand for something."""
    levels: dict[str, set[str]] = defaultdict(set)
    named: set[str] = set()
    for draft in drafts.every:
        for part in draft.parts:
            lists = [part.prose] if is_glossary(draft.claimed) else sentences(part.prose)
            for codes in map(_CODE.findall, lists):
                for area in {area for area, _ in codes}:
                    found = {level for other, level in codes if other == area}
                    if len(found) >= 3 or is_glossary(draft.claimed):
                        levels[area] |= found
            named |= set(_STANDS_FOR.findall(part.prose))
    return levels, named


def unused_terms(drafts: Drafts) -> Iterator[Finding]:
    """Glossary entries of which no document uses any form."""
    entries = [entry for entry in _entries(drafts) if entry.part.draft.linted]
    if not entries or not any(not is_glossary(draft.claimed) for draft in drafts.in_force):
        return
    longest = max((len(_stem(form)) for entry in entries for form in entry.forms), default=1)
    used: set[tuple[str, ...]] = set()
    wanted = _stems(form for entry in entries for form in entry.forms)
    for draft in drafts.in_force:
        if not is_glossary(draft.claimed):
            for text in (draft.title, *(f"{part.name}\n{part.text}" for part in draft.parts)):
                found = _stem(text)
                for size in range(1, longest + 1):
                    used |= wanted & set(zip(*(found[n:] for n in range(size)), strict=False))
    for entry in entries:
        if not any(_stem(form) in used for form in entry.forms):
            says = f"No document in force uses {entry.name!r}; use the term, or keep it only if people ask with it."
            yield entry.part.finding(UNUSED, "note", says, entry.at)


def _entries(drafts: Drafts) -> Iterator[_Entry]:
    for draft in drafts.in_force:
        for part in draft.parts if is_glossary(draft.claimed) else ():
            for match in _ENTRY.finditer(part.text):
                name = " ".join(_GROUP.sub(" ", match[1]).strip(" *_`").split())
                also = [form.strip() for group in _GROUP.findall(match[1]) for form in group.split(",")]
                if name:
                    yield _Entry(name, (name, *filter(None, also)), part, match.start())


def _candidates(part: Part) -> Iterator[tuple[str, str, int]]:
    """What is written like a term: the kind of writing, the term and its place."""
    text = part.prose
    for match in _SHORT.finditer(text):
        term = match[1]
        if term.isupper() and term not in _KNOWN and not _shouted(text, match.start(), match.end()):
            yield "short", term, match.start()
    for match in _NAME.finditer(text):
        yield "name", match[1], match.start()
    for match in _MARKED.finditer(prose(part.text, inline=False)):
        term = match[2]
        if len(term.split()) <= 4 and _EMPHASIS.isdisjoint(term.lower().split()):
            yield "marked", term, match.start()


def _shouted(text: str, start: int, end: int) -> bool:
    """Whether the word stands among others in capitals: a title or a warning, not a short form."""
    around = text[max(0, start - 12) : start].split()[-1:] + text[end : end + 14].split()[:1]
    return any(len(word) > 3 and word.isalpha() and word.isupper() for word in around)


def _spelled_out(drafts: Drafts) -> Iterator[str]:
    for draft in drafts.every:
        for part in draft.parts:
            for match in re.finditer(
                r"\(([A-Z]{2,6})s?\)|(?<!\w)([A-Z]{2,6})(?: \([a-z]| stands? for| means? )", part.prose
            ):
                yield match[1] or match[2]


def _stem(text: str) -> tuple[str, ...]:
    return tuple(map(stem, words(text)))


def _stems(texts: Iterable[str]) -> set[tuple[str, ...]]:
    return {found for text in texts if (found := _stem(text))}
