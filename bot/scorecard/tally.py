"""Tallies: how many of a group were right, by tool, by arguments, by offer, by refusal, and how fast."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bot.scorecard.scoring import Scored

Runs = Sequence[Sequence[Scored]]


@dataclass(frozen=True)
class Tally:
    """Counts over all runs together; `fewest` and `most` are the right ones of the worst and the best run.

    Attributes:
        tools: questions that expect a tool; `tool` of them got it first.
        right: right at first, arguments included; answers without a tool count by their kind.
        offered: not right at first, but one of the readings offered was.
        refusals: questions to be refused; `refused` of them were.
        checked: answers with results; in `grounded` of them every number stands in the results or the question (R15).
        median_ms, max_ms: time to answer.
    """

    runs: int
    questions: int
    tools: int
    tool: int
    right: int
    offered: int
    refusals: int
    refused: int
    checked: int
    grounded: int
    median_ms: float
    max_ms: float
    fewest: int
    most: int

    @property
    def worst(self) -> float:
        """The share right at first in the worst run."""
        return self.fewest * self.runs / self.questions


def tally(runs: Runs) -> Tally:
    """The tally of one or more runs of the same questions, of which there is at least one."""
    every = [one for run in runs for one in run]
    times = [one.answer.elapsed_ms for one in every]
    rights = [sum(not one.wrong for one in run) for run in runs]
    refusals = [one for one in every if one.entry.expects("refusal")]
    checked = [one.loose for one in every if one.loose is not None]
    return Tally(
        runs=len(runs),
        questions=len(every),
        tools=sum(one.tool is not None for one in every),
        tool=sum(one.tool is True for one in every),
        right=sum(rights),
        offered=sum(bool(one.offered) for one in every),
        refusals=len(refusals),
        refused=sum(not one.wrong for one in refusals),
        checked=len(checked),
        grounded=sum(not loose for loose in checked),
        median_ms=round(median(times), 1),
        max_ms=round(max(times), 1),
        fewest=min(rights),
        most=max(rights),
    )


def by_group(runs: Runs) -> dict[str, Tally]:
    """A tally for each group, in the order of the file."""
    groups = dict.fromkeys(one.group for one in runs[0])
    return {group: tally([_of(group, run) for run in runs]) for group in groups}


def _of(group: str, run: Sequence[Scored]) -> list[Scored]:
    return [one for one in run if one.group == group]
