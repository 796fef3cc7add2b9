"""Claims: the clauses of a section that give one number of a unit, or one label of an area, and for what."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.search.quantities import TOKEN, Quantity, number, quantities
from knowledge.search.quotes import sentences
from knowledge.search.words import stem

_MOST = 20_000  # characters of a section that are looked at; a rule stands near its beginning
_LIGHT_WORDS = (
    "a about after all also always an and any are as at be been before but by can could do does each either ever every"
    " for from gets get gives given give goes go had happens happen has have he her his how if in into is it its just"
    " may might must need needed needs never no not of on only or our out over own per shall she should since so such"
    " than that the their them then there these they this those through to under until up use used was we were what"
    " when where whether which while who whom whose will with within without would you your working"
    " der die das den dem des ein eine einer eines einem einen und oder ist sind wird werden von zu in im mit nach bei"
    " innerhalb le la les un une des du de et est sont dans el los las una y es son en dentro o os as um uma e"
)
_LIGHT = frozenset(_LIGHT_WORDS.split())
_SUPPOSED = re.compile(r"(?:It|They|Without|Under|Version|Release|Editorial|Added|Rule change)\b")
_SETS = re.compile(r"\{([^{}\n]{1,400})\}([^{}\n]{1,600})")
_GIVEN = re.compile(r"(?:\bwith ([a-z][\w ]{0,30}): ([^;.,{}\n]{1,80}?) it )?\bis ([A-Z]{2,5})-(\d)\b")


@dataclass(frozen=True)
class Claim:
    """What a clause says of its other words.

    `kind` is the unit and what it is per, or the area of a label, and `value` what is given; `about` are the stems of
    the other words as they were written, by stem; `before` the stem directly before a stem, where a word stands there;
    `beside` the other numbers and labels of the clause, which tell cases of a table apart; `exact` asks for the very
    same words, as of factor sets.
    """

    kind: tuple[str, ...]
    value: str
    relation: str
    about: Mapping[str, str]
    before: Mapping[str, str]
    beside: frozenset[str]
    sentence: str
    exact: bool = False


@lru_cache(maxsize=512)
def claims(text: str) -> tuple[Claim, ...]:
    """The claims of a section's text, in order."""
    return tuple(claim for sentence in sentences(text[:_MOST]) for claim in _claims(sentence))


def _claims(sentence: str) -> Iterator[Claim]:
    if "{" in sentence:
        yield from _factor_sets(sentence)
        return
    for clause in sentence.split(";"):
        written = TOKEN.findall(clause)
        tokens = [token if "-" in token else token.lower() for token in written]
        found = quantities(tokens)
        taken = {at for one in found for at in one.tokens}
        codes = [token for token in tokens if "-" in token]
        for one in found:
            same = [other for other in found if (other.unit, other.per) == (one.unit, one.per)]
            if len(same) == 1:  # a clause with several is a table of cases
                about, before, bare = _subject(tokens, written, taken)
                others = {f"{other.value:g} {other.unit}" for other in found if other is not one}
                beside = frozenset({*bare, *codes, *others})
                yield Claim((one.unit, one.per), _shown(one), one.relation, about, before, beside, sentence)
        if len(codes) == 1 and clause is sentence and not _SUPPOSED.match(sentence):
            about, before, bare = _subject(tokens, written, taken)
            area, _, level = codes[0].partition("-")
            others = {f"{other.value:g} {other.unit}" for other in found}
            yield Claim(("label", area), level, "", about, before, frozenset({*bare, *others}), sentence)


def _subject(tokens: list[str], written: list[str], taken: set[int]) -> tuple[dict[str, str], dict[str, str], set[str]]:
    """The stems of a clause's words with how they were written, what stands before each, and its bare numbers."""
    about: dict[str, str] = {}
    before: dict[str, str] = {}
    bare: set[str] = set()
    previous = ""
    for at, token in enumerate(tokens):
        if at in taken or token in _LIGHT or not token[0].isalnum() or "-" in token:
            previous = ""
        elif number(token) is not None:
            bare.add(token)
            previous = ""
        else:
            name = stem(token)
            about.setdefault(name, written[at])
            if previous:
                before.setdefault(name, previous)
            previous = name
    return about, before, bare


def _shown(quantity: Quantity) -> str:
    return f"{quantity.value:g}"


def _factor_sets(sentence: str) -> Iterator[Claim]:
    """The labels of `{actor: adult, act: asks} is PRV-2; with claims: teacher it is PRV-0`."""
    for found in _SETS.finditer(sentence):
        pairs = (pair.partition(":") for pair in found[1].split(","))
        factors = {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
        for given in _GIVEN.finditer(found[2]):
            changed = {given[1].strip().lower(): given[2].strip().lower()} if given[1] else {}
            held = {name: value for name, value in (factors | changed).items() if value not in ("", "none")}
            about = {f"{name}: {value}": f"{name}: {value}" for name, value in sorted(held.items())}
            yield Claim(("label", given[3]), given[4], "", about, {}, frozenset(), sentence, exact=True)
