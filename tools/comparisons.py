"""`compare_models`: two versions on the same items, with paired tests: what got better, worse, or is unknown."""

from typing import Any

from tools.arguments import Arguments, BaselineName, DatasetName, GroupBy, Metrics, ModelName, SliceFilters
from tools.catalog import Filters, ModelEntry
from tools.errors import ToolError
from tools.measures import Measure
from tools.pairs import PairCell, joint_cells
from tools.resolution import Resolver, provenance
from tools.results import Column, Result
from tools.slices import describe_filters, within
from tools.spec import Example, ToolSpec
from tools.stats.formats import count, p_value, rate, signed
from tools.stats.paired import Joint, benjamini_hochberg, difference_interval, mcnemar
from tools.workspace import Call

FLOOR = 20  # fewer items behind a slice: not assessed
ALPHA = 0.05
PAIRED = {"recall": 1, "fnr": 1, "fpr": 0, "specificity": 0}  # metric -> the label whose items are compared


class CompareModels(Arguments):
    """Compare a model version with a baseline on the same items: differences, paired tests, verdict by slice."""

    model: ModelName = None
    baseline: BaselineName = None
    dataset: DatasetName = None
    metrics: Metrics = ["recall", "fpr"]  # noqa: RUF012  (pydantic copies it)
    filters: SliceFilters = {}  # noqa: RUF012
    group_by: GroupBy = []  # noqa: RUF012


def _compare(arguments: CompareModels, call: Call) -> Result:
    resolver = Resolver(call)
    model, baseline = _sides(arguments, call, resolver)
    dataset = resolver.dataset(arguments.dataset)
    measures = [call.catalog.measure(name) for name in dict.fromkeys(arguments.metrics)]
    paired = [measure for measure in measures if measure.name in PAIRED]
    left_out = [measure.title for measure in measures if measure.name not in PAIRED]
    if not paired:
        raise ToolError(
            f"A paired comparison is built for recall, fpr, fnr and specificity so far, not for {', '.join(left_out)}."
            f" Ask for {left_out[0].lower()} of each version instead.",
            nearest=tuple(f"{left_out[0].lower()} of {side.label}" for side in (model, baseline)),
        )
    filters = call.catalog.filters(arguments.filters, dataset)
    group_by = [call.catalog.dimension(name, dataset) for name in dict.fromkeys(arguments.group_by)]
    runs = resolver.run(model, dataset), resolver.run(baseline, dataset)
    cells = joint_cells(call.workspace, runs[0], runs[1], model.threshold, baseline.threshold, list(dataset.dimensions))
    kept = [cell for cell in cells if within(cell.values, filters)]
    if not kept:
        raise ToolError(f"No item of {dataset.label} with {describe_filters(filters)} belongs to {model.label}.")
    overall = [row for measure in paired for row in _rows(kept, measure, [])]
    by = group_by or (["language"] if not filters and "language" in dataset.dimensions else [])
    rows = [row for measure in paired for row in _rows(kept, measure, by)] if by else []
    for row in overall:
        _judge([row])  # one whole a metric: nothing to adjust for
    _judge(rows)
    caveats = [f"Left out, no paired test for it yet: {', '.join(left_out)}."] if left_out else []
    caveats += _caveats(rows)
    headline = _headline(overall, rows, by, model, baseline, filters, sum(cell.joint.n for cell in kept))
    for measure in paired:
        if measure.name not in {row["metric"] for row in overall}:
            headline += f"\n**{measure.title}: not defined here** (no {measure.of})."
    if by and not group_by:  # nobody asked for slices, so only those that changed are listed
        resolver.defaults.append(f"slices by {by[0]}")
        rows = [row for row in rows if row["verdict"] in ("regressed", "improved")]
    return Result(
        tool="compare_models",
        headline=headline,
        columns=_columns(model, baseline, " × ".join(by), many=len(paired) > 1) if rows else (),
        rows=tuple(sorted(rows, key=lambda row: (_ORDER[row["verdict"]], row["p"], row["slice"]))),
        provenance=(
            provenance(model, dataset, runs[0], model.threshold),
            provenance(baseline, dataset, runs[1], baseline.threshold),
        ),
        caveats=tuple(caveats),
        defaults=tuple(resolver.defaults),
        query={
            "model": model.label,
            "baseline": baseline.label,
            "dataset": dataset.label,
            "metrics": [measure.name for measure in paired],
            "filters": filters,
            "group_by": group_by,
        },
        suggestions=(f"recall of {model.label} by language and surface",),
    )


def _sides(arguments: CompareModels, call: Call, resolver: Resolver) -> tuple[ModelEntry, ModelEntry]:
    """Candidate and baseline; two versions of one model, the one named, else the one in production as baseline."""
    filters = arguments.filters
    if arguments.model is None and arguments.baseline is not None:
        baseline = resolver.model(arguments.baseline, filters)
        others = [m for m in call.catalog.models if m.name == baseline.name and m.id != baseline.id]
        newest = max(others, key=lambda m: m.released, default=None)
        if newest is None:
            raise ToolError(f"There is no other version of {baseline.name} to compare with.")
        resolver.defaults.append(newest.label)
        return newest, baseline
    model = resolver.model(arguments.model, filters)
    if arguments.baseline is None:
        production = [m for m in call.catalog.production() if m.name == model.name and m.id != model.id]
        before = [m for m in call.catalog.models if m.name == model.name and m.released < model.released]
        baseline = next(iter(production), None) or max(before, key=lambda m: m.released, default=None) or model
        resolver.defaults.append(f"baseline {baseline.label}")
    else:
        baseline = call.catalog.model(arguments.baseline)[0]
    if baseline.id == model.id:
        names = tuple(m.label for m in call.catalog.models if m.name == model.name and m.id != model.id)
        raise ToolError(f"Compare {model.label} with which other version?", nearest=names)
    if baseline.policy != model.policy:
        raise ToolError(
            f"{model.label} and {baseline.label} judge different policies, so they share no items to compare on.",
            nearest=tuple(m.label for m in call.catalog.models if m.policy == model.policy and m.id != model.id),
        )
    return model, baseline


def _rows(cells: list[PairCell], measure: Measure, by: list[str]) -> list[dict[str, Any]]:
    """A row a slice: both rates, the difference candidate - baseline with its interval, and exact McNemar."""
    merged: dict[str, Joint] = {}
    for cell in cells:
        if cell.label == PAIRED[measure.name]:
            name = " · ".join(cell.values[dimension] for dimension in by) or "all"
            merged[name] = merged.get(name, Joint()) + cell.joint
    rows = []
    for name, joint in sorted(merged.items()):
        if measure.name in ("fnr", "specificity"):  # the same items, decided negative
            joint = Joint(joint.neither, joint.only_b, joint.only_a, joint.both)
        delta, low, high = difference_interval(joint)
        rows.append(
            {
                "slice": name,
                "metric": measure.name,
                "title": measure.title,
                "n": joint.n,
                "candidate": joint.a / joint.n,
                "candidate_k": joint.a,
                "baseline": joint.b / joint.n,
                "baseline_k": joint.b,
                "difference": delta,
                "low": low,
                "high": high,
                "only_candidate": joint.only_a,
                "only_baseline": joint.only_b,
                "p": mcnemar(joint.only_a, joint.only_b),
                "better": measure.higher_is_better,
            }
        )
    return rows


_ORDER = {"regressed": 0, "improved": 1, "no change shown": 2, "not assessed": 3}


def _judge(rows: list[dict[str, Any]]) -> None:
    """Add the adjusted p-value (Benjamini-Hochberg over the assessed slices of all metrics) and the verdict."""
    assessed = [row for row in rows if row["n"] >= FLOOR]
    for row, adjusted in zip(assessed, benjamini_hochberg([row["p"] for row in assessed]), strict=True):
        row["p"] = adjusted
        gain = row["difference"] > 0 if row["better"] else row["difference"] < 0
        row["verdict"] = ("improved" if gain else "regressed") if adjusted < ALPHA else "no change shown"
    for row in rows:
        row.setdefault("verdict", "not assessed")
        del row["better"]


def _headline(
    overall: list[dict[str, Any]], rows: list[dict[str, Any]], by: list[str], model: ModelEntry, baseline: ModelEntry,
    filters: Filters, items: int,
) -> str:  # fmt: skip
    where = f" on {describe_filters(filters)}" if filters else ""
    lines = [f"{model.label} against {baseline.label}, on the same {count(items)} items{where}."]
    for row in overall:
        lines.append(
            f"**{row['title']} {signed(row['difference'])}** ({signed(row['low'])} to {signed(row['high'])}):"
            f" {_share(row['baseline_k'], row['n'])} → {_share(row['candidate_k'], row['n'])},"
            f" {row['only_candidate']} only {model.version},"
            f" {row['only_baseline']} only {baseline.version}, p {p_value(row['p'])}: **{row['verdict']}**."
        )
    for title in dict.fromkeys(row["title"] for row in rows):
        of_metric = [row for row in rows if row["title"] == title]
        parts = []
        for verdict in _ORDER:
            names = [row["slice"] for row in of_metric if row["verdict"] == verdict]
            named = f" ({', '.join(names)})" if verdict in ("regressed", "improved") else ""
            parts += [f"{len(names)} {verdict}{named}"] if names else []
        slices = "1 slice" if len(of_metric) == 1 else f"{len(of_metric)} slices"
        lines.append(f"{title} in {slices} by {' × '.join(by)}: {', '.join(parts)}.")
    return "\n".join(lines)


def _share(k: int, n: int) -> str:
    """`0.810 (162/200)`; all or nothing is said in counts, not as a rate without doubt (R18)."""
    return f"{k} of {n}" if k in (0, n) else f"{rate(k / n)} ({k}/{n})"


def _columns(model: ModelEntry, baseline: ModelEntry, by: str, *, many: bool) -> tuple[Column, ...]:
    metric = (Column(key="metric", label="metric"),) if many else ()
    return (
        Column(key="slice", label=by),
        *metric,
        Column(key="baseline", label=f"{baseline.version} → {model.version}", unit="change", other="candidate"),
        Column(key="n", label="n", unit="count"),
        Column(key="difference", label="difference", unit="signed"),
        Column(key="low", label="95 %", unit="signed interval", other="high"),
        Column(key="p", label="p", unit="p"),
        Column(key="verdict", label="verdict"),
    )


def _caveats(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    small = sorted({row["slice"] for row in rows if row["verdict"] == "not assessed"})
    caveats = [f"p-values of the {len(rows)} slices are adjusted for their number (Benjamini-Hochberg)."]
    if small:
        caveats.append(f"Not assessed, under {FLOOR} items: {', '.join(small)}.")
    return caveats


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
    ),
)  # fmt: skip
