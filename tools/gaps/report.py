"""Gap report: what a search for weak slices found, as values; what a notebook works with and an answer is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.catalog import Filters
from tools.gaps.causes import Diagnosis
from tools.gaps.fields import Subject
from tools.gaps.findings import Gap
from tools.gaps.ranking import Factors
from tools.results import Provenance


@dataclass(frozen=True)
class Finding:
    """A weak slice, or one that only looks weak: its likely causes, an action for each, and why it stands here.

    `also` is the gap of the same slice in the other metric, where it has both.
    """

    gap: Gap
    diagnosis: Diagnosis
    actions: tuple[str, ...]
    factors: Factors
    source: tuple[Provenance, ...]
    also: Gap | None = None

    @property
    def cause(self) -> str:
        """The names of the causes, the likeliest first."""
        return ", ".join(cause.name for cause in self.diagnosis.causes)


@dataclass(frozen=True)
class Gaps:
    """What is weak in a model, established slices first, by the four factors; `tested` slices were looked at.

    `slight` slices are shown to be weaker by less than what counts; `asked` is the slice the filters name, where it is
    not among the findings. `misplaced`: the operating threshold of the model as a whole is off.
    """

    subject: Subject
    filters: Filters
    findings: tuple[Finding, ...]
    slight: tuple[Gap, ...]
    asked: Gap | None
    tested: int
    misplaced: bool

    @property
    def established(self) -> tuple[Finding, ...]:
        """The slices that are shown to be weak."""
        return tuple(finding for finding in self.findings if finding.gap.established)


def joined(findings: Sequence[Finding]) -> list[Finding]:
    """Of a slice that lacks recall and raises false alarms alike, one finding: the first of the two, with both gaps."""
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (finding.gap.values, finding.gap.origin)
        kept[key] = replace(kept[key], also=finding.gap) if key in kept else finding
    return list(kept.values())
