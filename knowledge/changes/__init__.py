"""What changed between two versions of a document, and how severe it is by its author's mark or by a proposal."""

from knowledge.changes.differences import Run, differences
from knowledge.changes.documents import DocumentChange, SectionChange, changed, compare
from knowledge.changes.notes import CLASSES, Class
from knowledge.changes.periods import Asked, spans
from knowledge.changes.snippets import snippet

__all__ = [
    "CLASSES",
    "Asked",
    "Class",
    "DocumentChange",
    "Run",
    "SectionChange",
    "changed",
    "compare",
    "differences",
    "snippet",
    "spans",
]
