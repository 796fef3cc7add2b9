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
# Dates or thresholds beside each other look like a number to call.
_FIGURE = re.compile(
    r"\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-\d\d)?(?:[T ]\d\d:\d\d(?::\d\d)?)?\b|(?<![\d.])[01]?\.\d{1,4}(?![\d.])"
)
_CONTACT = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}|(?<!\w)\+?\d(?:[ ().-]?\d){8,}(?!\w)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«](.{25,}?)[\"”“»]", re.DOTALL)
_SUPPORT = r"=?\s*[\d.,]+\s*(?:%|items?|positives|negatives|samples?|examples|each|only|$)"  # "> 50 items" is a filter
_BLOCK = re.compile(rf"^\s*(?:>|&gt;)(?!\s*{_SUPPORT})\s*\S|```", re.MULTILINE)
_FIELDS = (
    r"models?|versions?|baseline|candidate|datasets?|sets?|suites?|metrics?|slices?|threshold|filters?|by|language"
    r"|surface"
)
_SPEAKER = re.compile(
    rf"^\s*(?:\[?\d{{1,2}}:\d{{2}}[^\n]{{0,12}}\]?\s*)?(?!(?:{_FIELDS})\s*:)@?[\w.]{{2,24}}\s*:\s+\S",
    re.MULTILINE | re.IGNORECASE,
)


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
    if _CONTACT.search(_FIGURE.sub("", text)):
        return "contact"
    if _BLOCK.search(text) or any(len(found.split()) >= 5 for found in _QUOTED.findall(text)):
        return "quote"
    if len(_SPEAKER.findall(text)) >= 2:
        return "transcript"
    return None
