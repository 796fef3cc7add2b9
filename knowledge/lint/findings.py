"""Findings: what is wrong in a guideline, where, and what its author should do."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """One fault. `document` is the path as given, `section` a section id or empty, `line` counts from 1 in the file.

    An error breaks answers or citations, a warning makes them worse, a note is worth a look.
    """

    rule: str
    severity: Severity
    document: str
    section: str
    line: int | None
    says: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return asdict(self)
