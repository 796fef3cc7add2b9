"""Glossary: the team's own words, read from its glossary document, with the short forms each goes by."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from knowledge.passages import Passage

DOCUMENT = "glossary"  # the id of a document that is read as one, or the last part of its id
_ENTRY = re.compile(r"^[ \t]*[-*+][ \t]+([^:\s][^:\n]{0,119}):[ \t]+(\S[^\n]*)$", re.MULTILINE)
_ALSO = re.compile(r"\(([^()]*)\)")
_MARKS = " *_`"  # of Markdown, around a word
_MOST = 5_000  # terms; all of them are looked for in every question


@dataclass(frozen=True)
class GlossaryTerm:
    """A term, the other forms it goes by, what it means, and the section that says so."""

    name: str
    also: tuple[str, ...]
    meaning: str
    section: str

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form of the term, its name first."""
        return (self.name, *self.also)


def is_glossary(document_id: str) -> bool:
    """Whether a document is read as a glossary."""
    return document_id.rsplit("/", 1)[-1].split("~")[0] == DOCUMENT


def glossary_terms(passages: Iterable[Passage]) -> tuple[GlossaryTerm, ...]:
    """The terms of glossary sections: list items of the form `- Term (other form, short form): meaning.`"""
    return tuple(islice((term for passage in passages for term in _terms(passage)), _MOST))


def _terms(passage: Passage) -> Iterable[GlossaryTerm]:
    for entry in _ENTRY.finditer(passage.text):
        also = [form.strip(_MARKS) for group in _ALSO.findall(entry[1]) for form in group.split(",")]
        name = " ".join(_ALSO.sub(" ", entry[1]).strip(_MARKS).split())
        if name:
            yield GlossaryTerm(name, tuple(form for form in also if form), entry[2].strip(), passage.section)
