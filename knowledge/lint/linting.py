"""Linting: every rule over the guidelines, before they are added or afterwards."""

from collections.abc import Callable, Iterator

from knowledge.lint.disagreements import conflicting_numbers
from knowledge.lint.drafts import Drafts
from knowledge.lint.duplicates import duplicate_ids
from knowledge.lint.examples import rules_without_example
from knowledge.lint.findings import SEVERITIES, Finding
from knowledge.lint.front_matter import effective_dates, front_matter
from knowledge.lint.legal import legal_dates
from knowledge.lint.lengths import no_text, rule_not_first, too_long_to_quote
from knowledge.lint.links import dangling_links
from knowledge.lint.marks import broken_marks
from knowledge.lint.questions import unknown_sections
from knowledge.lint.references import dangling_references
from knowledge.lint.terms import undefined_labels, undefined_terms, unused_terms

Rule = Callable[[Drafts], Iterator[Finding]]


def unreadable(drafts: Drafts) -> Iterator[Finding]:
    """Files that are left out, and folders that are gone."""
    for one in drafts.unreadable:
        yield Finding("unreadable", "error", one.path, "", None, f"It {one.reason}.")


RULES: tuple[Rule, ...] = (
    unreadable,
    duplicate_ids,
    front_matter,
    effective_dates,
    broken_marks,
    unknown_sections,
    dangling_references,
    dangling_links,
    conflicting_numbers,
    legal_dates,
    too_long_to_quote,
    no_text,
    rule_not_first,
    undefined_labels,
    undefined_terms,
    unused_terms,
    rules_without_example,
)


def lint(drafts: Drafts) -> list[Finding]:
    """Every finding once, by document, line and severity."""
    found = dict.fromkeys(finding for rule in RULES for finding in rule(drafts))
    return sorted(found, key=lambda one: (one.document, one.line or 0, SEVERITIES.index(one.severity), one.rule))
