"""The content gate (R1, R4): asking to see items, or to have harmful text written, is refused before a model reads it.

The second control: no tool returns content, because none is stored. This gate is for the plain request; it must let
through what asks for numbers (“recall on comments”, “how many examples per language”) or for a rule about content
(“may I paste examples in Slack?”).
"""

from functools import cache
from pathlib import Path

from bot.access.phrases import Phrases, read_phrases
from bot.access.wording import plain

_ENGLISH = Path(__file__).with_name("content.yaml")
_ABROAD = Path(__file__).with_name("content_abroad.yaml")
_LANGUAGES = ("es", "pt", "de", "fr", "zh", "ja", "hi", "tl")


def asks_for_content(text: str) -> bool:
    """Whether a message asks to be shown items, or to have content or evasions written."""
    message, english = plain(text), _phrases(_ENGLISH)
    if english.found("asks_rule", message):
        return False
    if english.found("always", message) or english.found("written", message):
        return True
    counted = english.found("counted", message)
    return not counted and (english.found("shown", message) or _asked_abroad(message))


def _asked_abroad(message: str) -> bool:
    """Whether a word for showing or writing and one for what is shown stand together in one other language."""
    abroad = _phrases(_ABROAD)
    return any(
        abroad.found(f"{language}_asks", message) and abroad.found(f"{language}_items", message)
        for language in _LANGUAGES
    )


@cache
def _phrases(path: Path) -> Phrases:
    return read_phrases(path)
