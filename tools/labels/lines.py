"""The sentences of an answer about agreement: the number that is right to read first, and the doubt beside it."""

from collections.abc import Sequence
from statistics import median

from tools.catalog import LabelSetEntry
from tools.labels.slices import GOLD, MAJORITY, LabelSlice, RaterPair
from tools.stats.agreement import Agreement, Coefficient
from tools.stats.formats import count, interval, rate
from tools.stats.intervals import wilson
from tools.stats.raters import AT_CHANCE, ENOUGH, Confusion, Pair, cohen, confusions, disputes, misaligned
from tools.stats.ratings import Share, majorities, unanimous, used

LOW_SUPPORT = 50
FLOOR = 20  # items with two raters; a coefficient of fewer is noise
WIDE = 0.1  # half-width of a coefficient from which on the answer says how many items it would take
WANTED = 0.05
PLACE_TO_LOOK = 0.8  # share of the items with the rarest label that all agree on, below which it is pointed at
SHARED = 20  # items that two raters must share before their agreement is a figure
MANY_RATERS = 5  # fewer, and an unnamed lowest rater has a name (R9)


def with_interval(title: str, found: Coefficient, more: str = "") -> str:
    """`**Gwet's AC1 0.958** (95 % 0.944-0.970)`; what is not defined says so."""
    if found.value is None or found.low is None or found.high is None:
        return f"**{title}: not defined here** (only one label is used)"
    return f"**{title} {_value(found)}** (95 % {interval(found.low, found.high)}{more})"


def share(found: Share, what: str) -> str:
    """`0.912 (456 of 500 items; 95 % 0.884-0.934)`; all or nothing is said as the bound that is shown (R18)."""
    low, high = wilson(found.k, found.n)
    value = _value(Coefficient(found.k / found.n, low, high))
    return f"{value} ({count(found.k)} of {count(found.n)} {what}; 95 % {interval(low, high)})"


def first_lines(slice_: LabelSlice, found: Agreement, pair: Pair | None, entry: LabelSetEntry, where: str) -> list[str]:
    """Percent agreement and the coefficient to read beside it; with one dominant label, why kappa is not that one."""
    agreed = unanimous(slice_.ratings)
    together = f"; {_all(entry)} agree on {count(agreed.k)} of {count(agreed.n)} items"
    percent = with_interval("Percent agreement", found.percent, together)
    ac = with_interval(ac_title(entry), found.ac)
    if not found.one_class:
        second = (
            with_interval(kappa_title(entry), pair.kappa) if pair else with_interval(alpha_title(entry), found.alpha)
        )
        return [f"{percent}{where}.", f"{second}."]
    label = entry.classes[found.dominant]
    if found.shares[found.dominant] == 1.0:
        return [f"{percent}{where}.", f"{ac}.", f"Only “{label}” is used, so kappa and alpha are not defined here."]
    kappa = (pair.kappa if pair else found.alpha).value
    name = "kappa" if pair else "alpha"
    said = f"{name} of {rate(kappa)}" if kappa is not None else name
    chance = rate(found.chance) if found.chance is not None else "1"
    return [
        f"{percent}{where}.",
        f"{ac}.",
        f"Read these two. {rate(found.shares[found.dominant])} of the labels are “{label}”, so agreement by chance is"
        f" already {chance} and the {said} has no room: it says nothing about the raters here.",
    ]


def rare_line(slice_: LabelSlice, found: Agreement, entry: LabelSetEntry) -> str:
    """On how many of the items where anyone used the rarest label everyone did."""
    shares = [(of_labels, index) for index, of_labels in enumerate(found.shares) if of_labels]
    if len(shares) < 2:
        return ""
    rarest = min(shares)[1]
    where = used(slice_.ratings)[rarest]
    if not where.n:
        return ""
    place = ": that is the place to look" if where.k < PLACE_TO_LOOK * where.n else ""
    items = f"{count(where.k)} of the {count(where.n)} items where anyone used it"
    return f"On the rarest label, “{entry.classes[rarest]}”, all agree on {items}{place}."


def gold_lines(slice_: LabelSlice, entry: LabelSetEntry) -> list[str]:
    """The majority against gold, and which class single labels take for which; without gold, what is disputed."""
    if not slice_.by_gold:
        return [f"Most disputed: {_dispute(one, entry)}." for one in disputes(slice_.ratings)[:1]]
    if slice_.people is not None and slice_.people < 2:
        return ["Against gold: not shown, one rater alone labelled here (R9)."]
    found = majorities(slice_.by_gold)
    if not found.right.n:
        return []
    if misaligned(found.table):
        return [not_quoted("the majority and gold")]
    ties = f"; {count(found.ties)} without a majority left out" if found.ties else ""
    lines = [f"The majority says what gold says: {share(found.right, 'items')}{ties}."]
    wrong = "; ".join(_confusion(one, entry) for one in confusions(slice_.by_gold)[:2])
    return [*lines, f"Single labels, gold taken for another: {wrong}."] if wrong else lines


def judge_lines(slice_: LabelSlice, found: Agreement, entry: LabelSetEntry) -> list[str]:
    """The judge or pre-label against the majority of the people; at chance with sane margins it is not quoted."""
    judge = entry.traits.get("judge")
    n = int(slice_.verdicts.sum())
    if not judge or not n:
        return []
    if misaligned(slice_.verdicts):
        return [not_quoted(f"the judge {judge} and the people")]
    pair = cohen(slice_.verdicts)
    if n < FLOOR:
        return [f"Judge {judge}: not assessed, {n} items are too few."]
    people = f" People among themselves: {rate(found.percent.value)}." if found.percent.value is not None else ""
    right = Share(int(slice_.verdicts.trace()), n)
    low_support = "" if pair.kappa.value is None else f", Cohen's kappa {_bracketed(pair.kappa)}"
    return [f"**Judge {judge}** says what the majority of people says: {share(right, 'items')}{low_support}.{people}"]


def spread_line(pairs: Sequence[RaterPair], entry: LabelSetEntry) -> str:
    """How far raters lie apart, without a name; nothing where few raters would make the lowest one known (R9)."""
    judge = entry.traits.get("judge")
    people = {pair.rater_a for pair in pairs} - {judge}
    if len(people) < MANY_RATERS:
        return ""
    among = [pair.agreed for pair in pairs if pair.rater_b not in (GOLD, MAJORITY)]
    against = [pair.agreed for pair in pairs if pair.rater_b == GOLD and pair.rater_a != judge]
    parts = []
    for what, group in (("pair by pair", among), ("rater by rater against gold", against)):
        rates = [k / n for k, n in group if n >= SHARED]
        if len(rates) >= MANY_RATERS and min(rates) < 1:
            middle = median(rates)
            usual = f"{rate(middle)} in the middle" if middle < 1 else "without a difference in the middle"
            parts.append(f"{what} {rate(min(rates))} at the lowest of {len(rates)}, {usual}")
    return f"Spread, unnamed (R9): {'; '.join(parts)}." if parts else ""


def vendor_line(pairs: Sequence[RaterPair], slice_: LabelSlice, entry: LabelSetEntry) -> str:
    """Labels equal to gold by vendor, where the label set knows the vendors and each has several raters."""
    vendors: dict[str, str] = dict(entry.traits.get("vendors") or {})
    sums: dict[str, tuple[int, int, int]] = {}
    for pair in pairs:
        vendor = vendors.get(pair.rater_a)
        if vendor and pair.rater_b == GOLD:
            k, n, raters = sums.get(vendor, (0, 0, 0))
            sums[vendor] = (k + pair.agreed[0], n + pair.agreed[1], raters + 1)
    if len(sums) < 2 or min(raters for _, _, raters in sums.values()) < 2:
        return ""
    # Labels of one item depend on each other: as if they were as few as they can be.
    an_item = max(1, int(slice_.ratings.raters.max()))
    said = []
    for vendor, (k, n, _) in sorted(sums.items()):
        found = Coefficient(k / n, *wilson(k / an_item, n / an_item))
        said.append(f"{vendor} {count(k)} of {count(n)}, {_bracketed(found)}")
    return f"Labels equal to gold by vendor: {'; '.join(said)}."


def not_quoted(who: str) -> str:
    """What is said instead of a figure that can only come from rows joined to the wrong items."""
    return (
        f"**Not quoted: {who} agree no better than chance although both use the labels alike.** That means rows joined"
        " to the wrong items: check the ids of the import before anyone reads this figure."
    )


def wide_line(found: Agreement, title: str, coefficient: Coefficient) -> str:
    """How many items would make a wide interval readable; empty where it is narrow enough."""
    if coefficient.low is None or coefficient.high is None:
        return ""
    half = (coefficient.high - coefficient.low) / 2
    if half <= WIDE:
        return ""
    support = "Low support: o" if found.items < LOW_SUPPORT else "O"
    needed = max(100, round(found.items * (half / WANTED) ** 2, -2))
    return (
        f"{support}n {count(found.items)} items {title} is uncertain by ±{rate(half)}; about"
        f" {count(int(needed))} items would bring that to ±{rate(WANTED)}."
    )


def ac_title(entry: LabelSetEntry) -> str:
    """AC2 is AC1 with ordinal weights."""
    return "Gwet's AC2" if entry.ordinal else "Gwet's AC1"


def kappa_title(entry: LabelSetEntry) -> str:
    """Which kappa of two raters."""
    return "Cohen's kappa, quadratic" if entry.ordinal else "Cohen's kappa"


def alpha_title(entry: LabelSetEntry) -> str:
    """Which alpha."""
    return "Krippendorff's alpha, ordinal" if entry.ordinal else "Krippendorff's alpha"


def chance_line(found: Agreement) -> str:
    """Raters who agree by chance only although no label rules: the import is doubted before they are."""
    alpha = found.alpha
    if found.one_class or found.items < ENOUGH or alpha.value is None or alpha.low is None:
        return ""
    if alpha.value >= AT_CHANCE or alpha.low > 0:
        return ""
    return "Agreement is no better than chance although no label rules: check the ids of the import before quoting it."


def _all(entry: LabelSetEntry) -> str:
    people = len(entry.raters) - bool(entry.traits.get("judge"))
    return "both raters" if people == 2 else "all raters of an item"


def _confusion(one: Confusion, entry: LabelSetEntry) -> str:
    value = _bracketed(Coefficient(one.k / one.n, one.low, one.high))
    return (
        f"“{entry.classes[one.of]}” for “{entry.classes[one.taken_for]}” in {count(one.k)} of {count(one.n)}, {value}"
    )


def _dispute(one: Confusion, entry: LabelSetEntry) -> str:
    of, other = entry.classes[one.of], entry.classes[one.taken_for]
    return f"“{of}” with “{other}”, on {count(one.k)} of the {count(one.n)} items where anyone said “{of}”"


def _bracketed(found: Coefficient) -> str:
    low, high = found.low or 0.0, found.high or 0.0
    return f"{_value(found)} ({interval(low, high)})"


def _value(found: Coefficient) -> str:
    """The value, or where a sample is all or nothing, what the data show instead: the bound (R18)."""
    value, low, high = found.value or 0.0, found.low or 0.0, found.high or 0.0
    if value >= 1.0:
        return f"at least {rate(low)}"
    return f"at most {rate(high)}" if value == 0.0 and low >= 0 else rate(value)
