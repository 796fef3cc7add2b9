"""Two runs compared slice by slice: the evidence of each slice, the difference of each metric, the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tools.catalog import Filters
from tools.comparisons.pairs import Pair, item_scores, joint_counts, unit_counts
from tools.comparisons.sides import Side
from tools.measures import Measure
from tools.runs import RunEntry
from tools.slices import within
from tools.stats.corrections import ALPHA, CORRECTIONS, Correction
from tools.stats.differences import Difference, difference, needs_scores
from tools.stats.joint_counts import CELLS, Array, JointCounts
from tools.stats.joint_scores import JointScores
from tools.stats.paired import Joint
from tools.workspace import Workspace

if TYPE_CHECKING:
    from tools.evals.joint import Joined

FLOOR = 20  # fewer items, or clusters, behind a slice: not assessed
Verdict = Literal["regressed", "improved", "changed", "no change shown", "not assessed"]
ORDER: dict[Verdict, int] = {"regressed": 0, "improved": 1, "changed": 2, "no change shown": 3, "not assessed": 4}


@dataclass(frozen=True)
class Compared:
    """One metric of one slice, candidate minus baseline; `p` is adjusted for all rows judged together, `raw` is not."""

    slice: str
    measure: Measure
    difference: Difference
    p: float
    verdict: Verdict

    @property
    def raw(self) -> float:
        """The p-value of this row alone."""
        return self.difference.p

    def data(self) -> dict[str, Any]:
        """As a row of a result."""
        found = self.difference
        return {
            "slice": self.slice,
            "metric": self.measure.name,
            "title": self.measure.title,
            "n": found.n,
            "clusters": found.units,
            "candidate": found.a,
            "candidate_k": found.a_k,
            "candidate_n": found.a_n,
            "baseline": found.b,
            "baseline_k": found.b_k,
            "baseline_n": found.b_n,
            "difference": found.value,
            "low": found.low,
            "high": found.high,
            "only_candidate": found.only_a,
            "only_baseline": found.only_b,
            "p": self.p,
            "verdict": self.verdict,
        }


class Evidence:
    """What the runs of candidate and baseline say of the items they share, within filters; read when first needed."""

    def __init__(self, workspace: Workspace, candidate: Side, baseline: Side, filters: Filters) -> None:
        """Joint counts are read, or counted and stored.

        Raises:
            ToolError: the runs share too few items, disagree on a label (R16), or predictions are gone.
        """
        self._workspace, self.candidate, self.baseline, self.filters = workspace, candidate, baseline, filters
        traits = candidate.dataset.traits
        self.clustered, self.weighted = bool(traits.get("clusters")), bool(traits.get("weighted"))
        self.dimensions = [name for name in candidate.dataset.dimensions if name in baseline.dataset.dimensions]
        self.pair: Pair = joint_counts(workspace, *self._runs, *self._thresholds, self.dimensions)

    @cached_property
    def items(self) -> int:
        """The items compared."""
        return int(self.pair.counts[self._kept].sum())

    @cached_property
    def units(self) -> "Joined | None":
        """Decisions by cluster and weight, where the dataset has any and the runs kept them."""
        if not (self.clustered or self.weighted):
            return None
        return unit_counts(
            self._workspace, *self._runs, *self._thresholds, self.dimensions, clustered=self.clustered,
            weighted=self.weighted,
        )  # fmt: skip

    @cached_property
    def scores(self) -> "Joined":
        """Both scores of every item."""
        return item_scores(self._workspace, *self._runs, self.dimensions, clustered=self.clustered)

    def compare(self, measures: Sequence[Measure], by: Sequence[str]) -> list[Compared]:
        """A row for each metric and slice where it is defined, in the order of metrics and slices; not yet judged."""
        names = [slice_name(self.pair.values[at], by) for at in self._kept]
        slices = sorted(set(names))
        counts = np.zeros((len(slices), CELLS), np.int64)
        np.add.at(counts, [slices.index(name) for name in names], self.pair.counts[self._kept])
        units = _split(self.units, self.filters, by) if self.units else {}
        scored = any(needs_scores(measure.name) for measure in measures)
        scores = _split(self.scores, self.filters, by) if scored else {}
        tables = {name: _table(part) for name, part in units.items()}
        items = {name: _scores(part, self.clustered) for name, part in scores.items()}
        rows = []
        for measure in measures:
            for name, row in zip(slices, counts.tolist(), strict=True):
                joint = JointCounts(Joint(*row[:4]), Joint(*row[4:]))
                found = difference(measure.name, joint, tables.get(name), items.get(name))
                if found is not None:
                    rows.append(Compared(name, measure, found, found.p, "not assessed"))
        return rows

    @cached_property
    def _kept(self) -> list[int]:
        return [at for at, values in enumerate(self.pair.values) if within(values, self.filters)]

    @property
    def _runs(self) -> tuple[RunEntry, RunEntry]:
        return self.candidate.run, self.baseline.run

    @property
    def _thresholds(self) -> tuple[float, float]:
        return self.candidate.model.threshold, self.baseline.model.threshold


def slice_name(values: dict[str, str], by: Sequence[str]) -> str:
    """`hi-Latn · comment`; `all` without a grouping."""
    return " · ".join(values[dimension] for dimension in by) or "all"


def judged(rows: Sequence[Compared], correction: Correction = "benjamini-hochberg") -> list[Compared]:
    """The same rows with p-values adjusted over those that are assessed, and with their verdicts.

    Improved and regressed follow from what is better for the metric; one that is neither better high nor low is only
    called changed.
    """
    assessed = [at for at, row in enumerate(rows) if row.difference.support >= FLOOR]
    adjusted = dict(zip(assessed, CORRECTIONS[correction]([rows[at].raw for at in assessed]), strict=True))
    return [
        replace(row, p=adjusted[at], verdict=_verdict(row, adjusted[at])) if at in adjusted else row
        for at, row in enumerate(rows)
    ]


def _verdict(row: Compared, p: float) -> Verdict:
    if p >= ALPHA or not row.difference.value:
        return "no change shown"
    if row.measure.higher_is_better is None:
        return "changed"
    return "improved" if (row.difference.value > 0) == row.measure.higher_is_better else "regressed"


def _split(joined: "Joined", filters: Filters, by: Sequence[str]) -> "dict[str, Joined]":
    """The rows of each slice."""
    cells: dict[str, list[int]] = {}
    for number, values in enumerate(joined.values):
        if within(values, filters):
            cells.setdefault(slice_name(values, by), []).append(number)
    found = {}
    for name, numbers in cells.items():
        kept = np.isin(joined.cell, numbers)
        columns = {key: getattr(joined, key)[kept] for key in ("cell", "label", "a", "b", "unit", "n")}
        found[name] = replace(joined, **columns)
    return found


def _table(part: "Joined") -> Array:
    """Counts by cluster, as `tools.stats.joint_units` takes them."""
    present, unit = np.unique(part.unit, return_inverse=True)
    table = np.zeros((present.size, 8))
    place = 4 * (part.label != 1) + 2 * (part.a < 1) + (part.b < 1)
    np.add.at(table, (unit, place.astype(np.int64)), part.n)
    return table


def _scores(part: "Joined", clustered: bool) -> JointScores:
    return JointScores(part.label == 1, part.a, part.b, part.unit if clustered else None)
