"""Gap actions: what to do about a cause, and how many items that takes."""

from collections.abc import Callable

from tools.gaps.causes import Diagnosis
from tools.gaps.fields import Subject
from tools.gaps.findings import Gap
from tools.gaps.thresholds import misplaced, own_point
from tools.gaps.training import training_items
from tools.gaps.versions import items_of
from tools.gaps.words import share
from tools.stats.formats import count, rate
from tools.stats.sample_size import size_for_half_width, wilson_half_width

GATE = 60  # positives before a slice is assessed in a gate (evaluation gate 2.3)
RELABEL = 100  # items that a set below its floor is returned with, three raters each (dataset standard 3.3)
LOOK = 0.10  # half-width at which a slice that only looks weak can be read
KNOW = 0.05  # half-width at which a change of the population can be followed
Action = Callable[[Subject, Gap, Diagnosis], str]


def actions(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> tuple[str, ...]:
    """A clause for each cause, in their order, with its number of items."""
    return tuple(ACTIONS[cause.name](subject, gap, diagnosis) for cause in diagnosis.causes)


def more_positives(gap: Gap, half_width: float) -> int:
    """How many positives a slice lacks for an interval of this half-width at the rate it shows, and for a gate."""
    value = min(max(gap.slice.value, 0.5 / gap.slice.n), 1 - 0.5 / gap.slice.n)
    return max(0, max(GATE, size_for_half_width(value, half_width).size) - gap.slice.n)


def _collect(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    counts = training_items(subject, gap)
    lacking = max(0, counts[1] - counts[0]) if counts else 0
    amount = f"about {count(lacking)} training items" if lacking else "training items"
    open_ = subject.dataset.dimensions.keys() - gap.filters.keys()
    by = next((f", stratified by {name}," for name in ("surface", "language") if name in open_), "")
    return f"collect {amount} of it{by} to bring it to the median of the others, then retrain"


def _relabel(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    half = rate(wilson_half_width(0.5, RELABEL))
    return (
        f"relabel {RELABEL} of its training items with three raters (that shows their error rate to ±{half} at worst),"
        " and have the owner clarify the rule"
    )


def _recalibrate(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    return "recalibrate that vendor on this slice, not the rule"


def _judge_again(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    kind = "the model flags and gold calls negative" if gap.metric == "fpr" else "the model misses"
    return (
        f"judge its {items_of(subject, gap)} items of {subject.dataset.label} again under the guideline now in force,"
        f" first the {count(gap.slice.n - gap.slice.k)} that {kind}; no comparison across gold versions until then"
    )


def _normalise(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    """With the FPR on the variants, which normalising must not raise."""
    entry = next((entry for entry in subject.catalog.datasets if entry.label == gap.origin), subject.dataset)
    run = subject.other_run(entry)
    now = ""
    if run is not None:
        held = subject.decisions(run, entry)["fpr"]
        right, n = held.count(held.codes.within(gap.filters))
        now = f" (now {share(n - right, n)})" if n else ""
    return f"undo the trick before scoring, then add such variants to training; report FPR on variants too{now}"


def _refresh(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    lacking = more_positives(gap, KNOW)
    return (
        f"refresh gold by a random, not score-based, draw ({count(lacking)} more positives of the newest items show the"
        f" recall to ±{rate(KNOW)}), and train on items of this time"
    )


def _move(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    if not gap.values:
        found = misplaced(subject)
        to = f" to about {found.point.threshold:g}" if found else ""
        return f"move the operating threshold{to}; a changed threshold is a new candidate and passes the gate again"
    point = own_point(subject, gap)
    at = f" ({point.threshold:g} gives it the FPR of the rest)" if point else ""
    return f"a threshold of its own{at}, or calibration; look at its curve first"


def _look(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    lacking = "; ".join(dict.fromkeys(fact.text for fact in diagnosis.missing))
    tell = f"; what would tell is not stored: {lacking}" if lacking else ""
    return f"look at its errors by factor in the labelling tool{tell}"


def _collect_evidence(subject: Subject, gap: Gap, diagnosis: Diagnosis) -> str:
    lacking = more_positives(gap, LOOK)
    if not lacking:
        return "watch it on the next set before acting"
    whole = count(lacking + gap.slice.n)
    return f"collect {count(lacking)} more positives before acting; {whole} show its recall to ±{rate(LOOK)}"


ACTIONS: dict[str, Action] = {
    "coverage": _collect,
    "label noise or unclear rule": _relabel,
    "training of raters": _recalibrate,
    "stale gold": _judge_again,
    "robustness": _normalise,
    "drift": _refresh,
    "threshold": _move,
    "not known from what is stored": _look,
    "not established": _collect_evidence,
}
