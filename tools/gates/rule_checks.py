"""Gate checks: one rule on one model gives a verdict for each slice: pass, fail or not assessed, with its figures."""

from dataclasses import dataclass, replace
from typing import Literal

from tools.catalog import DatasetEntry, Filters, ModelEntry
from tools.errors import SetupError, ToolError
from tools.gates.pairs import Differences
from tools.gates.rules import FILE, Gate, Rule
from tools.measures import MEASURES
from tools.resolution import provenance
from tools.results import Provenance
from tools.runs import RunEntry, latest_run
from tools.slices import Slice, describe_filters, load_slices
from tools.stats.clusters import ClusterCounts
from tools.stats.corrections import ALPHA, holm
from tools.stats.differences import Difference
from tools.stats.formats import count, interval, p_value, signed
from tools.stats.operating_points import Curve
from tools.thresholds.clustered import cluster_slices, dependent
from tools.thresholds.table import drawn
from tools.workspace import Call

Outcome = Literal["pass", "fail", "not assessed"]
NO_BASELINE = "there is no baseline to compare with"
FLOOR = 20  # items behind a rate; below, none is shown (Evaluation gate 1.7, section 2.3)


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one slice. `value` is the metric, or the difference to the baseline; `p` is after Holm."""

    slice: str
    outcome: Outcome
    found: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    k: int | None = None
    n: int | None = None
    baseline_k: int | None = None
    p: float | None = None


@dataclass(frozen=True)
class Checked:
    """All verdicts of one rule, where their figures come from, and what to ask for where a run is missing."""

    name: str
    needs: str
    severity: str
    verdicts: tuple[Verdict, ...]
    metric: str = ""
    sources: tuple[Provenance, ...] = ()
    notes: tuple[str, ...] = ()
    ask: str = ""

    @property
    def outcome(self) -> Outcome:
        """The worst of its slices: fail before not assessed before pass."""
        found = {verdict.outcome for verdict in self.verdicts}
        return "fail" if "fail" in found else "not assessed" if "not assessed" in found else "pass"


@dataclass(frozen=True)
class Side:
    """A model's run of a rule's dataset, and the threshold it is read at."""

    model: ModelEntry
    run: RunEntry
    threshold: float


def check(rule: Rule, gate: Gate, model: ModelEntry, baseline: ModelEntry | None, call: Call) -> Checked:
    """The verdicts of one rule; what cannot be computed is not assessed, and says why.

    Raises:
        SetupError: the rule names a dataset, dimension or value that is not registered.
    """
    dataset, filters, each, fpr_on = _names(rule, gate, call)
    empty = Checked(rule.name, needs(rule), rule.severity, (), rule.metric)
    if rule.paired and baseline is None:
        return replace(empty, verdicts=(_none(NO_BASELINE),))
    sides = []
    for entry in (model, baseline) if rule.paired else (model,):
        assert entry is not None
        run = latest_run(call.workspace.engine, entry, dataset)
        if run is None:
            why = f"{entry.label} has not been evaluated on {dataset.label}"
            return replace(empty, verdicts=(_none(why),), ask=f"run {dataset.label} on {entry.label}")
        threshold = entry.threshold if rule.at_fpr is None else _threshold(rule.at_fpr, fpr_on, run, call)
        if threshold is None:
            on = describe_filters(fpr_on) or dataset.label
            why = f"no threshold of {entry.label} keeps FPR ≤ {rule.at_fpr:g} on {on}"
            return replace(empty, verdicts=(_none(why),))
        sides.append(Side(entry, run, threshold))
    sources = tuple(provenance(side.model, dataset, side.run, side.threshold) for side in sides)
    slices = load_slices(call.workspace.engine, sides[0].run.id, filters, each)
    if not slices:
        return replace(empty, verdicts=(_none(f"{dataset.label} has no such item for {model.label}"),), sources=sources)
    floor = rule.min_positives or gate.min_positives
    notes: tuple[str, ...] = ()
    if rule.paired:
        verdicts, notes = _against_baseline(rule, sides, dataset, filters, each, slices, floor, call)
    else:
        side = sides[0]
        clusters = cluster_slices(call.workspace, side.run.id, dataset, filters, each, side.threshold)
        verdicts = tuple(_bounded(rule, piece, clusters.get(piece.values), side.threshold, floor) for piece in slices)
        if dependent(dataset) and not clusters:
            notes = (f"{rule.name}: rows depend on each other, and their predictions are no longer kept.",)
    return replace(empty, verdicts=verdicts, sources=sources, notes=(*notes, *_at_the_point(rule, verdicts)))


def same_gold(gate: Gate, model: ModelEntry, baseline: ModelEntry | None, call: Call) -> Checked | None:
    """Whether both models were measured on one version of each set they are compared on (R16); None: none is needed."""
    found: dict[str, Verdict] = {}
    for rule in gate.rules:
        if not rule.paired:
            continue
        dataset = _names(rule, gate, call)[0]
        runs = [latest_run(call.workspace.engine, entry, dataset) for entry in (model, baseline) if entry]
        held = [run.parameters.get("dataset_digest") for run in runs if run]
        if len(held) < 2:
            found[dataset.id] = _none("one of the two runs is missing" if baseline else NO_BASELINE, dataset.label)
        else:
            outcome: Outcome = "pass" if len(set(held)) == 1 else "fail"
            found[dataset.id] = Verdict(dataset.label, outcome, f"gold {dataset.gold_version}")
    verdicts = tuple(found.values())
    return Checked("same gold version", "one for both models", "severe", verdicts) if verdicts else None


def needs(rule: Rule) -> str:
    """What a rule asks for, in words: `≥ 0.8 at the lower bound`."""
    at = f", at FPR ≤ {rule.at_fpr:g}" if rule.at_fpr is not None else ""
    at += f", at prevalence {rule.prevalence:g}" if rule.prevalence is not None else ""
    if rule.not_significantly_worse:
        return f"not significantly worse (Holm){at}"
    bound = rule.decided_by == "bound"
    if rule.max_regression is not None:
        return f"at most {rule.max_regression:g} worse{' at the bound' if bound else ''}{at}"
    if rule.at_least is not None:
        return f"≥ {rule.at_least:g}{' at the lower bound' if bound else ''}{at}"
    return f"≤ {rule.at_most:g}{' at the upper bound' if bound else ''}{at}"


def _names(rule: Rule, gate: Gate, call: Call) -> tuple[DatasetEntry, Filters, list[str], Filters]:
    field = "dataset"
    try:
        dataset = call.catalog.dataset(rule.dataset or gate.dataset)
        field = "filters"
        filters = call.catalog.filters(rule.filters, dataset)
        field = "each"
        each = [call.catalog.dimension(name, dataset) for name in dict.fromkeys(rule.each)]
        field = "fpr_on"
        return dataset, filters, each, call.catalog.filters(rule.fpr_on, dataset)
    except ToolError as error:
        where = f"gate `{gate.name}`, rule `{rule.name}`, field `{field}`"
        raise SetupError(f"{FILE} is wrong in {where}: {error} Mend that line.") from error


def _threshold(budget: float, filters: Filters, run: RunEntry, call: Call) -> float | None:
    """The lowest threshold of a run that keeps the FPR; None where none does, or nothing is there to measure it on."""
    found = load_slices(call.workspace.engine, run.id, filters, [])
    if not found:
        return None
    point = Curve(found[0].histogram).lowest(budget)
    return point.threshold if point else None


def _bounded(rule: Rule, piece: Slice, clusters: ClusterCounts | None, threshold: float, floor: int) -> Verdict:
    """A metric against its bound."""
    estimate = MEASURES[rule.metric].estimate(piece.histogram, threshold, clusters, rule.prevalence)
    counts = piece.histogram.at(threshold)
    n = counts.n if estimate.n is None else estimate.n
    short = _too_few(counts.positives, floor, n)
    if short or estimate.value is None or estimate.low is None or estimate.high is None:
        return _none(short or "not defined here", piece.name)
    kept = _kept(rule, _worse(rule), estimate.value, estimate.low, estimate.high)
    share = "" if estimate.k is None or estimate.n is None else f"{count(estimate.k)}/{count(estimate.n)}; "
    found = f"{drawn(estimate)} ({share}{interval(estimate.low, estimate.high)})"
    return Verdict(
        piece.name, "pass" if kept else "fail", found, estimate.value, estimate.low, estimate.high, estimate.k, n
    )


def _kept(rule: Rule, worse: int, value: float | None, low: float | None, high: float | None) -> bool:
    """Whether a bound or an allowed regression is kept, at the bound of the interval or at the point."""
    if value is None or low is None or high is None:
        return False
    bound = rule.decided_by == "bound"
    if rule.max_regression is not None:
        # .90 - .88 is a little more than .02 in floating point; a change of just what is allowed is kept.
        return worse * ((high if worse > 0 else low) if bound else value) <= rule.max_regression + 1e-9
    if rule.at_least is not None:
        return (low if bound else value) >= rule.at_least
    return (high if bound else value) <= (rule.at_most or 0.0)


def _worse(rule: Rule) -> int:
    """The sign of a change for the worse."""
    return 1 if MEASURES[rule.metric].higher_is_better is False else -1


def _against_baseline(
    rule: Rule, sides: list[Side], dataset: DatasetEntry, filters: Filters, each: list[str], slices: list[Slice],
    floor: int, call: Call,
) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:  # fmt: skip
    """The metric against the baseline's on the same items."""
    candidate, baseline = sides
    try:
        found = Differences(
            call.workspace, candidate.run, baseline.run, candidate.threshold, baseline.threshold, dataset, filters, each
        )
    except ToolError as error:  # other items or labels (R16), or predictions that are gone
        return (_none(str(error)),), ()
    assessed: list[tuple[str, Difference]] = []
    verdicts = []
    for piece in slices:
        change = found.of(rule.metric, piece.values)
        positives = piece.histogram.at(candidate.threshold).positives
        short = "not defined here" if change is None else _too_few(positives, floor, change.n)
        if change is None or short:
            verdicts.append(_none(short, piece.name))
        else:
            assessed.append((piece.name, change))
    for (name, change), p in zip(assessed, holm([change.p for _, change in assessed]), strict=True):
        verdicts.append(_compared(rule, name, change, p))
    order = {piece.name: at for at, piece in enumerate(slices)}
    return tuple(sorted(verdicts, key=lambda verdict: order[verdict.slice])), found.notes


def _compared(rule: Rule, name: str, change: Difference, p: float) -> Verdict:
    worse = _worse(rule)
    if rule.max_regression is not None:
        kept = _kept(rule, worse, change.value, change.low, change.high)
    else:
        kept = not (worse * change.value > 0 and p < ALPHA)
    counts = f"{change.b_k}/{change.b_n} → {change.a_k}/{change.a_n}"
    tested = f"; p {p_value(p)}" if rule.not_significantly_worse else ""
    found = f"{signed(change.value)} ({counts}; {signed(change.low)} to {signed(change.high)}{tested})"
    return Verdict(
        name, "pass" if kept else "fail", found, change.value, change.low, change.high, change.a_k, change.n,
        change.b_k, p if rule.not_significantly_worse else None,
    )  # fmt: skip


def _at_the_point(rule: Rule, verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
    """The doubt about slices that pass at the point of a rule, where the interval reaches beyond it."""
    if rule.decided_by == "bound" or rule.not_significantly_worse:
        return ()
    strict = rule.model_copy(update={"decided_by": "bound"})
    worse = _worse(rule)
    names = [
        verdict.slice
        for verdict in verdicts
        if verdict.outcome == "pass" and not _kept(strict, worse, verdict.value, verdict.low, verdict.high)
    ]
    return (
        (f"{rule.name}: decided at the point; the interval also allows a fail of {', '.join(names)}.",) if names else ()
    )


def _too_few(positives: int, floor: int, n: int) -> str:
    """Why a slice is not assessed; empty where it is."""
    if positives < floor:
        return f"{count(positives)} positives, {count(floor - positives)} short of {count(floor)}"
    return f"{count(n)} items behind it, {count(FLOOR - n)} short of {FLOOR}" if n < FLOOR else ""


def _none(why: str, name: str = "all") -> Verdict:
    return Verdict(name, "not assessed", why)
