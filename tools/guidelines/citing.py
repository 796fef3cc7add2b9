"""Citing: a section as an answer names it, its sentences checked to be its own (R17); and who may read it (R6)."""

from knowledge import Passage
from tools.results import Citation

CLEARED = frozenset({"policy", "admin"})  # who may read sections that are not open (R6)
OPEN = frozenset({"", "general", "public", "internal"})  # levels that everyone with a role may read


def may_read(section: Passage, roles: frozenset[str]) -> bool:
    """Whether the asker is cleared for the section's text; a level that nobody knows is not open (R6, R10)."""
    return section.sensitivity.strip().lower() in OPEN or bool(roles & CLEARED)


def verbatim(section: Passage, sentence: str) -> str:
    """The sentence, which must stand in the section word for word.

    Raises:
        ValueError: it does not.
    """
    if sentence not in section.text:
        raise ValueError("a quote must be a literal part of its section")
    return sentence


def cite(section: Passage, quote: str = "") -> Citation:
    """A citation of a section; one not yet in force has no day since which it is.

    Raises:
        ValueError: the quote does not stand in the section, word for word.
    """
    day = section.effective.isoformat() if section.effective else None
    coming = section.standing == "not yet in force"
    return Citation(
        document=section.document,
        title=section.title,
        section=section.section,
        heading=section.name,
        version=section.version,
        effective=None if coming else day,
        coming=day if coming else None,
        owner=section.owner or None,
        superseded=section.superseded,
        quote=verbatim(section, quote),
        link=section.link,
    )
