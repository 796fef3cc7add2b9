"""Gap versions: what other versions of the set say of a weak slice: labels changed since, or items that are new."""

import re
from datetime import timedelta

from tools.catalog import DatasetEntry
from tools.datasets.item_differences import item_join
from tools.datasets.relabelling import comparable, relabelled
from tools.gaps.causes import RELABELLED, Fact
from tools.gaps.fields import Subject
from tools.gaps.findings import Gap
from tools.gaps.training import source
from tools.gaps.words import share
from tools.resolution import provenance
from tools.stats.formats import count
from tools.stats.proportions import contrast, proportion

AGE = "age"


def version_facts(subject: Subject, gap: Gap) -> list[Fact]:
    """Whether a newer gold version changed the slice's labels, and whether its items are the newest and were fine."""
    return [*_relabelled(subject, gap), *_recent(subject, gap)]


def _versions(subject: Subject) -> list[DatasetEntry]:
    """The other versions of the set, oldest first."""
    same = [entry for entry in subject.catalog.datasets if entry.name == subject.dataset.name]
    return sorted((entry for entry in same if entry.id != subject.dataset.id), key=lambda entry: entry.as_of)


def _relabelled(subject: Subject, gap: Gap) -> list[Fact]:
    """More labels changed in the newest gold version than elsewhere; nothing to say of a set that is the newest."""
    dataset = subject.dataset
    newer = [
        entry
        for entry in _versions(subject)
        if entry.as_of > dataset.as_of and entry.gold_version != dataset.gold_version and comparable(dataset, entry)
    ]
    if not newer or AGE in gap.filters:  # an item's age is another one in each version
        return []
    latest = newer[-1]
    joined = item_join(subject.workspace, dataset, latest)
    if joined is None:
        return [Fact("relabelled", None, f"the items of {latest.label} are not stored")]
    scope = {"policy": [subject.model.policy]} if "policy" in dataset.dimensions else {}
    both = joined.shared.within(scope, scope)
    here = both.slices.within(gap.filters)
    part, rest = (relabelled(both.take(mask), dataset, latest) for mask in (here, ~here))
    sources = (source(latest),)
    if not part.shared or not rest.shared:
        return [Fact("relabelled", None, f"too few of its items are in {latest.label} as well", sources)]
    found = contrast(proportion(part.changed, part.shared), proportion(rest.changed, rest.shared))
    text = (
        f"gold {latest.gold_version} changed the label of {share(part.changed, part.shared)} of its items, elsewhere of"
        f" {share(rest.changed, rest.shared)}"
    )
    holds = part.changed / part.shared > RELABELLED and found.low > 0
    brief = f"gold {latest.gold_version} changed {count(part.changed)} of {count(part.shared)} of its labels"
    return [Fact("relabelled", holds, text, sources, brief)]


def newest(dataset: DatasetEntry) -> tuple[str, int | None] | None:
    """The age group of the newest items, the one that begins with the least number, and where it ends, in days."""
    numbers = {value: [int(n) for n in re.findall(r"\d+", value)] for value in dataset.dimensions.get(AGE, ())}
    told = {value: found for value, found in numbers.items() if found}
    if len(told) < 2:
        return None
    first = min(told, key=lambda value: told[value])
    return first, told[first][1] if len(told[first]) > 1 else None


def _recent(subject: Subject, gap: Gap) -> list[Fact]:
    """For a slice of one age: whether it is the newest, whether that age was fine before, whether training is older."""
    group = newest(subject.dataset)
    if AGE not in gap.filters or group is None:
        return []
    age, days = group
    if gap.filters[AGE] != [age]:
        return [Fact("recent", False, f"these are not the newest items ({age})")]
    facts = [Fact("recent", True, f"these are the newest items of {subject.dataset.label}", (), "the newest items")]
    facts.append(_before(subject, gap))
    trained = next((entry for entry in subject.catalog.datasets if entry.id == subject.model.trained_on), None)
    if trained is not None and days is not None:
        start = subject.dataset.as_of - timedelta(days=days)
        later = start > trained.as_of
        text = f"the training set ends on {trained.as_of.isoformat()}, these items begin on {start.isoformat()}"
        brief = f"the training set ends on {trained.as_of.isoformat()}"
        facts.append(Fact("after_training", later, text, (source(trained),), brief))
    return facts


def _before(subject: Subject, gap: Gap) -> Fact:
    """In the version before, was this age as good as the rest of that set? Each set is looked at by itself (R16)."""
    earlier = [entry for entry in _versions(subject) if entry.as_of < subject.dataset.as_of]
    for entry in reversed(earlier):
        run = subject.other_run(entry)
        if run is None or any(not set(values) <= set(entry.dimensions.get(name, ())) for name, values in gap.values):
            continue
        held = subject.decisions(run, entry)[gap.metric]
        mask = held.codes.within(gap.filters)
        one, rest = held.count(mask), held.count(~mask)
        if not one[1] or not rest[1]:
            continue
        before = contrast(proportion(*rest), proportion(*one))
        what = "recall" if gap.metric == "recall" else "negatives left alone"
        text = f"in {entry.label} the newest items had {what} {share(*one)}, the others {share(*rest)}"
        sources = (provenance(subject.model, entry, run, subject.model.threshold),)
        brief = f"in {entry.label} such items had {share(*one)}, others {share(*rest)}"
        return Fact("fine_before", before.high < gap.lack.difference, text, sources, brief)
    return Fact("fine_before", None, f"no run on an earlier version of {subject.dataset.name}")


def items_of(subject: Subject, gap: Gap) -> str:
    """How many items of the set the slice has, both labels: what re-adjudicating it as a whole takes."""
    both = subject.decisions(subject.run, subject.dataset)
    return count(sum(held.count(held.codes.within(gap.filters))[1] for held in both.values()))
