"""Which two sets a comparison of datasets is about: two versions, two datasets, or two periods of one."""

from dataclasses import dataclass

from tools.catalog import Catalog, DatasetEntry, Filters
from tools.datasets.cells import items_per_cluster
from tools.errors import ToolError
from tools.resolution import Resolver
from tools.slices import describe_filters

PERIODS = ("age", "period", "date", "day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Side:
    """One of the two: a dataset under filters, and how answers name it."""

    entry: DatasetEntry
    filters: Filters
    name: str

    @property
    def inflation(self) -> float:
        """Items for each cluster, where they come in clusters; else 1."""
        return items_per_cluster(self.entry)


@dataclass(frozen=True)
class Sides:
    """The two sets, the earlier one (or the training set) first; `filters` are those that hold for both."""

    before: Side
    after: Side
    filters: Filters
    periods: str = ""  # the dimension whose two values are compared within one dataset

    @property
    def inflation(self) -> tuple[float, float]:
        """Items for each cluster of either set: how much less their number is worth."""
        return self.before.inflation, self.after.inflation

    @property
    def query(self) -> dict[str, object]:
        """The arguments that mean these sides."""
        filters = dict(self.filters)
        if self.periods:
            filters[self.periods] = sorted({*self.before.filters[self.periods], *self.after.filters[self.periods]})
        query: dict[str, object] = {"dataset": self.after.entry.label, "other": self.before.entry.label}
        return query | {"filters": dict(sorted(filters.items()))}


def sides(
    resolver: Resolver, catalog: Catalog, dataset: str | None, other: str | None, given: dict[str, list[str]]
) -> Sides:
    """The two sets that are meant; a default that was needed is noted by the resolver.

    Without `other` it is the version before. Two values of a dimension of time (`age`, `month` and the like) and no
    other dataset mean two periods of one; so do two values of any one dimension where both datasets are the same.

    Raises:
        ToolError: an unknown name, or there is nothing to compare with; carries what there is.
    """
    entry = resolver.dataset(dataset)
    filters = catalog.filters(given, entry)
    named = catalog.dataset(other) if other else None
    if named is None or named.id == entry.id:
        twofold = [name for name, values in filters.items() if len(values) == 2]
        timely = [name for name in twofold if name in PERIODS]
        if len(timely) == 1 or (named is not None and len(twofold) == 1):
            return _periods(entry, filters, (timely or twofold)[0])
    if named is None or (named.id == entry.id and not dataset):
        named = _neighbour(catalog, entry)
        resolver.defaults.append(f"compared with {named.label}")
    if named.id == entry.id:
        raise _no_other(catalog, entry)
    before, after = sorted((named, entry), key=lambda one: (one.kind != "train", one.as_of))
    return Sides(
        Side(before, catalog.filters(given, before), before.label),
        Side(after, catalog.filters(given, after), after.label),
        filters,
    )


def _periods(entry: DatasetEntry, filters: Filters, dimension: str) -> Sides:
    rest = {name: values for name, values in filters.items() if name != dimension}
    known = entry.dimensions[dimension]
    first, second = sorted(filters[dimension], key=known.index)
    if dimension == "age":  # the youngest age is declared first: what is older comes before
        first, second = second, first
    before, after = (
        Side(entry, {**rest, dimension: [value]}, f"{entry.label}, {describe_filters({dimension: [value]})}")
        for value in (first, second)
    )
    return Sides(before, after, rest, dimension)


def _neighbour(catalog: Catalog, entry: DatasetEntry) -> DatasetEntry:
    """The version before, or where this is the first one, the version after."""
    family = [one for one in catalog.datasets if one.name == entry.name]
    family.sort(key=lambda one: (one.as_of, one.version))
    at = [one.id for one in family].index(entry.id)
    if len(family) == 1:
        raise _no_other(catalog, entry)
    return family[at - 1] if at else family[1]


def _no_other(catalog: Catalog, entry: DatasetEntry) -> ToolError:
    names = tuple(one.label for one in catalog.datasets if one.id != entry.id)
    if not names:
        return ToolError(f"{entry.label} is the only dataset I know, so there is none to compare it with.")
    return ToolError(f"Compare {entry.label} with which other set?", nearest=names)
