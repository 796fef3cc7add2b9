"""The content gate (R1, R4): asking to see items, or to have harmful text written, is refused before a model reads it.

The second control: no tool returns content, because none is stored. This gate is for the plain request; it must let
through what asks for numbers ("recall on comments", "how many examples per language").
"""

import re

_SHOW = (
    r"(?:show|give|list|see|send|print|paste|open|export|display|read|view|pull up|download|fetch|look at|get"
    r"|(?<!what )(?<!the )(?<!which )(?<!a )share)"  # not the noun
)
_MANY = (
    r"(?:(?:me|us|the|a|an|some|any|all|few|couple|bunch|several|actual|real|raw|worst|best|top|typical|more|of|these|those|its|\d+)"
    r"\s+){0,5}"
)
_THING = (
    r"(?:examples?|samples?|messages?|comments?|captions?|videos?|clips?|texts?|posts?|profiles?|bios?|titles?|sentences|images?|pictures?|wording|transcripts?|content"
    r"|items?)"
)
_NUMBERS_FOLLOW = (
    r"(?!\s+(?:coverage|recall|precision|count|counts|fpr|rate|rates|per|by|size|sizes|stats|statistics|share|numbers?)"
    r"|\s+of (?:questions|what))"
)
_MISTAKES = r"(?:misses|mistakes|errors|false (?:negatives|positives)|missed (?:items|ones|positives))"
_WRITE = r"(?:write|generate|invent|make up|come up with|compose|produce|simulate|create|draft)"
_ASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_SHOW}\s+{_MANY}(?:\w+\s+)?{_THING}\b{_NUMBERS_FOLLOW}(?=.{{0,60}}\b(?:miss|missed|wrong|flag|flagged|fail"
        rf"|failed|caught|scored|said|say|text|themselves|look like|of\s+(?:a|an|the)?\s*\w+)|\s*[?.!]*$)",
        rf"\b{_SHOW}\s+{_MANY}{_MISTAKES}\b.{{0,30}}\b(?:to look at|here|themselves|to read|so (?:i|we) can)\b",
        rf"\b{_SHOW}\s+(?:me\s+|us\s+)?(?:some|a few|\d+|the worst|the actual|examples of)\s+{_MISTAKES}\b",
        rf"\bwhat (?:did|do|does) (?:the |these |those )?(?:\w+ ){{0,2}}{_THING} (?:say|look like|sound like)\b",
        rf"\b{_WRITE}\b.{{0,40}}\b{_THING}\b(?!\s+(?:per|by))",
        rf"\b{_WRITE}\b.{{0,60}}\b(?:evade|bypass|get around|get past|fool|trick|slip)\b",
        r"\b(?:words?|slang|terms?|phrases?|emojis?|spellings?|codes?|hashtags?)\b.{0,40}"
        r"\b(?:evade|bypass|avoid|get around|get past|fool|trick|slip|kids use|people use|users use)\b",
        r"\bopen\s+(?:the\s+)?(?:item\s+)?it_\w+",
    )
)


def asks_for_content(text: str) -> bool:
    """Whether a message asks to be shown items, or to have content or evasions written."""
    return any(pattern.search(text) for pattern in _ASKS)
