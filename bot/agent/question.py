"""Question: what every surface hands to the assistant."""

from dataclasses import dataclass, field
from typing import Literal

Surface = Literal["terminal", "slack", "playground"]


@dataclass(frozen=True)
class Question:
    """One message from one person.

    Args:
        text: what was written, unchecked, any length.
        asker: the person's id as the surface knows it (`U…` in Slack, a name from the configuration in the terminal).
        thread: where follow-ups belong; unique over all surfaces (`slack:C1:17.5`, `terminal:default`).
        audience: `private` when only the asker reads the answer, else the id of the channel.
        surface: which surface asks.
        outsiders: the audience holds guests or another company (R11): no data, public help only.
        id: the surface's id of the message, for the audit.
    """

    text: str
    asker: str
    thread: str
    audience: str = "private"
    surface: Surface = "terminal"
    outsiders: bool = False
    id: str = field(default="")
