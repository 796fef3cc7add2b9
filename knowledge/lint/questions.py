"""Questions kept beside the documents (`questions.yaml`) for sections that do not exist."""

from collections.abc import Iterator
from difflib import get_close_matches

from knowledge.lint.drafts import Drafts
from knowledge.lint.findings import Finding

RULE = "unknown-section"


def unknown_sections(drafts: Drafts) -> Iterator[Finding]:
    """Section ids of a questions file that no document has, in any version."""
    sections = sorted({part.section for draft in drafts.every for part in draft.parts})
    known = set(sections)
    for path, names in drafts.questions.items():
        for name in names:
            if name not in known:
                near = get_close_matches(name[:200], sections, n=1, cutoff=0.7)
                hint = f"write {near[0]} if that is meant" if near else "write it as `document-id/3.2`"
                yield Finding(RULE, "error", path, name, None, f"There is no section {name!r}; {hint}.")
