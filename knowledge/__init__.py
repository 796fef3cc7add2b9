"""What the team wrote down: documents, sections, their index and search. Imports neither `bot` nor `tools`.

`Knowledge(home)` is the one object others use; `LIBRARY` is the folder of the shipped sample guidelines.
"""

from pathlib import Path

from knowledge.index.embeddings import Embedder, Loaded
from knowledge.errors import KnowledgeError, UnknownNameError
from knowledge.knowledge import Knowledge, Status, Term
from knowledge.passages import Hit, Passage
from knowledge.index.storing import AddReport

LIBRARY = Path(__file__).parent / "library"

__all__ = [
    "LIBRARY",
    "AddReport",
    "Embedder",
    "Hit",
    "Knowledge",
    "KnowledgeError",
    "Loaded",
    "Passage",
    "Status",
    "Term",
    "UnknownNameError",
]
