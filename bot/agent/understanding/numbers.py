"""Numbers of a question, and what each of them is: a threshold, a prevalence, a budget a day, “17 of 17”.

A grammar of patterns in a fixed order: what says most of a number comes first, and no number is read twice. What no
pattern claims is `bare`; only a follow-up may use it, for the number that the query before had.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace

BARE = "bare"
EDITION = "edition"  # “guideline 4.3”, “section 3.2”
_N = r"(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?|\.\d+)(?![\w]*\d)\s*(?P<unit>k\b|m\b|mio\b|thousand|million|millions|bn\b|billion)?"
_SIGN = r"(?P<percent>%|per\s?cent|percent\b|pct\b|prozent|por ciento|por cento|pour cent)"
_RATE = _N + rf"\s*{_SIGN}?"
_SURE_RATE = _N + rf"\s*{_SIGN}"
_POINTS = _N + r"\s*(?P<percent>%|percent\b)?[\s-]*(?P<points>points?|pts?\b|pp\b|percentage points?)?"
_IS = (
    r"(?:\s*(?:rate|level|value|is|are|of|at|to|be|must|should|has|have|was|were|drops?|falls?|goes|=|:|around|about|maybe|roughly|stays?|budget|cap"
    r"|limit|ceiling|floor|von|de|bei|hält)(?![a-z]))*\s*"
)
_ATMOST = (
    r"(?:<=?|≤|under|below|less than|at most|no more than|not more than|(?:going |go )?over|above|(?:not )?(?:to )?exceed(?:ing|s)?|max(?:imum|imal)?"
    r"|up to|within|unter|höchstens|bajo|sous|budget(?: of)?)"
)
_ATLEAST = (
    r"(?:>=?|≥|over|above|at least|no less than|no lower than|not lower than|not below|under|below|min(?:imum)?|mindestens|wenigstens|al menos|au moins|keeps?"
    r"|keeping|hold(?:ing)?|reach(?:es)?)"
)
_FPR = r"(?:fpr|false[ -]positive rate|false[ -]positives?|false alarms?(?: rate)?|fp rate|fehlalarmrate)"
_PRECISION = r"(?:precision|ppv|präzision|precisión|précision)"
_RECALL = r"(?:recall|sensitivity|catch rate|detection rate|rappel|tpr)"
_PREVALENCE = (
    r"(?:live )?(?:prevalence|base rate|positive share|share of positives|violation rate|live rate|live share)"
)
_WORDS = {w: n for n, w in enumerate("no one two three four five six seven eight nine ten eleven twelve".split())}  # noqa: SIM905
_WORDS |= {"zero": 0, "none": 0}
_SMALL = {"aql", "ltpd", "max_fpr", "prevalence", "half_width", "difference"}  # a plain 1 is one per cent of these
_ANY = re.compile(
    r"(?<!\w)\.?\d|\b(?:" + "|".join(_WORDS) + r"|half|ten)\b", re.IGNORECASE
)  # most questions have no number
_COUNT = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+|" + "|".join(_WORDS) + r")\b(?P<unit>)"


@dataclass(frozen=True)
class Number:
    """A number found in a question, what it is, and where it stands; rates are fractions."""

    kind: str
    value: float
    start: int
    end: int
    phrase: tuple[int, int] = field(default=(0, 0), compare=False)  # with the words that say what it is


@dataclass(frozen=True)
class _Rule:
    """A pattern of one kind of number; `rate`: read as a fraction where it has a per cent sign or exceeds one."""

    kind: str
    pattern: re.Pattern[str]
    rate: bool = False
    more: int = 0  # "more than 50" means from 51 on


def _rule(kind: str, pattern: str, *, rate: bool = False, more: int = 0) -> _Rule:
    return _Rule(kind, re.compile(pattern, re.IGNORECASE), rate, more)


_OUTCOME = (
    r"(?:right|correct|caught|wrong|false|bad|incorrect|good|ok|agreed|flagged|missed|misses|miss|errors?|mistakes?|defects?"
    r"|failures?|fails?|hits?|passed|failed|successes|success|false alarms?|false positives?|red|regressed)"
)
_THINGS = r"(?:items?|samples?|examples|positives|rows|cases|labels?|things|posts|reviews?|decisions|uploads|videos|comments|messages)"
_PER_DAY = rf"{_N}\s*(?:{_THINGS}|live {_THINGS})?\s*(?:(?:a|per|/|each|every|pro|por|par|am)\s*(?:day|tag|día|jour|d)\b|daily\b)"

RULES = (
    _rule("one_in", rf"(?<![\w.,/-])(?P<lead>\d{{1,4}})\s*(?:in|per|of|out of)\s*(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{3,}})(?P<unit>)\s*(?:live )?{_THINGS}\s*(?:is|are|were|was|being)\s*(?:really |actually )?(?:violat|bad|positive|harmful)"),
    _rule("one_in", r"(?<![\w.,/-])(?P<lead>1|one|\d{1,2}(?= (?:in|per) (?:\d,\d{3}|\d{3})))\s*(?:in|per|of every|in every|out of every)\s*(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?P<unit>k\b|m\b|thousand|million)?"),
    _rule("ratio", r"(?<![\w.,/-])(?P<n>\d{1,7}(?:,\d{3})*|zero\b|none\b)\s*(?:/|of|out of|von|de|sur|aus)\s*(?P<m>\d{1,7}(?:,\d{3})*)(?![\w%/-]|\.\d)(?!\s*(?:million|thousand|k\b|m\b))"),
    _rule("ratio", rf"(?<![\w.,/-])(?P<n>\d{{1,7}}(?:,\d{{3}})*|no|zero|one|two|three)\s+{_OUTCOME}\s+(?:in|of|out of|from|among)\s+(?:(?:the|a|all|only|sample of)\s+)*(?P<m>\d{{1,7}}(?:,\d{{3}})*)(?![\w%/-]|\.\d)"),
    _rule("contrast", r"\b(?:tell|distinguish|separate|discern|resolve)\s+(?:an? )?(?P<n>\d*\.\d+|\d{1,3})(?P<unit>)\s*(?:%|percent)?\s*(?:from|and|vs\.?|against)\s*(?P<m>\d*\.\d+|\d{1,3})\s*(?P<percent>%|percent\b)?"),
    _rule("contrast", r"\b(?:drop|fall|rise|increase|gain)\s+from\s+(?P<n>\d*\.\d+|\d{1,3})(?P<unit>)\s*(?:%|percent)?\s*to\s*(?P<m>\d*\.\d+|\d{1,3})(?![\w-])\s*(?P<percent>%|percent\b)?"),
    _rule("ratio", rf"(?<!batch )(?<!lot )(?<!sample )(?<!delivery )(?<!budget )\bof\s*(?:the\s*)?(?P<m>\d{{1,6}}(?:,\d{{3}})*)\s*(?:{_THINGS})?\s*,?\s*(?:(?:we|they|it|were|was|got|had|only|just)\s+)*(?:caught\s+)?(?P<n>\d{{1,6}})(?![\w%/-]|[.,]\d)\s*(?:(?:were|was|are|is)\s+)?{_OUTCOME}"),
    _rule("n", rf"(?<![\w.,/-])(?P<n>\d{{1,6}}(?:,\d{{3}})*)(?P<unit>)\s*{_THINGS}?\s*[,;:]?\s*(?:and\s*)?(?:all (?:of them )?(?:were |are )?(?:right|correct|caught|good|ok|fine)|no (?:miss|error|mistake|fail)|none (?:missed|wrong)|without (?:a|an|any) (?:miss|error|mistake))"),
    _rule("volume", rf"\bout of\s*{_N}(?=\s*(?:{_THINGS})?\s*(?:a day|per day)?)"),
    _rule("reviews_per_day", rf"\b(?:review|look at|handle|check|capacity(?: of| for| is)?|moderate|budget(?: of| is)?)\s*(?:only|about|around)?\s*{_PER_DAY}"),
    _rule("volume", r"(?<![\w.,])(?P<n>\d+(?:[.,]\d+)?)\s*(?P<unit>m\b|mio\b|million|millions|bn\b|billion)"),
    _rule("volume", rf"\b(?:volume(?: of| is)?|traffic(?: of| is)?)\s*(?:about|around)?\s*{_N}"),
    _rule("per_day", _PER_DAY),
    _rule("prevalence", rf"{_PREVALENCE}{_IS}{_RATE}", rate=True),
    _rule("prevalence", rf"{_SURE_RATE}\s*(?:of\s*)?(?:live\s*|real\s*)?(?:prevalence|base rate|positives?\s*(?:in\s*)?(?:live|traffic)|live\b)", rate=True),
    _rule("prevalence", rf"{_SURE_RATE}\s*of\s*(?:our\s*|the\s*|all\s*)?(?:live\s*|real\s*)?(?:traffic|content|posts|items|uploads)\s*(?:is|are|were|being)", rate=True),
    _rule("max_fpr", rf"\b{_FPR}{_IS}{_ATMOST}\s*{_RATE}", rate=True),
    _rule("max_fpr", rf"\b{_FPR}{_IS}{_SURE_RATE}", rate=True),
    _rule("max_fpr", rf"{_SURE_RATE}\s*(?:of\s*)?(?:the\s*)?{_FPR}", rate=True),
    _rule("max_fpr", rf"\b(?:at|with|for|keeping|holding)\s*(?:an?\s*)?{_FPR}\s*(?:of|=|<|at)?\s*(?P<n>0?\.[01]\d*)(?P<unit>)(?![\w%])", rate=True),
    _rule("max_fnr", rf"\b(?:miss(?:es|ing)?|los(?:e|es|ing)|let(?:s|ting)? through|fnr|miss rate|false negative rate){_IS}{_ATMOST}\s*{_SURE_RATE}", rate=True),
    _rule("max_fpr", rf"{_ATMOST}\s*{_RATE}\s*{_FPR}", rate=True),
    _rule("half_width", rf"(?:\+\s*/?\s*[-–]|±|plus[ -]?(?:or[ -])?minus|\bwithin\b)\s*(?:of\s*)?{_POINTS}", rate=True),
    _rule("half_width", rf"\b(?:half[ -]?width|margin(?: of error)?){_IS}{_POINTS}", rate=True),
    _rule("rate", rf"\b(?:expected?|expecting|assum(?:e|ing)|(?<!what )(?<!how )about|around|roughly|near|ca\.?)\s*(?:an? |the )?(?:recall|precision|rate)?{_IS}{_RATE}(?![a-z])", rate=True),
    _rule("rate", rf"(?<!positive )(?<!negative )(?<!alarm )(?<!base )\brate\s*(?:of|=|is)?\s*{_RATE}(?![a-z])", rate=True),
    _rule("min_precision", rf"\b{_PRECISION}{_IS}{_ATLEAST}\s*{_RATE}", rate=True),
    _rule("min_precision", rf"\b{_PRECISION}{_IS}{_SURE_RATE}", rate=True),
    _rule("min_precision", rf"{_SURE_RATE}\s*(?:of\s*)?{_PRECISION}", rate=True),
    _rule("min_precision", rf"\b(?:at|for|keep(?:ing)?|with|hold(?:ing)?|reach(?:ing)?)\s+(?P<n>[5-9]\d)(?P<unit>)\s+{_PRECISION}|\b{_PRECISION}(?: of)?\s+(?P<n2>[5-9]\d)(?![\w.,%/-])", rate=True),
    _rule("min_recall", rf"\b{_RECALL}{_IS}{_ATLEAST}\s*{_RATE}", rate=True),
    _rule("min_recall", rf"\b{_RECALL}{_IS}{_SURE_RATE}", rate=True),
    _rule("min_recall", rf"{_SURE_RATE}\s*(?:of\s*)?{_RECALL}", rate=True),
    _rule("min_recall", rf"\bcatch(?:es|ing)?\s*(?:(?:at least|still|about|around)\s*)*{_SURE_RATE}", rate=True),
    _rule("min_recall", rf"\b(?:at|for|keep(?:ing)?|with|hold(?:ing)?|reach(?:ing)?)\s+(?P<n>[5-9]\d)(?P<unit>)\s+{_RECALL}|\b{_RECALL}(?: of)?\s+(?P<n2>[5-9]\d)(?![\w.,%/-])", rate=True),
    _rule("target", rf"\b(?:target|goal|bar|requirement|threshold to meet){_IS}{_RATE}", rate=True),
    _rule("target", rf"{_SURE_RATE}\s*(?:target|goal|bar)\b", rate=True),
    _rule("aql", rf"\baql\b{_IS}{_RATE}", rate=True),
    _rule("aql", rf"\baccept(?:able|ed|ing|s)?\b{_IS}(?:{_ATMOST})?\s*{_SURE_RATE}", rate=True),
    _rule("aql", rf"{_SURE_RATE}\s*(?:errors?|defects?|wrong)?\s*(?:is |are )?(?:still )?(?:accepted|acceptable|ok|tolerated|tolerable)\b", rate=True),
    _rule("ltpd", rf"\b(?:ltpd|rql)\b{_IS}{_RATE}", rate=True),
    _rule("ltpd", rf"\breject(?:able|ed|ing|s)?\b{_IS}(?:if\s*)?(?:{_ATMOST}|{_ATLEAST})?\s*{_SURE_RATE}", rate=True),
    _rule("difference", rf"{_N}\s*(?:%|percent)?[\s-]*(?P<percent>points?|pts?\b|pp\b|percentage points?)[\s-]*(?:difference|drop|change|gain|regression|worse|better|gap|improvement|loss|effect)", rate=True),
    _rule("difference", rf"\b(?:differences?|drop|change|gain|regression|gap|improvement|loss|effect)\s*(?:of|by|=)\s*{_POINTS}", rate=True),
    _rule("difference", rf"\b(?:detect|see|notice|find)\s*(?:an?|the)?\s*{_POINTS}", rate=True),
    _rule("points", rf"{_N}\s*(?P<percent>percentage points?|points?\b|pts?\b|pp\b)", rate=True),
    _rule("cost_ratio", r"\b(?:miss(?:ed|es|ing)?|false negatives?|fn)\b[^.?!]{0,40}?(?<![\w.])(?P<n>\d+(?:\.\d+)?)(?P<unit>)\s*(?:x\b|times|×|false (?:alarms|positives|flags)|fps?\b)"),
    _rule("cost_ratio", r"(?<![\w.,])(?P<n>\d+(?:\.\d+)?)(?P<unit>)\s*(?:false (?:alarms|positives|flags)|fps?)\b[^.?!]{0,30}\b(?:miss|missed|false negative|fn)\b"),
    _rule("cost_ratio", r"\bcosts?(?: ratio)?(?: of| is)?\s*(?P<n>\d+)(?P<unit>)\s*(?::|to)\s*1"),
    _rule("cost_ratio", r"(?<![\w.,])(?P<n>\d+(?:\.\d+)?)(?P<unit>)\s*:\s*1(?![\w.])|\bcost ratio\s*(?:of|is|=)?\s*(?P<n2>\d+(?:\.\d+)?)(?![\w.])"),
    _rule("severe", rf"\b{_COUNT}\s*(?:of (?:them|these|which) )?(?:is |was |were |are )?severe"),
    _rule("defects", rf"\b{_COUNT}\s*(?:of (?:them|these|which) )?(?:is |was |were |are )?(?:wrong|defects?|defective|errors?|mistakes?|bad|incorrect|mislabell?ed|failures?)"),
    _rule("defects", rf"\b(?:found|finding)\s*(?:only\s*)?{_COUNT}"),
    _rule("sample", rf"\b{_COUNT}\s*(?:labels?|items?)?\s*(?:were |was |are )?(?:checked|sampled|audited|inspected|looked at|drawn)\b"),
    _rule("sample", rf"\b(?:sampled?|sample size|sample of|samples of|looked at|checked|inspected|audited|reviewed|drew)\s*(?:of|was|is|=|size)?\s*{_COUNT}"),
    _rule("lot", rf"\b(?:lots?|batch(?:es)?|deliver(?:y|ies)|shipments?)\s*(?:size)?\s*(?:of|=|is|with|has)?\s*{_COUNT}"),
    _rule("lot", rf"\b{_COUNT}[\s-]*(?:items?|labels?)?[\s-]*(?:lot|batch)\b"),
    _rule("items", rf"\b(?:budget|afford|capacity|label|annotate|money|pick|select|spread|draw)\s*(?:is|for|of|to label|to annotate)*\s*(?:about|only|another)?\s*{_N}(?!\s*(?:%|points|a day|per day))"),
    _rule("items", rf"{_N}\s*(?:more\s*)?(?:labels|annotations|labelled items|labeled items|(?:live\s*)?items to label)\b"),
    _rule("items", rf"{_N}\s*to (?:label|annotate)\b"),
    _rule("support", rf"\b(?:n|support)\s*(?:>=|≥|=>)\s*{_COUNT}"),
    _rule("support", rf"\bmin(?:imum)?\.?\s*(?:n|support|of|=|:)*\s*{_COUNT}(?!\s*%|\.\d)"),
    _rule("support", rf"\b(?:at least|min(?:imum)?(?: support)?(?: of)?)\s*{_COUNT}(?!\s*%|\.\d)"),
    _rule("support", rf"\bn\s*>\s*{_COUNT}", more=1),
    _rule("support", rf"\b{_COUNT}\s*(?:\+|or more|and up)(?!\w)"),
    _rule("support", rf"\bn\s*(?:=|of)\s*{_COUNT}\s*(?:\+|or more|and up)(?!\w)"),
    _rule("support", rf"\b(?:n|support|items?|samples?)\s+(?:over|above|more than|greater than)\s*{_COUNT}", more=1),
    _rule("support", rf"\b(?:over|more than|above)\s*{_COUNT}\s+(?:items?|samples?|examples|positives|rows)", more=1),
    _rule("threshold", r"(?<![\w.,])(?P<n>0?\.\d{1,6}|[01]\.0+)(?P<unit>)(?![\w%]|\.\d|\s*(?:%|per\s?cent|pct))"),
    _rule("threshold", r"(?<![\w.,])(?P<n>0,\d{1,4})(?P<unit>)(?![\w%]|,\d|\s*%)"),  # a decimal comma
    _rule("threshold", r"\b(?:threshold|treshold|cut-?off|thr)\s*(?:of|at|to|=|is)?\s*(?P<n>[01])(?P<unit>)(?![\w.])"),
    _rule("threshold", rf"\b(?:threshold|treshold|cut-?off|thr)\s*(?:of|at|to|=|is)?\s*{_SURE_RATE}", rate=True),
    _rule("limit", rf"\b(?:top|last|first|newest|latest|worst|biggest|weakest)\s+{_COUNT}"),
    _rule("limit", r"\b(?P<n>three|two|four|five|[2-9]|10)(?P<unit>)\s+(?:most|worst|lowest|biggest|weakest|largest|newest|latest)\b"),
    _rule(EDITION, r"(?<![\w.,/-])(?P<n>[1-9]\.\d)(?P<unit>)(?![\w%/-]|[.,]\d|\s*(?:%|percent|points?|pts?|pp|x|times|k|m|million)\b|\s*%)"),
    _rule("percent", _SURE_RATE, rate=True),
    _rule("percent", rf"\b(?P<n>half|one|two|three|four|five|ten)(?P<unit>)\s*(?:of\s*)?(?:an?\s*)?{_SIGN}", rate=True),
    _rule(BARE, rf"(?<![/-]){_N}(?![\w%-]|[.,]\d)"),
)  # fmt: skip


def find_numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text, in order."""
    text = _narrow(text)
    if not _ANY.search(text):
        return ()
    found: list[Number] = []
    taken: list[tuple[int, int]] = []
    pairs = 0
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            start, end = _span(match)
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            numbers = _pair(match, rule, pairs) if "m" in match.groupdict() else _one(match, rule)
            if not numbers:
                continue
            pairs += rule.kind == "ratio"
            found += [replace(number, phrase=match.span()) for number in numbers]
            taken.append((start, end))
    return tuple(sorted(_per_day(text, found), key=lambda number: number.start))


def _one(match: re.Match[str], rule: _Rule) -> list[Number]:
    value = _value(match, rule)
    if rule.rate and not 0 <= value <= 1:
        return []
    if rule.kind == "max_fnr":
        return [Number("min_recall", round(1 - value, 10), match.start("n"), match.end("n"))]
    return [Number(rule.kind, value, *_span(match))]


def _pair(match: re.Match[str], rule: _Rule, pairs: int) -> list[Number]:
    """Two numbers of one pattern: “k of n”, or two rates to be told apart."""
    first, second = _plain(match.group("n")), _plain(match.group("m"))
    starts, ends = (match.start("n"), match.start("m")), (match.end("n"), match.end("m"))
    if rule.kind == "contrast":
        low, high = sorted(value / 100 if max(first, second) > 1 else value for value in (first, second))
        if not 0 < low < high < 1:
            return []
        told = first / 100 if max(first, second) > 1 else first
        return [
            Number("rate", told, starts[0], ends[0]),
            Number("difference", round(high - low, 10), starts[1], ends[1]),
        ]
    if first > second or not second or pairs > 1:
        return []
    names = ("k", "n") if not pairs else ("other_k", "other_n")
    return [
        Number(name, value, *place)
        for name, value, place in zip(names, (first, second), zip(starts, ends, strict=True), strict=True)
    ]


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Only the number itself: the words beside it may say what another number is."""
    groups = [name for name in match.groupdict() if match.group(name)]
    return min(map(match.start, groups)), max(map(match.end, groups))


def _narrow(text: str) -> str:
    """Full-width digits and signs as the usual ones; the length is kept, so that positions stay true."""
    if text.isascii():
        return text
    plain = (unicodedata.normalize("NFKC", character) for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(plain, text, strict=True))


def _value(match: re.Match[str], rule: _Rule) -> float:
    groups = match.groupdict()
    value = _plain(groups["n"] or groups["n2"]) * {"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9}.get(
        (groups.get("unit") or "-")[0].lower(), 1
    )
    if rule.kind == "one_in":
        lead = _plain(groups["lead"])
        return lead / value if value > lead else 0.0
    hundredths = value > 1 or (value == 1 and rule.kind in _SMALL)
    if rule.rate and (groups.get("percent") or groups.get("points") or hundredths):
        value = round(value / 100, 10)
    return value + rule.more


def _plain(text: str) -> float:
    """`2,000`, `0,5`, `.35` and `three` as numbers."""
    if text.lower() == "half":
        return 0.5
    if text.lower() in _WORDS:
        return float(_WORDS[text.lower()])
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def _per_day(text: str, found: list[Number]) -> list[Number]:
    """Which of the amounts a day is traffic and which is people's: said by the words, else the larger is traffic."""
    open_ = sorted((n for n in found if n.kind == "per_day"), key=lambda number: -number.value)
    known = {number.kind for number in found}
    people = re.search(
        r"review|moderator|capacity|look at|handle|people|human|queue|agents|team|staff|analyst|can do",
        text,
        re.IGNORECASE,
    )
    named: dict[Number, str] = {}
    for number in open_:
        traffic = "volume" not in known and (len(open_) > 1 or "reviews_per_day" in known or not people)
        kind = "volume" if traffic and not (len(open_) > 1 and number is open_[-1]) else "reviews_per_day"
        named[number] = kind
        known.add(kind)
    out = []
    for number in found:
        kind = named.get(number, number.kind)
        out.append(replace(number, kind="prevalence" if kind == "one_in" else kind))
    return out
