"""What a trend says in words: a point for each version and metric, the headline, the table's columns, the caveats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.catalog import Filters, ModelEntry
from tools.comparisons.rows import Compared, Evidence
from tools.comparisons.sides import Side
from tools.comparisons.text import inside, of_this_set, tied, value, whole
from tools.measures import Estimate, Measure
from tools.results import Column
from tools.slices import describe_filters
from tools.stats.formats import count, signed


@dataclass(frozen=True)
class Point:
    """One metric of one version; `change` is against the version before, None for the first or where none is shown."""

    side: Side
    measure: Measure
    estimate: Estimate
    change: Compared | None = None

    def data(self) -> dict[str, Any]:
        """As a row of a result."""
        found, change = self.estimate, self.change
        return {
            "version": named(self.side.model),
            "metric": self.measure.name,
            "title": self.measure.title,
            "value": found.value,
            "k": found.k,
            "n": found.n,
            "low": found.low,
            "high": found.high,
            "threshold": f"{self.side.model.threshold:g}",
            "change": change.difference.value if change else None,
            "change_low": change.difference.low if change else None,
            "change_high": change.difference.high if change else None,
            "only_this": change.difference.only_a if change else None,
            "only_before": change.difference.only_b if change else None,
            "p": change.p if change else None,
            "verdict": change.verdict if change else None,
        }


def named(model: ModelEntry) -> str:
    """`v7 (prod)`: a version with its aliases."""
    return f"{model.version} ({', '.join(model.aliases)})" if model.aliases else model.version


def headline(
    points: Sequence[Point], measures: Sequence[Measure], sides: Sequence[Side], filters: Filters, last: Sequence[Point]
) -> str:
    """Each metric from the first version to the last, and the last change as tested; `last` are the newest points."""
    where = f", {describe_filters(filters)}" if filters else ""
    lines = []
    for measure in measures:
        row = [point for point in points if point.measure == measure]
        values = " → ".join(f"{point.side.model.version} {_shown(point.estimate)}" for point in row)
        title = f"{measure.title} of {sides[0].model.name} on {sides[0].dataset.label}{where}"
        lines.append(f"**{title}: {values}**.")
    if last:
        model, before = sides[-1].model, sides[-2].model
        lines.append(f"The last change, {before.version} → {named(model)}, on the same items:")
        lines += [f"{whole(point.change, model.version, before.version)}." for point in last if point.change]
    elif len(sides) == 1:
        lines.append(f"Only {named(sides[0].model)} has been evaluated on it, so there is no change to show.")
    return "\n".join(lines)


def _shown(found: Estimate) -> str:
    return "not defined" if found.value is None else value(found.value, found.k, found.n)


def columns(*, many: bool) -> tuple[Column, ...]:
    """A row a version; a column for the metric where there are several."""
    metric = (Column(key="metric", label="metric"),) if many else ()
    return (
        Column(key="version", label="version"),
        *metric,
        Column(key="value", label="value", unit="rate"),
        Column(key="k", label="k/n", unit="share", other="n"),
        Column(key="low", label="95 %", unit="interval", other="high"),
        Column(key="threshold", label="at"),
        Column(key="change", label="change", unit="signed"),
        Column(key="change_low", label="95 %", unit="signed interval", other="change_high"),
        Column(key="verdict", label="verdict"),
    )


def caveats(
    steps: Sequence[Evidence], points: Sequence[Point], measures: Sequence[Measure], tests: int
) -> list[str]:  # fmt: skip
    """What has no test, how p-values were adjusted, what else differs between versions, what ties items together."""
    said = []
    untested = [m.title for m in measures if steps and not any(p.change for p in points if p.measure == m)]
    if untested:
        said.append(f"No paired test for {', '.join(untested)}: the values stand side by side only.")
    if tests > 1:
        said.append(f"p-values of the {tests} changes are adjusted for their number (Benjamini-Hochberg).")
    if len({point.side.model.threshold for point in points}) > 1:
        said.append(
            "Each version is measured at its own threshold: a change is of the version and its threshold together."
        )
    said += [text for step in steps if step.pair.restricted for text in _restricted(step, points)]
    seen = [p.side.model.version for p in points if p.side.model.trained_on == p.side.dataset.id]
    if seen:
        said.append(f"Trained on this set, so flattered by it: {', '.join(dict.fromkeys(seen))}.")
    changes = [point.change for point in points if point.change]
    return [*said, *(tied(steps[-1], changes) if steps else []), *of_this_set(measures)]


def _restricted(step: Evidence, points: Sequence[Point]) -> list[str]:
    """The runs of a step hold different items: what was compared, and where the values mislead because of it."""
    before, after = step.baseline.model, step.candidate.model
    said = [
        f"{before.version} → {after.version}: the change is of the {count(step.items)} items that both runs hold"
        f" (left out: {count(step.pair.only_b)} only in the run of {before.version},"
        f" {count(step.pair.only_a)} only in that of {after.version})."
    ]
    for point in points:
        if point.side.model.id != after.id or not point.change:
            continue
        (other,) = [p for p in points if p.side.model.id == before.id and p.measure == point.measure]
        if point.estimate.value is None or other.estimate.value is None:
            continue
        plain, change = point.estimate.value - other.estimate.value, point.change
        if plain * change.difference.value < 0 and change.verdict in ("improved", "regressed", "changed"):
            said.append(
                f"The values turn the change round (Simpson's paradox): {inside(point.measure.title)} moves by"
                f" {signed(plain)} between the runs, but by {signed(change.difference.value)} on the items they share;"
                " the rest is another mix of items."
            )
    return said
