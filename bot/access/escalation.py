"""The escalation answer (R22): fixed, from configuration, the same every time, with every other part down.

Two controls: this gate runs before anything that can fail, and its text has no part that is looked up or generated.
"""

import contextlib
import re
from pathlib import Path

from bot.team import Escalation, read_team

_SAW = r"\b(?:saw|seen|came across|watched|read|reviewed|opened|found|got shown)\b"
_BAD = r"\b(?:bad|horrible|horrific|awful|terrible|disturbing|upsetting|shocking|traumati[sz]ing|disgusting|illegal)\b"
# "I saw that recall is terrible" is about a figure.
_FIGURE = r"\b(?:recall|precision|fpr|fnr|f1|auc|rates?|slices?|metrics?|scores?|numbers?|figures?|results?|v\d+)\b"
_SIGNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_SAW}(?:(?!{_FIGURE}).){{0,40}}{_BAD}(?!\s+{_FIGURE})",
        r"\bcan(?:'|no|’)?t (?:stop thinking|sleep|unsee|get it out)\b",
        r"\b(?:do ?n['’o]?t|do not|not) (?:feel|feeling) (?:so |very |too |really )?(?:ok(?:ay)?|well|good|safe)\b",
        r"\bfeel(?:ing)? (?:so |really |very |pretty |quite )?(?:unwell|awful|terrible|bad|sick|numb|anxious|upset)\b",
        r"\bwho (?:can|do|should|could) i (?:call|talk to|speak to|turn to|reach)\b",
        r"\bi(?:'m| am|’m)? (?:feel(?:ing)? )?(?:sick|shaken|overwhelmed|traumati[sz]ed|in shock|not ok(?:ay)?)\b",
        r"\b(?:child|kid|minor|someone|user)\b.{0,30}\b(?:in (?:immediate |real )?danger|being (?:hurt|harmed))\b",
        r"\bis (?:this|it) (?:reportable|illegal|something (?:i|we) (?:must|have to) report)\b",
        rf"\b(?:should|must|do) i (?:have to )?report (?:this|it|that)\b(?!\s+(?:as\s+)?{_FIGURE})",
        r"\bcsam\b",
        r"\bi need (?:to talk to (?:someone|somebody)|(?:someone|somebody) to talk)\b",
        r"\bi need (?:support|help) (?:right now|now|after)\b",
        r"\bcan(?:'|no|’)?t (?:take|handle|face|bear|stand|do)\b.{0,20}\b(?:queue|any ?more|any longer|content)\b",
        r"\b(?:someone|somebody|anyone|anybody) (?:i can |to )(?:talk|speak|turn) to\b",
        r"\bwho(?:'s| is|’s) on[- ]?call\b",
        r"\b(?:must|has to|needs? to|should|have to) be reported\b(?!\s+(?:as|by|in|with|per)\b)",
        r"\b(?:too much for me|getting to me|burn(?:ed|t) out|panic attack|need a break from (?:this|the queue))\b",
        r"\b(?:he visto|acabo de ver|vi) algo\b.{0,30}\b(?:horrible|terrible|malo|fuerte)\b",
        r"\bno (?:puedo más|aguanto más)\b",
        r"\b(?:vi|acabei de ver) (?:algo|uma coisa)\b.{0,30}\b(?:horrível|terrível|ruim|muito mau)\b",
        r"\bich (?:kann|halte) (?:das )?nicht mehr\b",
        r"\bje n'en peux plus\b",
        r"我(?:刚|刚刚|刚才)?看到了?.{0,12}(?:可怕|不好|糟糕|严重)",
        r"(?:ひどい|怖い|恐ろしい)(?:もの|動画|投稿).{0,8}見",
        r"\bmaine\b.{0,20}\b(?:bura|bhayanak|ganda)\b.{0,12}\bdekh",
        r"\bnakakita ako\b.{0,30}\b(?:masama|nakakatakot|grabe)\b",
        r"\bich habe (?:gerade )?(?:etwas|was)\b.{0,30}\b(?:schlimmes|furchtbares)\b.{0,20}\bgesehen\b",
        r"\bj'ai vu (?:quelque chose|un truc)\b.{0,30}\b(?:horrible|terrible|grave)\b",
    )
)


def needs_escalation(text: str) -> bool:
    """Whether a message asks for help with something seen, or whether it must be reported."""
    return any(sign.search(text) for sign in _SIGNS)


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
