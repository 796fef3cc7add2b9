"""The people gate (R9): one person's scores go to that person, their mentor and their lead, never through a question.

The second control: no tool returns a rater's name or figure. This gate refuses the plain request by name, which would
else be read as a request for the figure of a model or a data set.
"""

import re
from collections.abc import Iterable

_FIGURE = (
    r"(?:kappa|alpha|agreement|accuracy|precision|recall|scores?|scorecard|error rate|errors?|mistakes?|quality"
    r"|performance|speed|throughput|output|exposure|labels? (?:wrong|right)|labelled|labeled)"
)


def asks_about_person(text: str, names: Iterable[str]) -> bool:
    """Whether a message asks for the figures of one of these people: “ben's kappa”, “how accurate is ben”."""
    for name in names:
        who = rf"(?<![\w@.-]){re.escape(name)}(?:'s|’s|s)?(?![\w.-])"
        asked = (
            rf"{who}\s+(?:\w+\s+){{0,2}}{_FIGURE}\b",
            rf"\b{_FIGURE}\s+(?:of|from|by|for)\s+{who}",
            rf"\bhow (?:accurate|good|bad|fast|reliable|consistent) (?:is|was)\s+{who}",
            rf"\bhow (?:much|many)\b.{{0,30}} (?:did|does|has)\s+{who}",
        )
        if len(name) > 1 and any(re.search(pattern, text, re.IGNORECASE) for pattern in asked):
            return True
    return False
