"""`query_metrics`: any metric of a model on a dataset, whole or by slice, at any threshold, from stored counts."""

from typing import Any

from tools.arguments import Arguments, DatasetName, GroupBy, Metrics, MinSupport, ModelName, SliceFilters, Threshold
from tools.catalog import DatasetEntry, Filters, ModelEntry
from tools.errors import ToolError
from tools.measures import Estimate, Measure
from tools.resolution import Resolver, provenance
from tools.results import Column, Result
from tools.slices import Slice, describe_filters, load_slices
from tools.spec import Example, ToolSpec
from tools.stats.formats import count, interval, rate
from tools.workspace import Call

LOW_SUPPORT = 30  # below this, an interval is so wide that the number alone misleads
ENRICHED_CAVEAT = "Precision holds on this set only: it is enriched, live traffic has fewer positives."


class QueryMetrics(Arguments):
    """Recall, precision, false positive rate and other metrics of one model version, overall or by slice."""

    metrics: Metrics = ["recall", "precision", "fpr"]  # noqa: RUF012  (pydantic copies it)
    model: ModelName = None
    dataset: DatasetName = None
    filters: SliceFilters = {}  # noqa: RUF012
    group_by: GroupBy = []  # noqa: RUF012
    threshold: Threshold = None
    min_support: MinSupport = 0


def _query_metrics(arguments: QueryMetrics, call: Call) -> Result:
    resolver = Resolver(call)
    measures = [call.catalog.measure(name) for name in dict.fromkeys(arguments.metrics)]
    if not measures:
        raise ToolError("Which metric? For instance recall, precision or false positive rate.")
    model = resolver.model(arguments.model, arguments.filters)
    dataset = resolver.dataset(arguments.dataset)
    filters = call.catalog.filters(arguments.filters, dataset)
    group_by = [call.catalog.dimension(name, dataset) for name in dict.fromkeys(arguments.group_by)]
    threshold = resolver.threshold(arguments.threshold, model)
    run = resolver.run(model, dataset)
    slices = load_slices(call.workspace.engine, run.id, filters, group_by)
    total = load_slices(call.workspace.engine, run.id, filters, [])
    if not total:
        raise ToolError(f"No item of {dataset.label} with {describe_filters(filters)} belongs to {model.label}.")
    rows = [_row(piece, measures, threshold) for piece in slices] if group_by else []
    main = measures[0]
    kept = [row for row in rows if (row[f"{main.name}_n"] or 0) >= arguments.min_support]
    kept.sort(key=lambda row: _badness(row[main.name], main))
    overall = total[0]
    caveats = _caveats(measures, overall, threshold, kept, bool(group_by), len(rows) - len(kept), arguments.min_support)
    if dataset.kind == "train" or model.trained_on == dataset.id:
        caveats.insert(0, f"{model.label} was trained on this set: these numbers flatter it.")
    return Result(
        tool="query_metrics",
        headline=_headline(overall, measures, model, filters, threshold, kept, group_by, arguments.threshold is None),
        columns=_columns(measures, group_by) if kept else (),
        rows=tuple(kept),
        provenance=(provenance(model, dataset, run, threshold),),
        caveats=tuple(caveats),
        defaults=tuple(resolver.defaults),
        query=_query(measures, model, dataset, filters, group_by, arguments),
        suggestions=_suggestions(measures, model, group_by, call),
    )


def sentence(measure: Measure, estimate: Estimate) -> str:
    """`**Recall 0.912** (456 of 500 positives; 95 % 0.884-0.934)`; a metric without a value says so."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return f"**{measure.title}: not defined here** (no {measure.of or 'positives or no negatives'})"
    parts = [] if estimate.k is None or estimate.n is None else [
        f"{count(estimate.k)} of {count(estimate.n)} {measure.of}"
        + {1.0: ", every one in this sample", 0.0: ", none in this sample"}.get(estimate.value, "")
    ]  # fmt: skip
    brackets = "; ".join([*parts, f"95 % {interval(estimate.low, estimate.high)}"])
    return f"**{measure.title} {shown(estimate.value, estimate.low, estimate.high)}** ({brackets})"


def shown(value: float, low: float, high: float) -> str:
    """The value, or where a sample is all or nothing, what the data show instead: the bound (R18)."""
    if value == 1.0:
        return f"at least {rate(low)}"
    return f"at most {rate(high)}" if value == 0.0 else rate(value)


def _headline(
    overall: Slice, measures: list[Measure], model: ModelEntry, filters: Filters, threshold: float,
    rows: list[dict[str, Any]], group_by: list[str], operating: bool,
) -> str:  # fmt: skip
    where = f" on {describe_filters(filters)}" if filters else ""
    at = f"at the {'operating threshold' if operating else 'threshold'} {threshold:g}"
    first, *others = [sentence(measure, measure.estimate(overall.histogram, threshold)) for measure in measures]
    text = f"{first} {at}{where}."
    if others:
        text += "".join(f"\n{other}." for other in others)
    if group_by and rows:
        main, worst = measures[0], rows[0]
        value = worst[main.name]
        if main.higher_is_better is not None and value is not None:
            found = shown(value, worst[f"{main.name}_low"], worst[f"{main.name}_high"])
            text += f"\nWeakest {' × '.join(group_by)}: {worst['slice']}, {main.title.lower()} {found}."
    return text


def _row(piece: Slice, measures: list[Measure], threshold: float) -> dict[str, Any]:
    row: dict[str, Any] = {"slice": piece.name}
    for measure in measures:
        found = measure.estimate(piece.histogram, threshold)
        counts = piece.histogram.at(threshold)
        support = found.n if found.n is not None else counts.n
        row |= {
            measure.name: found.value,
            f"{measure.name}_low": found.low,
            f"{measure.name}_high": found.high,
            f"{measure.name}_k": found.k,
            f"{measure.name}_n": support,
        }
    return row


def _columns(measures: list[Measure], group_by: list[str]) -> tuple[Column, ...]:
    columns = [Column(key="slice", label=" × ".join(group_by))]
    for measure in measures:
        columns.append(Column(key=measure.name, label=measure.title, unit="rate"))
        if measure.share:
            columns.append(Column(key=f"{measure.name}_k", label="k/n", unit="share", other=f"{measure.name}_n"))
        low, high = f"{measure.name}_low", f"{measure.name}_high"
        columns.append(Column(key=low, label="95 %", unit="interval", other=high))
    return tuple(columns)


def _caveats(
    measures: list[Measure], overall: Slice, threshold: float, rows: list[dict[str, Any]], grouped: bool,
    dropped: int, floor: int,
) -> list[str]:  # fmt: skip
    caveats = []
    main = measures[0]
    if grouped:
        low = [row["slice"] for row in rows if (row[f"{main.name}_n"] or 0) < LOW_SUPPORT]
        if low:
            caveats.append(f"Low support, read with care (under {LOW_SUPPORT} {main.of or 'items'}): {', '.join(low)}.")
        if dropped:
            caveats.append(f"{dropped} slice(s) with fewer than {floor} {main.of or 'items'} left out.")
        if not rows:
            caveats.append(f"No slice has {floor} {main.of or 'items'}.")
    else:
        for measure in measures:
            found = measure.estimate(overall.histogram, threshold)
            if found.n is not None and found.n < LOW_SUPPORT:
                caveats.append(f"Low support for {measure.title.lower()}: {found.n} {measure.of} only; not assessed.")
    if any(measure.name == "precision" for measure in measures):
        caveats.append(ENRICHED_CAVEAT)
    return caveats


def _badness(value: float | None, measure: Measure) -> float:
    if value is None:
        return 2.0
    return -value if measure.higher_is_better is False else value


def _query(
    measures: list[Measure], model: ModelEntry, dataset: DatasetEntry, filters: Filters, group_by: list[str],
    arguments: QueryMetrics,
) -> dict[str, Any]:  # fmt: skip
    return {
        "metrics": [measure.name for measure in measures],
        "model": model.label,
        "dataset": dataset.label,
        "filters": filters,
        "group_by": group_by,
        "threshold": None if arguments.threshold is None else round(arguments.threshold, 4),
        "min_support": arguments.min_support,
    }


def _suggestions(measures: list[Measure], model: ModelEntry, group_by: list[str], call: Call) -> tuple[str, ...]:
    if group_by:
        return (f"what does {measures[0].name} mean?",)
    others = [m for m in call.catalog.models if m.name == model.name and m.released < model.released]
    before = max(others, key=lambda m: m.released, default=None)
    by = f"{measures[0].title.lower()} of {model.label} by language"
    return (by, f"compare {model.label} with {before.label}") if before else (by,)


QUERY_METRICS = ToolSpec(
    name="query_metrics",
    summary="A metric of one model version on a dataset, overall, for a slice, or broken down by dimension.",
    topic="metrics of a model, whole or by slice, at any threshold",
    arguments=QueryMetrics,
    run=_query_metrics,
    examples=(
        Example("what is the recall of bullying-text v7?", {"metrics": ["recall"], "model": "bullying-text v7"}),
        Example(
            "precision of challenge-video v4 on golden 2026-07",
            {"metrics": ["precision"], "model": "challenge-video v4", "dataset": "golden 2026-07"},
        ),
        Example(
            "false positive rate by language for bullying-text prod",
            {"metrics": ["fpr"], "model": "bullying-text prod", "group_by": ["language"]},
        ),
        Example("how good is bullying-text v7 on spanish comments",
                {"model": "bullying-text v7", "filters": {"language": ["es"], "surface": ["comment"]}}),
        Example("how does the prod model do on hindi", {"filters": {"language": ["hi-Latn"]}}),
        Example("break down recall by surface and language",
                {"metrics": ["recall"], "group_by": ["surface", "language"]}),
        Example("recall at threshold 0.5", {"metrics": ["recall"], "threshold": 0.5}),
        Example("what would fpr be if we lower the cutoff to 0.3", {"metrics": ["fpr"], "threshold": 0.3}),
        Example("which languages are weakest for recall, only with n over 50",
                {"metrics": ["recall"], "group_by": ["language"], "min_support": 51}),
        Example("how many positives do we miss", {"metrics": ["fnr"]}),
        Example("how many false positives does it have", {"metrics": ["fpr"]}),
        Example("auc and f1 for challenge-video v5-rc1", {"metrics": ["auc", "f1"], "model": "challenge-video v5-rc1"}),
        Example("performance on leetspeak in the evasion suite",
                {"dataset": "evasion 2", "filters": {"technique": ["leetspeak"]}}),
        Example("numbers for v6 please", {"model": "bullying-text v6"}),
        Example("recall numbers for the candidate", {"metrics": ["recall"], "model": "candidate"}),
        Example("how often does it flag harmless items", {"metrics": ["fpr"]}),
        Example("what share of flagged items is right on golden", {"metrics": ["precision"], "dataset": "golden"}),
        Example("did we catch enough on profiles", {"metrics": ["recall"], "filters": {"surface": ["profile"]}}),
        Example("how well does bullying-text perform", {"model": "bullying-text"}),
        Example("false positive rate, challenge-video, production",
                {"metrics": ["fpr"], "model": "challenge-video prod"}),
        Example("how is bullying-text v7 doing", {"model": "bullying-text v7"}),
        Example("what is our recall", {"metrics": ["recall"]}),
        Example("what's our precision at the moment", {"metrics": ["precision"]}),
        Example("accuracy per surface", {"metrics": ["accuracy"], "group_by": ["surface"]}),
        Example("where is the model weakest by language", {"group_by": ["language"]}),
        Example("is 0.2 a good threshold, what are recall and fpr there",
                {"metrics": ["recall", "fpr"], "threshold": 0.2}),
        Example("give me the scores of v7 on the july golden set",
                {"model": "bullying-text v7", "dataset": "golden 2026-07"}),
    ),
)  # fmt: skip
