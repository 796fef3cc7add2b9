"""Telling: sections laid out for an answer. Whatever is said of a section is quoted from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import Hit, Knowledge, Passage
from knowledge.search.conflicts import Conflict, conflicts
from knowledge.search.rulings import label_name, ruling
from tools.guidelines.citing import cite, may_read, verbatim
from tools.results import Citation

_PARAGRAPH = "\n\n"
FLIPS = 2  # sentences on what would flip it; more is the section itself


@dataclass(frozen=True)
class Told:
    """A piece of an answer, and what it cites."""

    text: str
    citations: tuple[Citation, ...]


def governing(knowledge: Knowledge, main: Passage, query: str, roles: frozenset[str]) -> Told:
    """The section that governs: its label, the quote that answers, what decides and what would flip it."""
    found = ruling(main.text)
    best = knowledge.quote(main, query)
    decided = {found.deciding, *found.flips}
    quotes = [found.rule] if found.label and best != found.rule else []
    if best and best not in decided:
        quotes.append(best)
    quotes = quotes or [found.rule or best]
    # The list of labels may stand in another section, which the asker may not be cleared for.
    open_ = [one.text for one in _of_document(knowledge, main) if may_read(one, roles)]
    name = label_name(found.label, open_) if found.label else ""
    label = f"{found.label} ({name})" if name else found.label
    source = cite(main, quotes[0])
    head = f"**{label}** — {source.line()}:" if label else f"**{source.line()}**"
    beside = [one for one in (found.deciding, *found.flips[:FLIPS]) if one and one not in quotes]
    for sentence in (*quotes, *beside):
        verbatim(main, sentence)
    blocks = [f"{head}\n{_quoted(*quotes)}", *([" ".join(beside)] if beside else []), source.link]
    return Told(_PARAGRAPH.join(block for block in blocks if block), (source,))


def _quoted(*sentences: str) -> str:
    """Each sentence as a quotation of its own, list items and broken lines on one line."""
    return "\n>\n".join(f"> {' '.join(one.split())}" for one in sentences if one)


def _of_document(knowledge: Knowledge, main: Passage) -> list[Passage]:
    return knowledge.sections(main.document, main.version)


def surroundings(knowledge: Knowledge, main: Passage) -> str:
    """Where the section stands: the one above it and its neighbours, by heading; empty where it stands alone."""
    order = [one for one in _of_document(knowledge, main) if one.text]
    at = next((n for n, one in enumerate(order) if one.section == main.section), None)
    if at is None:
        return ""
    beside = [order[n] for n in (at - 1, at + 1) if 0 <= n < len(order)]
    names = [one.name for one in beside if _above(one) == _above(main)]
    above = _above(main).rsplit(" > ", 1)[-1]
    if not names:
        return f"It stands under “{above}”." if above else ""
    return f"Beside it{f' under “{above}”' if above else ''}: {', '.join(names)}."


def _above(section: Passage) -> str:
    return section.heading.rpartition(" > ")[0]


def hidden(main: Passage) -> Told:
    """A section above the asker's clearance: number and link, and not a word of its text (R6)."""
    source = cite(main)
    link = f"\n{source.link}" if source.link else ""
    owner = f" {source.owner}" if source.owner else " the owner"
    return Told(f"**{source.line()}**\nIts text is restricted; ask{owner}.{link}", (source,))


def nearest(hits: Sequence[Hit]) -> str:
    """The nearest sections by name, a line each."""
    return "\n".join(f"- {cite(hit).line()}" for hit in hits)


def replaced_by(current: Passage, old: Passage, roles: frozenset[str]) -> Told:
    """What holds now in place of a superseded section, so that the old text is never taken for the rule (R17)."""
    rule = ruling(current.text).rule if may_read(current, roles) else ""
    same = " It says the same there." if current.text == old.text else ""
    source = cite(current, rule if not same else "")
    return Told(
        f"**In force now: {source.line()}.**{same}" + (f"\n{_quoted(rule)}" if rule and not same else ""), (source,)
    )


def coming(later: Passage, roles: frozenset[str]) -> Told:
    """What a later version, not yet in force, will say of a section."""
    rule = ruling(later.text).rule if may_read(later, roles) else ""
    source = cite(later, rule)
    when = f"from {later.effective.isoformat()}" if later.effective else "later"
    return Told(f"Changes {when} with version {later.version}:" + (f"\n{_quoted(rule)}" if rule else ""), (source,))


def conflicting(hits: Sequence[Hit], roles: frozenset[str]) -> list[Told]:
    """Conflicts that the first section is part of: both sentences, both owners (R17)."""
    readable = [hit for hit in hits if may_read(hit, roles)]
    return [_conflict(one) for one in conflicts(readable) if hits and hits[0] in (one.first, one.second)]


def _conflict(found: Conflict[Hit]) -> Told:
    sides = [(found.first, found.first_says), (found.second, found.second_says)]
    cited = tuple(cite(section, said) for section, said in sides)
    owners = " and ".join(dict.fromkeys(section.owner for section, _ in sides if section.owner)) or "their owners"
    lines = [f"**Two sections say different things ({found.about}); ask {owners} which counts.**"]
    for source in cited:
        lines.append(f"{source.line()}:\n{_quoted(source.quote)}")
    return Told(_PARAGRAPH.join(lines), cited)
