"""The escalation answer (R22): fixed, from configuration, the same every time, with every other part down.

Two controls: this gate runs before anything that can fail, and its text has no part that is looked up or generated.
"""

import contextlib
from functools import cache
from pathlib import Path

from bot.access.phrases import Phrases, read_phrases
from bot.access.wording import plain
from bot.team import Escalation, read_team

_ENGLISH = Path(__file__).with_name("distress.yaml")
_ABROAD = Path(__file__).with_name("distress_abroad.yaml")


def needs_escalation(text: str) -> bool:
    """Whether a message asks for help with something seen or felt, for somebody in danger, or whether to report."""
    message, english = plain(text), _phrases(_ENGLISH)
    if english.found("always", message) or _phrases(_ABROAD).found("abroad", message):
        return True
    if english.found("unless_figures", message) and not english.found("figures", message):
        return not english.found("rule", message) or english.found("live", message)
    if english.found("unless_rule", message):
        return not english.found("rule", message) or english.found("live", message)
    return False


@cache
def _phrases(path: Path) -> Phrases:
    return read_phrases(path)


def route_of(home: Path | None) -> Escalation:
    """The route that a home names; the built-in words where it names none or cannot be read."""
    if home is not None:
        with contextlib.suppress(Exception):
            return read_team(home).escalation
    return Escalation()


def escalation_text(route: Escalation) -> str:
    """The fixed template: the route, never the content."""
    return (
        "1. Stop; do not copy, screenshot or describe.\n"
        "2. Use the case tool's escalate button, reference number only.\n"
        f"3. On call: {route.on_call}\n"
        f"4. You may step away now; support: {route.support}\n\n"
        "I logged the time, not the content."
    )


def paste_text(route: Escalation) -> str:
    """The fixed answer to a message that looks like pasted content (R3)."""
    return (
        "That looks like pasted content, so I did not read, keep or pass it on. Please delete the message.\n\n"
        f"{escalation_text(route)}\n\n"
        "For a labeling question, describe the case in abstract factors: who, to whom, where, which act."
    )
