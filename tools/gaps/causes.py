"""Causes: the decision table from what the stored aggregates show to the likely cause of a weak slice.

The table is that of the team's method ("where is it weakest, and what should we do"); evaluation gate 3.3 has the same
in words. Each row names the facts it rests on. A fact is true, false or not known; a cause whose needed fact is not
known is not named, and what is missing is said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tools.results import Provenance

FactName = Literal[
    "few_training", "raters_disagree", "source_odd", "vendor_off", "gold_disputed", "relabelled", "variant_drops",
    "own_threshold", "other_threshold", "recent", "fine_before", "after_training",
]  # fmt: skip

# The limits of the facts. (K) marks common practice that a team may see otherwise.
FEW = 1 / 3  # of the median of the other values of the dimension: under a third is another order of magnitude (K)
ENOUGH_LABELS = 60  # rated cases or labels of one source behind a statement (golden-set standard 3.3, QA sampling 2.2)
POINTS = 0.10  # what agreement, or agreement with gold, must be lower by (golden-set standard 3.3)
ODD_RATIO = 2.0  # one source's share of positives against the others': half or double (K)
ODD_P = 0.001  # sources and slices are many, and labels plenty: a chance of one in twenty would always be found (K)
RELABELLED = 0.02  # more than this share of changed labels makes a new gold version (golden-set standard 3.1)
SAME_CURVE = 0.005  # the slice's AUC may be this much lower and its curve still as good (K)
CLOSED = 0.5  # another threshold must take away at least this share of the gap (K)
SAME_MODEL = 0.02  # the model's AUC may be this much lower than that of the other versions (K)
FAR_OFF = 2.0  # the model's FPR against that of the other versions: half or double (K)
WORTH = 0.05  # recall that another threshold must bring at least, at the lower bound (K)


@dataclass(frozen=True)
class Fact:
    """Something that the stored evidence shows, or shows not to be so: a clause with its counts, and a shorter one."""

    name: FactName
    holds: bool | None
    text: str
    sources: tuple[Provenance, ...] = ()
    brief: str = ""

    @property
    def told(self) -> str:
        """The shorter clause, where there is one."""
        return self.brief or self.text


@dataclass(frozen=True)
class Cause:
    """A row of the decision table: it fits if `needs` are all true, one of `any_of` is, and none of `excludes`.

    `fixability` is how readily the action closes the gap, 0 to 1 (K; `weights.yaml` may say otherwise).
    """

    name: str
    needs: tuple[FactName, ...]
    any_of: tuple[FactName, ...]
    excludes: tuple[FactName, ...]
    card: str
    fixability: float


# Where two fit, the earlier is named first: it is to be settled first. Raters who disagree exclude what only better
# or more labels of theirs would mend.
TABLE = (
    Cause("stale gold", (), ("gold_disputed", "relabelled"), ("raters_disagree",), "re-adjudication", 0.8),
    Cause("coverage", ("few_training",), (), ("raters_disagree",), "stratified collection", 0.5),
    Cause(
        "label noise or unclear rule", (), ("raters_disagree", "source_odd"), (), "label audit", 0.6
    ),
    Cause("training of raters", ("source_odd", "vendor_off"), (), (), "rater calibration", 0.7),
    Cause("robustness", ("variant_drops",), (), (), "normalise, then augment", 0.5),
    Cause("drift", ("recent",), ("fine_before", "after_training"), (), "random gold refresh", 0.5),
    Cause("threshold", (), ("own_threshold", "other_threshold"), (), "threshold setting", 0.9),
)  # fmt: skip
UNKNOWN = Cause("not known from what is stored", (), (), (), "error analysis in the labelling tool", 0.2)
NOT_ESTABLISHED = Cause("not established", (), (), (), "more evidence first", 0.2)
CAUSES = {cause.name: cause for cause in (*TABLE, UNKNOWN, NOT_ESTABLISHED)}


@dataclass(frozen=True)
class Diagnosis:
    """The causes that fit, the likeliest first; what speaks for them, what against others, and what is not known."""

    causes: tuple[Cause, ...]
    speaks_for: tuple[Fact, ...]
    speaks_against: tuple[Fact, ...]
    missing: tuple[Fact, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts that are known, those that speak for the causes first."""
        return (*self.speaks_for, *self.speaks_against)


def diagnose(facts: Iterable[Fact]) -> Diagnosis:
    """The causes of an established gap; `UNKNOWN` where none fits."""
    known = {fact.name: fact for fact in facts}
    fitting = tuple(cause for cause in TABLE if _fits(cause, known))
    rests_on = {name for cause in fitting for name in (*cause.needs, *cause.any_of)}
    speaks_for = tuple(fact for fact in known.values() if fact.holds and fact.name in rests_on)
    speaks_against = tuple(fact for fact in known.values() if fact.holds is False)
    missing = tuple(fact for fact in known.values() if fact.holds is None)
    return Diagnosis(fitting or (UNKNOWN,), speaks_for, speaks_against, missing)


def _fits(cause: Cause, known: Mapping[FactName, Fact]) -> bool:
    def holds(name: FactName) -> bool:
        return name in known and known[name].holds is True

    return (
        all(holds(name) for name in cause.needs)
        and (not cause.any_of or any(holds(name) for name in cause.any_of))
        and not any(holds(name) for name in cause.excludes)
    )
