"""`dataset_stats`: how many items a dataset has, by label and any dimension."""

from typing import Any

from tools.arguments import Arguments, DatasetName, GroupBy, SliceFilters
from tools.catalog import DatasetEntry, Filters
from tools.datasets.cells import CellCounts, cell_counts, items_per_cluster
from tools.datasets.change_words import index
from tools.datasets.coverage import Coverage, coverage
from tools.datasets.standards import read_standards
from tools.errors import ToolError
from tools.resolution import Resolver
from tools.results import Column, Provenance, Result
from tools.slices import describe_filters
from tools.spec import Example, ToolSpec
from tools.stats.formats import count, interval, rate
from tools.stats.intervals import Z, wilson
from tools.workspace import Call

THIN = 60  # positives a slice needs before a gate assesses it (domain.md, release gate)
NAMED = 12  # empty cells that are named; the rest is counted
MOST_THIN = 40  # thin slices that are named; above, a list of them says no more than their number
BINARY = ("0", "1")


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
    everything = cell_counts(call.workspace.engine, dataset)
    kept = everything.within(filters)
    where = f" with {describe_filters(filters)}" if filters else ""
    if not kept.items:
        raise ToolError(f"{dataset.label} has no item{where}.")
    binary = len(dataset.classes) == 2
    share = f" ({rate(kept.items / everything.items)} of its {count(everything.items)})" if filters else ""
    headline = f"**{dataset.label} has {count(kept.items)} items{where}**{share}; " + (
        _positives(kept, dataset) if binary else _classes(kept, dataset)
    )
    by = group_by or ([] if filters or not binary else _usual(dataset))
    found = coverage(kept, by, {name: filters.get(name, dataset.dimensions[name]) for name in by}) if by else None
    if group_by and found:
        headline += f"\n{_evenness(found, _least(call, dataset) if binary else 0)}"
    if found:
        columns, rows = _by_slice(found, by, kept, dataset)
    else:
        columns, rows = ((), ()) if binary else _by_class(kept, dataset)
    return Result(
        tool="dataset_stats",
        headline=headline,
        columns=columns,
        rows=rows,
        provenance=(
            Provenance(
                dataset=dataset.label,
                gold_version=dataset.gold_version,
                guideline_version=dataset.guideline_version,
                as_of=dataset.as_of.isoformat(),
            ),
        ),
        caveats=tuple(_caveats(dataset, kept, found, filters, group_by)),
        defaults=tuple(resolver.defaults),
        query={"dataset": dataset.label, "filters": filters, "group_by": group_by},
        suggestions=(f"how many items are in {dataset.label}{dataset.breakdown}?",)
        if not group_by and dataset.dimensions
        else (),
    )


def _usual(dataset: DatasetEntry) -> list[str]:
    """What a question about the whole is broken down by."""
    return ["policy"] if "policy" in dataset.dimensions else list(dataset.dimensions)[:1]


def _positives(kept: CellCounts, dataset: DatasetEntry) -> str:
    k, n = kept.positives, kept.items
    low, high = wilson(k, n)
    named = "positive" if dataset.classes == BINARY else dataset.classes[1]
    return f"{count(k)} are {named} (prevalence {rate(k / n)}, 95 % {interval(low, high)})."


def _classes(kept: CellCounts, dataset: DatasetEntry) -> str:
    sizes = sorted(zip(kept.by_label(len(dataset.classes)), dataset.classes, strict=True), reverse=True)
    there = [(n, name) for n, name in sizes if n]
    (most, first), (least, last) = there[0], there[-1]
    empty = len(sizes) - len(there)
    return (
        f"{len(sizes)} classes, the largest {first} ({count(most)}), the smallest {last} ({count(least)}): ratio"
        f" {index(most / least)}" + (f"; {empty} without an item." if empty else ".")
    )


def _least(call: Call, dataset: DatasetEntry) -> int:
    """The positives that the team's standard asks of a cell; without one, what a gate needs."""
    standards = read_standards(call.workspace.root)
    standard = standards.of(dataset.kind) if standards else None
    return (standard.support.positives if standard and standard.support else None) or THIN


def _evenness(found: Coverage, least: int) -> str:
    """Largest and smallest, their ratio, the effective number; the cells that are empty, or under so many positives."""
    largest, smallest = found.filled[0], found.filled[-1]
    cells = len(found.cells)
    text = f"Largest {largest.name} ({count(largest.items)})"
    if len(found.filled) > 1:
        text += f", smallest {smallest.name} ({count(smallest.items)}): ratio {index(found.ratio)}"
    text += f"; effective number {index(found.effective)} of {cells}."
    if found.empty:
        more = len(found.empty) - NAMED
        named = ", ".join(found.empty[:NAMED]) + (f" and {more} more" if more > 0 else "")
        text += f" Empty: {len(found.empty)} of {cells} ({named})."
    if under := sum(cell.positives < least for cell in found.cells):
        text += f" Under {least} positives: {under} of {cells}."
    return text


def _by_slice(
    found: Coverage, by: list[str], kept: CellCounts, dataset: DatasetEntry
) -> tuple[tuple[Column, ...], tuple[dict[str, Any], ...]]:
    columns = [
        Column(key="slice", label=" × ".join(by)),
        Column(key="items", label="items", unit="count"),
        Column(key="share", label="share", unit="rate"),
    ]
    rows: list[dict[str, Any]] = [
        {"slice": cell.name, "items": cell.items, "share": cell.items / kept.items} for cell in found.filled
    ]
    if len(dataset.classes) == 2:
        columns.append(Column(key="positives", label="positives", unit="count"))
        columns.append(Column(key="prevalence", label="prevalence", unit="rate"))
        for row, cell in zip(rows, found.filled, strict=True):
            row |= {"positives": cell.positives, "prevalence": cell.positives / cell.items}
        return tuple(columns), tuple(rows)
    classes = _classes_by_slice(kept, by, len(dataset.classes))
    columns.append(Column(key="classes", label="classes", unit="share", other="of"))
    columns.append(Column(key="largest", label="largest class"))
    for row in rows:
        sizes = classes[row["slice"]]
        most = max(range(len(sizes)), key=sizes.__getitem__)
        row |= {
            "classes": sum(n > 0 for n in sizes),
            "of": len(sizes),
            "largest": f"{dataset.classes[most]} {rate(sizes[most] / row['items'])}",
        }
    return tuple(columns), tuple(rows)


def _classes_by_slice(kept: CellCounts, by: list[str], classes: int) -> dict[str, list[int]]:
    """Items of every class, by slice."""
    each = [kept.slices.summed(by, kept.n * (kept.labels == label)) for label in range(classes)]
    return {name: [sizes[name] for sizes in each] for name in each[0]}


def _by_class(kept: CellCounts, dataset: DatasetEntry) -> tuple[tuple[Column, ...], tuple[dict[str, Any], ...]]:
    sizes = sorted(zip(kept.by_label(len(dataset.classes)), dataset.classes, strict=True), key=lambda one: -one[0])
    return (
        Column(key="class", label="class"),
        Column(key="items", label="items", unit="count"),
        Column(key="share", label="share", unit="rate"),
    ), tuple({"class": name, "items": n, "share": n / kept.items} for n, name in sizes)


def _caveats(
    dataset: DatasetEntry, kept: CellCounts, found: Coverage | None, filters: Filters, group_by: list[str]
) -> list[str]:
    lines = []
    if len(dataset.classes) == 2:
        thin = [cell.name for cell in found.filled if cell.positives < THIN] if found else []
        if len(thin) > MOST_THIN:
            lines.append(f"Fewer than {THIN} positives, too few for a gate: {len(thin)} slices.")
        elif thin:
            lines.append(f"Fewer than {THIN} positives, too few for a gate: {', '.join(thin)}.")
        if not group_by and filters and kept.positives < THIN:
            lines.append(f"Fewer than {THIN} positives: too few for a gate on this slice.")
    if "age" in dataset.dimensions and "age" not in {*group_by, *filters}:
        ages = kept.by(["age"])
        shares = [f"{value} {rate(ages[value] / kept.items)}" for value in dataset.dimensions["age"] if value in ages]
        lines.append(f"Age of items at {dataset.as_of.isoformat()}: {', '.join(shares)}.")
    lines += _groups(dataset, kept)
    if dataset.kind != "train":
        lines.append("This set is enriched: its prevalence is not that of live traffic.")
    return lines


def _groups(dataset: DatasetEntry, kept: CellCounts) -> list[str]:
    """Near duplicates and clusters, which only the whole set tells."""
    lines, traits = [], dataset.traits
    if traits.get("near_duplicates"):
        k, n = int(traits.get("near_duplicate_items", 0)), dataset.rows
        groups = int(traits.get("near_duplicate_groups", 0))
        shared = f"{count(k)} ({rate(k / n)}), in {count(groups)} groups" if k else "none"
        lines.append(f"Near duplicates: of all {count(n)} items, those that share a group with another: {shared}.")
    if items_per_cluster(dataset) > 1:
        clusters = count(int(traits["clusters"]))
        line = f"All {count(dataset.rows)} items come in {clusters} clusters"
        if len(dataset.classes) == 2:
            low, high = wilson(kept.positives, kept.items, Z * items_per_cluster(dataset) ** 0.5)
            line += f": counting a cluster as one item, the interval of the prevalence is {interval(low, high)}"
        lines.append(f"{line}.")
    return lines


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
        Example("which language and surface combinations are empty in train",
                {"dataset": "train", "group_by": ["language", "surface"]}),
        Example("coverage matrix of golden, policy by technique",
                {"dataset": "golden", "group_by": ["policy", "technique"]}),
        Example("imbalance ratio of the training data by language", {"dataset": "train", "group_by": ["language"]}),
        Example("how fresh are the items in golden 2026-07", {"dataset": "golden 2026-07"}),
        Example("share of near duplicats in the evasion suite", {"dataset": "evasion 2"}),
        Example("effective number of sources in train", {"dataset": "train", "group_by": ["source"]}),
        Example("largest and smallest class of the dataset"),
        Example("where do we have too few positives, by policy and language", {"group_by": ["policy", "language"]}),
        Example("how old are the spanish items", {"filters": {"language": ["es"]}}),
        Example("what share of golden is tagalog", {"dataset": "golden", "filters": {"language": ["tl"]}}),
        Example(
            "what percentage of train comes from vendor-b",
            {"dataset": "train", "filters": {"source": ["vendor-b"]}},
        ),
        Example(
            "do we have enough hindi profiles to train on",
            {"dataset": "train", "filters": {"language": ["hi-Latn"], "surface": ["profile"]}},
        ),
        Example("positives and negatives in the evasion suite", {"dataset": "evasion 2"}),
        Example(
            "how many leetspeak variants does the evasion suite have",
            {"dataset": "evasion 2", "filters": {"technique": ["leetspeak"]}},
        ),
        Example("how thin is japanese in train", {"dataset": "train", "filters": {"language": ["ja"]}}),
        Example("ratio of positives to negatives in train", {"dataset": "train"}),
        Example(
            "number of captions in golden by language",
            {"dataset": "golden", "filters": {"surface": ["caption"]}, "group_by": ["language"]},
        ),
        Example("distribution of age in train", {"dataset": "train", "group_by": ["age"]}),
        Example("amount of data per vendor", {"group_by": ["source"]}),
        Example("which class mix does golden 2026-07 have", {"dataset": "golden 2026-07"}),
        Example("how many labels per vendor in train", {"dataset": "train", "group_by": ["source"]}),
        Example("composition of golden 2026-10", {"dataset": "golden 2026-10"}),
        Example("how many dangerous challenges items do we have", {"filters": {"policy": ["dangerous-challenges"]}}),
        Example("is spanish over-represented in train", {"dataset": "train", "filters": {"language": ["es"]}}),
        Example("prevalence in golden by language", {"dataset": "golden", "group_by": ["language"]}),
    ),
)  # fmt: skip
