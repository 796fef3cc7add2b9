"""The checks of a dataset standard: target and actual of each, under the quality measure it belongs to.

The measures are named in the style of ISO/IEC 5259-2, data quality for analytics and machine learning.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sqlalchemy import select

from tools.catalog import DatasetEntry, LabelSetEntry
from tools.datasets.cells import CellCounts, cell_counts
from tools.datasets.coverage import Coverage, CoverageCell, coverage
from tools.datasets.item_differences import NEAR_DUPLICATE, item_join
from tools.datasets.standards import Standard, Support
from tools.stats.agreement import agreement
from tools.stats.formats import count, interval, rate
from tools.stats.ratings import Ratings, tally
from tools.store.session import reading
from tools.store.tables import PatternCell
from tools.workspace import Call

Measure = Literal["completeness", "balance", "representativeness", "currentness", "consistency", "label accuracy"]
Verdict = Literal["met", "not met", "not assessed"]
MET, NOT_MET, NOT_ASSESSED = "met", "not met", "not assessed"
_STATED = re.compile(r"\s*(\d{1,3})\s*(?:$|[,;.])")  # “3, then adjudication”, but not “3 for some, none for others”


@dataclass(frozen=True)
class Check:
    """One check; `lacking` names what misses the target and by how much, `note` what else is to be known."""

    measure: Measure
    name: str
    target: str
    actual: str
    verdict: Verdict
    lacking: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Checked:
    """What the checks look at: a dataset, its counts, the standard of its kind."""

    call: Call
    dataset: DatasetEntry
    counts: CellCounts
    standard: Standard

    @property
    def binary(self) -> bool:
        """Whether there are positives."""
        return len(self.dataset.classes) == 2

    @property
    def label_set(self) -> LabelSetEntry | None:
        """The newest rater labels of the dataset's items."""
        found = [entry for entry in self.call.catalog.label_sets if entry.dataset_id == self.dataset.id]
        return max(found, key=lambda entry: entry.as_of, default=None)

    @cached_property
    def ratings(self) -> Ratings | None:
        """The labels of that set; None without one."""
        labels = self.label_set
        if labels is None:
            return None
        statement = select(PatternCell.pattern, PatternCell.n).where(PatternCell.label_set_id == labels.id)
        with reading(self.call.workspace.engine) as session:
            rows = session.execute(statement).all()
        return tally([([int(part) for part in pattern.split(",")], n) for pattern, n in rows], len(labels.classes))


def check(call: Call, dataset: DatasetEntry, standard: Standard) -> list[Check]:
    """All checks that the standard asks for, in a fixed order.

    Raises:
        SetupError: a file that must be read is missing, or is not the registered one any more.
    """
    checked = Checked(call, dataset, cell_counts(call.workspace.engine, dataset), standard)
    return [found for one in _CHECKS for found in one(checked)]


def _labels(checked: Checked) -> list[Check]:
    wanted = checked.standard.labels
    if wanted is None:
        return []
    there = checked.dataset.classes
    verdict: Verdict = "met" if set(there) == set(wanted) else "not met"
    return [Check("consistency", "label vocabulary", ", ".join(wanted), ", ".join(there), verdict)]


def _support(checked: Checked) -> list[Check]:
    wanted = checked.standard.support
    if wanted is None:
        return []
    by = " × ".join(wanted.by)
    absent = [name for name in wanted.by if name not in checked.dataset.dimensions]
    if absent:
        none = f"no dimension {', '.join(absent)}"
        return [Check("representativeness", f"support, {by}", _least(wanted), none, "not assessed")]
    found = coverage(checked.counts, wanted.by, checked.dataset.dimensions)
    cells = len(found.cells)
    empty = Check(
        "completeness", f"filled cells, {by}", f"{cells} of {cells}", f"{len(found.filled)} of {cells}",
        "not met" if found.empty else "met", tuple(f"{name} (empty)" for name in found.empty),
    )  # fmt: skip
    return [empty, *_least_of(checked, wanted, found)]


def _least_of(checked: Checked, wanted: Support, found: Coverage) -> list[Check]:
    """A check for each number that is asked for: items, positives, negatives."""
    sizes: tuple[tuple[str, int | None, Callable[[CoverageCell], int]], ...] = (
        ("items", wanted.items, lambda cell: cell.items),
        ("positives", wanted.positives, lambda cell: cell.positives),
        ("negatives", wanted.negatives, lambda cell: cell.negatives),
    )
    checks = []
    for what, least, size in sizes:
        if least is None:
            continue
        target = f"at least {count(least)} in each of {len(found.cells)} cells"
        if what != "items" and not checked.binary:
            actual = f"{len(checked.dataset.classes)} classes"
            checks.append(Check("representativeness", what, target, actual, "not assessed"))
            continue
        short = sorted((cell for cell in found.cells if size(cell) < least), key=size)
        lacking = tuple(f"{cell.name} {size(cell)} ({count(least - size(cell))} more {what})" for cell in short)
        actual = f"{len(found.cells) - len(short)} of {len(found.cells)}"
        checks.append(Check("representativeness", what, target, actual, "not met" if short else "met", lacking))
    return checks


def _least(wanted: Support) -> str:
    named = (("items", wanted.items), ("positives", wanted.positives), ("negatives", wanted.negatives))
    return ", ".join(f"at least {count(least)} {what}" for what, least in named if least) or "filled"


def _balance(checked: Checked) -> list[Check]:
    wanted = checked.standard.balance
    if wanted is None:
        return []
    target, n = interval(wanted.low, wanted.high), checked.counts.items
    if checked.binary:
        k = checked.counts.positives
        low = high = k / n
        name, actual = "share of positives", _share(k, n)
    else:
        shares = [size / n for size in checked.counts.by_label(len(checked.dataset.classes))]
        low, high = min(shares), max(shares)
        name, actual = "shares of classes", interval(low, high)
    inside = wanted.low <= low and high <= wanted.high
    return [Check("balance", name, target, actual, "met" if inside else "not met")]


def _age(checked: Checked) -> list[Check]:
    wanted = checked.standard.age
    if wanted is None:
        return []
    target = f"at least {rate(wanted.minimum_share)}"
    name = f"{wanted.dimension} {', '.join(wanted.values)}"
    if wanted.dimension not in checked.dataset.dimensions:
        return [Check("currentness", name, target, f"no dimension {wanted.dimension}", "not assessed")]
    k, n = checked.counts.within({wanted.dimension: wanted.values}).items, checked.counts.items
    verdict: Verdict = "met" if k / n >= wanted.minimum_share else "not met"
    note = f"The {wanted.dimension} of items is that of {checked.dataset.as_of.isoformat()}."
    return [Check("currentness", name, target, _share(k, n), verdict, note=note)]


def _near_duplicates(checked: Checked) -> list[Check]:
    wanted = checked.standard.near_duplicates
    if wanted is None:
        return []
    target, traits = f"at most {rate(wanted.maximum_share)}", checked.dataset.traits
    if not traits.get("near_duplicates"):
        return [Check("representativeness", "near duplicates", target, "no groups known", "not assessed")]
    k, n = int(traits.get("near_duplicate_items", 0)), checked.dataset.rows
    verdict: Verdict = "met" if k / n <= wanted.maximum_share else "not met"
    return [Check("representativeness", "near duplicates", target, _share(k, n), verdict)]


def _overlap(checked: Checked) -> list[Check]:
    wanted, dataset = checked.standard.overlap, checked.dataset
    if wanted is None:
        return []
    others = [one for one in checked.call.catalog.datasets if one.kind in wanted.kinds and one.id != dataset.id]
    target, name = f"at most {count(wanted.maximum_items)} items", f"overlap with {', '.join(wanted.kinds)}"
    if not others:
        return [Check("representativeness", name, target, "no such set", "not assessed")]
    shared: dict[str, int] = {}
    groups: dict[str, int] = {}
    unknown = []
    for other in others:
        joined = item_join(checked.call.workspace, other, dataset)
        if joined is None:
            unknown.append(other.label)
            continue
        shared[other.label] = joined.shared.items
        if overlap := joined.overlap(NEAR_DUPLICATE):
            groups[other.label] = overlap.after
    note = f"Overlap not assessed, only counts known: {', '.join(unknown)}." if unknown and dataset.path else ""
    checks = [_at_most(name, wanted.maximum_items, target, shared, unknown, dataset.rows, note)]
    if groups:
        near = f"near duplicates in {', '.join(wanted.kinds)}"
        checks.append(_at_most(near, wanted.maximum_items, target, groups, unknown, dataset.rows, ""))
    return checks


def _at_most(
    name: str, most: int, target: str, found: dict[str, int], unknown: list[str], rows: int, note: str
) -> Check:
    if not found:
        return Check("representativeness", name, target, "only counts known", "not assessed")
    over = {label: n for label, n in found.items() if n > most}
    lacking = tuple(f"{label} ({count(n - most)} to take out)" for label, n in over.items())
    # A set of which only counts are known may hold anything: without it nothing is shown to be met.
    verdict: Verdict = "not met" if over else "not assessed" if unknown else "met"
    actual = f"{count(max(found.values()))} of {count(rows)}" + (f", {len(unknown)} unknown" if unknown else "")
    return Check("representativeness", name, target, actual, verdict, lacking, note)


def _annotations(checked: Checked) -> list[Check]:
    least = checked.standard.annotations_per_item
    if least is None:
        return []
    target, name = f"at least {least}", "annotations per item"
    rated = checked.ratings
    if rated and rated.n == checked.dataset.rows:  # labels of some items say nothing of the others
        n = int(rated.raters.min())
        return [Check("label accuracy", name, target, f"{n} (counted)", "met" if n >= least else "not met")]
    stated = str(checked.dataset.card.get("annotationsPerItem", "unknown"))
    if match := _STATED.match(stated):
        n = int(match[1])
        return [Check("label accuracy", name, target, f"{n} (card)", "met" if n >= least else "not met")]
    said = "unknown" if stated == "unknown" else "not one number (card)"
    return [Check("label accuracy", name, target, said, "not assessed")]


def _agreement(checked: Checked) -> list[Check]:
    """Met at the lower bound, not met at the upper one; between them the items are too few to tell."""
    wanted = checked.standard.agreement
    if wanted is None:
        return []
    target, name = f"at least {rate(wanted.minimum)}", "percent agreement"
    labels, rated = checked.label_set, checked.ratings
    if labels is None or rated is None:
        return [Check("label accuracy", name, target, "no rater labels", "not assessed")]
    found = agreement(rated, draws=1)  # of the coefficients with drawn intervals none is asked for
    value, low, high = found.percent.value, found.percent.low, found.percent.high
    if value is None or low is None or high is None:
        return [Check("label accuracy", name, target, "no item has two labels", "not assessed")]
    said = {1.0: "all agree", 0.0: "none agrees"}.get(value, rate(value))
    verdict: Verdict = "met" if low >= wanted.minimum else "not met" if high < wanted.minimum else "not assessed"
    note = f"Agreement is that of {labels.label}, {count(found.items)} items with two labels or more."
    return [Check("label accuracy", name, target, f"{said} ({interval(low, high)})", verdict, note=note)]


def _guideline(checked: Checked) -> list[Check]:
    wanted = checked.standard.guideline_version
    if wanted is None:
        return []
    there = checked.dataset.guideline_version
    verdict: Verdict = "met" if there == wanted else "not assessed" if there == "unknown" else "not met"
    return [Check("consistency", "guideline version", wanted, there, verdict)]


def _share(k: int, n: int) -> str:
    return f"{count(k)} of {count(n)}" if k in (0, n) else f"{rate(k / n)} ({count(k)}/{count(n)})"


_CHECKS: tuple[Callable[[Checked], list[Check]], ...] = (
    _labels, _support, _balance, _age, _near_duplicates, _overlap, _annotations, _agreement, _guideline,
)  # fmt: skip
