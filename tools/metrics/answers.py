"""Metrics in words: the sentence of an estimate, what it would be at another prevalence, and what to doubt."""

from dataclasses import dataclass
from typing import Any

from tools.measures import Estimate, Measure
from tools.metrics.clusters import Dependence
from tools.results import Column
from tools.slices import Slice
from tools.stats.calibration import chance_error
from tools.stats.formats import count, interval, rate
from tools.stats.histogram import BINS, Histogram

LOW_SUPPORT = 30  # below this, an interval is so wide that the number alone misleads
FEW_EXPECTED = 10  # negatives x prevalence: below, what outscores the positives in live traffic was hardly seen
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is asked of each slice: the metrics, the threshold, the dependence of its rows, the prevalence if stated."""

    measures: list[Measure]
    threshold: float
    dependence: Dependence
    prevalence: float | None

    @property
    def live(self) -> list[Measure]:
        """The metrics that the stated prevalence changes; none without one."""
        return [measure for measure in self.measures if measure.live and self.prevalence is not None]

    @property
    def ordering(self) -> str:
        """The key of a row by which the weakest slice is found."""
        main = self.measures[0]
        return f"{main.name}_live" if main in self.live else main.name

    def here(self, measure: Measure, piece: Slice) -> Estimate:
        """The metric of a slice, on this set."""
        return measure.estimate(piece.histogram, self.threshold, self.dependence.of(piece.values))

    def there(self, measure: Measure, piece: Slice) -> Estimate:
        """The metric of a slice, at the stated prevalence."""
        clusters = self.dependence.of(piece.values)
        return measure.estimate(piece.histogram, self.threshold, clusters, self.prevalence)

    def row(self, piece: Slice) -> Row:
        """The metrics of a slice as data: `recall`, `recall_low`, `_high`, `_k`, `_n`; at a prevalence `_live` too."""
        row: Row = {"slice": piece.name}
        items = piece.histogram.at(self.threshold).n
        for measure in self.measures:
            found = self.here(measure, piece)
            row |= {
                measure.name: found.value,
                f"{measure.name}_low": found.low,
                f"{measure.name}_high": found.high,
                f"{measure.name}_k": found.k,
                f"{measure.name}_n": items if found.n is None else found.n,
            }
            if found.effective is not None:
                row[f"{measure.name}_effective"] = found.effective
        for measure in self.live:
            found = self.there(measure, piece)
            row |= {f"{measure.name}_live{end}": value for end, value in _ends(found).items()}
        return row

    def columns(self, group_by: list[str]) -> tuple[Column, ...]:
        """The columns of a table of slices; at a prevalence the value there takes the place of the interval here."""
        columns = [Column(key="slice", label=" × ".join(group_by))]
        for measure in self.measures:
            columns.append(Column(key=measure.name, label=measure.title, unit="rate"))
            if measure.share:
                columns.append(Column(key=f"{measure.name}_k", label="k/n", unit="share", other=f"{measure.name}_n"))
            name = measure.name
            if measure in self.live and self.prevalence is not None:
                name = f"{name}_live"
                columns.append(Column(key=name, label=f"at {percent(self.prevalence)}", unit="rate"))
            columns.append(Column(key=f"{name}_low", label="95 %", unit="interval", other=f"{name}_high"))
        return tuple(columns)

    def lines(self, piece: Slice, at: str, where: str) -> list[str]:
        """The finished sentences of all metrics, a line each.

        `at` names the threshold and stands with the first metric that has one, `where` the slice, with the first of
        all; so do the counts behind a metric that is no proportion.
        """
        first = next((measure for measure in self.measures if not measure.from_scores), None)
        counts = piece.histogram.at(self.threshold)
        behind = f", from {count(counts.positives)} positives and {count(counts.negatives)} negatives"
        lines = []
        for place, measure in enumerate(self.measures):
            said = (at if measure is first else "") + (where if not place else "")
            said += behind if not place and measure.share is None else ""
            lines.append(self._line(measure, piece, said))
        return lines

    def _line(self, measure: Measure, piece: Slice, where: str) -> str:
        """One metric on this set, and at the stated prevalence where that changes it."""
        said = f"{sentence(measure, self.here(measure, piece))}{where}."
        if measure not in self.live or self.prevalence is None:
            return said
        found = self.there(measure, piece)
        at = f"At {percent(self.prevalence)} live prevalence it would be"
        if found.value is None or found.low is None or found.high is None:
            return f"{said} {at.replace('it would be', 'it cannot be said')}: no positives or no negatives."
        value = shown(found.value, found.low, found.high)
        about = "" if found.value in (0.0, 1.0) else "about "
        return f"{said} {at} {about}**{value}** (95 % {interval(found.low, found.high)})."

    def caveats(self, overall: Slice, rows: list[Row], *, grouped: bool, dropped: int, floor: int) -> list[str]:
        """What to doubt, the most important first."""
        caveats = self._support(overall, rows, dropped, floor) if grouped else self._whole_support(overall)
        counts = overall.histogram.at(self.threshold)
        names = {measure.name for measure in self.measures}
        enriched = [m.title for m in self.measures if m.name in ("precision", "average_precision")]
        if self.prevalence is None:
            if enriched:
                holds = "hold" if len(enriched) > 1 else "holds"
                said = " and ".join([enriched[0], *(title.lower() for title in enriched[1:])])
                caveats.append(f"{said} {holds} on this set only: it is enriched, live traffic has fewer positives.")
        elif self.live:
            own = f" (prevalence {rate(counts.positives / counts.n)})" if counts.n else ""
            caveats.append(
                f"Re-weighted from positives and negatives of this set{own}: it holds if those of live traffic score"
                " alike."
            )
            if "average_precision" in names and counts.negatives * self.prevalence < FEW_EXPECTED:
                caveats.append(
                    f"{count(counts.negatives)} negatives cannot show which of many more would score highest: average"
                    f" precision at {percent(self.prevalence)} is too high here, go by its lower bound."
                )
        else:
            caveats.append(f"{_listed(self.measures)} {'do' if len(names) > 1 else 'does'} not depend on prevalence.")
        scored = [measure for measure in self.measures if measure.from_scores]
        if scored and _decisions_only(overall.histogram):
            caveats.append(f"This run has decisions, no scores: {_listed(scored).lower()} say no more than they do.")
        elif "ece" in names and not grouped and (by_chance := self._by_chance(overall)):
            caveats.append(by_chance)
        return caveats + self.dependence.caveats(scores=bool(scored))

    def _support(self, overall: Slice, rows: list[Row], dropped: int, floor: int) -> list[str]:
        main = self.measures[0]
        of, caveats = main.of or "items", []
        low = [row["slice"] for row in rows if (row[f"{main.name}_n"] or 0) < LOW_SUPPORT]
        if low:
            caveats.append(f"Low support, read with care (under {LOW_SUPPORT} {of}): {', '.join(low)}.")
        if dropped:
            caveats.append(f"{dropped} slice(s) with fewer than {floor} {of} left out.")
        if not rows:
            caveats.append(f"No slice has {floor} {of}.")
        return caveats

    def _whole_support(self, overall: Slice) -> list[str]:
        counts = overall.histogram.at(self.threshold)
        rarer = min((counts.positives, "positives"), (counts.negatives, "negatives"))
        caveats = []
        for measure in self.measures:
            found = self.here(measure, overall)
            n, of = (found.n, measure.of) if found.n is not None else rarer
            if n < LOW_SUPPORT:
                caveats.append(f"Low support for {lowered(measure.title)}: {count(n)} {of} only; not assessed.")
        return caveats

    def _by_chance(self, overall: Slice) -> str:
        found = next(self.here(measure, overall) for measure in self.measures if measure.name == "ece")
        chance = chance_error(overall.histogram)
        if found.low is None or found.low > 0 or chance is None:
            return ""
        return f"A perfectly calibrated model would show a calibration error of about {rate(chance)} on so many items."


def sentence(measure: Measure, estimate: Estimate) -> str:
    """`**Recall 0.912** (456 of 500 positives; 95 % 0.884-0.934)`; a metric without a value says so."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return f"**{measure.title}: not defined here** (no {measure.of or 'positives or no negatives'})"
    parts = []
    if estimate.k is not None and estimate.n is not None:
        all_or_none = {1.0: ", every one in this sample", 0.0: ", none in this sample"}.get(estimate.value, "")
        parts.append(f"{count(estimate.k)} of {count(estimate.n)} {measure.of}{all_or_none}")
        if estimate.effective is not None:
            parts.append(f"effective n {count(round(estimate.effective))}")
    brackets = "; ".join([*parts, f"95 % {interval(estimate.low, estimate.high)}"])
    return f"**{measure.title} {shown(estimate.value, estimate.low, estimate.high)}** ({brackets})"


def shown(value: float, low: float, high: float) -> str:
    """The value, or where a sample is all or nothing, what the data show instead: the bound (R18)."""
    if value == 1.0:
        return f"at least {rate(low)}"
    return f"at most {rate(high)}" if value == 0.0 and low == 0.0 else rate(value)


def lowered(title: str) -> str:
    """A title inside a sentence: `recall`, but `F1`, `MCC`, `AUC`."""
    return title if title.isupper() else title.lower()


def percent(share: float) -> str:
    """`1 %`, `0.1 %`: a share that somebody stated, as they would write it."""
    return f"{share * 100:.4g} %"


def _ends(found: Estimate) -> Row:
    return {"": found.value, "_low": found.low, "_high": found.high}


def _listed(measures: list[Measure]) -> str:
    titles = [measures[0].title, *(lowered(measure.title) for measure in measures[1:])]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def _decisions_only(histogram: Histogram) -> bool:
    filled = histogram.positives + histogram.negatives
    return int(filled[0] + filled[BINS]) == int(filled.sum()) > 0
