"""`compare_datasets`: what changed between two sets of items: added, removed, relabelled, leaked, drifted."""

from tools.arguments import Arguments, DatasetName, GroupBy, OtherDataset, SliceFilters
from tools.catalog import Catalog
from tools.datasets.change_tables import change_table
from tools.datasets.change_words import caveats, headline
from tools.datasets.changes import changes
from tools.datasets.sides import Sides, sides
from tools.errors import ToolError
from tools.resolution import Resolver
from tools.results import Provenance, Result
from tools.slices import describe_filters
from tools.spec import Example, ToolSpec
from tools.workspace import Call


class CompareDatasets(Arguments):
    """What changed between two datasets or versions: items added, removed, relabelled or in both, and drift."""

    dataset: DatasetName = None
    other: OtherDataset = None
    filters: SliceFilters = {}  # noqa: RUF012  (pydantic copies it)
    group_by: GroupBy = []  # noqa: RUF012


def _compare(arguments: CompareDatasets, call: Call) -> Result:
    resolver = Resolver(call)
    found = sides(resolver, call.catalog, arguments.dataset, arguments.other, arguments.filters)
    dimensions = [name for name in found.after.entry.dimensions if name in found.before.entry.dimensions]
    group_by = _group_by(arguments.group_by, found, call.catalog)
    changed = changes(call.workspace, found, dimensions, group_by)
    if changed is None:
        names = " or ".join(side.name for side in (found.before, found.after))
        raise ToolError(f"{names} has no item with {describe_filters(found.filters)}.")
    columns, rows = change_table(changed, found, group_by)
    entries = dict.fromkeys((found.before.entry.label, found.after.entry.label))
    return Result(
        tool="compare_datasets",
        headline=headline(changed, found),
        columns=columns,
        rows=rows,
        provenance=tuple(
            Provenance(
                dataset=entry.label,
                gold_version=entry.gold_version,
                guideline_version=entry.guideline_version,
                as_of=entry.as_of.isoformat(),
            )
            for entry in (found.before.entry, found.after.entry)
            if entries.pop(entry.label, False) is None
        ),
        caveats=tuple(caveats(changed, found, dimensions)),
        defaults=tuple(resolver.defaults),
        query={**found.query, "group_by": group_by},
        suggestions=_suggestions(found, group_by),
    )


def _group_by(given: list[str], found: Sides, catalog: Catalog) -> list[str]:
    for side in (found.before, found.after):
        names = [catalog.dimension(name, side.entry) for name in dict.fromkeys(given)]
    return names


def _suggestions(found: Sides, group_by: list[str]) -> tuple[str, ...]:
    if group_by or "surface" not in found.after.entry.dimensions:
        return ()
    return (f"compare {found.after.entry.label} with {found.before.entry.label} by surface",)


COMPARE_DATASETS = ToolSpec(
    name="compare_datasets",
    summary="What changed between two datasets, versions or periods: items added, removed, relabelled, leaked; drift.",
    topic="what changed between two datasets or versions",
    arguments=CompareDatasets,
    run=_compare,
    examples=(
        Example("what changed between golden 2026-07 and golden 2026-10",
                {"dataset": "golden 2026-10", "other": "golden 2026-07"}),
        Example("which labels changed in the new golden set"),
        Example("how many items were relabelled since the july gold", {"other": "golden 2026-07"}),
        Example("does the training data leak into golden?", {"dataset": "golden", "other": "train"}),
        Example("overlap of train and the evasion suite", {"dataset": "evasion 2", "other": "train"}),
        Example("items added and removed in golden 2026-10 per langauge",
                {"dataset": "golden 2026-10", "group_by": ["language"]}),
        Example("did the mix of surfaces drift from train to golden",
                {"dataset": "golden", "other": "train", "group_by": ["surface"]}),
        Example("relabelled profiles of bullying, old gold against new",
                {"filters": {"policy": ["bullying"], "surface": ["profile"]}}),
        Example("psi between the two golden versions"),
        Example("jensen-shannon distance of train and evasion 2", {"dataset": "train", "other": "evasion 2"}),
        Example("has the data drifted", {}),
        Example("diff of the dataset versions by surface and policy", {"group_by": ["surface", "policy"]}),
        Example("is the newer golden set harder: did prevalence move", {"dataset": "golden 2026-10"}),
        Example("are test items in the training set", {"other": "train"}),
        Example("what is new in the gold data compared to the release before"),
        Example("newest against oldest items in golden",
                {"dataset": "golden", "filters": {"age": ["0-30d", "181d+"]}}),
        Example("how does golden differ from train on hindi",
                {"dataset": "golden", "other": "train", "filters": {"language": ["hi-Latn"]}}),
        Example("shared items of both gold versions, by source", {"group_by": ["source"]}),
        Example("which gold labels flipped on captions", {"filters": {"surface": ["caption"]}}),
        Example("composition shift of the evasion suite against golden 2026-07",
                {"dataset": "evasion 2", "other": "golden 2026-07"}),
        Example("golden 2026-10 against the one before, what is different", {"dataset": "golden 2026-10"}),
        Example("what was added to golden since the july version", {"dataset": "golden", "other": "golden 2026-07"}),
        Example("items dropped between the two golden sets"),
        Example("which items were taken out of the july golden", {"other": "golden 2026-07"}),
        Example("relabelled share in golden 2026-10", {"dataset": "golden 2026-10"}),
        Example("do train and golden have items in common", {"dataset": "golden", "other": "train"}),
        Example("is golden contaminated by train", {"dataset": "golden", "other": "train"}),
        Example("shared items of evasion 2 and train", {"dataset": "evasion 2", "other": "train"}),
        Example(
            "difference between golden july and golden october",
            {"dataset": "golden 2026-10", "other": "golden 2026-07"},
        ),
        Example(
            "did the language mix change from golden 2026-07 to golden 2026-10",
            {"dataset": "golden 2026-10", "other": "golden 2026-07", "group_by": ["language"]},
        ),
        Example(
            "labels changed between the gold versions, dangerous challenges only",
            {"filters": {"policy": ["dangerous-challenges"]}},
        ),
        Example("drift of golden by surface", {"dataset": "golden", "group_by": ["surface"]}),
        Example(
            "is golden 2026-10 comparable with golden 2026-07",
            {"dataset": "golden 2026-10", "other": "golden 2026-07"},
        ),
        Example(
            "which labels were flipped between july and october",
            {"dataset": "golden 2026-10", "other": "golden 2026-07"},
        ),
        Example("is the new golden harder than the old one", {"dataset": "golden"}),
        Example("what is different in the new gold version"),
        Example("did prevalence move between the golden sets"),
        Example("items added to golden 2026-10 by surface", {"dataset": "golden 2026-10", "group_by": ["surface"]}),
        Example("relabelled items per policy", {"group_by": ["policy"]}),
        Example(
            "overlap between golden 2026-07 and golden 2026-10",
            {"dataset": "golden 2026-10", "other": "golden 2026-07"},
        ),
        Example("are any evasion items also in train", {"dataset": "evasion 2", "other": "train"}),
        Example(
            "psi of train against golden by language",
            {"dataset": "golden", "other": "train", "group_by": ["language"]},
        ),
        Example("has the composition of golden shifted", {"dataset": "golden"}),
        Example("diff train 2026-06 and golden 2026-10", {"dataset": "golden 2026-10", "other": "train"}),
        Example("added, removed and changed items since golden 2026-07", {"other": "golden 2026-07"}),
    ),
)  # fmt: skip
