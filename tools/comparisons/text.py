"""What a paired comparison says in words: the headline, the table's columns, the caveats."""

from collections.abc import Sequence

from tools.comparisons.rows import FLOOR, ORDER, Compared, Evidence
from tools.measures import Measure
from tools.results import Column
from tools.slices import describe_filters
from tools.stats.corrections import ALPHA, Correction, red_by_chance
from tools.stats.differences import composition_matters
from tools.stats.formats import count, p_value, rate, signed
from tools.stats.reversals import Part, reversal

# What `Difference.n` counts where the metric does not say; F-beta leans on the positives.
_RARER = "items of the rarer label"
_BEHIND = {"auc": _RARER, "mcc": _RARER, "balanced_accuracy": _RARER, "brier": "items"}
_WHY_REVERSED = {
    "auc": "the whole also orders items of different slices",
    "balanced_accuracy": "slices hold unlike shares of the positives and of the negatives",
}
CORRECTION_NAMES: dict[Correction, str] = {"benjamini-hochberg": "Benjamini-Hochberg", "holm": "Holm"}


def headline(evidence: Evidence, overall: Sequence[Compared], slices: Sequence[Compared], by: Sequence[str]) -> str:
    """Who against whom on which items; each metric as a whole; its slices; and what the whole hides."""
    model, baseline = evidence.candidate.model, evidence.baseline.model
    lines = [f"{model.label} against {baseline.label}, {_items(evidence)}."]
    lines += [f"{whole(row, model.version, baseline.version)}." for row in overall]
    for row in overall:
        of_metric = [one for one in slices if one.measure == row.measure]
        if of_metric:
            lines.append(_verdicts(row.measure, of_metric, by))
            lines += _hidden(row, of_metric) + _reversed(row, of_metric)
    return "\n".join([*lines, *_by_chance(slices)])


def whole(row: Compared, version: str, baseline: str) -> str:
    """`**Recall +0.043** (+0.014 to +0.072): 0.845 (457/541) → 0.887 (480/541), 42 only v8, ...: **improved**`."""
    found, discordant = row.difference, ""
    if found.only_a is not None and found.only_b is not None:
        right = "right " if row.measure.name == "accuracy" else ""
        discordant = f" {count(found.only_a)} {right}only {version}, {count(found.only_b)} {right}only {baseline},"
    return (
        f"**{row.measure.title} {signed(found.value)}** ({signed(found.low)} to {signed(found.high)}):"
        f" {value(found.b, found.b_k, found.b_n)} → {value(found.a, found.a_k, found.a_n)},{discordant}"
        f" p {p_value(row.p)}: **{row.verdict}**"
    )


def value(found: float, k: int | None, n: int | None) -> str:
    """`0.810 (162/200)`; all or nothing is said in counts or words, not as a rate without doubt (R18)."""
    if k is None or n is None or not n or abs(k / n - found) > 1e-9:
        return {1.0: "no error here", 0.0: "no hit here"}.get(found) or rate(found)
    return f"{count(k)} of {count(n)}" if k in (0, n) else f"{rate(found)} ({count(k)}/{count(n)})"


def inside(title: str) -> str:
    """A title inside a sentence: `recall`, but `AUC` and `F1`."""
    return title if title[:2].isupper() or title[1:2].isdigit() else title[0].lower() + title[1:]


def columns(model: str, baseline: str, by: Sequence[str], *, many: bool) -> tuple[Column, ...]:
    """The table of slices; a column for the metric where there are several."""
    metric = (Column(key="metric", label="metric"),) if many else ()
    return (
        Column(key="slice", label=" × ".join(by)),
        *metric,
        Column(key="baseline", label=f"{baseline} → {model}", unit="change", other="candidate"),
        Column(key="n", label="n", unit="count"),
        Column(key="difference", label="difference", unit="signed"),
        Column(key="low", label="95 %", unit="signed interval", other="high"),
        Column(key="p", label="p", unit="p"),
        Column(key="verdict", label="verdict"),
    )


def caveats(
    evidence: Evidence, overall: Sequence[Compared], slices: Sequence[Compared], correction: Correction
) -> list[str]:
    """How the p-values were adjusted, what was too small, what ties items together, what the numbers hold for."""
    said = []
    if slices:
        name = CORRECTION_NAMES[correction]
        said.append(f"p-values of the {len(slices)} slices are adjusted for their number ({name}).")
        small = sorted({row.slice for row in slices if row.verdict == "not assessed"})
        clusters = " or clusters" if evidence.units else ""
        if small:
            said.append(f"Not assessed, under {FLOOR} items{clusters}: {', '.join(small)}.")
    return [*said, *tied(evidence, overall), *of_this_set([row.measure for row in overall])]


def of_this_set(measures: Sequence[Measure]) -> list[str]:
    """Which metrics would be others in live traffic."""
    titles = ", ".join(measure.title for measure in measures if measure.live)
    return [f"{titles}: on this set only, live traffic has another share of positives."] if titles else []


def trained_on(evidence: Evidence) -> list[str]:
    """Versions that have seen the items before."""
    sides = (evidence.candidate, evidence.baseline)
    seen = [s.model.label for s in sides if s.dataset.kind == "train" or s.model.trained_on == s.dataset.id]
    return [f"Trained on this set, so flattered by it: {', '.join(seen)}."] if seen else []


def tied(evidence: Evidence, overall: Sequence[Compared]) -> list[str]:
    """What ties items together, and what that does to tests and intervals."""
    said, dataset = [], evidence.candidate.dataset
    if evidence.units is None:
        if evidence.clustered:
            said.append(
                f"Items of {dataset.label} come in clusters, but these runs were made before clusters were kept: items"
                " are taken as independent here, so p-values and intervals are too narrow."
            )
        if evidence.weighted:
            said.append(f"Items of {dataset.label} carry weights that these runs did not keep: each counts once here.")
        return said
    clusters = max((row.difference.units or 0 for row in overall), default=0)
    if evidence.clustered:
        said.append(
            f"Items come in {count(clusters)} clusters, so whole clusters are tested and counted, not items (clustered"
            " McNemar, Obuchowski 1998, by exact tosses; intervals by the variance between clusters)."
        )
    if evidence.weighted:
        said.append("Rates, intervals and p-values are weighted; k/n and discordant items are counted unweighted.")
    return said


def _items(evidence: Evidence) -> str:
    where = f" on {describe_filters(evidence.filters)}" if evidence.filters else ""
    pair, items = evidence.pair, count(evidence.items)
    if not pair.restricted:
        return f"on the same {items} items{where}"
    a, b = evidence.candidate.model.version, evidence.baseline.model.version
    return (
        f"restricted to the {items} items{where} that both runs hold"
        f" (left out: {count(pair.only_a)} only in the run of {a}, {count(pair.only_b)} only in that of {b})"
    )


def _verdicts(measure: Measure, rows: Sequence[Compared], by: Sequence[str]) -> str:
    parts = []
    for verdict in ORDER:
        names = [row.slice for row in rows if row.verdict == verdict]
        named = f" ({', '.join(names)})" if verdict in ("regressed", "improved", "changed") else ""
        parts += [f"{len(names)} {verdict}{named}"] if names else []
    slices = "1 slice" if len(rows) == 1 else f"{len(rows)} slices"
    return f"{measure.title} in {slices} by {' × '.join(by)}: {', '.join(parts)}."


def _hidden(row: Compared, slices: Sequence[Compared]) -> list[str]:
    """A slice that got worse under a whole that did not."""
    worse = [one for one in slices if one.verdict == "regressed"]
    if not worse or row.verdict == "regressed":
        return []
    found = row.difference
    names = " and ".join(([", ".join(one.slice for one in worse[:-1])] if worse[1:] else []) + [worse[-1].slice])
    what = row.measure.of or _BEHIND.get(row.measure.name, "positives")
    held = f"{count(sum(one.difference.n for one in worse))} of the {count(found.n)} {what}"
    return [
        f"Overall {inside(row.measure.title)} {signed(found.value)} ({signed(found.low)} to {signed(found.high)})"
        f" hides it: {names} {'holds' if len(worse) == 1 else 'hold'} {held}."
    ]


def _reversed(row: Compared, slices: Sequence[Compared]) -> list[str]:
    if not composition_matters(row.measure.name):
        return []
    parts = [Part(one.difference.value, one.difference.low, one.difference.high, one.difference.n) for one in slices]
    found = reversal(row.difference.value, shown=row.verdict in ("improved", "regressed", "changed"), parts=parts)
    if found is None:
        return []
    up = row.difference.value > 0
    return [
        f"The whole turns the slices round (Simpson's paradox): {inside(row.measure.title)} goes"
        f" {'up' if up else 'down'} as a whole, {'down' if up else 'up'} in {found.against} of {found.parts} slices"
        f" (within slices {signed(found.within)}, {signed(found.low)} to {signed(found.high)}):"
        f" {_WHY_REVERSED.get(row.measure.name, 'the versions flag another mix of slices')}. Read the slices."
    ]


def _by_chance(slices: Sequence[Compared]) -> list[str]:
    """Named only where it tempts: something is red alone, and nothing is left after adjusting."""
    assessed = [row for row in slices if row.verdict != "not assessed"]
    red = [row for row in assessed if row.raw < ALPHA]
    if not red or any(row.p < ALPHA for row in assessed):
        return []
    expected = red_by_chance(len(assessed))
    about = f"about {count(round(expected))}" if expected >= 1 else "up to one"
    what = "slices" if len({row.measure.name for row in assessed}) == 1 else "slices and metrics"
    return [
        f"Each tested alone, {len(red)} of {len(assessed)} {what} would look changed (p below 0.05); by chance"
        f" {about} would. After adjusting for their number none is left."
    ]
