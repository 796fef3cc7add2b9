"""Sections that cannot be quoted well: too long, without text, or with a first sentence that is not the rule."""

import re
from collections.abc import Iterator

from knowledge.lint.drafts import Drafts, Part
from knowledge.lint.findings import Finding
from knowledge.lint.prose import MOST
from knowledge.search.glossary import is_glossary
from knowledge.search.quotes import LONGEST, sentences

LONG, LATE, EMPTY = "too-long-to-quote", "rule-not-first", "no-text"
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")  # written without spaces
_LEANS = re.compile(
    r"(?:(?:It|They|He|She|However|But|Also|Therefore|Otherwise|Moreover|Furthermore|Nevertheless|Instead|Hence|Thus)\b"
    r"|(?:This|These|That|Those)\s+(?!(?:sections?|areas?|documents?|standards?|guidelines?|polic(?:y|ies)|chapters?"
    r"|pages?|cards?|rules?|glossary|playbook|list|table|words|terms|measures)\b))"
)


def too_long_to_quote(drafts: Drafts) -> Iterator[Finding]:
    """Sections over the limit of words, and first sentences that an answer would have to cut."""
    for part in drafts.parts:
        length = _length(part.text)
        if length > drafts.limits.words:
            says = f"The section has {length} words, more than {drafts.limits.words}; give each rule its own section."
            yield part.finding(LONG, "warning", says)
        first = _first(part)
        if len(first) > LONGEST:
            says = f"The first sentence has {len(first)} characters, and a quote holds {LONGEST}; make it shorter."
            yield part.finding(LONG, "warning", says, 0)


def rule_not_first(drafts: Drafts) -> Iterator[Finding]:
    """First sentences that lean on something before them: quoted alone they say nothing."""
    for part in drafts.parts:
        match = None if is_glossary(part.document_id) else _LEANS.match(_first(part))
        if match:
            says = f"The first sentence begins with {match[0].strip()!r}; begin with the rule, as it is quoted alone."
            yield part.finding(LATE, "note", says, 0)


def no_text(drafts: Drafts) -> Iterator[Finding]:
    """Headings at the end of the tree under which nothing is written."""
    for part in drafts.parts:
        if part.text and part.bare:
            yield part.finding(EMPTY, "warning", "The section has a heading and no text; write its rule or remove it.")


def _first(part: Part) -> str:
    return "" if part.bare else next(iter(sentences(part.prose[: 20 * LONGEST].strip())), "")


def _length(text: str) -> int:
    """Words; of scripts without spaces two characters count as one. Beyond 100,000 characters an estimate is enough."""
    looked = text[:MOST]
    counted = len(looked.split()) + len(_WIDE.findall(looked)) // 2
    return counted * max(len(text), 1) // max(len(looked), 1)
