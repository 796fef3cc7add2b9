"""Gap ranking: harm weight x exposure x lower bound of the gap x fixability. The factors are shown, never one score."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.errors import SetupError
from tools.gaps.causes import CAUSES, Cause
from tools.gaps.cells import Metric
from tools.gaps.fields import Subject
from tools.gaps.findings import Gap

FILE = "weights.yaml"
Weight = Annotated[float, Field(ge=0, le=1)]


class Harm(BaseModel):
    """How much one error of either kind weighs, from 0 to 1: a missed violation, a false alarm."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recall: Weight = 1.0
    fpr: Weight = 0.3  # (K) a false alarm is looked at again, a miss is not

    def of(self, metric: Metric) -> float:
        """The weight of what the metric counts."""
        return self.recall if metric == "recall" else self.fpr


class Weights(BaseModel):
    """What a team thinks of harm, by policy where it differs, and of how readily each cause is mended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    harm: Harm = Harm()
    policies: dict[str, Harm] = {}
    fixability: dict[str, Weight] = {}

    def harm_of(self, policy: str, metric: Metric) -> float:
        """The weight of an error under a policy."""
        return self.policies.get(policy, self.harm).of(metric)

    def fixability_of(self, cause: Cause) -> float:
        """How readily a cause is mended."""
        return self.fixability.get(cause.name, cause.fixability)


@dataclass(frozen=True)
class Factors:
    """Why a gap stands where it does. `exposure` is its items of the metric's label, as a share of all items."""

    harm: float
    exposure: float
    at_least: float
    fixability: float

    @property
    def order(self) -> float:
        """What gaps are ranked by; never shown."""
        return self.harm * self.exposure * max(0.0, self.at_least) * self.fixability


def read_weights(root: Path) -> Weights:
    """The team's `weights.yaml` under the data root, or the defaults.

    Raises:
        SetupError: the file cannot be read, or names something unknown.
    """
    path = root / FILE
    if not path.is_file():
        return Weights()
    try:
        weights = Weights.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SetupError(f"{path} cannot be read as YAML. Mend or remove it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SetupError(f"{path} is wrong at `{where}`: {first['msg']}. Mend that line.") from error
    unknown = sorted(weights.fixability.keys() - CAUSES.keys())
    if unknown:
        raise SetupError(f"{path} names unknown causes: {', '.join(unknown)}. Known are: {', '.join(CAUSES)}.")
    return weights


def factors(subject: Subject, gap: Gap, cause: Cause, weights: Weights) -> Factors:
    """The four factors of a gap; the exposure is that of the set asked about where it knows the slice."""
    return Factors(
        weights.harm_of(subject.model.policy, gap.metric),
        _exposure(subject, gap),
        gap.lack.low,
        weights.fixability_of(cause),
    )


def _exposure(subject: Subject, gap: Gap) -> float:
    """Items of the slice with the metric's label, of all items: volume x prevalence, as the set has them."""
    both = subject.decisions(subject.run, subject.dataset)
    held = both[gap.metric]
    whole = sum(int(of.n.sum()) for of in both.values())
    there = held.count(held.codes.within(gap.filters))[1]
    if there or not gap.origin:
        return there / whole
    return gap.slice.n / (gap.slice.n + gap.rest.n)  # a suite's variants, of which the set asked about has none
