"""`dataset_stats`: how many items a dataset has, by label and any dimension."""

from typing import Any

from sqlalchemy import select

from tools.arguments import Arguments, DatasetName, GroupBy, SliceFilters
from tools.errors import ToolError
from tools.resolution import Resolver
from tools.results import Column, Provenance, Result
from tools.slices import describe_filters, within
from tools.spec import Example, ToolSpec
from tools.stats.formats import count, interval, rate
from tools.stats.intervals import wilson
from tools.store.session import reading
from tools.store.tables import DatasetCell
from tools.workspace import Call

THIN = 60  # positives a slice needs before a gate assesses it (domain.md, release gate)


class DatasetStats(Arguments):
    """Items and positives of a dataset, overall, for a slice, or by dimension: coverage and class balance."""

    dataset: DatasetName = None
    filters: SliceFilters = {}  # noqa: RUF012  (pydantic copies it)
    group_by: GroupBy = []  # noqa: RUF012


def _dataset_stats(arguments: DatasetStats, call: Call) -> Result:
    resolver = Resolver(call)
    dataset = resolver.dataset(arguments.dataset)
    filters = call.catalog.filters(arguments.filters, dataset)
    group_by = [call.catalog.dimension(name, dataset) for name in dict.fromkeys(arguments.group_by)]
    with reading(call.workspace.engine) as session:
        statement = select(DatasetCell.values, DatasetCell.label, DatasetCell.n)
        cells = [
            (row[0], row[1], row[2]) for row in session.execute(statement.where(DatasetCell.dataset_id == dataset.id))
        ]
    everything = sum(n for _, _, n in cells)
    kept = [(values, label, n) for values, label, n in cells if within(values, filters)]
    items = sum(n for _, _, n in kept)
    positives = sum(n for _, label, n in kept if label)
    where = f" with {describe_filters(filters)}" if filters else ""
    if not items:
        raise ToolError(f"{dataset.label} has no item{where}.")
    by = group_by or ([] if filters else ["policy"])
    rows = _rows(kept, by, items) if by else []
    low, high = wilson(positives, items)
    headline = (
        f"**{dataset.label} has {count(items)} items{where}**"
        + (f" ({rate(items / everything)} of its {count(everything)})" if filters else "")
        + f"; {count(positives)} are positive (prevalence {rate(positives / items)}, 95 % {interval(low, high)})."
    )
    thin = [row["slice"] for row in rows if row["positives"] < THIN]
    caveats = [f"Fewer than {THIN} positives, too few for a gate: {', '.join(thin)}."] if thin else []
    if not group_by and filters and positives < THIN:
        caveats.append(f"Fewer than {THIN} positives: too few for a gate on this slice.")
    if dataset.kind != "train":
        caveats.append("This set is enriched: its prevalence is not that of live traffic.")
    return Result(
        tool="dataset_stats",
        headline=headline,
        columns=(
            Column(key="slice", label=" × ".join(by)),
            Column(key="items", label="items", unit="count"),
            Column(key="share", label="share", unit="rate"),
            Column(key="positives", label="positives", unit="count"),
            Column(key="prevalence", label="prevalence", unit="rate"),
        )
        if rows
        else (),
        rows=tuple(rows),
        provenance=(
            Provenance(
                dataset=dataset.label,
                gold_version=dataset.gold_version,
                guideline_version=dataset.guideline_version,
                as_of=dataset.as_of.isoformat(),
            ),
        ),
        caveats=tuple(caveats),
        defaults=tuple(resolver.defaults),
        query={"dataset": dataset.label, "filters": filters, "group_by": group_by},
        suggestions=(f"how many items are in {dataset.label} by language?",) if not group_by else (),
    )


def _rows(cells: list[tuple[dict[str, str], int, int]], by: list[str], items: int) -> list[dict[str, Any]]:
    merged: dict[str, list[int]] = {}
    for values, label, n in cells:
        entry = merged.setdefault(" · ".join(values[dimension] for dimension in by), [0, 0])
        entry[0] += n
        entry[1] += n if label else 0
    return [
        {"slice": name, "items": n, "share": n / items, "positives": positive, "prevalence": positive / n}
        for name, (n, positive) in sorted(merged.items(), key=lambda item: -item[1][0])
    ]


DATASET_STATS = ToolSpec(
    name="dataset_stats",
    summary="How many items and positives a dataset has, overall or by dimension: size, coverage, class balance.",
    topic="what is in a dataset: size, coverage, balance",
    arguments=DatasetStats,
    run=_dataset_stats,
    examples=(
        Example("how many items are in the golden set?", {"dataset": "golden"}),
        Example("how big is the train set", {"dataset": "train"}),
        Example("training examples per language", {"dataset": "train", "group_by": ["language"]}),
        Example("class balance of golden 2026-07", {"dataset": "golden 2026-07"}),
        Example("how many positives do we have for tagalog in golden",
                {"dataset": "golden", "filters": {"language": ["tl"]}}),
        Example("coverage of hindi comments in training data",
                {"dataset": "train", "filters": {"language": ["hi-Latn"], "surface": ["comment"]}}),
        Example("how are the labels distributed by source", {"group_by": ["source"]}),
        Example("share of vendor labels in train", {"dataset": "train", "filters": {"source": ["vendor-a"]}}),
        Example("size of the evasion suite by technique", {"dataset": "evasion 2", "group_by": ["technique"]}),
        Example("which languages are underrepresented in the training data",
                {"dataset": "train", "group_by": ["language"]}),
        Example("number of samples by surface and language", {"group_by": ["surface", "language"]}),
        Example("what is the prevalence in the training set", {"dataset": "train"}),
        Example("do we have live titles in the data", {"filters": {"surface": ["live-title"]}}),
        Example("how many comments are in golden", {"dataset": "golden", "filters": {"surface": ["comment"]}}),
        Example("how much spanish is in the training data", {"dataset": "train", "filters": {"language": ["es"]}}),
        Example("how large is golden 2026-10", {"dataset": "golden 2026-10"}),
        Example("do we have enough positives in french", {"filters": {"language": ["fr"]}}),
        Example("break the golden set down by age", {"dataset": "golden", "group_by": ["age"]}),
        Example("is the training data balanced", {"dataset": "train"}),
        Example("number of rows per policy", {"group_by": ["policy"]}),
        Example("how many labels came from appeals", {"filters": {"source": ["appeal"]}}),
    ),
)  # fmt: skip
