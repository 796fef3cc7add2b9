"""Rules without an example: a section that gives a label and that no factor set or example shows at work."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.lint.drafts import Draft, Drafts, Part
from knowledge.lint.findings import Finding
from knowledge.search.glossary import is_glossary
from knowledge.search.quotes import sentences
from knowledge.search.words import stem, subject

RULE = "rule-without-example"
_CODE = re.compile(r"(?<![\w-])[A-Z]{2,5}-\d(?![\w-])")
_GIVES = re.compile(
    r"\b(?:is|are|be|gets?|gives?|stays?|counts? as|labell?ed(?: as)?)\s+(?:\w{1,20}\s){0,2}?[A-Z]{2,5}-\d(?![\w-])"
    r"(?! (?:with|and|or|to|from|vs|versus) [A-Z]{2,5}-\d)|\b(?:is|are|be)\s+labell?ed\b"
)
_HEADED = re.compile(
    r"\b(?:examples?|pairs?|scenarios?|cards?|beispiele?|ejemplos?|exemples?|exemplos?)\b", re.IGNORECASE
)
_SET = re.compile(r"\{[^{}\n]{3,400}\}")
_RARE = 4  # a word of one rule in so many is its own
_OVERVIEW = 3  # codes in a first sentence from which on it lists labels and gives none


@dataclass(frozen=True)
class _Example:
    """One example: what it says, the labels it gives, the words of its factors, and its document."""

    text: str
    labels: frozenset[str]
    stems: frozenset[str]
    draft: Draft


def rules_without_example(drafts: Drafts) -> Iterator[Finding]:
    """Rules that no example covers, one note each; a document of rules without any example, one warning.

    A rule is a section whose first sentence gives a label. An example is a factor set (`{actor: …} is ABC-2`) or a
    line of a section headed example, pair, scenario or card. It covers a rule of its document whose number it names,
    or one whose label it gives if they share a word of its heading, or of its first sentence if at most a quarter of
    the document's rules have that word; in another document it must name title and number.
    """
    examples = [example for draft in drafts.every for example in _examples(draft)]
    coded = any(_CODE.search(part.prose) for part in drafts.parts)
    own: dict[Draft, list[_Example]] = defaultdict(list)
    for example in examples:
        own[example.draft].append(example)
    for draft in drafts.current:
        rules = [part for part in draft.parts if _is_rule(part) and (_CODE.search(part.prose) or not coded)]
        if not rules:
            continue
        cards = [one for one in examples if one.draft is not draft and draft.title.casefold() in one.text.casefold()]
        if not own[draft] and not cards:
            says = (
                f"None of the {len(rules)} sections that give a label has an example; add factor sets that flip them."
            )
            yield draft.finding(RULE, "warning", says)
            continue
        common = Counter(word for part in rules for word in _about(part))
        for part in rules:
            rare = {word for word in _about(part) if common[word] <= max(1, len(rules) // _RARE)}
            own_words = _stems(part.heading) | rare
            if not any(_covers(one, part, own_words) for one in own[draft]) and not any(
                _names(one, part) for one in cards
            ):
                label = (_CODE.search(part.prose) or [""])[0]
                giving = f" giving {label}" if label else ""
                says = f"No example shows this rule{giving}; add a pair that flips one factor."
                yield part.finding(RULE, "note", says)


def _is_rule(part: Part) -> bool:
    if part.bare or is_glossary(part.draft.claimed) or _HEADED.search(part.name):
        return False
    first = next(iter(sentences(part.prose)), "")
    return bool(_GIVES.search(first)) and len(set(_CODE.findall(first))) < _OVERVIEW and "{" not in first


def _examples(draft: Draft) -> Iterator[_Example]:
    for part in draft.parts:
        headed = bool(_HEADED.search(" ".join(part.path)))
        for sentence in sentences(part.prose) if headed or _SET.search(part.prose) else ():
            if headed or _SET.search(sentence):
                yield _Example(sentence, frozenset(_CODE.findall(sentence)), _stems(sentence), draft)


def _about(part: Part) -> frozenset[str]:
    return _stems(f"{part.heading} {next(iter(sentences(part.prose)), '')}")


def _covers(example: _Example, part: Part, own_words: frozenset[str]) -> bool:
    if _names(example, part):
        return True
    labels = set(_CODE.findall(next(iter(sentences(part.prose)), "")))
    return bool(labels & example.labels) and bool(own_words & example.stems)


def _names(example: _Example, part: Part) -> bool:
    return bool(part.number) and bool(re.search(rf"(?<![\w.]){re.escape(part.number)}(?!\w|\.\d)", example.text))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in subject(text) if len(word) > 3)
