"""The paste gate (R3): a message that looks like a pasted sample goes no further.

It runs before any log, embedding, store or model sees the text. The second control is that nothing behind it accepts
content: no tool takes free text but the guideline search (R1). It is a simple gate, meant to stop the accident of a
colleague in a hurry.
"""

import re
from typing import Literal

Kind = Literal["too long", "link", "media", "hash", "contact", "quote", "transcript"]

MAX_CHARACTERS = 2_000  # a question is short; what is longer was copied from somewhere

_LINK = re.compile(r"https?://|www\.\w|\b\w+\.(?:com|net|org|io|tv|ru|me)/\S", re.IGNORECASE)
_MEDIA = re.compile(r"\b[\w-]+\.(?:jpe?g|png|gif|webp|heic|mp4|mov|avi|webm|mp3|wav|m4a)\b", re.IGNORECASE)
_HASH = re.compile(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{32,}\b", re.IGNORECASE)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}|(?<!\w)\+?\d(?:[ ().-]?\d){8,}(?!\w)")
_QUOTED = re.compile(r"[\"“„«](.{25,}?)[\"”“»]", re.DOTALL)
_BLOCK = re.compile(r"^\s*(?:>|&gt;)\s*\S|```", re.MULTILINE)
_SPEAKER = re.compile(r"^\s*(?:\[?\d{1,2}:\d{2}[^\n]{0,12}\]?\s*)?@?[\w.]{2,24}\s*:\s+\S", re.MULTILINE)


def looks_pasted(text: str) -> Kind | None:
    """What makes a message look like pasted content; None for a plain question. Never returns any of the text."""
    if len(text) > MAX_CHARACTERS:
        return "too long"
    if _LINK.search(text):
        return "link"
    if _MEDIA.search(text):
        return "media"
    if _HASH.search(text):
        return "hash"
    if _CONTACT.search(text):
        return "contact"
    if _BLOCK.search(text) or any(len(found.split()) >= 5 for found in _QUOTED.findall(text)):
        return "quote"
    if len(_SPEAKER.findall(text)) >= 2:
        return "transcript"
    return None
