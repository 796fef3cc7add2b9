"""`compare_models`: two versions on the same items, with paired tests: what got better, worse, or is unknown."""

from typing import Annotated

from pydantic import Field

from tools.arguments import Arguments, BaselineName, DatasetName, GroupBy, Metrics, ModelName, SliceFilters
from tools.comparisons.rows import FLOOR, ORDER, Compared, Evidence, judged
from tools.comparisons.sides import candidate_and_baseline, side
from tools.comparisons.text import caveats, columns, headline, trained_on
from tools.errors import ToolError
from tools.measures import Measure
from tools.resolution import Resolver
from tools.results import Result
from tools.slices import describe_filters
from tools.spec import Example, ToolSpec
from tools.stats.corrections import Correction
from tools.stats.differences import has_paired_test, needs_scores
from tools.workspace import Call

__all__ = ["COMPARE_MODELS", "FLOOR", "CompareModels"]

CorrectionName = Annotated[
    Correction, Field(description="how p-values of slices are adjusted: benjamini-hochberg to explore, holm for a gate")
]


class CompareModels(Arguments):
    """Compare a model version with a baseline on the same items: differences, paired tests, verdict by slice."""

    model: ModelName = None
    baseline: BaselineName = None
    dataset: DatasetName = None
    metrics: Metrics = ["recall", "fpr"]  # noqa: RUF012  (pydantic copies it)
    filters: SliceFilters = {}  # noqa: RUF012
    group_by: GroupBy = []  # noqa: RUF012
    correction: CorrectionName = "benjamini-hochberg"


def _compare(arguments: CompareModels, call: Call) -> Result:
    resolver = Resolver(call)
    model, baseline = candidate_and_baseline(arguments.model, arguments.baseline, arguments.filters, resolver)
    dataset = resolver.dataset(arguments.dataset)
    measures = [call.catalog.measure(name) for name in dict.fromkeys(arguments.metrics)]
    filters = call.catalog.filters(arguments.filters, dataset)
    group_by = [call.catalog.dimension(name, dataset) for name in dict.fromkeys(arguments.group_by)]
    paired, left_out = _testable(measures, model.label, baseline.label, weighted=bool(dataset.traits.get("weighted")))
    sides = side(model, dataset, resolver), side(baseline, dataset, resolver)
    evidence = Evidence(call.workspace, *sides, filters)
    if missing := sorted({*filters, *group_by} - set(evidence.dimensions)):
        lacking = next(one.dataset for one in sides if missing[0] not in one.dataset.dimensions)
        raise ToolError(f"{lacking.label} has no {missing[0]} to compare by.", nearest=tuple(evidence.dimensions))
    if not evidence.items:
        raise ToolError(f"No item of {dataset.label} with {describe_filters(filters)} belongs to {model.label}.")
    overall = [row for one in evidence.compare(paired, []) for row in judged([one])]  # each a question alone
    by = group_by or (["language"] if not filters and "language" in evidence.dimensions else [])
    slices = judged(evidence.compare(paired, by), arguments.correction) if by else []
    said = headline(evidence, overall, slices, by)
    for measure in paired:
        if measure not in [row.measure for row in overall]:
            said += f"\n**{measure.title}: not defined here** (no {measure.of or 'positives or no negatives'})."
    shown = slices
    if by and not group_by:  # nobody asked for slices, so only those that changed are listed
        resolver.defaults.append(f"slices by {by[0]}")
        shown = [row for row in slices if row.verdict in ("regressed", "improved", "changed")]
    notes = [f"Left out, no paired test for it: {', '.join(left_out)}."] if left_out else []
    return Result(
        tool="compare_models",
        headline=said,
        columns=columns(model.version, baseline.version, by, many=len(paired) > 1) if shown else (),
        rows=tuple(row.data() for row in sorted(shown, key=_worst_first)),
        provenance=(evidence.candidate.provenance, evidence.baseline.provenance),
        caveats=(*notes, *trained_on(evidence), *caveats(evidence, overall, slices, arguments.correction)),
        defaults=tuple(resolver.defaults),
        query={
            "model": model.label,
            "baseline": baseline.label,
            "dataset": dataset.label,
            "metrics": [measure.name for measure in paired],
            "filters": filters,
            "group_by": group_by,
            "correction": arguments.correction,
        },
        suggestions=(f"{paired[0].title.lower()} of {model.label}{dataset.breakdown}",),
    )


def _testable(measures: list[Measure], model: str, baseline: str, *, weighted: bool) -> tuple[list[Measure], list[str]]:
    """The metrics with a paired test, and the titles of the others."""
    paired = [m for m in measures if has_paired_test(m.name) and not (weighted and needs_scores(m.name))]
    left_out = [m.title for m in measures if m not in paired]
    if not paired:
        name = left_out[0].lower() if left_out else "recall"
        raise ToolError(
            f"There is no paired test for {', '.join(left_out) or 'no metric at all'}; ask for {name} of each version"
            " instead.",
            nearest=tuple(f"{name} of {side}" for side in (model, baseline)),
        )
    return paired, left_out


def _worst_first(row: Compared) -> tuple[int, float, str]:
    return ORDER[row.verdict], row.p, row.slice


COMPARE_MODELS = ToolSpec(
    name="compare_models",
    summary="Compare two versions of a model on the same items: what got better or worse, and whether it is real.",
    topic="two versions compared on the same items",
    arguments=CompareModels,
    run=_compare,
    examples=(
        Example("compare bullying-text v7 with v6", {"model": "bullying-text v7", "baseline": "bullying-text v6"}),
        Example("v8-rc1 vs prod: what got worse?", {"model": "bullying-text v8-rc1", "baseline": "bullying-text prod"}),
        Example("is challenge-video v5-rc1 better than v4?",
                {"model": "challenge-video v5-rc1", "baseline": "challenge-video v4"}),
        Example("did recall drop from v6 to v7",
                {"model": "bullying-text v7", "baseline": "bullying-text v6", "metrics": ["recall"]}),
        Example("difference in fpr between challenge-video v3 and v4",
                {"model": "challenge-video v4", "baseline": "challenge-video v3", "metrics": ["fpr"]}),
        Example("is the gap between candidate and production significant on hindi",
                {"model": "candidate", "baseline": "prod", "filters": {"language": ["hi-Latn"]}}),
        Example("candidate against production by surface",
                {"model": "candidate", "baseline": "prod", "group_by": ["surface"]}),
        Example("which slices regressed against the baseline", {}),
        Example("did the new version get better on the evasion suite", {"dataset": "evasion 2"}),
        Example("what improved between v3 and v5-rc1 of challenge-video",
                {"model": "challenge-video v5-rc1", "baseline": "challenge-video v3"}),
        Example("is the change real or noise", {}),
        Example("regression check v7 against v6", {"model": "bullying-text v7", "baseline": "bullying-text v6"}),
        Example("how do v6 and v7 differ", {"model": "bullying-text v7", "baseline": "bullying-text v6"}),
        Example("which of v7 and v8-rc1 is better on spanish",
                {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7", "filters": {"language": ["es"]}}),
        Example("v5-rc1 against v4 please", {"model": "challenge-video v5-rc1", "baseline": "challenge-video v4"}),
        Example("would we lose anything if we ship the candidate", {"model": "candidate"}),
        Example("what changed between the old and the new version", {}),
        Example("improvement over production by surface", {"baseline": "prod", "group_by": ["surface"]}),
        Example("is that difference statistically significant", {}),
        Example("did false positives go up compared with v6",
                {"baseline": "bullying-text v6", "metrics": ["fpr"]}),
        Example("auc and f1 of v8-rc1 vs v7, is it a real gain",
                {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7", "metrics": ["auc", "f1"]}),
        Example("did precision suffer in v5-rc1 compared to prod",
                {"model": "challenge-video v5-rc1", "baseline": "challenge-video prod", "metrics": ["precision"]}),
        Example("3 slices are red, is that just chance"),
        Example("what got worse from v6 to v7", {"model": "bullying-text v7", "baseline": "bullying-text v6"}),
        Example("is v5-rc1 any better than what is live", {"model": "challenge-video v5-rc1"}),
        Example(
            "v8-rc1 against v7, recall and fpr by language",
            {
                "model": "bullying-text v8-rc1",
                "baseline": "bullying-text v7",
                "metrics": ["recall", "fpr"],
                "group_by": ["language"],
            },
        ),
        Example(
            "does the candidate lose recall on captions compared with prod",
            {"model": "candidate", "baseline": "prod", "metrics": ["recall"], "filters": {"surface": ["caption"]}},
        ),
        Example(
            "how much better is v7 than v6 in german",
            {"model": "bullying-text v7", "baseline": "bullying-text v6", "filters": {"language": ["de"]}},
        ),
        Example("did we break anything with v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example(
            "what do we gain by moving from v7 to v8-rc1",
            {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7"},
        ),
        Example("did fpr rise with v5-rc1", {"model": "challenge-video v5-rc1", "metrics": ["fpr"]}),
        Example("has recall got worse with the new version", {"metrics": ["recall"]}),
        Example(
            "v3 had fpr .03 in july and v4 has .05 in october, are we worse now",
            {"model": "challenge-video v4", "baseline": "challenge-video v3", "metrics": ["fpr"]},
        ),
        Example(
            "gain in f1 from v3 to v4",
            {"model": "challenge-video v4", "baseline": "challenge-video v3", "metrics": ["f1"]},
        ),
        Example(
            "delta between v6 and v7 on the july golden",
            {"model": "bullying-text v7", "baseline": "bullying-text v6", "dataset": "golden 2026-07"},
        ),
        Example(
            "v7 better or worse than v6 on titles",
            {"model": "bullying-text v7", "baseline": "bullying-text v6", "filters": {"surface": ["live-title"]}},
        ),
        Example(
            "paired test of v8-rc1 and v7 on recall",
            {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7", "metrics": ["recall"]},
        ),
        Example("is v7 ahead of v6", {"model": "bullying-text v7", "baseline": "bullying-text v6"}),
        Example(
            "2 of 20 slices of v8-rc1 turned red against v7, by luck?",
            {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7"},
        ),
        Example(
            "by how many points did recall move between v3 and v4",
            {"model": "challenge-video v4", "baseline": "challenge-video v3", "metrics": ["recall"]},
        ),
        Example(
            "where does v5-rc1 lose against production, by language and surface",
            {
                "model": "challenge-video v5-rc1",
                "baseline": "challenge-video prod",
                "group_by": ["language", "surface"],
            },
        ),
        Example(
            "v6 and v7 on evasion, which one is stronger",
            {"model": "bullying-text v7", "baseline": "bullying-text v6", "dataset": "evasion 2"},
        ),
        Example("which slices regressed in v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("is the difference of v6 and v7 real", {"model": "bullying-text v7", "baseline": "bullying-text v6"}),
        Example(
            "4 of 30 slices got worse from v7 to v8-rc1, coincidence?",
            {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7"},
        ),
        Example(
            "challenge-video candidate with production",
            {"model": "challenge-video candidate", "baseline": "challenge-video prod"},
        ),
        Example(
            "difference v3 v5-rc1 by surface",
            {"model": "challenge-video v5-rc1", "baseline": "challenge-video v3", "group_by": ["surface"]},
        ),
        Example("how does v8-rc1 compare to v7", {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7"}),
        Example("has v7 lost anything against v6", {"model": "bullying-text v7", "baseline": "bullying-text v6"}),
    ),
)  # fmt: skip
