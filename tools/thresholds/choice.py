"""Operating choice: one threshold for all, what it gives, what it changes against the one in force, and how sure."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tools.catalog import DatasetEntry, Filters, ModelEntry
from tools.measures import MEASURES, Estimate
from tools.metrics.query import LOW_SUPPORT, sentence
from tools.resolution import provenance
from tools.results import Result
from tools.runs import RunEntry
from tools.slices import describe_filters
from tools.stats.clusters import ClusterCounts
from tools.stats.formats import count, rate, signed
from tools.stats.held_out import HeldOut, held_out
from tools.stats.histogram import Histogram
from tools.stats.operating_points import Choice, Curve, Demand, Point
from tools.stats.paired import Joint, difference_interval
from tools.thresholds.clustered import cluster_slices, dependent
from tools.thresholds.demands import Asked, amount
from tools.thresholds.table import columns, points, row
from tools.workspace import Call


@dataclass(frozen=True)
class Setting:
    """A question about thresholds with all its names resolved, and the scores it is about."""

    call: Call
    model: ModelEntry
    dataset: DatasetEntry
    run: RunEntry
    filters: Filters
    asked: Asked
    histogram: Histogram
    query: dict[str, Any]
    defaults: tuple[str, ...]

    @cached_property
    def curve(self) -> Curve:
        """What every threshold gives."""
        return Curve(self.histogram)

    @cached_property
    def _clusters(self) -> dict[float, ClusterCounts | None]:
        """What was counted by bucket so far, by threshold."""
        return {}

    @property
    def where(self) -> str:
        """` on language es`; empty for the whole set."""
        return f" on {describe_filters(self.filters)}" if self.filters else ""

    @property
    def dependent(self) -> bool:
        """Whether rows depend on each other or carry weights."""
        return dependent(self.dataset)

    def estimate(self, name: str, threshold: float) -> Estimate:
        """A metric at a threshold with its interval, clusters allowed for; precision at the prevalence asked for."""
        if threshold not in self._clusters:
            found = cluster_slices(self.call.workspace, self.run.id, self.dataset, self.filters, [], threshold)
            self._clusters[threshold] = found.get(())
        return MEASURES[name].estimate(
            self.histogram, threshold, self._clusters[threshold], self.asked.demand.prevalence
        )

    def outlined(self, name: str, threshold: float) -> Estimate:
        """The same, without an interval where that would need all predictions read again for each threshold."""
        plain = MEASURES[name].estimate(self.histogram, threshold, None, self.asked.demand.prevalence)
        return replace(plain, low=None, high=None) if self.dependent else plain

    @property
    def of_this_set(self) -> str:
        """What does not carry over to live traffic, where no prevalence was stated; empty where all does."""
        demand = self.asked.demand
        if demand.prevalence is not None:
            return ""
        if self.asked.volume is not None:
            return f"{self.share} of this set are positive; live traffic has fewer, so fewer items are flagged there."
        if demand.cost_ratio is not None:
            return f"Misses weigh as in this set, where {self.share} are positive; live traffic has fewer to miss."
        if demand.min_precision is not None:
            return "Precision holds on this set only: it is enriched, live traffic has fewer positives."
        return ""

    @property
    def about_rows(self) -> list[str]:
        """What clusters and weights of the set do to the answer."""
        caveats = []
        if None in self._clusters.values() and self.dependent:
            caveats.append(
                "Rows depend on each other, and their predictions are no longer kept: intervals are too narrow."
            )
        elif self.dataset.traits.get("clusters"):
            caveats.append(
                "Rows come in clusters: the intervals shown allow for it; held-out figures do not, and still flatter."
            )
        if self.dataset.traits.get("weighted"):
            caveats.append("Items carry weights: rates allow for them, thresholds are picked on plain counts.")
        return caveats

    @property
    def share(self) -> str:
        """The prevalence of the set."""
        return rate(self.curve.positives / (self.curve.positives + self.curve.negatives))

    def result(
        self, headline: str, threshold: float, caveats: list[str], rows: list[dict[str, Any]], columns_: Any
    ) -> Result:
        """The result of the tool, with what any answer of it carries."""
        if self.dataset.kind == "train" or self.model.trained_on == self.dataset.id:
            caveats.insert(0, f"{self.model.label} was trained on this set: these numbers flatter it.")
        defaults = [*self.defaults]
        if self.of_this_set:
            defaults.append(f"prevalence {self.share}, that of this set")
        return Result(
            tool="find_threshold",
            headline=headline,
            columns=columns_ if rows else (),
            rows=tuple(rows),
            provenance=(provenance(self.model, self.dataset, self.run, threshold),),
            caveats=tuple(caveats),
            defaults=tuple(defaults),
            query=self.query,
            suggestions=(f"recall and fpr of {self.model.label} at threshold {threshold:g}{self.dataset.breakdown}",),
        )


def answer(setting: Setting) -> Result:
    """The threshold that keeps the demand, or without a demand, the one in force among others."""
    curve, operating = setting.curve, setting.model.threshold
    if not curve.positives or not curve.negatives:
        missing = "positives" if curve.negatives else "negatives"
        headline = f"**No threshold can be chosen{setting.where}**: there are no {missing} to tell apart."
        return setting.result(headline, operating, [], [], ())
    choice = curve.best(setting.asked.demand, keep=operating) if setting.asked.bounded else None
    point = choice.point if choice else curve.at(operating)
    lines = [_first(setting, choice, point)]
    for name in _metrics(setting):
        at = f" {setting.asked.at}" if name == "precision" else ""
        lines.append(f"{sentence(MEASURES[name], setting.estimate(name, point.threshold))}{at}.")
    if setting.asked.volume is not None:
        lines.append(_daily(setting, point))
    if choice:
        lines.append(against(point, curve.at(operating), independent=not setting.dependent))
    rows = []
    for name, each in points(curve, setting.asked, operating, choice, independent=not setting.dependent):
        known = each.threshold in (point.threshold, operating)
        rows.append(row(name, each, setting.asked, setting.estimate if known else setting.outlined))
    return setting.result(
        "\n".join(lines), point.threshold, _caveats(setting, point, choice), rows, columns(setting.asked)
    )


def against(point: Point, operating: Point, *, independent: bool = True) -> str:
    """What a threshold changes against the one in force: counts, and differences on the same items with interval."""
    if (point.counts.tp, point.counts.fp) == (operating.counts.tp, operating.counts.fp):
        same = "is the operating threshold" if point.threshold == operating.threshold else "flags the same items as it"
        return f"That {same} ({operating.threshold:g}): nothing would change."
    text = f"Against the operating threshold {operating.threshold:g}: {moved(point, operating)}"
    if independent:
        recall, fpr = (_difference(point, operating, positive=positive) for positive in (True, False))
        text += f"; recall {recall}, FPR {fpr}"
    return f"{text}."


def moved(point: Point, other: Point) -> str:
    """`162 more positives caught, 69 more false alarms`."""
    return changed(point.counts.tp - other.counts.tp, point.counts.fp - other.counts.fp)


def changed(caught: int, alarms: int) -> str:
    """`1 more positive caught, 3 fewer false alarms`."""
    return f"{_more(caught, 'positive')} caught, {_more(alarms, 'false alarm')}"


def _more(change: int, noun: str) -> str:
    number = f"{count(abs(change))} {'more' if change > 0 else 'fewer'}" if change else "no more"
    return f"{number} {noun}{'' if abs(change) == 1 else 's'}"


def _difference(point: Point, other: Point, *, positive: bool) -> str:
    """`+0.299 (+0.262 to +0.339)`: a lower threshold flags what a higher one flags, so the counts tell the pairs."""
    a, b = ((each.counts.tp if positive else each.counts.fp) for each in (point, other))
    n = point.counts.positives if positive else point.counts.negatives
    value, low, high = difference_interval(Joint(min(a, b), max(0, a - b), max(0, b - a), n - max(a, b)))
    return f"{signed(value)} ({signed(low)} to {signed(high)})"


def _first(setting: Setting, choice: Choice | None, point: Point) -> str:
    asked, where = setting.asked, setting.where
    if choice is None:
        return f"**The operating threshold is {point.threshold:g}**{where}; what it gives, and others along the curve:"
    if not choice.met:
        return f"**No threshold keeps {asked.words}**{where}. Nearest: {point.threshold:g}."
    if asked.demand.cost_ratio is not None:
        best = "costs least"
    else:
        best = "gives the fewest false alarms" if asked.demand.min_recall is not None else "gives the highest recall"
    return f"**Threshold {point.threshold:g}** {best}{where} with {asked.words}."


def _metrics(setting: Setting) -> list[str]:
    demand = setting.asked.demand
    about_precision = demand.min_precision is not None or demand.prevalence is not None
    return ["recall", "fpr", *(["precision"] if about_precision else [])]


def _daily(setting: Setting, point: Point) -> str:
    share, volume = setting.estimate("flagged_rate", point.threshold), setting.asked.volume or 0.0
    value, low, high = (amount((each or 0.0) * volume) for each in (share.value, share.low, share.high))
    return f"**About {value} of {amount(volume)} items a day flagged** (95 % {low}-{high}), {setting.asked.at}."


def _caveats(setting: Setting, point: Point, choice: Choice | None) -> list[str]:
    curve, caveats = setting.curve, list[str]()
    for n, of in ((curve.positives, "positives"), (curve.negatives, "negatives")):
        if n < LOW_SUPPORT:
            caveats.append(f"Low support: {n} {of} only, so no threshold is established here.")
    if choice and choice.met and (left_open := _left_open(setting, point)):
        caveats.append(
            f"Kept in this sample, but not at the bound of the interval: {left_open}.{_safe(setting, point)}"
        )
    if choice:
        held = held_out(setting.histogram, setting.asked.demand)
        broken = ", which does not keep it" if choice.met and _breaks(held, setting.asked.demand) else ""
        caveats.append(
            "Picked and measured on the same items. Picked on four fifths and measured on the rest, in turn:"
            f" recall {_mean(held.tp, held.positives)}, FPR {_mean(held.fp, held.negatives)}"
            f"{_precision(held, setting.asked.demand)}{broken}."
        )
    if setting.of_this_set:
        caveats.append(setting.of_this_set)
    return [*caveats, *setting.about_rows]


def _left_open(setting: Setting, point: Point) -> str:
    """The parts of the demand that the interval leaves open."""
    demand, found = setting.asked.demand, list[str]()
    high = setting.estimate("fpr", point.threshold).high
    if demand.max_fpr is not None and high is not None and high > demand.max_fpr:
        found.append(f"FPR up to {rate(high)}")
    for name, least in (("recall", demand.min_recall), ("precision", demand.min_precision)):
        low = setting.estimate(name, point.threshold).low if least is not None else None
        if least is not None and low is not None and low < least:
            found.append(f"{name} down to {rate(low)}")
    most = setting.estimate("flagged_rate", point.threshold).high if demand.max_flagged is not None else None
    if most is not None and most > (demand.max_flagged or 0.0):
        found.append(f"up to {amount(most * (setting.asked.volume or 0.0))} flagged a day")
    return ", ".join(found)


def _safe(setting: Setting, point: Point) -> str:
    """Where a FPR budget, if that is all that was asked, is kept at the bound too."""
    budget = setting.asked.demand.max_fpr
    if budget is None or setting.asked.demand != Demand(max_fpr=budget) or setting.dependent:
        return ""
    safe = setting.curve.safest(budget)
    if safe is None:
        return f" {count(setting.curve.negatives)} negatives are too few to show FPR ≤ {budget:g}."
    return f" At {safe.threshold:g} it is kept there too: {moved(safe, point)}."


def _mean(k: float, n: int) -> str:
    """`0.867 (about 469 of 541)`; all or nothing is said in counts (R18)."""
    if k in (0, n):
        return f"{'none' if k == 0 else 'each'} of {count(n)}"
    return f"{rate(k / n)} (about {amount(round(k) or k)} of {count(n)})"


def _precision(held: HeldOut, demand: Demand) -> str:
    """The held-out precision, where one was asked for."""
    found = held.precision(demand.prevalence)
    return "" if demand.min_precision is None or found in (None, 0.0, 1.0) else f", precision {rate(found or 0.0)}"


def _breaks(held: HeldOut, demand: Demand) -> bool:
    precision = held.precision(demand.prevalence)
    return (
        (demand.max_fpr is not None and held.fpr > demand.max_fpr)
        or (demand.min_recall is not None and held.recall < demand.min_recall)
        or (demand.min_precision is not None and precision is not None and precision < demand.min_precision)
    )
