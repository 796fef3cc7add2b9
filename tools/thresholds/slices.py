"""Slice thresholds: a threshold of its own for each slice against one for all, and what that gains.

Each slice is held to the demand by itself. One with few items keeps the threshold of all: what is picked on a handful
of positives follows chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.measures import MEASURES
from tools.metrics.query import LOW_SUPPORT, shown
from tools.results import Column, Result
from tools.slices import Slice
from tools.stats.counts import Counts
from tools.stats.formats import count, interval, rate
from tools.stats.held_out import held_out
from tools.stats.histogram import Histogram
from tools.stats.intervals import wilson
from tools.stats.operating_points import Curve, Demand, Point
from tools.thresholds.choice import Setting, changed, moved
from tools.thresholds.table import drawn

MOST_NAMES = 8  # more would hide the sentence they stand in


@dataclass(frozen=True)
class Own:
    """A slice under the threshold of all and under its own; without an own one, `why` says what stands against it."""

    name: str
    histogram: Histogram
    shared: Point
    own: Point
    why: str = ""

    @property
    def caught(self) -> int:
        """Positives that the own threshold catches beyond the shared one; may be negative."""
        return self.own.counts.tp - self.shared.counts.tp

    @property
    def alarms(self) -> int:
        """False alarms that it raises beyond the shared one; may be negative."""
        return self.own.counts.fp - self.shared.counts.fp


def answer_by_slice(setting: Setting, slices: Sequence[Slice], group_by: list[str]) -> Result:
    """A row a slice, and the sum: what a threshold for each would gain, and how much of that is not chance."""
    asked, operating = setting.asked, setting.model.threshold
    choice = setting.curve.best(asked.demand, keep=operating) if asked.bounded else None
    shared = choice.point if choice else setting.curve.at(operating)
    demand, words = asked.demand, asked.words
    if not asked.bounded or demand.max_flagged is not None:  # a review budget is one for all: hold each to its FPR
        fpr = shared.counts.fp / shared.counts.negatives
        demand, words = Demand(max_fpr=fpr), f"FPR no higher than that of all ({rate(fpr)})"
    found = [_own(piece, demand, shared) for piece in slices]
    found.sort(key=lambda each: (bool(each.why), -each.caught, each.name))
    by = " × ".join(group_by)
    lines = [_headline(setting, found, shared, by, words)]
    moving = [each for each in found if not each.why and each.own.threshold != each.shared.threshold]
    if moving:
        first = moving[0]
        lines.append(
            f"Most for {first.name}: {first.own.threshold:g} instead of {shared.threshold:g},"
            f" {moved(first.own, first.shared)}, of {count(first.own.counts.positives)} positives."
        )
    caveats = _caveats(setting, found, demand, words, shared, fixed=choice is None)
    return setting.result(
        "\n".join(lines),
        shared.threshold,
        caveats,
        [_row(each, plain=not setting.dependent) for each in found],
        _columns(by),
    )


def _own(piece: Slice, demand: Demand, shared: Point) -> Own:
    curve = Curve(piece.histogram)
    at = curve.at(shared.threshold)
    if min(curve.positives, curve.negatives) < LOW_SUPPORT:
        return Own(piece.name, piece.histogram, at, at, "not assessed")
    choice = curve.best(demand, keep=shared.threshold)
    if not choice.met:
        return Own(piece.name, piece.histogram, at, at, "none keeps it")
    return Own(piece.name, piece.histogram, at, choice.point)


def _headline(setting: Setting, found: Sequence[Own], shared: Point, by: str, words: str) -> str:
    own = sum((each.own.counts for each in found), Counts(0, 0, 0, 0))
    together = Point(shared.threshold, own)
    if (own.tp, own.fp) == (shared.counts.tp, shared.counts.fp):
        return (
            f"**A threshold for each {by} instead of {shared.threshold:g} for all{setting.where} gains nothing**,"
            f" with {words} in each."
        )
    parts = []
    for name, k, n, before in (
        ("Recall", own.tp, own.positives, shared.counts.tp),
        ("FPR", own.fp, own.negatives, shared.counts.fp),
    ):
        low, high = wilson(k, n)
        # Rows that depend on each other would need the predictions read again for each threshold.
        bounds = "" if setting.dependent else f"; 95 % {interval(low, high)}"
        old = shown(before / n, *wilson(before, n))
        parts.append(f"{name} {old} → {shown(k / n, low, high)} ({count(k)} of {count(n)}{bounds})")
    return (
        f"**A threshold for each {by} instead of {shared.threshold:g} for all{setting.where}:"
        f" {moved(together, shared)}**, with {words} in each.\n{', '.join(parts)}."
    )


def _caveats(
    setting: Setting, found: Sequence[Own], demand: Demand, words: str, shared: Point, *, fixed: bool
) -> list[str]:
    caveats = []
    own = [each for each in found if not each.why]
    if own:
        held = [held_out(each.histogram, demand) for each in own]
        kept = sum((each.shared.counts for each in found if each.why), Counts(0, 0, 0, 0))
        whole = None if fixed else held_out(setting.histogram, setting.asked.demand)
        caught = sum(each.tp for each in held) + kept.tp - (whole.tp if whole else shared.counts.tp)
        alarms = sum(each.fp for each in held) + kept.fp - (whole.fp if whole else shared.counts.fp)
        caveats.append(
            f"{len(own)} threshold(s) picked and measured on the same items flatter themselves. Picked on four fifths"
            f" and measured on the rest, in turn: {changed(round(caught), round(alarms))}."
        )
        over = [each.name for each in own if _surely_over(each.shared.counts, demand)]
        if over:
            caveats.append(
                f"At {shared.threshold:g} for all, even at the lower bound over that FPR: {', '.join(over)}."
            )
    for why, reason in (
        ("not assessed", f"Not assessed, under {LOW_SUPPORT} positives or negatives"),
        ("none keeps it", f"No threshold keeps {words} there"),
    ):
        names = [each.name for each in found if each.why == why]
        if names:
            named = names if len(names) <= MOST_NAMES else [f"{len(names)} of {len(found)} slices"]
            caveats.append(f"{reason}: {', '.join(named)} (left at {shared.threshold:g}).")
    if setting.of_this_set:
        caveats.append(setting.of_this_set)
    if setting.asked.reviews is not None:
        caveats.append(
            "A review budget is one for all slices, so each is held to the FPR that it leaves them together."
        )
    if setting.asked.demand.prevalence is not None:
        caveats.append("The same prevalence is taken for each slice.")
    return [*caveats, *setting.about_rows]


def _surely_over(counts: Counts, demand: Demand) -> bool:
    return demand.max_fpr is not None and wilson(counts.fp, counts.negatives)[0] > demand.max_fpr


def _row(each: Own, *, plain: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "slice": each.name,
        "threshold": each.own.threshold,
        "own": each.why or f"{each.own.threshold:g}",
        "shared_threshold": each.shared.threshold,
        "caught": each.caught,
        "alarms": each.alarms,
    }
    for name in ("recall", "fpr"):
        before, after = (MEASURES[name].estimate(each.histogram, at.threshold) for at in (each.shared, each.own))
        found |= {
            f"{name}_shared": before.value,
            f"{name}_shared_k": before.k,
            name: after.value,
            f"{name}_k": after.k,
            f"{name}_n": after.n,
            f"{name}_low": after.low if plain else None,
            f"{name}_high": after.high if plain else None,
            f"{name}_shown": drawn(after) if each.why else f"{drawn(before)} → {drawn(after)}",
        }
    return found


def _columns(by: str) -> tuple[Column, ...]:
    return (
        Column(key="slice", label=by),
        Column(key="own", label="threshold"),
        Column(key="recall_shown", label="recall"),
        Column(key="recall_n", label="positives", unit="count"),
        Column(key="fpr_shown", label="FPR"),
        Column(key="caught", label="more caught", unit="count"),
        Column(key="alarms", label="more false alarms", unit="count"),
    )
