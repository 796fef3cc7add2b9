"""What the team wrote down: documents, sections, their index and search. Imports neither `bot` nor `tools`.

`Knowledge(home)` is the one object others use; `LIBRARY` is the folder of the shipped sample guidelines, `PLAYBOOK`
that of the method cards.
"""

from pathlib import Path

from knowledge.errors import KnowledgeError, UnknownNameError
from knowledge.index.embeddings import Embedder, Loaded
from knowledge.index.storing import AddReport
from knowledge.knowledge import Found, Knowledge, Status, Term
from knowledge.passages import Hit, Passage
from knowledge.versions import Edition

LIBRARY = Path(__file__).parent / "library"
PLAYBOOK = Path(__file__).parent / "playbook"

__all__ = [
    "LIBRARY",
    "PLAYBOOK",
    "AddReport",
    "Edition",
    "Embedder",
    "Found",
    "Hit",
    "Knowledge",
    "KnowledgeError",
    "Loaded",
    "Passage",
    "Status",
    "Term",
    "UnknownNameError",
]
