"""Drafts: a guideline as a list of numbered sections, in as many versions as a test needs."""

from collections.abc import Mapping
from datetime import date

from knowledge import Knowledge
from knowledge.changes import DocumentChange, SectionChange
from tests.knowledge.conftest import Write

TODAY = date(2026, 11, 20)


def draft(version: str, sections: Mapping[str, str], *, effective: str = "2026-10-01", more: str = "") -> str:
    """A document `dares` with sections such as `{"3.2 Stunts": "text"}`."""
    body = "\n".join(f"### {heading}\n\n{text}\n" for heading, text in sections.items())
    return f'---\nid: dares\ntitle: Dares\nversion: "{version}"\neffective: {effective}\n{more}---\n# Dares\n\n{body}'


def step(knowledge: Knowledge, write: Write, old: Mapping[str, str], new: Mapping[str, str]) -> DocumentChange:
    """What `changes` says of version 2 of a document against version 1."""
    folder = write({"dares-1.md": draft("1", old, effective="2026-05-01"), "dares-2.md": draft("2", new)})
    knowledge.add(folder, "guidelines")
    (found,) = knowledge.changes("dares", today=TODAY)
    return found


def only(change: DocumentChange) -> SectionChange:
    """The one section that changed."""
    (section,) = change.sections
    return section
