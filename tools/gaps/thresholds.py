"""Gap thresholds: whether a gap is one of the threshold, for the model as a whole or for a slice."""

from dataclasses import dataclass
from statistics import median

from tools.catalog import ModelEntry
from tools.gaps.causes import CLOSED, FAR_OFF, SAME_CURVE, SAME_MODEL, WORTH, Fact
from tools.gaps.cells import Metric
from tools.gaps.fields import MARGIN, VARIANTS, Subject
from tools.gaps.findings import Gap
from tools.gaps.versions import AGE
from tools.gaps.words import share
from tools.resolution import provenance
from tools.results import Provenance
from tools.run_statistics import run_statistics
from tools.slices import within
from tools.stats.curves import auc
from tools.stats.formats import rate
from tools.stats.histogram import Histogram
from tools.stats.intervals import wilson
from tools.stats.operating_points import Curve, Demand, Point
from tools.stats.paired import mcnemar
from tools.stats.proportions import Contrast, proportion

_VERSIONS = 3  # of two, nobody can say which one is off


@dataclass(frozen=True)
class _Operating:
    """How one version operates on the set: its scores, FPR at its own threshold, AUC, and where this is from."""

    histogram: Histogram
    fpr: float
    auc: float
    source: Provenance


@dataclass(frozen=True)
class Misplaced:
    """A model whose threshold is off as a whole: its gap against itself at `point`, and what shows it."""

    gap: Gap
    point: Point
    facts: tuple[Fact, ...]


def misplaced(subject: Subject) -> Misplaced | None:
    """Whether the operating threshold is far from where the versions of the model operate; None where not.

    The median over the versions, this one among them, is what FPR is usual; it takes three to have one that is not the
    odd one's own. If this one's is half or double of it, its curve as good as theirs, and the threshold that gives the
    usual FPR finds clearly more positives (or raises clearly fewer false alarms), the threshold is off.
    """
    mine, others = _operating(subject, subject.model), _others(subject)
    if mine is None or len(others) < _VERSIONS - 1:
        return None
    usual, theirs = median([mine.fpr, *(other.fpr for other in others)]), median(other.auc for other in others)
    if mine.auc < theirs - SAME_MODEL or usual / FAR_OFF < mine.fpr < usual * FAR_OFF:
        return None
    now, point = Curve(mine.histogram).at(subject.model.threshold), _meeting(mine.histogram, usual)
    gap = _against("recall" if mine.fpr < usual else "fpr", now, point)
    if gap.lack.low <= (WORTH if gap.metric == "recall" else MARGIN):
        return None
    text = (
        f"at {now.threshold:g} its FPR is {share(now.counts.fp, now.counts.negatives)}, usual among the versions is"
        f" {rate(usual)}; AUC {rate(mine.auc)}, the others' {rate(theirs)}; at {point.threshold:g} its FPR would be"
        f" {share(point.counts.fp, point.counts.negatives)}"
    )
    sources = (mine.source, *(other.source for other in others))
    brief = f"at {now.threshold:g} its FPR is {rate(mine.fpr)}, usual is {rate(usual)}; AUC {rate(mine.auc)}"
    return Misplaced(gap, point, (Fact("other_threshold", True, text, sources, brief),))


def threshold_facts(subject: Subject, gap: Gap) -> list[Fact]:
    """Whether the slice would be as good as the rest at a threshold of its own, with the rest's FPR."""
    if gap.origin or not gap.values or {AGE, *VARIANTS} & gap.filters.keys():
        return []  # nobody can set a threshold by age or by trick
    part, rest = _sides(subject, gap)
    areas = auc(part), auc(rest)
    point = own_point(subject, gap)
    if areas[0] is None or areas[1] is None or point is None:
        return [Fact("own_threshold", None, "without positives and negatives on both sides there is no curve")]
    at = rest.at(subject.model.threshold)
    reached, wanted = point.counts.tp / point.counts.positives, at.tp / at.positives
    left = gap.lack.difference * (1 - CLOSED) if gap.metric == "recall" else WORTH
    good = areas[0][0] >= areas[1][0] - SAME_CURVE
    curves = f"AUC {rate(areas[0][0])} against {rate(areas[1][0])}"
    found = (
        f"at its own threshold {point.threshold:g}, with the FPR of the rest ({rate(at.fp / at.negatives)}), its recall"
        f" is {share(point.counts.tp, point.counts.positives)}"
    )
    text = f"{found}; {curves}" if good else f"its curve is lower: {curves}; {found}"
    holds = good and wanted - reached <= left
    brief = f"its curve is as good: at {point.threshold:g} recall {share(point.counts.tp, point.counts.positives)}"
    return [Fact("own_threshold", holds, text, (), brief if holds else "")]


def own_point(subject: Subject, gap: Gap) -> Point | None:
    """Where the slice has the FPR that the rest has at the operating threshold; None without a curve."""
    part, rest = _sides(subject, gap)
    at = rest.at(subject.model.threshold)
    if not at.negatives or not part.positives.any() or not part.negatives.any():
        return None
    return _meeting(part, at.fp / at.negatives)


def _sides(subject: Subject, gap: Gap) -> tuple[Histogram, Histogram]:
    """The scores of the slice and of the rest of the set."""
    statistics = run_statistics(subject.workspace.engine, subject.run.id)
    inside = [place for place, values in enumerate(statistics.values) if within(values, gap.filters)]
    others = sorted(set(range(len(statistics.values))) - set(inside))
    return statistics.histogram(inside), statistics.histogram(others)


def _others(subject: Subject) -> list[_Operating]:
    """The other versions of the model that have a run on the set."""
    same = [model for model in subject.catalog.models if model.name == subject.model.name]
    found = [_operating(subject, model) for model in same if model.id != subject.model.id]
    return [other for other in found if other is not None]


def _operating(subject: Subject, model: ModelEntry) -> _Operating | None:
    """How a version operates on the set; None without a run, positives or negatives."""
    run = subject.run if model.id == subject.model.id else subject.other_run(subject.dataset, model)
    if run is None:
        return None
    statistics = run_statistics(subject.workspace.engine, run.id)
    histogram = statistics.histogram(range(len(statistics.values)))
    area = auc(histogram)
    if area is None:
        return None
    counts = histogram.at(model.threshold)
    source = provenance(model, subject.dataset, run, model.threshold)
    return _Operating(histogram, counts.fp / counts.negatives, area[0], source)


def _meeting(histogram: Histogram, max_fpr: float) -> Point:
    """The threshold with the highest recall at this FPR, of two decimals where one keeps it."""
    curve, demand = Curve(histogram), Demand(max_fpr=max_fpr)
    exact = curve.best(demand).point
    return curve.rounded(demand, exact) or exact


def _against(metric: Metric, now: Point, point: Point) -> Gap:
    """The model now against itself at another threshold: the same items, all of which change in one direction."""
    if metric == "recall":
        before, after, n = now.counts.tp, point.counts.tp, now.counts.positives
    else:
        before, after, n = now.counts.tn, point.counts.tn, now.counts.negatives
    gained = after - before
    lack = Contrast(gained / n, *wilson(gained, n), mcnemar(gained, 0))
    return Gap(metric, (), proportion(before, n), proportion(after, n), lack, lack.p, lack.p)
