"""Errors of the knowledge ring: each says in one sentence what is wrong and which command mends it.

KnowledgeError          the operator must act; the message is ready to show
├── FolderError         the folder given cannot be read, or nothing in it can
├── NothingAddedError   no folder has been added yet
├── DamagedIndexError   the index is missing, damaged or of another layout: `steward knowledge reindex`
├── UnknownNameError    no such collection or document; says the nearest names
├── BusyError           another process is writing the index
└── StorageError        the index cannot be written (disk, permissions)

EmbeddingError          internal: the embedding model failed; search goes on with words alone
"""

ADD = "steward knowledge add DIR --collection NAME"
REINDEX = "steward knowledge reindex"


class KnowledgeError(Exception):
    """Something the operator can mend; the message says how."""


class FolderError(KnowledgeError):
    """The folder to add does not exist, or nothing in it can be read."""


class NothingAddedError(KnowledgeError):
    """No folder has been added to this home."""

    def __init__(self) -> None:
        super().__init__(f"No guidelines have been added yet; add a folder with `{ADD}`.")


class DamagedIndexError(KnowledgeError):
    """The index file cannot be trusted; the guidelines themselves are untouched."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The guideline index {what}; rebuild it from the added folders with `{REINDEX}`.")


class UnknownNameError(KnowledgeError):
    """A collection or document nobody added. `nearest` are at most five names that exist, likeliest first."""

    def __init__(self, kind: str, name: str, nearest: list[str]) -> None:
        self.kind, self.name, self.nearest = kind, name, nearest
        super().__init__(f"There is no {kind} {name[:80]!r} among the guidelines; there is {', '.join(nearest)}.")


class BusyError(KnowledgeError):
    """Another process holds the write lock."""

    def __init__(self) -> None:
        super().__init__("Another process is changing the guideline index; run the command again when it is done.")


class StorageError(KnowledgeError):
    """The index cannot be written; nothing was changed."""


class EmbeddingError(Exception):
    """The embedding model could not be loaded or run; the message is the reason."""
