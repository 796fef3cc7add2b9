"""Effect: what the approvals ask of one kind of proposal."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from tools.store.tables import Proposal

Step = Callable[[Session, str, datetime], None]  # stores it, for the person who approved, at this time


class Effect(Protocol):
    """What approving one kind of proposal does. None of it decides: that is one compare-and-set, before."""

    @property
    def roles(self) -> frozenset[str]:
        """Who may approve and reject this kind (R12)."""
        ...

    def prepare(self, row: Proposal) -> Step | str:
        """What to store in the transaction that decides; or, as a sentence, why what was shown cannot be done now."""
        ...

    def finish(self, row: Proposal) -> str:
        """What follows outside the database once it is decided, and a sentence about it, or nothing.

        Asked again at each later press, so that a crash in between loses nothing: twice is the same as once, and it
        never raises.
        """
        ...
