"""`find_threshold`: the operating point that keeps a demand, what it costs against the one in force, and the curve."""

from tools.arguments import (
    Arguments,
    CostRatio,
    DatasetName,
    GroupBy,
    MaxFpr,
    MinPrecision,
    MinRecall,
    ModelName,
    Prevalence,
    ReviewsPerDay,
    SliceFilters,
    Volume,
)
from tools.errors import ToolError
from tools.resolution import Resolver
from tools.results import Result
from tools.slices import describe_filters, load_slices
from tools.spec import Example, ToolSpec
from tools.stats.histogram import BINS, Histogram
from tools.thresholds.choice import Setting, answer
from tools.thresholds.demands import read_demand
from tools.thresholds.slices import answer_by_slice
from tools.workspace import Call


class FindThreshold(Arguments):
    """The threshold that keeps a FPR, precision, recall or review budget, or costs least; else a few to choose from."""

    model: ModelName = None
    dataset: DatasetName = None
    filters: SliceFilters = {}  # noqa: RUF012  (pydantic copies it)
    group_by: GroupBy = []  # noqa: RUF012
    max_fpr: MaxFpr = None
    min_precision: MinPrecision = None
    min_recall: MinRecall = None
    reviews_per_day: ReviewsPerDay = None
    volume: Volume = None
    prevalence: Prevalence = None
    cost_ratio: CostRatio = None


def _find(arguments: FindThreshold, call: Call) -> Result:
    asked = read_demand(
        arguments.max_fpr, arguments.min_precision, arguments.min_recall, arguments.reviews_per_day,
        arguments.volume, arguments.prevalence, arguments.cost_ratio,
    )  # fmt: skip
    resolver = Resolver(call)
    model = resolver.model(arguments.model, arguments.filters)
    dataset = resolver.dataset(arguments.dataset)
    filters = call.catalog.filters(arguments.filters, dataset)
    group_by = [call.catalog.dimension(name, dataset) for name in dict.fromkeys(arguments.group_by)]
    if len(dataset.classes) > 2:
        raise ToolError(f"{dataset.label} has {len(dataset.classes)} classes: a threshold parts two.")
    run = resolver.run(model, dataset)
    whole = load_slices(call.workspace.engine, run.id, filters, [])
    if not whole:
        raise ToolError(f"No item of {dataset.label} with {describe_filters(filters)} belongs to {model.label}.")
    if _decisions_only(whole[0].histogram):
        raise ToolError(f"Run {run.id} of {model.label} holds decisions, not scores: there is no threshold to choose.")
    query = arguments.model_dump() | {
        "model": model.label, "dataset": dataset.label, "filters": filters, "group_by": group_by,
    }  # fmt: skip
    setting = Setting(
        call, model, dataset, run, filters, asked, whole[0].histogram, query, tuple(resolver.defaults)
    )  # fmt: skip
    if group_by and setting.curve.positives and setting.curve.negatives:
        slices = load_slices(call.workspace.engine, run.id, filters, group_by)
        return answer_by_slice(setting, slices, group_by)
    return answer(setting)


def _decisions_only(histogram: Histogram) -> bool:
    """Whether every score is 0 or 1, as where only decisions were imported."""
    between = slice(1, BINS)
    return not histogram.positives[between].any() and not histogram.negatives[between].any()


FIND_THRESHOLD = ToolSpec(
    name="find_threshold",
    summary="The threshold that keeps a FPR, precision, recall or review budget, or costs least; for all or by slice.",
    topic="where to set the threshold, and what that costs",
    arguments=FindThreshold,
    run=_find,
    examples=(
        Example("which threshold gives the best recall at 2 % fpr", {"max_fpr": 0.02}),
        Example("best threshold for bullying-text v7 with fpr under 1%",
                {"model": "bullying-text v7", "max_fpr": 0.01}),
        Example("max recall at fpr 0.5% for challenge-video v4",
                {"model": "challenge-video v4", "max_fpr": 0.005}),
        Example("where do we have to cut to keep precision at 90%", {"min_precision": 0.9}),
        Example("what treshold keeps precision over .8 at 1% prevalence", {"min_precision": 0.8, "prevalence": 0.01}),
        Example("highest threshold that still catches 95% of positives", {"min_recall": 0.95}),
        Example("operating point for recall of at least 0.9 on challenge-video prod",
                {"model": "challenge-video prod", "min_recall": 0.9}),
        Example("we can review 500 items a day out of 100000, which cutoff for v7",
                {"model": "bullying-text v7", "reviews_per_day": 500, "volume": 100000}),
        Example("threshold for 2000 reviews per day at 1 million items a day and 0.5% prevalence",
                {"reviews_per_day": 2000, "volume": 1000000, "prevalence": 0.005}),
        Example("a miss costs us as much as 20 false alarms, where should the threshold be", {"cost_ratio": 20}),
        Example("cheapest cutoff for challenge-video v4 if fn:fp is 10:1",
                {"model": "challenge-video v4", "cost_ratio": 10}),
        Example("cost curve for v5-rc1, misses 5 times worse, prevalence 2%",
                {"model": "challenge-video v5-rc1", "cost_ratio": 5, "prevalence": 0.02}),
        Example("show me the operating points of bullying-text v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("is the threshold of challenge-video v4 set right", {"model": "challenge-video v4"}),
        Example("recall fpr trade-off curve for v7", {"model": "bullying-text v7"}),
        Example("would a threshold per language help", {"group_by": ["language"]}),
        Example("own threshold for each surface at 3% fpr, challenge-video",
                {"model": "challenge-video", "group_by": ["surface"], "max_fpr": 0.03}),
        Example("best cutof for spanish comments at fpr 2%",
                {"filters": {"language": ["es"], "surface": ["comment"]}, "max_fpr": 0.02}),
        Example("how much recall can we get without going over 100 false alarms in 10000", {"max_fpr": 0.01}),
        Example("where should we set the threshold"),
        Example("pick a threshold"),
        Example("lower the threshold how far before precision drops below 85 percent", {"min_precision": 0.85}),
        Example("operating threshold on golden 2026-07 that keeps fpr at 5 %",
                {"dataset": "golden 2026-07", "max_fpr": 0.05}),
        Example("can we have recall 95 and fpr 1%?", {"min_recall": 0.95, "max_fpr": 0.01}),
        Example("thr for 98 recall v6", {"model": "bullying-text v6", "min_recall": 0.98}),
        Example("what happens to the number of flagged items at 50k a day along the curve, v4",
                {"model": "challenge-video v4", "volume": 50000}),
        Example(
            "where do i put the cutoff of v4 if precision has to stay above 85%",
            {"model": "challenge-video v4", "min_precision": 0.85},
        ),
        Example("lowest threshold with fpr below 3% for v8-rc1", {"model": "bullying-text v8-rc1", "max_fpr": 0.03}),
        Example(
            "we have 300 reviews a day and 2 million items a day, which threshold",
            {"reviews_per_day": 300, "volume": 2_000_000},
        ),
        Example(
            "the team can check 800 a day at a volume of 1.5 million, where should v4 sit",
            {"model": "challenge-video v4", "reviews_per_day": 800, "volume": 1_500_000},
        ),
        Example(
            "one miss is as bad as 15 false flags, best threshold for v7",
            {"model": "bullying-text v7", "cost_ratio": 15},
        ),
        Example("cutoff so that at least 97% of positives are caught", {"min_recall": 0.97}),
        Example(
            "at 1 % fpr, how much recall can challenge-video v5-rc1 reach",
            {"model": "challenge-video v5-rc1", "max_fpr": 0.01},
        ),
        Example(
            "highest recall for v6 while precision is at least 90%",
            {"model": "bullying-text v6", "min_precision": 0.9},
        ),
        Example("threshold for live titles at 2% fpr", {"filters": {"surface": ["live-title"]}, "max_fpr": 0.02}),
        Example("per language cutoffs at 95% recall, worth it?", {"group_by": ["language"], "min_recall": 0.95}),
        Example("which cutoff misses at most 5% of positives", {"min_recall": 0.95}),
        Example("operating point of v8-rc1 with fpr <= 1%", {"model": "bullying-text v8-rc1", "max_fpr": 0.01}),
        Example("what is the best threshold for v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example(
            "which cutoff gives 95 percent recall in hindi",
            {"filters": {"language": ["hi-Latn"]}, "min_recall": 0.95},
        ),
        Example(
            "can we get to 90% precision with v5-rc1, where",
            {"model": "challenge-video v5-rc1", "min_precision": 0.9},
        ),
        Example("what recall is left at fpr 0.5 % for v7", {"model": "bullying-text v7", "max_fpr": 0.005}),
        Example("would separate cutoffs by surface help at 1% fpr", {"group_by": ["surface"], "max_fpr": 0.01}),
    ),
)  # fmt: skip
