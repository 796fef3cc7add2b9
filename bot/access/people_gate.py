"""The people gate (R9): one person's scores go to that person, their mentor and their lead, never through a question.

Exposure and wellbeing go to the person and the wellbeing lead alone. The second control: no tool returns a rater's name
or figure. This gate refuses the plain request, by name or not, which would else be read as a request for the figure
of a model or a data set; what asks for the rules about people passes.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bot.access.phrases import Phrases, read_phrases
from bot.access.wording import plain

_FILE = Path(__file__).with_name("people.yaml")


def asks_about_person(text: str, names: Iterable[str]) -> bool:
    """Whether a message asks how people do, one of these (“how accurate is ben”) or any (“who is slowest”)."""
    phrases = _phrases()
    message = plain(text)
    if phrases.found("abroad", message):
        return True
    known = sorted({plain(name) for name in names if len(name) > 1}, key=len, reverse=True)
    if known:
        named = "|".join(map(re.escape, known))
        message = re.sub(rf"(?<![\w@.-])(?:{named})(s?)(?![\w-]|\.\w)", r"somebody\1", message)
    if phrases.found("asks_rule", message):
        return False
    return phrases.found("unnamed", message) or ("somebody" in message and phrases.found("named", message))


@cache
def _phrases() -> Phrases:
    return read_phrases(_FILE)
