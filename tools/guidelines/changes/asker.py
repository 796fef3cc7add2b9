"""Asker: what every answer on changes may use, so that it need not be handed on piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge import Edition, Knowledge
from tools.workspace import Call

NAME = "guideline_changes"


@dataclass(frozen=True)
class Asker:
    """The guidelines and their versions, the day, the call with its catalogue and roles, the resolved question."""

    knowledge: Knowledge
    editions: Sequence[Edition]
    today: date
    call: Call
    query: dict[str, Any]

    @property
    def roles(self) -> frozenset[str]:
        """The roles of who asks."""
        return self.call.caller.roles
