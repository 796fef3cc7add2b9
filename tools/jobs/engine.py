"""The port of the job engine: what the rest of Steward knows of long work."""

from typing import Protocol


class JobEngine(Protocol):
    """Runs approved evaluations to their end, also across a crash."""

    def start(self) -> bool:
        """Take charge of the queued and unfinished runs; False when another process has, until that one ends."""
        ...

    def nudge(self) -> None:
        """Look for queued runs now rather than at the next tick."""
        ...

    def close(self) -> None:
        """Stop; unfinished runs go on at the next start."""
        ...
