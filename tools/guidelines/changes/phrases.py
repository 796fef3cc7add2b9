"""Phrases: what the words of a question on changes say of its section, versions, class, and of what it touches."""

import re

from knowledge.changes import Class

SECTION = re.compile(
    r"(?:\bsections?|\bsecs?\.?|§|\brules?|\bpoint)\s*(\d{1,3}(?:\.\d{1,3})*)(?![\d.]*\d)", re.IGNORECASE
)
NUMBER = re.compile(r"(?<![\w.-])v?(\d{1,3}(?:\.\d{1,3}){1,2})(?![\w-]|\.\d)", re.IGNORECASE)
OLDER = re.compile(
    r"(?:since|after|against|vs\.?|versus|from|compared (?:to|with)|than|over)\s+(?:v|version )?$", re.IGNORECASE
)
BACK = re.compile(
    r"\b(?:(?:the )?(?:one|version|release|step|change) before(?: (?:that|it|this))?|before that"
    r"|(?:the )?previous (?:one|step))\b",
    re.IGNORECASE,
)
UPCOMING = re.compile(
    r"\b(?:upcoming|not yet in force|coming (?:up|soon)|about to change|will (?:\w+ )?change|going to change"
    r"|(?:the )?next (?:version|release|guideline)|planned)\b",
    re.IGNORECASE,
)
TOUCHED = re.compile(
    r"\b(?:affect(?:s|ed)?|touch(?:es|ed)?|impact(?:s|ed)?|hits?|concern(?:s|ed)?|out ?dated|stale|re-?label\w*)\b"
    r"|\b(?:data ?sets?|label sets?|models?|gold(?:en)?(?: sets?)?)\b.*\b(?:older|old|under|superseded)\b",
    re.IGNORECASE,
)
STANDING = re.compile(
    r"\b(?:still|yet|already|now) (?:valid|in force|current)\b|\bin force\b|\btook effect\b|\btake effect\b|\bvalid\b"
    r"|\b(?:came|come) into (?:force|effect)\b|\bwhich version\b|\bsuperseded\b",
    re.IGNORECASE,
)
CHANGED = re.compile(r"\bchang|\bdiff|\bnew\b|\bupdat|\bcompare|\bremoved|\badded|\brules?\b", re.IGNORECASE)
ONLY: tuple[tuple[Class, re.Pattern[str]], ...] = (
    ("editorial", re.compile(r"\beditorial\b|\bcosmetic\b", re.IGNORECASE)),
    ("clarification", re.compile(r"\bclarif\w+", re.IGNORECASE)),
    (
        "rule change",
        re.compile(
            r"\brule changes?\b(?! or)|\brules (?:have |has |that |were )*changed\b|\bchanged rules\b|\bnew rules\b"
            r"|\b(?:which|what|any|all|the|only) (?:new )?rules? (?:have |has |were |that |was )*changed\b",
            re.IGNORECASE,
        ),
    ),
)
# Words of such questions that name no topic.
FILLING = frozenset(
    """
    a about add added addition additions adds affect affected affects again all already also am an and annotators
    any anybody anything applied applies apply are area areas as ask at be became become been before between bring
    brings brought by came can certificate certificates change changed changelog changes clarification
    clarifications clarified class come compare compared comparison concern concerned cosmetic could current
    currently data dataset datasets date dates decision deleted detail details did diff differ difference
    differences different do doc docs document documents does drop dropped edit edited editorial effect effective
    else every everything exactly find first follow for force forward from get give gold golden guidance guideline
    guidelines had happen happened happening has have hello hey hi history how i if impact impacted in into is it
    its itself just kind know label labeled labelled labels last late lately latest learn learned learnt less like
    list look made major make many me mean means mine minor model models modified more moved much my need new newer
    newest news next no not now of off old older on one only or other our out outdated over overview own people
    place please pls policies policy previous prior quick quickly really recent recently register registered relabel
    relabeled relabelled release releases removal removed renamed renumbered replace replaced replaces retroactively
    revised revision revisions rule rules same say says section sections see set sets severe short should show side
    since so some someone something standard standards start started starting still sum summarise summarize summary
    supersede superseded take taken tell text than thanks that the their them then there these they thing things
    this those to today today's told tomorrow too touch touched touches train trained two under up upcoming update
    updated updates us use used valid version versions versus vs was way we week were what whats when where whether
    which who whom whose why will with word wording words work would yesterday yet you your
    """.split()  # noqa: SIM905
)
