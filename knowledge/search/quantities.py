"""Quantities: the numbers of a clause with their unit (`within two hours`, `at least 60 positives`).

Numbers may be digits or the words up to twenty. What is told apart: the unit (times are brought to minutes; working
days, months and calendar days are three), what it is per (`a day`), and the relation (`at least` is not `at most`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

TOKEN = re.compile(
    r"(?<!\w)(?:[A-Z]{2,5}-\d(?!\w)|\d{1,3}(?:,\d{3})+(?!\d)|\d{0,9}\.\d{1,6}(?!\w|\.\d)|\d{1,9})|[^\W\d_]{1,40}|%|[,:.(){}]"
)
_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_TENS = {"half": 0.5, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0, "hundred": 100.0}
_NUMBERS = {name: float(n) for n, name in enumerate(_UP_TO_TWENTY.split())} | _TENS
_FORMS = (
    ("second seconds sekunde sekunden segundo segundos seconde secondes", "minutes", 1 / 60),
    ("minute minutes minuten minuto minutos", "minutes", 1),
    ("hour hours stunde stunden hora horas heure heures", "minutes", 60),
    ("day days tag tage tagen dia dias día días jour jours", "minutes", 1_440),
    ("week weeks woche wochen semana semanas semaine semaines", "minutes", 10_080),
    ("month months monat monate monaten mes meses mois", "months", 1),
    ("year years jahr jahre jahren año años ano anos ans", "months", 12),
    ("percent prozent %", "percent", 1),
    ("rater raters labeller labellers labeler labelers annotator annotators reviewer reviewers", "people", 1),
    ("person persons people approver approvers", "people", 1),
    ("time times", "times", 1),
    ("try tries attempt attempts", "tries", 1),
    ("miss misses", "misses", 1),
)
_COUNTED = "point item case card question label annotation positive sample example error defect sign character word"
_UNITS = {name: (unit, factor) for names, unit, factor in _FORMS for name in names.split()} | {
    name: (f"{noun}s", 1.0) for noun in _COUNTED.split() for name in (noun, f"{noun}s")
}
_RELATIONS = {
    "within": "within", "innerhalb": "within", "dentro": "within", "least": "least", "mindestens": "least",
    "minimum": "least", "most": "most", "maximum": "most", "höchstens": "most", "up": "most", "more": "more",
    "over": "more", "above": "more", "exceeds": "more", "older": "more", "worse": "more", "fewer": "less",
    "less": "less", "under": "less", "below": "less", "after": "after", "nach": "after", "every": "every",
    "first": "first", "next": "next", "last": "last",
}  # fmt: skip
_BETWEEN = frozenset(("than", "of", "by", "to", "a", "an", "the", "von", "einem", "einer", "de"))
_NAMED = frozenset(("level", "section", "sections", "version", "release", "gold", "chapter", "article", "step", "day"))
_PER = frozenset(("a", "an", "per", "each", "every", "pro", "por", "par"))


@dataclass(frozen=True)
class Quantity:
    """A value of a unit, and which of the clause's tokens say so; adjectives between (`three blind labels`) do not."""

    unit: str
    per: str
    relation: str
    value: float
    tokens: frozenset[int]


def quantities(tokens: Sequence[str]) -> list[Quantity]:
    """The quantities of a clause of lower-case tokens (as TOKEN cuts them), in order."""
    found: list[Quantity] = []
    end = 0
    for at, token in enumerate(tokens):
        value = number(token)
        if value is None or at < end or (at and tokens[at - 1] in _NAMED):
            continue
        relation, bounds = _relation(tokens, at)
        unit, factor, place = _unit(tokens, at + 1)
        taken = {at, *bounds}
        if unit:
            per, end = _per(tokens, place + 1)
            taken |= {place, *range(place + 1, end)} | ({place - 1} if unit == "working days" else set())
            found.append(Quantity(unit, per, relation, round(value * factor, 6), frozenset(taken)))
        elif relation and found and _ends(tokens, at + 1):  # `within two days, for severe labels within one`
            found.append(Quantity(found[-1].unit, found[-1].per, relation, value, frozenset(taken)))
        elif 0 < value < 1 and "." in token:
            found.append(Quantity("share", "", relation, value, frozenset(taken)))
    return found


def number(token: str) -> float | None:
    """The value of a token, None where it is no number."""
    if token[-1].isdecimal():
        try:
            return float(token.replace(",", ""))
        except ValueError:  # a label code such as PRV-2
            return None
    return _NUMBERS.get(token)


def _relation(tokens: Sequence[str], at: int) -> tuple[str, range]:
    """How the number is bounded, and the tokens that say so: at most three before it."""
    for back in range(at - 1, max(at - 4, -1), -1):
        if tokens[back] in _RELATIONS:
            return _RELATIONS[tokens[back]], range(back, at)
        if tokens[back] not in _BETWEEN:
            break
    return "", range(0)


def _unit(tokens: Sequence[str], at: int) -> tuple[str, float, int]:
    """The unit, its factor and its place: behind the number, at most two adjectives between; empty where none is."""
    if at < len(tokens) and tokens[at] in ("a", "an"):  # half an hour
        at += 1
    for place in range(at, min(at + 3, len(tokens))):
        token, previous = tokens[place], tokens[place - 1] if place > at else ""
        if token in _UNITS:
            unit, factor = _UNITS[token]
            if unit == "minutes" and previous in ("working", "business"):
                return ("working days", 1.0, place) if factor == 1_440 else ("", 1.0, at)
            if unit == "minutes" and previous not in ("", "calendar", "consecutive", "full"):
                break  # `20 items a day`, `three training days`
            return unit, factor, place
        if not token[0].isalpha() or token in _BETWEEN or token in _NUMBERS:
            break
    return "", 1.0, at


def _per(tokens: Sequence[str], at: int) -> tuple[str, int]:
    if at + 1 < len(tokens) and tokens[at] in _PER and tokens[at + 1] in _UNITS:
        return _UNITS[tokens[at + 1]][0] + str(_UNITS[tokens[at + 1]][1]), at + 2
    return "", at


def _ends(tokens: Sequence[str], at: int) -> bool:
    return at >= len(tokens) or not tokens[at][0].isalnum()
