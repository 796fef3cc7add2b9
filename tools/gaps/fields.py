"""Gap fields: where weak slices are looked for. The set that was asked about, and the model's runs on suites."""

from dataclasses import dataclass, replace

from tools.catalog import Catalog, DatasetEntry, Filters, ModelEntry
from tools.errors import ToolError
from tools.gaps.candidates import Field, crossed
from tools.gaps.cells import Decisions, Metric, decisions
from tools.runs import RunEntry, latest_run
from tools.stats.rates import Share
from tools.workspace import Workspace

# Dimensions that no slice is made of: the policy is the model's own, and an item's source says how it came into the
# set (an appeal is there because the model erred), so a gap there is how the set was drawn, not a weakness.
NO_SLICE = ("policy", "source", "vendor")
VARIANTS = ("technique", "variant", "perturbation")  # dimensions of suites of perturbed items
PLAIN = ("none", "clean", "original", "plain")
# Fewer items are not tested. Below 20 positives no rate is shown (evaluation gate 2.3); at a rate of 2 to 5 % it takes
# a hundred negatives to expect more than one or two false positives.
FLOORS: dict[Metric, int] = {"recall": 20, "fpr": 100}
# A gap counts when its lower bound is above this: the 2 points that a gate tolerates (evaluation gate 2.1).
MARGIN = 0.02
# What is right, of what there is: among true and false positives, false and true negatives.
_RIGHT: dict[Metric, Share] = {"recall": Share((1, 0, 0, 0), (1, 0, 1, 0)), "fpr": Share((0, 0, 0, 1), (0, 1, 0, 1))}


@dataclass(frozen=True)
class Subject:
    """The model whose weak slices are asked for, on which set, at its operating threshold."""

    workspace: Workspace
    catalog: Catalog
    model: ModelEntry
    dataset: DatasetEntry
    run: RunEntry

    def other_run(self, dataset: DatasetEntry, model: ModelEntry | None = None) -> RunEntry | None:
        """The finished run of this model, or of another one, on another set."""
        return latest_run(self.workspace.engine, model or self.model, dataset)

    def decisions(
        self, run: RunEntry, dataset: DatasetEntry, model: ModelEntry | None = None
    ) -> dict[Metric, Decisions]:
        """The decisions of a run at the operating threshold."""
        threshold = (model or self.model).threshold
        return decisions(self.workspace.engine, run.id, threshold, tuple(dataset.dimensions))


@dataclass(frozen=True)
class SuiteRun:
    """A run of the model on a suite of perturbed items; `plain` is the value of `dimension` that is none of them."""

    dataset: DatasetEntry
    run: RunEntry
    dimension: str
    plain: str


def suite_runs(subject: Subject) -> list[SuiteRun]:
    """The model's runs on the sets that hold plain and perturbed items."""
    found = []
    for dataset in subject.catalog.datasets:
        variants = variants_of(dataset)
        run = subject.other_run(dataset) if variants else None
        if run and variants:
            found.append(SuiteRun(dataset, run, *variants))
    return found


def variants_of(dataset: DatasetEntry) -> tuple[str, str] | None:
    """The dimension of variants and its value for plain items; None where the set is not made of variants.

    A set that merely happens to hold perturbed items has no plain twin of each.
    """
    if dataset.kind != "suite" and not dataset.traits.get("clusters"):
        return None
    for dimension in VARIANTS:
        for value in PLAIN:
            if value in dataset.dimensions.get(dimension, ()):
                return dimension, value
    return None


def fields_of(subject: Subject, filters: Filters, suites: list[SuiteRun]) -> list[Field]:
    """The fields to search: both metrics on the set, and on each suite its variants against its plain items.

    Filters on a dimension that no slice is made of narrow the set; others name a slice, which changes nothing in what
    is tested, so that the answer about a slice is the same whether it was asked about or not.
    """
    variants = variants_of(subject.dataset)
    scope = {name: values for name, values in filters.items() if name in NO_SLICE}
    if variants:  # one row a base item: the variants of an item depend on each other
        scope[variants[0]] = [variants[1]]
    dimensions = [name for name in subject.dataset.dimensions if name not in {*NO_SLICE, *(variants or ())[:1]}]
    asked = {name: values for name, values in filters.items() if name in dimensions}
    effects = {} if variants else _effects(subject)
    found = []
    for metric, held in subject.decisions(subject.run, subject.dataset).items():
        counted = held.take(held.codes.within(scope)) if scope else held
        grid = crossed(counted.codes, dimensions, counted.n, asked)
        found.append(Field(metric, grid, counted, FLOORS[metric], MARGIN, effect=effects.get(metric, 1.0)))
    return [*found, *(field for suite in suites for field in _variants(subject, suite))]


def _effects(subject: Subject) -> dict[Metric, float]:
    """How much less the items of a clustered set tell than independent ones; nothing where they are independent."""
    dataset = subject.dataset
    if not dataset.traits.get("clusters") or dataset.traits.get("weighted"):
        return {}
    from tools.evals.clusters import cluster_cells  # brings in what no other question here needs

    try:
        cells = cluster_cells(subject.workspace, subject.run.id, dataset, subject.model.threshold)
    except ToolError:  # the predictions are no longer kept: as many clusters as there are, at the least
        return dict.fromkeys(_RIGHT, max(1.0, dataset.rows / int(dataset.traits["clusters"])))
    whole = sum((counts for _, counts in cells[1:]), cells[0][1])
    return {metric: max(1.0, whole.design_effect(share.rate, share)) for metric, share in _RIGHT.items()}


def _variants(subject: Subject, suite: SuiteRun) -> list[Field]:
    """The variants of a suite, each against the plain items."""
    found = []
    origin = "" if suite.dataset.id == subject.dataset.id else suite.dataset.label
    for metric, counted in subject.decisions(suite.run, suite.dataset).items():
        grid = crossed(counted.codes, [suite.dimension], counted.n)
        plain = ((suite.dimension, (suite.plain,)),)
        kept = tuple(place for place in grid.candidates if grid.names[place] != plain)
        reference = counted.codes.within({suite.dimension: [suite.plain]})
        grid = replace(grid, candidates=kept)
        found.append(Field(metric, grid, counted, FLOORS[metric], MARGIN, reference, origin))
    return found
