"""Which two versions a comparison means, and which of their runs may be compared (R16)."""

from dataclasses import dataclass

from tools.catalog import DatasetEntry, ModelEntry
from tools.errors import ToolError
from tools.resolution import Resolver, provenance
from tools.results import Provenance
from tools.runs import RunEntry, latest_run


@dataclass(frozen=True)
class Side:
    """One version with the run that speaks for it; the dataset is another version where the one meant has no run."""

    model: ModelEntry
    dataset: DatasetEntry
    run: RunEntry

    @property
    def provenance(self) -> Provenance:
        """Where its numbers come from (R14)."""
        return provenance(self.model, self.dataset, self.run, self.model.threshold)


def candidate_and_baseline(
    model: str | None, baseline: str | None, filters: dict[str, list[str]], resolver: Resolver
) -> tuple[ModelEntry, ModelEntry]:
    """Candidate and baseline; two versions of one model, the one named, else the one in production as baseline.

    Raises:
        ToolError: unknown, the same, or of different policies; carries what could be meant.
    """
    catalog = resolver.call.catalog
    if model is None and baseline is not None:
        against = resolver.model(baseline, filters)
        others = [m for m in catalog.models if m.name == against.name and m.id != against.id]
        newest = max(others, key=lambda m: m.released, default=None)
        if newest is None:
            raise ToolError(f"There is no other version of {against.name} to compare with.")
        resolver.defaults.append(newest.label)
        return newest, against
    candidate = resolver.model(model, filters)
    if baseline is None:
        production = [m for m in catalog.production() if m.name == candidate.name and m.id != candidate.id]
        before = [m for m in catalog.models if m.name == candidate.name and m.released < candidate.released]
        against = next(iter(production), None) or max(before, key=lambda m: m.released, default=None) or candidate
        resolver.defaults.append(f"baseline {against.label}")
    else:
        against = catalog.model(baseline)[0]
    if against.id == candidate.id:
        names = tuple(m.label for m in catalog.models if m.name == candidate.name and m.id != candidate.id)
        raise ToolError(f"Compare {candidate.label} with which other version?", nearest=names)
    if against.policy != candidate.policy:
        raise ToolError(
            f"{candidate.label} and {against.label} judge different policies, so they share no items to compare on.",
            nearest=tuple(m.label for m in catalog.models if m.policy == candidate.policy and m.id != candidate.id),
        )
    return candidate, against


def side(model: ModelEntry, dataset: DatasetEntry, resolver: Resolver) -> Side:
    """The run of a version on a dataset; without one, its run on another version of the dataset under the same gold.

    Raises:
        ToolError: there is none, or only under another gold version (R16); says what to ask for. Or a dataset of more
            than two classes.
    """
    of_two_classes(model, dataset)
    engine = resolver.call.workspace.engine
    if found := latest_run(engine, model, dataset):
        return Side(model, dataset, found)
    versions = [other for other in resolver.call.catalog.datasets if other.name == dataset.name and other != dataset]
    held = [(other, run) for other in versions if (run := latest_run(engine, model, other))]
    held.sort(key=lambda pair: pair[0].as_of, reverse=True)
    for other, run in held:
        if (other.gold_version, other.guideline_version) == (dataset.gold_version, dataset.guideline_version):
            resolver.defaults.append(f"{model.label} as evaluated on {other.label}")
            return Side(model, other, run)
    if held:
        other, ask = held[0][0], f"run {dataset.label} on {model.label}"
        raise ToolError(
            f"{model.label} has not been evaluated on {dataset.label} yet, only on {other.label}, and that has gold"
            f" {other.gold_version} instead of {dataset.gold_version}: a difference could come from the labels, so I"
            f" don't compare across them (R16). Ask me to “{ask}”.",
            nearest=(ask,),
        )
    return Side(model, dataset, resolver.run(model, dataset))


def of_two_classes(model: ModelEntry, dataset: DatasetEntry) -> None:
    """Decisions are paired as right and wrong, so there must be two classes.

    Raises:
        ToolError: there are more; says what to ask for.
    """
    if len(dataset.classes) > 2:
        raise ToolError(
            f"{dataset.label} has {len(dataset.classes)} classes; versions are compared on two so far. Ask for the"
            " classes of each instead.",
            nearest=(f"confusion matrix of {model.label} on {dataset.label}",),
        )
