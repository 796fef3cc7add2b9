"""Classes: how severe a change is by what the text shows. A proposal: the author's own mark goes before it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.changes.notes import CLASSES, Class
from knowledge.search.quotes import sentences
from knowledge.search.words import stem, subject

FEW = 12  # words; so many may change in an editorial change, or a fifth of a longer text
_MOST = 120  # sentences that are paired with each other; of more, all count as changed

_LABEL = re.compile(r"\b[A-Z]{2,6}-\d{1,3}\b")
_REFERENCE = re.compile(
    r"(?:\(\s*(?:see )?)?(?:\bsections?|§§?)\s*\d+(?:\.\d+)*(?:(?:,? and|,| to|[-–]) (?:section )?\d+(?:\.\d+)*)*\)?",
    re.IGNORECASE,
)
_UNIT = r"(?= (?:hours?|days?|weeks?|months?|years?|minutes?|times?|working|items?|labels?|levels?|of \w+ |%))"
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\.\d+|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|once|twice|thrice"
    rf"|first|second|third|fourth|fifth|half|double|one{_UNIT})\b",
    re.IGNORECASE,
)
_FORCE = re.compile(
    r"\b(?:must|may|might|can|cannot|shall|should|not|never|nor|none|nobody|only|unless|except|without|always"
    r"|required?|requires|allowed|permitted|forbidden|prohibited|optional|mandatory|at (?:least|most)"
    r"|(?:more|less|fewer) than)\b",
    re.IGNORECASE,
)
# These come and go with any clause; one put in the place of another changes the rule.
_WEAK = re.compile(r"\b(?:and|or|no|any|all|every|each|either|both|if|until|before|after|within)\b", re.IGNORECASE)
_EXPLAINS = re.compile(
    r"deciding factor|it would be|for (?:example|instance)|example|e\.g\.|that is|in other words|note"
    r"|\w[\w ]{0,40} (?:means|is called|is defined)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Proposal:
    """A class, and in a few words what of the text speaks for it."""

    given: Class
    why: str


def proposed(before: str, after: str) -> Proposal:
    """The class of a change from one text to another; an empty text is a section that was not there or is gone.

    Labels, numbers and words of force (must, not, only …) make a rule change, added or removed explanations a
    clarification, few other words an editorial change; in doubt it is the more severe one.
    """
    if not before or not after:
        return _whole(before or after, "added" if after else "removed")
    old, new = _apart(_plain(before), _plain(after))
    explained = [s for s in (*old, *new) if _EXPLAINS.match(s)] if not (old and new) else []
    known = set(_LABEL.findall(before)) & set(_LABEL.findall(after))
    if explained and len(explained) == len(old) + len(new) and set(_LABEL.findall(" ".join(explained))) <= known:
        return Proposal("clarification", f"{'added' if new else 'removed'}: “{_head(explained[0])}”")
    gone, come = " ".join(old), " ".join(new)
    for pattern, what in ((_LABEL, "label"), (_NUMBER, "number"), (_FORCE, "word"), (_WEAK, "word")):
        if (changed := _changed(pattern, gone, come)) and (pattern is not _WEAK or "→" in changed):
            return Proposal("rule change", f"{what} {changed}")
    words = _distance(gone.split(), come.split())
    if words == 0:
        return Proposal("editorial", "punctuation, references or order alone")
    if len(old) != len(new):
        more = "added" if len(new) > len(old) else "removed"
        return Proposal("clarification", f"a sentence {more}")
    if (narrowed := _narrowed(gone, come)) and (_LABEL.search(gone + come) or _FORCE.search(gone + come)):
        return Proposal("clarification", f"a rule's own sentence reworded: {_some(narrowed)}")
    few = max(FEW, len(after.split()) // 5)
    many = f"{words} {'word' if words == 1 else 'words'}, no label, number or word of force"
    return Proposal("editorial" if words <= few else "clarification", many)


def contradiction(given: Class, shown: Proposal) -> str:
    """Why an author's mark is to be doubted; empty where the text does not speak against it.

    A label that changed is a rule change, whatever it is called; a number or a word of force is no editorial matter.
    """
    milder = CLASSES.index(given) < CLASSES.index(shown.given)
    if not milder or (given == "clarification" and not shown.why.startswith("label")):
        return ""
    if given == "editorial" and shown.given == "clarification":
        return ""
    return f"marked {given} by its author, yet the text shows: {shown.why}"


def _whole(text: str, what: str) -> Proposal:
    """A section that came or went is a rule where it holds a label, a number or a word of force."""
    plain = _plain(text)
    for pattern, kind in ((_LABEL, "label"), (_NUMBER, "number"), (_FORCE, "word")):
        if found := pattern.findall(plain):
            return Proposal("rule change", f"{kind} {_some(found)} {what}")
    return Proposal("clarification", f"a section {what}, without label, number or word of force")


def _plain(text: str) -> str:
    """Without references to sections and without marks of Markdown: what they say is elsewhere."""
    return re.sub(r"[*_`]+", "", _REFERENCE.sub(" ", text))


def _apart(before: str, after: str) -> tuple[list[str], list[str]]:
    """The sentences that stand in one of the texts only, without punctuation and case."""
    old, new = ([" ".join(s.split()) for s in sentences(text)] for text in (before, after))
    counted, others = Counter(map(_bare, old)), Counter(map(_bare, new))
    gone, come = counted - others, others - counted
    return [s for s in old if gone[_bare(s)] > 0], [s for s in new if come[_bare(s)] > 0]


def _bare(sentence: str) -> str:
    return " ".join(re.findall(r"\w+(?:[-.]\w+)*", sentence.lower()))


def _changed(pattern: re.Pattern[str], gone: str, come: str) -> str:
    """`PRV-1 → PRV-2`, `PRV-1 removed`, `must added`; empty where both have the same in the same order."""
    old, new = (
        [found if pattern is _LABEL else found.lower() for found in pattern.findall(text)] for text in (gone, come)
    )
    if old == new:
        return ""
    taken, put = list((Counter(old) - Counter(new)).elements()), list((Counter(new) - Counter(old)).elements())
    if old and new and old[0] != new[0]:
        return f"{old[0]} → {new[0]}"
    if taken and put:
        return f"{_some(taken)} → {_some(put)}"
    if taken or put:
        return f"{_some(taken or put)} {'removed' if taken else 'added'}"
    return next(f"{one} → {other}" for one, other in zip(old, new, strict=True) if one != other)


def _narrowed(gone: str, come: str) -> list[str]:
    """Words of meaning that came or went without another in their place."""
    old, new = (Counter(stem(word) for word in subject(text)) for text in (gone, come))
    taken, put = list((old - new).elements()), list((new - old).elements())
    return put or taken if bool(put) != bool(taken) else []


def _some(found: Sequence[str]) -> str:
    names = list(dict.fromkeys(found))
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def _distance(old: list[str], new: list[str]) -> int:
    """How many words went or came, whichever is more; of long texts all."""
    old, new = ([w for w in (_bare(word) for word in text) if w] for text in (old, new))
    if len(old) * len(new) > _MOST * _MOST * 10:
        return max(len(old), len(new))
    same = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return max(len(old), len(new)) - same


def _head(sentence: str) -> str:
    words = sentence.split()
    return " ".join(words[:6]) + (" …" if len(words) > 6 else "")
