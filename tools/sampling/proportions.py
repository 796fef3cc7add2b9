"""`check_proportion`: what k of n shows, alone, against a target, or against another k of n."""

from tools.arguments import Arguments, Hits, OtherHits, OtherTrials, Target, Trials
from tools.errors import ToolError
from tools.results import Column, Result
from tools.spec import Example, ToolSpec
from tools.stats.formats import count, p_value, rate, signed
from tools.stats.proportions import ALPHA, Contrast, Proportion, by_chance, contrast, proportion
from tools.stats.sample_size import most_missed, size_to_show, size_unpaired, size_without_a_miss
from tools.workspace import Call

GATE = 60  # positives a slice needs before a gate assesses it (domain.md): the number people plan with
LOW_SUPPORT = 30
SLICES = range(5, 201)  # a small k of this many may be a count of red slices
_VERDICTS = {"higher": "Shown to be higher", "lower": "Shown to be lower", "not shown": "No difference shown"}


class CheckProportion(Arguments):
    """Whether k of n shows what somebody wants to say of it, or differs from another k of n."""

    k: Hits = None
    n: Trials = None
    other_k: OtherHits = None
    other_n: OtherTrials = None
    target: Target = None


def _check(arguments: CheckProportion, call: Call) -> Result:
    k, n, target = arguments.k, arguments.n, arguments.target
    if n is None:
        if target is None or k is not None:
            raise ToolError(
                "How many of how many? Say it as k of n.", nearest=("17 of 17 right", "45 of 50 against 40 of 50")
            )
        return _clean(target)
    defaults = []
    if k is None:
        k = n
        defaults.append(f"{count(n)} of {count(n)}, as no miss was named")
    _fit(k, n)
    found = proportion(k, n)
    other_k, other_n = arguments.other_k, arguments.other_n
    if other_k is not None or other_n is not None:
        if other_k is None:
            raise ToolError(f"How many of the other {count(other_n or 0)}?")
        if other_n is None:
            other_n = n
            defaults.append(f"the other one out of {count(n)} as well")
        _fit(other_k, other_n)
        result = _against(found, proportion(other_k, other_n))
    else:
        result = _alone(found, target)
    query = {"k": k, "n": n, "other_k": other_k, "other_n": other_n, "target": target}
    return result.model_copy(update={"defaults": (*defaults, *result.defaults), "query": query})


def percent(share: float) -> str:
    """`81.6 %`: what `rate` writes, with its point moved; so a share is never rounded to all or nothing (R18)."""
    written = rate(share)
    mark = written[0] if written[0] in "<>" else ""
    return f"{mark}{round(float(written.lstrip('<>')) * 100, 2):g} %"


def _alone(found: Proportion, target: float | None) -> Result:
    caveats = []
    if found.n < LOW_SUPPORT:
        caveats.append(f"Low support: {count(found.n)} items.")
    if found.k in (0, found.n):
        without, kind = ("a miss", "a miss rate") if found.k else ("one", "a rate")
        caveats.append(
            f"The bound is Wilson's, two-sided, as everywhere here. By the exact one-sided 95 % bound"
            f" {count(found.n)} without {without} still allow {kind} of {rate(most_missed(found.n))}."
        )
    elif target is None and found.n in SLICES and found.value <= 0.2:
        expected, chance = by_chance(found.n, found.k)
        caveats.append(
            f"If these are {found.n} slices tested at {ALPHA:g} each: {expected:g} are expected by chance alone, and"
            f" {found.k} or more come up in {rate(chance)} of cases. Adjust for the number of slices first."
        )
    defaults = ["Wilson score interval, 95 %"]
    if target is not None:
        defaults.append(f"target {rate(target)} as {'the least' if target >= 0.5 else 'the most'} it may be")
    return Result(
        tool="check_proportion",
        headline=_words(found) if target is None else _judged(found, target),
        rows=(_row("it", found),),
        caveats=tuple(caveats),
        defaults=tuple(defaults),
    )


def _words(found: Proportion) -> str:
    if found.k == found.n:
        text = f"Not as 100 %. {_share(found)} is compatible with anything above **{percent(found.low)}** (95 %)."
        return f"{text} Say “no misses in {_items(found.n)}”{_more(found)}."
    if found.k == 0:
        text = f"Not as 0 %. {_share(found)} is compatible with anything below **{percent(found.high)}** (95 %)."
        return f"{text} Say “none in {_items(found.n)}”{_more(found)}."
    return f"**{percent(found.value)}** ({_share(found)}; 95 % {percent(found.low)} to {percent(found.high)})."


def _judged(found: Proportion, target: float) -> str:
    """The verdict on a target: a floor from one half on, a ceiling below."""
    floor = target >= 0.5
    verdict = found.at_least(target) if floor else found.at_most(target)
    bound, side = (found.low, "lower") if floor else (found.high, "upper")
    if verdict == "shown":
        return f"**Shown**: {_share(found)} has the {side} bound **{percent(bound)}** (95 %), target {percent(target)}."
    if verdict == "shown to be missed":
        where = "below" if floor else "above"
        between = f"95 % {percent(found.low)} to {percent(found.high)}"
        text = f"**Missed**: {_share(found)} is {percent(found.value)} ({between})"
        if found.k in (0, found.n):
            far, end = ("below", found.high) if found.k == 0 else ("above", found.low)
            text = f"**Missed**: {_share(found)} is compatible with anything {far} {percent(end)} (95 %)"
        return f"{text}, all of it {where} the target {percent(target)}."
    text = f"**Not shown**: {_share(found)} has the {side} bound **{percent(bound)}** (95 %), target {percent(target)}."
    if found.value > target if floor else found.value < target:
        kind = "without a miss" if found.value == 1 else "without one" if found.value == 0 else "at this share"
        text += f" {count(size_to_show(found.value, target))} {kind} would show it."
    return text


def _against(one: Proportion, other: Proportion) -> Result:
    found = contrast(one, other)
    caveats = [
        "Taken as different items. If both were tried on the same ones, a paired test sees more: compare the versions.",
        "If this pair was picked out of several, its p-value must be adjusted for their number.",
    ]
    low = [p for p in (one, other) if p.n < LOW_SUPPORT]
    if low:
        caveats.insert(0, f"Low support: {' and '.join(count(p.n) for p in low)} items.")
    return Result(
        tool="check_proportion",
        headline=_difference(found, one, other),
        columns=(
            Column(key="share", label="k/n", unit="share", other="n"),
            Column(key="value", label="share", unit="rate"),
            Column(key="low", label="95 %", unit="interval", other="high"),
        ),
        rows=(_row("one", one), _row("other", other)),
        caveats=tuple(caveats),
        defaults=("Newcombe's interval of the difference, Fisher's mid-p",),
    )


def _difference(found: Contrast, one: Proportion, other: Proportion) -> str:
    text = (
        f"**{_VERDICTS[found.verdict]}**: {_share(one)} against {_share(other)} is **{signed(found.difference)}** (95 %"
        f" {signed(found.low)} to {signed(found.high)}; p {p_value(found.p)})."
    )
    if found.verdict == "not shown" and found.difference and 0 < one.value < 1 and 0 < other.value < 1:
        size = size_unpaired(one.value, other.value)
        text += f" If it is as large as it looks, {count(size)} on each side would show it."
    return text


def _clean(target: float) -> Result:
    wilson, exact = size_to_show(1.0, target), size_without_a_miss(target)
    return Result(
        tool="check_proportion",
        headline=f"**{count(wilson)} without a miss** show {percent(target)} (lower bound of the 95 % interval).",
        caveats=(f"By the exact one-sided 95 % bound {count(exact)} are enough: say which one is meant.",),
        defaults=("Wilson score interval, 95 %",),
        query={"k": None, "n": None, "other_k": None, "other_n": None, "target": target},
    )


def _more(found: Proportion) -> str:
    """What more items of the same kind would show; nothing where there are plenty."""
    more = next((size for size in (GATE, size_to_show(1.0, 0.99)) if size > found.n), None)
    if more is None:
        return ""
    if found.k:
        return f", or wait: {more} without a miss would show {percent(proportion(more, more).low)}"
    return f", or wait: {more} without one would show at most {percent(proportion(0, more).high)}"


def _share(found: Proportion) -> str:
    return f"{count(found.k)} of {count(found.n)}"


def _items(n: int) -> str:
    return f"{count(n)} item{'' if n == 1 else 's'}"


def _row(name: str, found: Proportion) -> dict[str, object]:
    return {
        "slice": name,
        "share": found.k,
        "k": found.k,
        "n": found.n,
        "value": found.value,
        "low": found.low,
        "high": found.high,
    }


def _fit(k: int, n: int) -> None:
    if k > n:
        raise ToolError(f"{count(k)} of {count(n)} is no share: the first number is at most the second.", tried=str(k))


CHECK_PROPORTION = ToolSpec(
    name="check_proportion",
    summary="What k of n shows: its interval, a target, the difference from another k of n; how many without a miss.",
    topic="what k of n shows, alone, against a target or another",
    arguments=CheckProportion,
    run=_check,
    examples=(
        Example("17 of 17, can i say 100 %?", {"k": 17, "n": 17}),
        Example("is 45/50 vs 40/50 a real difference", {"k": 45, "n": 50, "other_k": 40, "other_n": 50}),
        Example("does 57 of 60 show at least 90 %", {"k": 57, "n": 60, "target": 0.9}),
        Example("0 misses out of 60, what does that show", {"k": 0, "n": 60}),
        Example("17 items, all correct, can that go on a slide as 100 %", {"n": 17}),
        Example("how many without a miss to show 95 %", {"target": 0.95}),
        Example("is 38/40 enough for a 95% target", {"k": 38, "n": 40, "target": 0.95}),
        Example("12 out of 14 right, does that reach .8", {"k": 12, "n": 14, "target": 0.8}),
        Example("48/50 in june and 43/50 in july, did it realy drop",
                {"k": 48, "n": 50, "other_k": 43, "other_n": 50}),
        Example("is 9 of 10 better than 7 of 10", {"k": 9, "n": 10, "other_k": 7, "other_n": 10}),
        Example("3 of 200 wrong, is that under 2 %", {"k": 3, "n": 200, "target": 0.02}),
        Example("3 red of 40 slices, is that a lot", {"k": 3, "n": 40}),
        Example("whats the confidence interval of 180 of 200", {"k": 180, "n": 200}),
        Example("10/10 correct, is it perfect", {"k": 10, "n": 10}),
        Example("how sure can i be with 5 out of 6", {"k": 5, "n": 6}),
        Example("31 of 40 against 52 of 60, significant?", {"k": 31, "n": 40, "other_k": 52, "other_n": 60}),
        Example("60 of 60 caught, may we claim 95 %", {"k": 60, "n": 60, "target": 0.95}),
        Example("lower bound for 88 of 90", {"k": 88, "n": 90}),
        Example("95 of 100 vs 90 of 100, signal or noise", {"k": 95, "n": 100, "other_k": 90, "other_n": 100}),
        Example("only 8 items in the slice and no error, what can I say", {"n": 8}),
        Example("how many in a row without error before i can write 99 %", {"target": 0.99}),
        Example("is 19 of 20 good enuf to say 90%", {"k": 19, "n": 20, "target": 0.9}),
        Example("22 of 22 caught, is that 100 %", {"k": 22, "n": 22}),
        Example("no miss in 40 items, what may i write", {"k": 0, "n": 40}),
        Example("2 errors in 80, how sure is the rate", {"k": 2, "n": 80}),
        Example("interval for 64/70", {"k": 64, "n": 70}),
        Example("91 of 100 before, 84 of 100 now: worse?", {"k": 91, "n": 100, "other_k": 84, "other_n": 100}),
        Example("90 right of 95, does it meet 92 %", {"k": 90, "n": 95, "target": 0.92}),
        Example(
            "first vendor 150/160, second 140/160, is the first better",
            {"k": 150, "n": 160, "other_k": 140, "other_n": 160},
        ),
        Example("how reliable is 14 of 15", {"k": 14, "n": 15}),
        Example("is 27/30 above 80 %", {"k": 27, "n": 30, "target": 0.8}),
        Example("no error in 8 items, what does it mean", {"k": 0, "n": 8}),
        Example("how confident can we be with 48 of 50", {"k": 48, "n": 50}),
        Example("33/40 vs 29/40 is it chance", {"k": 33, "n": 40, "other_k": 29, "other_n": 40}),
        Example("does 58 of 60 prove 90 %", {"k": 58, "n": 60, "target": 0.9}),
    ),
    needs="nothing",
)  # fmt: skip
