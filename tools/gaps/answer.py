"""Gap answer: the report in words. The list first, each slice with its cause and action; then the table of factors."""

from typing import Any

from tools.gaps.fields import FLOORS, MARGIN, variants_of
from tools.gaps.findings import Gap
from tools.gaps.report import Finding, Gaps
from tools.gaps.words import share
from tools.guidelines.cards import NAMED, card
from tools.guidelines.meanings import cards_of
from tools.resolution import provenance
from tools.results import Citation, Column, Provenance, Result
from tools.slices import describe_filters
from tools.stats.formats import count, interval, rate

GATE = 60  # positives under which a gate does not assess a slice
QUOTED = 3  # cards that may all be quoted in one answer
# Causes whose action depends on what the slice is: a romanised language is collected otherwise than a surface.
_BY_SLICE = {"coverage", "not known from what is stored"}
_TITLES = {"recall": "recall", "fpr": "FPR"}
_COLUMNS = (
    Column(key="slice", label="slice"),
    Column(key="at_least", label="gap at least", unit="signed"),
    Column(key="p_adjusted", label="p, adjusted", unit="p"),
    Column(key="harm", label="harm", unit="rate"),
    Column(key="exposure", label="exposure", unit="rate"),
    Column(key="fixability", label="fixability", unit="rate"),
)


def answer(gaps: Gaps, limit: int, defaults: tuple[str, ...]) -> Result:
    """The result of a search, with at most so many slices."""
    shown = gaps.findings[:limit]
    subject = gaps.subject
    lines = [_first(gaps)]
    lines += [_line(number, finding) for number, finding in enumerate(shown, 1)]
    lines += [_asked(gaps.asked)] if gaps.asked else []
    return Result(
        tool="find_gaps",
        headline="\n".join(lines),
        columns=_COLUMNS if shown else (),
        rows=tuple(_row(number, finding) for number, finding in enumerate(shown, 1)),
        provenance=_sources(gaps, shown),
        caveats=tuple(_caveats(gaps, shown)),
        citations=_citations(gaps, shown),
        defaults=defaults,
        query={
            "model": subject.model.label,
            "dataset": subject.dataset.label,
            "filters": gaps.filters,
            "limit": limit,
        },
        suggestions=_suggestions(gaps, shown),
    )


def _first(gaps: Gaps) -> str:
    subject, found = gaps.subject, len(gaps.established)
    where = f" within {describe_filters(gaps.filters)}" if gaps.filters else ""
    of = f"{subject.model.label} on {subject.dataset.label}{where}"
    looks = len(gaps.findings) - found
    more = f"; {'one' if looks == 1 else looks} more only look{'s' if looks == 1 else ''} weak" if looks else ""
    if not found:
        return f"**No weak slice is shown** for {of}, of {count(gaps.tested)} tested{more}."
    slices = "One weak slice" if found == 1 else f"{found} weak slices"
    return f"**{slices}** of {of}, of {count(gaps.tested)} tested{more}."


def _line(number: int, finding: Finding) -> str:
    gap = finding.gap
    also = f"; {_value(finding.also)} against {_rest(finding.also)}" if finding.also else ""
    head = f"{number}. **{_named(gap)}**: {_value(gap)} against {_rest(gap)}{also}"
    if not gap.established:
        return f"{head}. *Not established*. Do: {finding.actions[0]}."
    causes = " and ".join(f"*{cause.name}*" for cause in finding.diagnosis.causes)
    why = "; ".join(_reasons(finding))
    names = _card_names(finding)
    cards = f"method card{'s' if len(names) > 1 else ''} {', '.join(f'*{name}*' for name in names)}"
    told = f" ({why})" if why else ""
    plural = "Causes" if len(finding.diagnosis.causes) > 1 else "Cause"
    return f"{head}. {plural}: {causes}{told}. Do: {'; '.join(finding.actions)} → {cards}."


def _reasons(finding: Finding) -> list[str]:
    """What speaks for the causes, in short, and what excludes the ones that would change them."""
    excluded = {name for cause in finding.diagnosis.causes for name in cause.excludes}
    against = [fact for fact in finding.diagnosis.speaks_against if fact.name in excluded]
    return [fact.told for fact in (*finding.diagnosis.speaks_for, *against)]


def _card_names(finding: Finding) -> tuple[str, ...]:
    """The method cards of a finding: those of its causes, then those for what the slice is."""
    causes = finding.diagnosis.causes
    by_slice = cards_of(finding.gap.filters) if any(cause.name in _BY_SLICE for cause in causes) else ()
    return tuple(dict.fromkeys([*(cause.card for cause in causes), *by_slice]))


def _citations(gaps: Gaps, shown: tuple[Finding, ...]) -> tuple[Citation, ...]:
    """Each card that a line names, once; none where there is no playbook (R24).

    Quoted is when it helps: of all where they are few, else of the first card of each slice.
    """
    named = [_card_names(finding) for finding in shown if finding.gap.established]
    every = dict.fromkeys(name for names in named for name in names)
    quoted = every.keys() if len(every) <= QUOTED else {names[0] for names in named}
    workspace = gaps.subject.workspace
    knowledge, today = workspace.knowledge(), workspace.now().date()
    found = {name: card(knowledge, NAMED[name], today) for name in every}
    cited = (one.cite(quoted=name in quoted) for name, one in found.items() if one)
    return tuple(citation for citation in cited if citation)


def _named(gap: Gap) -> str:
    if not gap.values:
        return "The whole set"
    return f"{gap.name}{f' ({gap.origin})' if gap.origin else ''}"


def _value(gap: Gap) -> str:
    """`recall 0.735 (50/68; 95 % 0.620-0.826)`."""
    one = gap.slice
    k, low, high = (one.k, one.low, one.high) if gap.metric == "recall" else (one.n - one.k, 1 - one.high, 1 - one.low)
    bounds = f"95 % {interval(low, high)}"
    whole = share(k, one.n)
    told = f"{whole[:-1]}; {bounds})" if whole.endswith(")") else f"{whole} ({bounds})"
    return f"{_TITLES[gap.metric]} {told}"


def _rest(gap: Gap) -> str:
    """`0.891 (360/404) elsewhere`."""
    k = gap.rest.k if gap.metric == "recall" else gap.rest.n - gap.rest.k
    where = "at another threshold" if not gap.values else "of the plain items" if gap.plain else "elsewhere"
    return f"{share(k, gap.rest.n)} {where}"


def _asked(gap: Gap) -> str:
    """What is said of the slice that was asked about where it is no finding."""
    return f"{_named(gap)}: {_value(gap)} against {_rest(gap)}; no gap of its own is shown."


def _row(number: int, finding: Finding) -> dict[str, Any]:
    gap, diagnosis, factors = finding.gap, finding.diagnosis, finding.factors
    suffix = ", FPR" if gap.metric == "fpr" else ""
    return {
        "rank": number,
        "slice": ("all" if not gap.values else gap.name) + suffix,
        "metric": gap.metric,
        "values": gap.filters,
        "k": gap.slice.k if gap.metric == "recall" else gap.slice.n - gap.slice.k,
        "n": gap.slice.n,
        "rest_k": gap.rest.k if gap.metric == "recall" else gap.rest.n - gap.rest.k,
        "rest_n": gap.rest.n,
        "gap": gap.lack.difference,
        "at_least": gap.lack.low,
        "at_most": gap.lack.high,
        "p": gap.p,
        "p_adjusted": gap.adjusted,
        "also": f"{_value(finding.also)} against {_rest(finding.also)}" if finding.also else "",
        "verdict": "established" if gap.established else "not established",
        "found_on": gap.origin or finding.source[0].dataset,
        "cause": finding.cause,
        "for": "; ".join(fact.text for fact in diagnosis.speaks_for),
        "against": "; ".join(fact.text for fact in diagnosis.speaks_against),
        "not_known": "; ".join(fact.text for fact in diagnosis.missing),
        "action": "; ".join(finding.actions),
        "card": ", ".join(_card_names(finding)),
        "harm": factors.harm,
        "exposure": factors.exposure,
        "fixability": factors.fixability,
    }


def _caveats(gaps: Gaps, shown: tuple[Finding, ...]) -> list[str]:
    caveats = [
        f"Tested: values and two-way crossings with at least {FLOORS['recall']} positives or {FLOORS['fpr']} negatives,"
        f" p adjusted for all of them (Benjamini-Hochberg), lower bound of the gap over {rate(MARGIN)}. Elsewhere: the"
        " set without the slices found."
    ]
    if len(gaps.findings) > len(shown):
        caveats.append(f"Left out here, further down: {len(gaps.findings) - len(shown)} more.")
    if any(not finding.gap.established for finding in shown):
        caveats.append("Not established: a set of this size has some slice that looks so by chance alone.")
    low = [_named(f.gap) for f in shown if f.gap.established and f.gap.metric == "recall" and f.gap.slice.n < GATE]
    if low:
        caveats.append(f"Low support, under the {GATE} positives that a gate asks for: {', '.join(low)}.")
    if gaps.slight:
        named = ", ".join(f"{_TITLES[gap.metric]} of {gap.name}" for gap in gaps.slight)
        caveats.append(f"Shown to differ, but by less than that at the lower bound: {named}.")
    if any(finding.gap.plain for finding in shown):
        caveats.append("Variants and plain items share their base items; the interval ignores it, so it is too wide.")
    caveats += _dependent(gaps)
    if gaps.misplaced and gaps.filters.keys() - {"policy"}:
        caveats.append("The operating threshold of the whole model looks off: ask for its gaps without a slice.")
    if shown:
        caveats.append(
            "Ranked by harm weight × exposure × gap at least × fixability. Exposure is the share of this set's items"
            " (volume × prevalence), not of traffic; harm and fixability are the team's weights."
        )
    return caveats


def _dependent(gaps: Gaps) -> list[str]:
    """What is allowed for, and what is not, where items depend on each other or do not all count the same."""
    traits = gaps.subject.dataset.traits
    told = []
    if traits.get("clusters") and not variants_of(gaps.subject.dataset):
        clusters = count(traits["clusters"])
        told.append(f"Tests and intervals allow for {clusters} clusters of items that depend on each other.")
    if traits.get("weighted"):
        told.append("Items carry weights; gaps are counted without them.")
    return told


def _sources(gaps: Gaps, shown: tuple[Finding, ...]) -> tuple[Provenance, ...]:
    """The run asked about, then every source of what is shown, each once."""
    subject = gaps.subject
    found = [provenance(subject.model, subject.dataset, subject.run, subject.model.threshold)]
    for finding in shown:
        found += [*finding.source, *(source for fact in finding.diagnosis.facts for source in fact.sources)]
    return tuple(dict.fromkeys(found))


def _suggestions(gaps: Gaps, shown: tuple[Finding, ...]) -> tuple[str, ...]:
    slices = [finding.gap for finding in shown if finding.gap.values and not finding.gap.origin]
    label = gaps.subject.model.label
    first = next((name for finding in shown if finding.gap.established for name in _card_names(finding)), "")
    asked = (f"method card {first}",) if first else ()
    if not slices or gaps.filters:
        return (f"recall of {label}{gaps.subject.dataset.breakdown}", *asked)
    return (f"what would help {label} on {slices[0].name.replace(' · ', ' ')}?", *asked)
