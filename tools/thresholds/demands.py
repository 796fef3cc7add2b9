"""Demands: what an operating point is asked to keep, from the arguments of a call, and in words."""

from dataclasses import dataclass

from tools.resolution import Missing
from tools.stats.formats import count, rate
from tools.stats.operating_points import Demand

VOLUMES = (10_000, 100_000, 1_000_000)  # offered where a review budget comes without the traffic it is for


@dataclass(frozen=True)
class Asked:
    """A demand with the traffic it is for; without a bound or a cost ratio it asks for the curve alone."""

    demand: Demand
    reviews: float | None = None
    volume: float | None = None

    @property
    def bounded(self) -> bool:
        """Whether there is anything to choose by."""
        demand = self.demand
        bounds = (demand.max_fpr, demand.min_precision, demand.min_recall, demand.max_flagged, demand.cost_ratio)
        return any(bound is not None for bound in bounds)

    @property
    def words(self) -> str:
        """`FPR ≤ 0.025 and recall ≥ 0.9`."""
        demand, at = self.demand, f" {self.at}" if self.demand.prevalence else ""
        bounds = (
            (demand.max_fpr, f"FPR ≤ {demand.max_fpr:g}" if demand.max_fpr is not None else ""),
            (demand.min_precision, f"precision ≥ {demand.min_precision or 0:g}{at}"),
            (demand.min_recall, f"recall ≥ {demand.min_recall or 0:g}"),
            (demand.max_flagged, f"at most {amount(self.reviews or 0)} of {amount(self.volume or 0)} items a day{at}"),
            (demand.cost_ratio, f"a miss costing {demand.cost_ratio or 0:g} false alarms{at}"),
        )
        return " and ".join(words for bound, words in bounds if bound is not None)

    @property
    def at(self) -> str:
        """`at prevalence 0.01`, or on the set as it is."""
        return f"at prevalence {self.demand.prevalence:g}" if self.demand.prevalence else "on this set"


def read_demand(
    max_fpr: float | None, min_precision: float | None, min_recall: float | None, reviews: float | None,
    volume: float | None, prevalence: float | None, cost_ratio: float | None,
) -> Asked:  # fmt: skip
    """The demand of a call.

    Raises:
        Missing: a review budget without the volume of the traffic; offers a few.
    """
    if reviews is not None and volume is None:
        raise Missing(
            f"{amount(reviews)} reviews a day out of how many items a day?",
            what="volume",
            nearest=tuple(f"{count(each)} items a day" for each in VOLUMES),
        )
    share = min(1.0, reviews / volume) if reviews is not None and volume is not None else None
    return Asked(Demand(max_fpr, min_precision, min_recall, share, prevalence, cost_ratio), reviews, volume)


def amount(value: float) -> str:
    """A number of items that need not be whole: `1,240`, `4.2`; small ones keep two digits and are never called 0."""
    if value >= 10 or value == int(value):
        return count(round(value))
    return f"{value:.2g}" if value >= 0.01 else "<0.01"


def price(value: float) -> str:
    """A cost for every thousand items, in false alarms."""
    return rate(value) if value < 0.01 and value else amount(value) if value >= 10 else f"{value:.2f}"
