"""Gap training: what the stored counts of the training set say of a weak slice: too few items, or odd labels."""

from math import prod
from statistics import median

from tools.catalog import DatasetEntry, Filters
from tools.datasets.cells import CellCounts, cell_counts
from tools.gaps.causes import ENOUGH_LABELS, FEW, ODD_P, ODD_RATIO, Fact
from tools.gaps.fields import Subject
from tools.gaps.findings import Gap
from tools.gaps.words import share
from tools.results import Provenance
from tools.stats.formats import count
from tools.stats.proportions import mid_p

SOURCES = ("source", "vendor", "annotator_group")  # dimensions that say who labelled an item
# A training set's ages are counted from its own day, and its sources are no slices of traffic.
_NOT_COMPARED = ("age", *SOURCES)


def training_facts(subject: Subject, gap: Gap) -> list[Fact]:
    """Whether the slice has few training items, and whether one source labels it oddly."""
    trained = next((entry for entry in subject.catalog.datasets if entry.id == subject.model.trained_on), None)
    if trained is None:
        missing = "no training set is registered for this model"
        return [Fact("few_training", None, missing), Fact("source_odd", None, missing)]
    counts = cell_counts(subject.workspace.engine, trained)
    if "policy" in trained.dimensions:
        counts = counts.within({"policy": [subject.model.policy]})
    return [_few(trained, counts, gap.filters), _odd(trained, counts, gap.filters)]


def training_items(subject: Subject, gap: Gap) -> tuple[int, int] | None:
    """Training items of the slice, and the median of the other slices of its dimensions; None where not stored."""
    trained = next((entry for entry in subject.catalog.datasets if entry.id == subject.model.trained_on), None)
    if trained is None or not _comparable(trained, gap.filters):
        return None
    counts = cell_counts(subject.workspace.engine, trained)
    if "policy" in trained.dimensions:
        counts = counts.within({"policy": [subject.model.policy]})
    here, others = _sides(counts, gap.filters)
    return (here.items, round(median(others))) if others else None


def _few(trained: DatasetEntry, counts: CellCounts, where: Filters) -> Fact:
    names = list(where)
    if not _comparable(trained, where):
        return Fact("few_training", None, f"{trained.label} is not counted by {' and '.join(names) or 'slice'}")
    here, others = _sides(counts, where)
    if not others:
        return Fact("few_training", None, f"{trained.label} has no other {' and '.join(names)} to compare with")
    middle = median(others)
    values = prod(len(values) for values in where.values())
    text = (
        f"{count(here.items)} training items with {count(here.positives)} positives; the median of the other"
        f" {_plural(names)} has {count(round(middle))}"
    )
    brief = f"{count(here.items)} training items, median of the others {count(round(middle))}"
    return Fact("few_training", here.items < FEW * middle * values, text, (source(trained),), brief)


def _sides(counts: CellCounts, where: Filters) -> tuple[CellCounts, list[int]]:
    """The counts of a slice, and the items of each other slice of the same dimensions."""
    here = counts.within(where)
    inside = set(here.by(list(where)))
    return here, [n for name, n in counts.by(list(where)).items() if name not in inside]


def _odd(trained: DatasetEntry, counts: CellCounts, where: Filters) -> Fact:
    """One source whose share of positives in the slice is far from its own elsewhere and from the others' there."""
    dimension = next((name for name in SOURCES if name in trained.dimensions), None)
    if dimension is None or not _comparable(trained, where):
        return Fact("source_odd", None, f"{trained.label} does not say who labelled this slice", (source(trained),))
    here = counts.within(where)
    everywhere, inside = _shares(counts, dimension), _shares(here, dimension)
    odd, looked = None, False
    for name, (k, n) in sorted(inside.items(), key=lambda item: -item[1][1]):
        others = here.positives - k, here.items - n
        elsewhere = everywhere[name][0] - k, everywhere[name][1] - n
        if min(n, others[1], elsewhere[1]) < ENOUGH_LABELS:
            continue
        looked = True
        if _apart((k, n), others) and _apart((k, n), elsewhere):
            odd = name, (k, n), others, elsewhere
            break
    if odd is None:
        text = "no source labels it unlike the others" if looked else "too few training labels by source to see one"
        return Fact("source_odd", False if looked else None, text, (source(trained),))
    name, mine, others, elsewhere = odd
    text = (
        f"{name} labels {share(*mine)} of it positive in training, other sources {share(*others)}, {name} elsewhere"
        f" {share(*elsewhere)}"
    )
    brief = f"{name} labels {share(*mine)} of it positive in training, others {share(*others)}"
    return Fact("source_odd", True, text, (source(trained),), brief)


def _shares(counts: CellCounts, dimension: str) -> dict[str, tuple[int, int]]:
    items, positives = counts.by([dimension]), counts.positives_by([dimension])
    return {name: (positives.get(name, 0), n) for name, n in items.items()}


def _apart(mine: tuple[int, int], other: tuple[int, int]) -> bool:
    """Half or double, and not by chance."""
    a, b = mine[0] / mine[1], other[0] / other[1]
    return (a * ODD_RATIO <= b or b * ODD_RATIO <= a) and mid_p(*mine, *other) < ODD_P


def _comparable(trained: DatasetEntry, where: Filters) -> bool:
    return bool(where) and all(name in trained.dimensions and name not in _NOT_COMPARED for name in where)


def _plural(names: list[str]) -> str:
    return f"{names[0]}s" if len(names) == 1 else f"{' × '.join(names)} slices"


def source(dataset: DatasetEntry) -> Provenance:
    """Where counts of a dataset come from (R14)."""
    return Provenance(
        dataset=dataset.label,
        gold_version=dataset.gold_version,
        guideline_version=dataset.guideline_version,
        as_of=dataset.as_of.isoformat(),
    )
