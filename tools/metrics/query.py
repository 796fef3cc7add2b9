"""`query_metrics`: any metric of a model on a dataset, whole or by slice, at any threshold, from stored counts."""

from typing import Any

from tools.arguments import (
    Arguments,
    DatasetName,
    GroupBy,
    Metrics,
    MinSupport,
    ModelName,
    Prevalence,
    SliceFilters,
    Threshold,
)
from tools.catalog import DatasetEntry, Filters, ModelEntry
from tools.errors import ToolError
from tools.measures import Measure
from tools.metrics.answers import LOW_SUPPORT, Asked, Row, lowered, percent, sentence, shown
from tools.metrics.clusters import load_dependence
from tools.resolution import Resolver, provenance
from tools.results import Result
from tools.slices import Slice, describe_filters, load_slices
from tools.spec import Example, ToolSpec
from tools.workspace import Call

__all__ = ["LOW_SUPPORT", "QUERY_METRICS", "QueryMetrics", "sentence", "shown"]


class QueryMetrics(Arguments):
    """Recall, precision, false positive rate and other metrics of one model version, overall or by slice."""

    metrics: Metrics = ["recall", "precision", "fpr"]  # noqa: RUF012  (pydantic copies it)
    model: ModelName = None
    dataset: DatasetName = None
    filters: SliceFilters = {}  # noqa: RUF012
    group_by: GroupBy = []  # noqa: RUF012
    threshold: Threshold = None
    min_support: MinSupport = 0
    prevalence: Prevalence = None


def _query_metrics(arguments: QueryMetrics, call: Call) -> Result:
    resolver = Resolver(call)
    measures = [call.catalog.measure(name) for name in dict.fromkeys(arguments.metrics)]
    if not measures:
        raise ToolError("Which metric? For instance recall, precision or false positive rate.")
    model = resolver.model(arguments.model, arguments.filters)
    dataset = resolver.dataset(arguments.dataset)
    _refuse_classes(model, dataset)
    filters = call.catalog.filters(arguments.filters, dataset)
    group_by = [call.catalog.dimension(name, dataset) for name in dict.fromkeys(arguments.group_by)]
    threshold = resolver.threshold(arguments.threshold, model)
    run = resolver.run(model, dataset)
    total = load_slices(call.workspace.engine, run.id, filters, [])
    if not total:
        raise ToolError(f"No item of {dataset.label} with {describe_filters(filters)} belongs to {model.label}.")
    overall = total[0]
    dependence = load_dependence(call.workspace, run.id, dataset, threshold, filters, [[], group_by])
    asked = Asked(measures, threshold, dependence, arguments.prevalence)
    pieces = load_slices(call.workspace.engine, run.id, filters, group_by) if group_by else [overall]
    rows = [asked.row(piece) for piece in pieces]
    floor = arguments.min_support if group_by else 0
    kept = [row for row in rows if (row[f"{measures[0].name}_n"] or 0) >= floor]
    kept.sort(key=lambda row: _badness(row[asked.ordering], measures[0]))
    caveats = asked.caveats(overall, kept, grouped=bool(group_by), dropped=len(rows) - len(kept), floor=floor)
    if dataset.kind == "train" or model.trained_on == dataset.id:
        caveats.insert(0, f"{model.label} was trained on this set: these numbers flatter it.")
    return Result(
        tool="query_metrics",
        headline=_headline(asked, overall, filters, kept, group_by, operating=arguments.threshold is None),
        columns=asked.columns(group_by) if kept and group_by else (),  # of the whole, the headline says it all
        rows=tuple(kept),
        provenance=(provenance(model, dataset, run, threshold),),
        caveats=tuple(caveats),
        defaults=tuple(resolver.defaults),
        query=_query(measures, model, dataset, filters, group_by, arguments),
        suggestions=_suggestions(asked, model, dataset, group_by, call),
    )


def _refuse_classes(model: ModelEntry, dataset: DatasetEntry) -> None:
    if len(dataset.classes) > 2:
        ask = f"confusion matrix of {model.label} on {dataset.label}"
        raise ToolError(
            f"{dataset.label} has {len(dataset.classes)} classes, so its metrics are per class. Ask for the “{ask}”.",
            nearest=(ask,),
        )


def _headline(
    asked: Asked, overall: Slice, filters: Filters, rows: list[Row], group_by: list[str], *, operating: bool
) -> str:
    at = f" at the {'operating threshold' if operating else 'threshold'} {asked.threshold:g}"
    lines = asked.lines(overall, at, f" on {describe_filters(filters)}" if filters else "")
    main = asked.measures[0]
    value = rows[0][asked.ordering] if group_by and rows else None
    if main.higher_is_better is not None and value is not None:
        worst, key = rows[0], asked.ordering
        found = shown(value, worst[f"{key}_low"], worst[f"{key}_high"])
        there = f" at {percent(asked.prevalence)}" if asked.prevalence is not None and main in asked.live else ""
        lines.append(f"Weakest {' × '.join(group_by)}: {worst['slice']}, {lowered(main.title)}{there} {found}.")
    return "\n".join(lines)


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
        "prevalence": arguments.prevalence,
    }


def _suggestions(
    asked: Asked, model: ModelEntry, dataset: DatasetEntry, group_by: list[str], call: Call
) -> tuple[str, ...]:
    main = asked.measures[0]
    if group_by:
        return (f"what does {main.name} mean?",)
    others = [m for m in call.catalog.models if m.name == model.name and m.released < model.released]
    before = max(others, key=lambda m: m.released, default=None)
    said = [f"{main.title.lower()} of {model.label}{dataset.breakdown}"]
    said += [f"compare {model.label} with {before.label}"] if before else []
    if main.name == "precision" and asked.prevalence is None:
        said.append(f"precision of {model.label} at 1 % prevalence")
    return tuple(said)


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
        Example("precision of bullying-text v7 at 1 % prevalence",
                {"metrics": ["precision"], "model": "bullying-text v7", "prevalence": 0.01}),
        Example("what would precision be in live traffic if only 0.1% are positive",
                {"metrics": ["precision"], "prevalence": 0.001}),
        Example("reweight v7's precision to a base rate of 2 percent",
                {"metrics": ["precision"], "model": "bullying-text v7", "prevalence": 0.02}),
        Example("f1 of challenge-video prod at a live prevalence of 0.5 %",
                {"metrics": ["f1"], "model": "challenge-video prod", "prevalence": 0.005}),
        Example("precison by language if 1% of traffic is bad",
                {"metrics": ["precision"], "group_by": ["language"], "prevalence": 0.01}),
        Example("mcc and balanced accuracy of v8-rc1",
                {"metrics": ["mcc", "balanced_accuracy"], "model": "bullying-text v8-rc1"}),
        Example("balanced acc per surface", {"metrics": ["balanced_accuracy"], "group_by": ["surface"]}),
        Example("average precision of challenge-video v4",
                {"metrics": ["average_precision"], "model": "challenge-video v4"}),
        Example("pr-auc on golden july", {"metrics": ["average_precision"], "dataset": "golden 2026-07"}),
        Example("how well calibrated is bullying-text v7", {"metrics": ["ece"], "model": "bullying-text v7"}),
        Example("whats the ece and brier of the candidate", {"metrics": ["ece", "brier"], "model": "candidate"}),
        Example("ece v6", {"metrics": ["ece"], "model": "bullying-text v6"}),
        Example("mcc bullying-text v7", {"metrics": ["mcc"], "model": "bullying-text v7"}),
        Example("brier score by language", {"metrics": ["brier"], "group_by": ["language"]}),
        Example("calibration error of v6 on spanish",
                {"metrics": ["ece"], "model": "bullying-text v6", "filters": {"language": ["es"]}}),
        Example("f2 on live titles please", {"metrics": ["f2"], "filters": {"surface": ["live-title"]}}),
        Example("f0.5 for challenge-video v3", {"metrics": ["f0.5"], "model": "challenge-video v3"}),
        Example("mathews corr coefficient on the evasion suite", {"metrics": ["mcc"], "dataset": "evasion 2"}),
        Example(
            "how often does v7 wrongly act on good comments",
            {"metrics": ["fpr"], "model": "bullying-text v7", "filters": {"surface": ["comment"]}},
        ),
        Example(
            "how much of the violating content gets past challenge-video v4",
            {"metrics": ["fnr"], "model": "challenge-video v4"},
        ),
        Example("how much slips through in french", {"metrics": ["fnr"], "filters": {"language": ["fr"]}}),
        Example("what fraction of violating items does v6 find", {"metrics": ["recall"], "model": "bullying-text v6"}),
        Example("of what it flags, how much is really violating", {"metrics": ["precision"]}),
        Example("how much of all content does v7 flag", {"metrics": ["flagged_rate"], "model": "bullying-text v7"}),
        Example(
            "share of items that v6 flags on golden 2026-07",
            {"metrics": ["flagged_rate"], "model": "bullying-text v6", "dataset": "golden 2026-07"},
        ),
        Example(
            "can the scores of v8-rc1 be taken as probabilities",
            {"metrics": ["ece"], "model": "bullying-text v8-rc1"},
        ),
        Example(
            "tpr and fpr of v7, titles only",
            {"metrics": ["recall", "fpr"], "model": "bullying-text v7", "filters": {"surface": ["live-title"]}},
        ),
        Example(
            "sensitivity of challenge-video v3 on portuguese captions",
            {
                "metrics": ["recall"],
                "model": "challenge-video v3",
                "filters": {"language": ["pt"], "surface": ["caption"]},
            },
        ),
        Example("acc and f1 v8-rc1", {"metrics": ["accuracy", "f1"], "model": "bullying-text v8-rc1"}),
        Example(
            "v7 recall, appeals only",
            {"metrics": ["recall"], "model": "bullying-text v7", "filters": {"source": ["appeal"]}},
        ),
        Example("hows the candidate doing on profiles", {"model": "candidate", "filters": {"surface": ["profile"]}}),
        Example(
            "v5-rc1 july golden, precision and recall",
            {"metrics": ["precision", "recall"], "model": "challenge-video v5-rc1", "dataset": "golden 2026-07"},
        ),
        Example(
            "which source has the most false positives, v4",
            {"metrics": ["fpr"], "model": "challenge-video v4", "group_by": ["source"]},
        ),
        Example(
            "worst surface for v8-rc1 by miss rate",
            {"metrics": ["fnr"], "model": "bullying-text v8-rc1", "group_by": ["surface"]},
        ),
        Example(
            "recall of v7 for each technique, evasion set",
            {"metrics": ["recall"], "model": "bullying-text v7", "dataset": "evasion 2", "group_by": ["technique"]},
        ),
        Example("performance of v4 per age bucket", {"model": "challenge-video v4", "group_by": ["age"]}),
        Example(
            "quick one for the slide: precision of challenge-video v3",
            {"metrics": ["precision"], "model": "challenge-video v3"},
        ),
        Example(
            "if the threshold was 0.6, what recall would v7 have",
            {"metrics": ["recall"], "model": "bullying-text v7", "threshold": 0.6},
        ),
        Example("v4 at .5", {"model": "challenge-video v4", "threshold": 0.5}),
        Example(
            "english against hindi, recall of v7",
            {"metrics": ["recall"], "model": "bullying-text v7", "filters": {"language": ["en", "hi-Latn"]}},
        ),
        Example(
            "what share of the violations do we catch with v7",
            {"metrics": ["recall"], "model": "bullying-text v7"},
        ),
        Example(
            "how many of the bad items does challenge-video v4 catch",
            {"metrics": ["recall"], "model": "challenge-video v4"},
        ),
        Example("how much does the candidate overlook", {"metrics": ["fnr"], "model": "candidate"}),
        Example("how many violations does v6 let through", {"metrics": ["fnr"], "model": "bullying-text v6"}),
        Example(
            "are the flags of challenge-video v4 right most of the time",
            {"metrics": ["precision"], "model": "challenge-video v4"},
        ),
        Example("how much good content gets flagged by v8-rc1", {"metrics": ["fpr"], "model": "bullying-text v8-rc1"}),
        Example("how many innocent items does v5-rc1 hit", {"metrics": ["fpr"], "model": "challenge-video v5-rc1"}),
        Example(
            "what percentage of items gets flagged by v4",
            {"metrics": ["flagged_rate"], "model": "challenge-video v4"},
        ),
        Example(
            "how often does v6 leave harmless items alone",
            {"metrics": ["specificity"], "model": "bullying-text v6"},
        ),
        Example(
            "when challenge-video v4 flags an item, how often is it right",
            {"metrics": ["precision"], "model": "challenge-video v4"},
        ),
        Example("what part of the items does v7 flag", {"metrics": ["flagged_rate"], "model": "bullying-text v7"}),
        Example(
            "v8-rc1 per language with n >= 30, recall",
            {"metrics": ["recall"], "model": "bullying-text v8-rc1", "group_by": ["language"], "min_support": 30},
        ),
        Example(
            "how does challenge-video v4 do with emoji in evasion",
            {"model": "challenge-video v4", "dataset": "evasion 2", "filters": {"technique": ["emoji"]}},
        ),
        Example(
            "figures for german captions, v7",
            {"model": "bullying-text v7", "filters": {"language": ["de"], "surface": ["caption"]}},
        ),
        Example(
            "how often are good profiles flagged by v7",
            {"metrics": ["fpr"], "model": "bullying-text v7", "filters": {"surface": ["profile"]}},
        ),
        Example(
            "1 in 500 is bad: what precision has challenge-video v4",
            {"metrics": ["precision"], "model": "challenge-video v4", "prevalence": 0.002},
        ),
    ),
)  # fmt: skip
