"""`metric_trend`: several versions of one model in one table, each against the version before on the same items."""

from collections.abc import Sequence
from itertools import pairwise

from tools.arguments import Arguments, DatasetName, Metrics, ModelName, SliceFilters
from tools.catalog import Filters, ModelEntry
from tools.comparisons.rows import Compared, Evidence, judged
from tools.comparisons.sides import Side, of_two_classes
from tools.comparisons.trend_text import Point, caveats, columns, headline
from tools.errors import ToolError
from tools.evals.clusters import cluster_cells
from tools.measures import Estimate, Measure
from tools.resolution import Resolver
from tools.results import Result
from tools.runs import latest_run
from tools.slices import describe_filters, load_slices, within
from tools.spec import Example, ToolSpec
from tools.stats.differences import has_paired_test, needs_scores
from tools.workspace import Call


class MetricTrend(Arguments):
    """Metrics of all versions of a model in order of release, each change tested on the same items."""

    metrics: Metrics = ["recall", "fpr"]  # noqa: RUF012  (pydantic copies it)
    model: ModelName = None
    dataset: DatasetName = None
    filters: SliceFilters = {}  # noqa: RUF012


def _metric_trend(arguments: MetricTrend, call: Call) -> Result:
    resolver = Resolver(call)
    versions = _versions(arguments, resolver)
    dataset = resolver.dataset(arguments.dataset)
    of_two_classes(versions[-1], dataset)
    measures = [call.catalog.measure(name) for name in dict.fromkeys(arguments.metrics)]
    filters = call.catalog.filters(arguments.filters, dataset)
    sides = [Side(m, dataset, run) for m in versions if (run := latest_run(call.workspace.engine, m, dataset))]
    missing = [m for m in versions if m.id not in {side.model.id for side in sides}]
    asks = tuple(f"run {dataset.label} on {model.label}" for model in missing)
    if not sides:
        raise ToolError(
            f"No version of {versions[0].name} has been evaluated on {dataset.label} yet. Ask me to “{asks[-1]}”.",
            nearest=asks[::-1],
        )
    steps, refused = _steps(call, sides, filters)
    changes = _changes(steps, measures, weighted=bool(dataset.traits.get("weighted")))
    points = [
        Point(side, measure, estimate, changes.get((measure.name, side.model.id)))
        for measure in measures
        for side in sides
        if (estimate := _estimate(call, side, measure, filters)) is not None
    ]
    if not points:
        raise ToolError(f"No item of {dataset.label} with {describe_filters(filters)} belongs to {versions[0].name}.")
    last = [point for point in points if point.side == sides[-1] and point.change]
    return Result(
        tool="metric_trend",
        headline=headline(points, measures, sides, filters, last),
        columns=columns(many=len(measures) > 1),
        rows=tuple(point.data() for point in points),
        provenance=tuple(side.provenance for side in sides),
        caveats=(
            *_unevaluated(missing, dataset.label, asks),
            *refused,
            *caveats(steps, points, measures, len(changes)),
        ),
        defaults=tuple(resolver.defaults),
        query={
            "metrics": [measure.name for measure in measures],
            "model": versions[0].name,
            "dataset": dataset.label,
            "filters": filters,
        },
        suggestions=(*asks[-1:], f"compare {sides[-1].model.label} with {sides[-2].model.label}{dataset.breakdown}")
        if len(sides) > 1
        else asks[-1:],
    )


def _unevaluated(missing: Sequence[ModelEntry], dataset: str, asks: Sequence[str]) -> list[str]:
    names = ", ".join(model.version for model in missing)
    return [f"Not evaluated on {dataset} yet: {names}. Ask me to “{asks[-1]}”."] if missing else []


def _versions(arguments: MetricTrend, resolver: Resolver) -> list[ModelEntry]:
    """All versions of the model meant, in order of release; a name, a policy or any one version means the model."""
    models, text = resolver.call.catalog.models, (arguments.model or "").strip()
    name = next((m.name for m in models if m.name.lower() == text.lower()), None)
    if name is None and text:
        name = resolver.call.catalog.model(text)[0].name
    if name is None:
        name = resolver.model(None, arguments.filters).name
        resolver.defaults.append(f"all versions of {name}")
    return sorted((m for m in models if m.name == name), key=lambda m: (m.released, m.version))


def _steps(call: Call, sides: Sequence[Side], filters: Filters) -> tuple[list[Evidence], list[str]]:
    """Each version against the one before; and why a step cannot be compared."""
    steps, refused = [], []
    for before, after in pairwise(sides):
        try:
            steps.append(Evidence(call.workspace, after, before, filters))
        except ToolError as error:
            refused.append(f"{before.model.version} → {after.model.version} is not compared. {error}")
    return steps, refused


def _changes(
    steps: Sequence[Evidence], measures: Sequence[Measure], *, weighted: bool
) -> dict[tuple[str, str], Compared]:
    """The judged change of each metric and step, by the metric and the later version; adjusted all together."""
    testable = [m for m in measures if has_paired_test(m.name) and not (weighted and needs_scores(m.name))]
    found = [(step.candidate.model.id, row) for step in steps for row in step.compare(testable, [])]
    rows = judged([row for _, row in found])
    return {(row.measure.name, version): row for (version, _), row in zip(found, rows, strict=True)}


def _estimate(call: Call, side: Side, measure: Measure, filters: Filters) -> Estimate | None:
    """The metric over the whole run within filters; None where no item is left."""
    slices = load_slices(call.workspace.engine, side.run.id, filters, [])
    if not slices:
        return None
    threshold, traits = side.model.threshold, side.dataset.traits
    clusters = None
    if traits.get("clusters") or traits.get("weighted"):
        for values, counts in cluster_cells(call.workspace, side.run.id, side.dataset, threshold):
            if within(values, filters):
                clusters = counts if clusters is None else clusters + counts
    return measure.estimate(slices[0].histogram, threshold, clusters)


METRIC_TREND = ToolSpec(
    name="metric_trend",
    summary="Several versions of one model in one table, in order of release, each change tested on the same items.",
    topic="a metric over the versions of a model",
    arguments=MetricTrend,
    run=_metric_trend,
    examples=(
        Example("how has recall developed over the versions of bullying-text?",
                {"metrics": ["recall"], "model": "bullying-text"}),
        Example("all versions of challenge-video side by side", {"model": "challenge-video"}),
        Example("fpr from version to version", {"metrics": ["fpr"]}),
        Example("precision history of bullying-text", {"metrics": ["precision"], "model": "bullying-text"}),
        Example("show me every version of bullying-text on the july golden set",
                {"model": "bullying-text", "dataset": "golden 2026-07"}),
        Example("is challenge-video getting better release after release", {"model": "challenge-video"}),
        Example("version history with recall and precision", {"metrics": ["recall", "precision"]}),
        Example("auc over time for bullying-text", {"metrics": ["auc"], "model": "bullying-text"}),
        Example("trend of recall on hindi", {"metrics": ["recall"], "filters": {"language": ["hi-Latn"]}}),
        Example("how did false positives evolve across releases", {"metrics": ["fpr"]}),
        Example("one table with v6, v7 and v8-rc1", {"model": "bullying-text"}),
        Example("v3, v4, v5-rc1 in a row please", {"model": "challenge-video"}),
        Example("development of f1 over all releases", {"metrics": ["f1"]}),
        Example("progress of the model since the first version"),
        Example("evolution of recal accross versions", {"metrics": ["recall"]}),
        Example("timeline of the miss rate on comments",
                {"metrics": ["fnr"], "filters": {"surface": ["comment"]}}),
        Example("evasion suite results for each version of bullying-text",
                {"model": "bullying-text", "dataset": "evasion 2"}),
        Example("list recall per version", {"metrics": ["recall"]}),
        Example("recall of bullying-text over all versions", {"metrics": ["recall"], "model": "bullying-text"}),
        Example(
            "every release of challenge-video on spanish, recall",
            {"metrics": ["recall"], "model": "challenge-video", "filters": {"language": ["es"]}},
        ),
        Example("fpr of v3, v4 and v5-rc1 in one table", {"metrics": ["fpr"], "model": "challenge-video"}),
        Example("recall of v6, v7 and v8-rc1 next to each other", {"metrics": ["recall"], "model": "bullying-text"}),
        Example("did bullying-text improve over time", {"model": "bullying-text"}),
        Example("how has challenge-video evolved so far", {"model": "challenge-video"}),
        Example(
            "how did the miss rate develop across versions in tagalog",
            {"metrics": ["fnr"], "filters": {"language": ["tl"]}},
        ),
        Example("precision trend since the first release", {"metrics": ["precision"]}),
        Example("history of recall, all versions", {"metrics": ["recall"]}),
        Example(
            "recall across releases of challenge-video on comments",
            {"metrics": ["recall"], "model": "challenge-video", "filters": {"surface": ["comment"]}},
        ),
        Example(
            "how did each version of bullying-text do on hindi",
            {"model": "bullying-text", "filters": {"language": ["hi-Latn"]}},
        ),
    ),
)  # fmt: skip
