"""Turn: who asks and where, for the time of one answer; passed on each call and never stored."""

from dataclasses import dataclass, field

from tools.errors import StewardError
from tools.results import Result
from tools.workspace import Call


@dataclass
class Turn:
    """The context of one answer, filled as it goes: results and errors of the tools, what the grounding check found."""

    call: Call
    question: str
    known: bool
    outsiders: bool
    repaired: bool = False
    problems: list[str] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    errors: list[StewardError] = field(default_factory=list)
