"""Answers to “how many?”: for an interval, a difference or a prevalence, and what a number of items brings."""

from dataclasses import dataclass
from typing import Any

from tools.errors import ToolError
from tools.results import Column
from tools.stats.formats import count, rate
from tools.stats.sample_size import (
    POWER,
    most_missed,
    size_for_half_width,
    size_for_positives,
    size_paired,
    size_unpaired,
    wilson_half_width,
)

RATE, HALF_WIDTH = 0.9, 0.03  # what is meant where nobody says; printed as defaults
RELATIVE = 0.2  # of a prevalence: the half-width where nobody says
WIDTHS = (0.05, 0.03, 0.02, 0.01)
_USUAL = ((0.9, 0.05), (0.9, 0.03), (0.9, 0.02), (0.95, 0.03), (0.95, 0.02), (0.98, 0.01))  # rate, half-width
COUNTED_IN = (
    "Counted in what the rate is of: positives for recall, flagged items for precision, negatives for false positive"
    " rate."
)


@dataclass(frozen=True)
class SizeAnswer:
    """The parts of a result that a question about a size comes to."""

    headline: str
    columns: tuple[Column, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    caveats: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()


def usual_sizes() -> SizeAnswer:
    """The sizes people plan with, where nobody says for what."""
    recall, severe = size_for_half_width(0.9, 0.03).size, size_for_half_width(0.95, 0.02).size
    aims = [(f"a rate of {p:g} ± {h:g}", size_for_half_width(p, h).size) for p, h in _USUAL]
    aims += [(f"no miss: at most {rate(most_missed(n))} missed", n) for n in (60, 300)]
    aims += [(f"{d:g} better on the same items", size_paired(d, discordance(RATE, d))) for d in (0.05, 0.02)]
    aims += [("0.05 better on different items", size_unpaired(RATE, RATE - 0.05))]
    return SizeAnswer(
        f"**{count(recall)} positives** bring a recall of 0.9 to ±0.03, **{count(severe)}** one of"
        f" 0.95 to ±0.02 (95 %); 60 without a miss still allow {rate(most_missed(60))} missed.",
        (Column(key="aim", label="to know or show"), Column(key="n", label="items", unit="count")),
        tuple({"aim": aim, "n": n} for aim, n in aims),
        (COUNTED_IN, "The bound without a miss is the exact one-sided one (95 %)."),
        (f"differences from {RATE:g} with {POWER:g} power",),
    )


def size_for_width(expected: float, half_width: float, prevalence: float | None, items: int | None) -> SizeAnswer:
    """How many for +- a half-width, and for the usual ones beside it."""
    size = size_for_half_width(expected, half_width)
    headline = f"**{count(size.size)} positives** for a rate of {expected:g} ± {half_width:g} (95 %)."
    caveats = [COUNTED_IN]
    if size.trusted and size.wilson > size.usual:
        caveats.append(
            "By the normal approximation; the Wilson interval that answers report is that narrow from"
            f" {count(size.wilson)} on."
        )
    elif not size.trusted:
        caveats.append(
            f"For the Wilson interval. The usual formula says {count(size.usual)}, which is too few here: it expects"
            f" {size.rarer:.1f} of the rarer outcome."
        )
    headline += _to_draw(size.size, prevalence) + _enough(items, size.size, prevalence)
    widths = sorted({*WIDTHS, half_width}, reverse=True)
    rows = []
    for width in widths:
        found = size_for_half_width(expected, width)
        row: dict[str, Any] = {"half_width": width, "n": found.size, "wilson": found.wilson}
        if prevalence is not None:
            row["items"] = size_for_positives(found.size, prevalence).average
        rows.append(row)
    columns = [
        Column(key="half_width", label="±"),
        Column(key="n", label="positives", unit="count"),
        Column(key="wilson", label="by Wilson", unit="count"),
    ]
    if prevalence is not None:
        columns.append(Column(key="items", label="random items", unit="count"))
    return SizeAnswer(headline, tuple(columns), tuple(rows), tuple(caveats))


def size_for_difference(
    expected: float, difference: float, prevalence: float | None, items: int | None
) -> SizeAnswer:  # fmt: skip
    """How many to show a difference between two models, on the same items and on different ones."""
    other = _other(expected, difference)
    assumed = discordance(expected, difference)
    same, apart = size_paired(difference, assumed), size_unpaired(expected, other)
    headline = (
        f"**{count(same)} positives** tried by both models show a difference of {difference:g} ({POWER:g} power), if"
        f" they decide {assumed:.3g} of them differently. On different items: {count(apart)} on each side."
    )
    headline += _to_draw(same, prevalence) + _enough(items, same, prevalence)
    independent = 2 * expected * (1 - expected)
    most = f" (two independent models: {independent:.3g})" if independent > assumed else ""
    shares = sorted(
        float(f"{share:.3g}") for share in {difference, assumed / 2, assumed, 2 * assumed} if difference <= share < 1
    )
    return SizeAnswer(
        headline,
        (
            Column(key="discordance", label="decided differently"),
            Column(key="n", label="same items", unit="count"),
        ),
        tuple({"discordance": share, "n": size_paired(difference, share)} for share in shares),
        (
            COUNTED_IN,
            f"That {assumed:.3g} are decided differently is assumed{most}; comparing the two shows the real share.",
            "Exact McNemar on the same items, mid-p on different ones.",
        ),
        (f"{assumed:.3g} decided differently",),
    )


def size_for_prevalence(prevalence: float, half_width: float, items: int | None) -> SizeAnswer:
    """How many random items for the prevalence itself."""
    size = size_for_half_width(prevalence, half_width)
    headline = (
        f"**{count(size.size)} random items** for a prevalence of {prevalence:g} ± {half_width:g} (95 %);"
        f" about {count(round(size.size * prevalence))} of them will be positive."
    )
    if items is not None:
        headline += f" {count(items)} are {'enough' if items >= size.size else 'not enough'}."
    widths = sorted({half_width, *(float(f"{prevalence * part:.3g}") for part in (0.5, RELATIVE, 0.1))}, reverse=True)
    rows = []
    for width in widths:
        n = size_for_half_width(prevalence, width).size
        rows.append({"half_width": width, "n": n, "positives": round(n * prevalence)})
    caveats = [
        "Drawn at random, never picked by score. With weights a score-stratified sample needs fewer: say how many items"
        " you can label, and for which model.",
        "Read as the prevalence itself; for a recall at that prevalence, say the recall expected.",
    ]
    if not size.trusted:
        caveats.insert(0, "For the Wilson interval: the usual formula expects too few positives to hold here.")
    return SizeAnswer(
        headline,
        (
            Column(key="half_width", label="±"),
            Column(key="n", label="random items", unit="count"),
            Column(key="positives", label="positive", unit="count"),
        ),
        tuple(rows),
        tuple(caveats),
    )


def what_items_bring(items: int, expected: float, prevalence: float | None) -> SizeAnswer:
    """What a number of items that can be labelled is good for."""
    positives = items if prevalence is None else int(items * prevalence)
    if positives < 1:
        raise ToolError(
            f"{count(items)} items at a prevalence of {prevalence:g} hold no positive to count on. Label more."
        )
    what = f"**{count(items)} positives**"
    if prevalence is not None:
        what = f"**{count(items)} random items** hold about {count(positives)} positives, which"
    headline = (
        f"{what} bring a rate of {expected:g} to ±{rate(wilson_half_width(expected, positives))} (95 %); without a miss"
        f" up to {rate(most_missed(positives))} may still be missed."
    )
    rates = sorted({0.5, 0.8, 0.9, 0.95, 0.99, expected})
    return SizeAnswer(
        headline,
        (Column(key="rate", label="rate"), Column(key="half_width", label="±", unit="rate")),
        tuple({"rate": p, "half_width": wilson_half_width(p, positives)} for p in rates),
        (COUNTED_IN, "Name a model, and I spread them over the bands of its score."),
    )


def discordance(expected: float, difference: float) -> float:
    """The share of items assumed to be decided differently: half of what independent models would, never too few."""
    return min((1 + difference) / 2, max(expected * (1 - expected), 1.5 * difference))


def _other(expected: float, difference: float) -> float:
    """The rate on the other side of a difference, towards one half: there the size is larger, so it is enough."""
    other = expected - difference if expected >= 0.5 else expected + difference
    if not 0 < other < 1:
        raise ToolError(f"From {expected:g} there is no room for a difference of {difference:g}.")
    return other


def _to_draw(positives: int, prevalence: float | None) -> str:
    if prevalence is None:
        return ""
    size = size_for_positives(positives, prevalence)
    return (
        f" At a prevalence of {prevalence:g} that is about {count(size.average)} random items;"
        f" {count(size.assured)} to be 95 % sure of them."
    )


def _enough(items: int | None, positives: int, prevalence: float | None) -> str:
    if items is None:
        return ""
    needed = positives if prevalence is None else size_for_positives(positives, prevalence).average
    return f" {count(items)} are {'enough' if items >= needed else 'not enough'}."
