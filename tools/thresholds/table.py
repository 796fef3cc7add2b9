"""Operating points as a table: the few thresholds worth looking at, and what each of them gives."""

from collections.abc import Callable
from typing import Any

from tools.measures import Estimate
from tools.results import Column
from tools.stats.formats import rate
from tools.stats.operating_points import Choice, Curve, Demand, Point, cost
from tools.thresholds.demands import Asked, amount, price

BUDGETS = (0.005, 0.01, 0.02, 0.05)  # FPR
RECALLS = (0.8, 0.9, 0.95, 0.99)
Estimates = Callable[[str, float], Estimate]  # of a metric by name, at a threshold


def points(
    curve: Curve, asked: Asked, operating: float, choice: Choice | None, *, independent: bool = True
) -> list[tuple[str, Point]]:
    """What each point is and the point, the highest threshold first; at most eleven, so that a phone shows them.

    The choice and the threshold in force come with the bounds of the demand taken one by one, and then with a few FPR
    budgets or recalls along the curve. The point that keeps a FPR budget at the bound of its interval needs rows that
    are `independent`.
    """
    demand, found = asked.demand, list[tuple[str, Point]]()
    if choice:
        found.append(("chosen" if choice.met else "nearest", choice.point))
    found.append(("operating", curve.at(operating)))
    if choice and choice.met and (rounded := curve.rounded(demand, choice.point)):
        found.append(("rounded", rounded))
    if independent and demand.max_fpr is not None and (safe := curve.safest(demand.max_fpr)):
        found.append((f"FPR bound ≤ {demand.max_fpr:g}", safe))
    if demand.min_recall is not None:
        recalls = dict.fromkeys((demand.min_recall, *RECALLS))
        found += [(f"recall ≥ {each:g}", curve.best(Demand(min_recall=each), keep=operating).point) for each in recalls]
    budgets = BUDGETS if demand.min_recall is None else BUDGETS[1::2]
    for budget in budgets if demand.max_fpr is None else dict.fromkeys((demand.max_fpr, *budgets)):
        kept = curve.best(Demand(max_fpr=budget), keep=operating)
        found += [(f"FPR ≤ {budget:g}", kept.point)] if kept.met else []
    merged: dict[tuple[int, int], tuple[list[str], Point]] = {}
    for name, point in found:  # thresholds with the same counts are one point
        merged.setdefault((point.counts.tp, point.counts.fp), ([], point))[0].append(name)
    ordered = sorted(merged.values(), key=lambda pair: -pair[1].threshold)
    return [(", ".join(names), point) for names, point in ordered]


def row(name: str, point: Point, asked: Asked, estimates: Estimates) -> dict[str, Any]:
    """One point: recall, FPR and precision with k, n and interval, and what it means a day or costs where asked."""
    found: dict[str, Any] = {"point": name, "threshold": point.threshold}
    for metric in ("recall", "fpr", "precision"):
        estimate = estimates(metric, point.threshold)
        found |= {
            metric: estimate.value,
            f"{metric}_low": estimate.low,
            f"{metric}_high": estimate.high,
            f"{metric}_k": estimate.k,
            f"{metric}_n": estimate.n,
            f"{metric}_shown": drawn(estimate),
        }
    if asked.volume is not None:
        share = estimates("flagged_rate", point.threshold)
        value, low, high = (
            None if each is None else each * asked.volume for each in (share.value, share.low, share.high)
        )
        found |= {"daily": amount(value or 0.0), "flagged_daily": value, "daily_low": low, "daily_high": high}
    if asked.demand.cost_ratio is not None:
        each = cost(point.counts, asked.demand)
        found |= {"price": price(1_000 * each), "cost": each}
    return found


def drawn(estimate: Estimate) -> str:
    """A rate for a cell; where a sample is all or nothing, its bound (R18)."""
    if estimate.value is None:
        return "–"
    if estimate.value == 1.0:
        return "–" if estimate.low is None else f"≥ {rate(estimate.low)}"
    if estimate.value == 0.0:
        return "–" if estimate.high is None else f"≤ {rate(estimate.high)}"
    return rate(estimate.value)


def columns(asked: Asked) -> tuple[Column, ...]:
    """The columns of the table: recall and FPR with their counts, and what the demand is about."""
    demand = asked.demand
    more = []
    if demand.min_precision is not None or demand.prevalence is not None:
        more.append(Column(key="precision_shown", label="precision"))
    if asked.volume is not None:
        more.append(Column(key="daily", label="flagged a day"))
    if demand.cost_ratio is not None:
        more.append(Column(key="price", label="cost of 1,000"))
    return (
        Column(key="threshold", label="threshold"),
        Column(key="point", label="which"),
        Column(key="recall_shown", label="recall"),
        Column(key="recall_k", label="caught", unit="share", other="recall_n"),
        Column(key="fpr_shown", label="FPR"),
        Column(key="fpr_k", label="false alarms", unit="share", other="fpr_n"),
        *more,
    )
