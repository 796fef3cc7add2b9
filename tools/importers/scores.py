"""How imported scores are read: as they are, or brought to [0, 1] first, when told to."""

import math
from dataclasses import dataclass
from typing import Literal

from tools.errors import SetupError
from tools.importers.row_checks import Check, number_checks
from tools.importers.source import Source


@dataclass(frozen=True)
class Scaling:
    """`none`: scores lie in [0, 1]; `range`: from `low` to `high`, linearly; `logit`: log-odds, by the logistic."""

    kind: Literal["none", "range", "logit"] = "none"
    low: float = 0.0
    high: float = 1.0

    def checks(self, column: str) -> list[Check]:
        """No score of a column lies outside."""
        if self.kind == "logit":
            return number_checks(column, -1e6, 1e6, "These are no log-odds.")
        remedy = "Scores of another range can be brought to 0 to 1 with --scale LOW:HIGH or --scale logit."
        return number_checks(column, self.low, self.high, remedy)

    def check(self, source: Source, column: str) -> None:
        """Refuse a column with scores outside.

        Raises:
            SetupError: names column, row and count.
        """
        source.check(self.checks(column))


def read_scaling(text: str) -> Scaling:
    """The scaling that `--scale` names: empty, `logit`, or `LOW:HIGH`.

    Raises:
        SetupError: it is none of these.
    """
    if not text:
        return Scaling()
    if text == "logit":
        return Scaling("logit")
    low, _, high = text.partition(":")
    try:
        found = Scaling("range", float(low), float(high))
    except ValueError:
        found = Scaling("range", 1.0, 0.0)
    if not found.low < found.high or not math.isfinite(found.high - found.low):
        raise SetupError("--scale is logit, or two numbers such as 0:100.")
    return found


def scaled(scaling: Scaling, value: str) -> str:
    """SQL of a score in [0, 1]."""
    if scaling.kind == "logit":
        return f"1 / (1 + exp(-({value})))"
    if scaling.kind == "range":
        # Clamped: the division may round a score of exactly HIGH to just above one.
        return f"least(1, greatest(0, (({value}) - {scaling.low!r}) / {scaling.high - scaling.low!r}))"
    return value
