"""Rulings: the parts of a section that decide a case: rule, deciding factor, what would flip it. All verbatim."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.search.quotes import sentences, shortened

_DECIDING = re.compile(r"[*_]{0,3}(?:(?:the )?(?:deciding|decisive) factors?\b|what decides\b)", re.IGNORECASE)
_FLIPS = re.compile(
    r"[*_]{0,3}(?:(?:it|this|the label) would be\b|what (?:would )?flips? it\b|exceptions?:|except\b|unless\b)",
    re.IGNORECASE,
)
_NAME = 80  # characters of a label's name
LABEL = re.compile(r"\b[A-Z]{2,6}-\d{1,2}\b")


@dataclass(frozen=True)
class Ruling:
    """What a section says on a case.

    `rule` is its first sentence (authors put the rule there), `deciding` the sentence that names the deciding factor
    and `flips` those that say what would change the outcome; each is a literal part of the text, or empty. `label` is
    the one label code that the rule gives, empty where it gives none or several.
    """

    rule: str
    deciding: str
    flips: tuple[str, ...]
    label: str


def ruling(text: str) -> Ruling:
    """Read a section's text."""
    parts = sentences(text)
    rule = parts[0] if parts else ""
    codes = set(LABEL.findall(rule))
    return Ruling(
        rule=shortened(rule),
        deciding=shortened(next((part for part in parts[1:] if _DECIDING.match(part)), "")),
        flips=tuple(shortened(part) for part in parts[1:] if _FLIPS.match(part)),
        label=codes.pop() if len(codes) == 1 else "",
    )


def label_name(label: str, texts: Iterable[str]) -> str:
    """What a label is called, from the first sentence that lists it with its siblings; empty where none does.

    Such a sentence reads `PRV-0 not violating, PRV-1 …, and PRV-3 …`; the name is a literal part of it.
    """
    family = label.rsplit("-", 1)[0]
    for text in texts:
        for sentence in sentences(text):
            places = list(re.finditer(rf"\b{re.escape(family)}-\d{{1,2}}\b", sentence))
            if len({place[0] for place in places}) < 3:
                continue
            for place, after in zip(places, [*places[1:], None], strict=True):
                said = sentence[place.end() : after.start() if after else len(sentence)].strip()
                if place[0] != label or len(said) > 2 * _NAME:
                    continue
                name = re.sub(r"(?:,|;|\band\b|\bor\b|\.|\s)+$", "", said).strip(" ,:;()")
                if name and len(name) <= _NAME and "." not in name:
                    return name
    return ""
