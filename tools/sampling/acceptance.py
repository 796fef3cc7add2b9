"""`plan_acceptance`: how many labels of a batch to check, and the verdict on a batch that was checked."""

from dataclasses import dataclass
from typing import Any

from tools.arguments import Aql, Arguments, Defects, Lot, Ltpd, SampleSize, Severe
from tools.errors import ToolError
from tools.results import Column, Result
from tools.spec import Example, ToolSpec
from tools.stats.acceptance import CONSUMER, PRODUCER, Plan, judged, plan_of, smallest_plan, whole_rates
from tools.stats.formats import count, interval, rate
from tools.stats.intervals import wilson
from tools.stats.sample_size import most_missed
from tools.workspace import Call

AQL, LTPD = 0.01, 0.05  # where nobody says: configuration of the team, not a standard
APART = 5  # times the AQL, where only one of the two is said
LIMIT = "More wrong labels than that reject the batch, by one as well; so does a single severe one."
REJECTED = "A rejected batch is not drawn again. A concession is a signed deviation, which I can't grant."


class PlanAcceptance(Arguments):
    """A sampling plan for a batch of labels, its operating curve, and the verdict on a batch."""

    lot: Lot = None
    aql: Aql = None
    ltpd: Ltpd = None
    sample: SampleSize = None
    defects: Defects = None
    severe: Severe = None


@dataclass(frozen=True)
class _Batch:
    """What the plan has to tell apart: labels in the batch (None: without end), good and bad rates."""

    lot: int | None
    aql: float
    ltpd: float

    @property
    def whole(self) -> tuple[float, float]:
        """The two rates in whole wrong labels."""
        return whole_rates(self.aql, self.ltpd, self.lot)

    @property
    def of(self) -> str:
        return f" of {count(self.lot)}" if self.lot else ""


def _plan_acceptance(arguments: PlanAcceptance, call: Call) -> Result:
    batch, defaults = _batch(arguments)
    planned = smallest_plan(batch.aql, batch.ltpd, batch.lot)
    sample, defects, severe = arguments.sample, arguments.defects, arguments.severe
    if sample is None and planned is not None:
        sample = planned.sample
        if defects is not None or severe is not None:
            defaults.append(f"{count(sample)} checked, as the plan asks")
    if sample is None:
        raise ToolError(
            f"No plan tells {batch.aql:g} from {batch.ltpd:g} wrong labels with a sample of any use. Move the"
            " two rates apart."
        )
    if batch.lot is not None and sample > batch.lot:
        raise ToolError(f"{count(sample)} checked do not fit a batch of {count(batch.lot)}.", tried=str(sample))
    if max(defects or 0, severe or 0) > sample:
        raise ToolError(f"More wrong labels than the {count(sample)} that were checked.", tried=str(defects or severe))
    if defects is not None and severe is not None and severe > defects:
        defects = severe
        defaults.append("a severe one counts as wrong")
    plan = plan_of(sample, batch.aql, batch.ltpd, batch.lot)
    if planned and sample != planned.sample:
        defaults.append(
            f"{count(sample)} checked where the plan has {count(planned.sample)} (at most {planned.number} wrong)"
        )
    if defects is None and severe is None:
        headline, rule = _planned(plan, planned, batch, sample), f"{LIMIT} {REJECTED}"
    else:
        headline = _verdict(plan, planned, batch, sample, max(defects or 0, severe or 0), severe or 0)
        rule = REJECTED if headline.startswith("**Rejected") else ""
    shown = plan or Plan(sample, 0, batch.lot)
    return Result(
        tool="plan_acceptance",
        headline=headline,
        columns=(
            Column(key="share", label="wrong"),
            *((Column(key="wrong", label="in the batch", unit="count"),) if batch.lot else ()),
            Column(key="accepted", label="accepted in", unit="rate"),
        ),
        rows=tuple(_curve(shown, batch)),
        caveats=tuple(line for line in (rule, _severe(sample, batch)) if line),
        defaults=(*defaults, f"producer's risk {PRODUCER:g}, consumer's risk {CONSUMER:g}"),
        query={
            "lot": batch.lot, "aql": batch.aql, "ltpd": batch.ltpd, "sample": arguments.sample,
            "defects": arguments.defects, "severe": arguments.severe,
        },
    )  # fmt: skip


def _batch(arguments: PlanAcceptance) -> tuple[_Batch, list[str]]:
    """The rates asked for; the one that is missing keeps its distance from the other."""
    defaults = []
    aql, ltpd = arguments.aql, arguments.ltpd
    if aql is None:
        aql = AQL if ltpd is None else min(AQL, ltpd / APART)
        defaults.append(f"AQL {aql:g}")
    if ltpd is None:
        ltpd = max(LTPD, min(APART * aql, (1 + aql) / 2))
        defaults.append(f"LTPD {ltpd:g}")
    if arguments.lot is None:
        defaults.append("a batch without end")
    if aql >= ltpd:
        raise ToolError(f"The AQL {aql:g} is a rate to accept and must lie below the LTPD {ltpd:g}, the one to reject.")
    return _Batch(arguments.lot, aql, ltpd), defaults


def _planned(plan: Plan | None, planned: Plan | None, batch: _Batch, sample: int) -> str:
    if plan is None:
        return f"**{count(sample)} labels are too few.** {_undecided(planned, batch, sample)}"
    right = f"with at most {plan.number} wrong" if plan.number else "only if every one is right"
    text = f"**Check {count(plan.sample)} labels{batch.of}, accept {right}.**"
    good, bad = batch.whole
    what = f"A batch at {good:.4g}" if good else "A batch without a wrong label"
    text += f" {what} passes {_often(plan.accepts(good))}, one at {bad:.4g} {_often(plan.accepts(bad))}."
    if plan.accepts(good) < 1 - PRODUCER:
        text += " That rejects too many good batches" + (f"; {count(planned.sample)} would not." if planned else ".")
    return text


def _verdict(plan: Plan | None, planned: Plan | None, batch: _Batch, sample: int, defects: int, severe: int) -> str:
    low, high = wilson(defects, sample)
    whole = sample == batch.lot  # then nothing is left to estimate
    found = f"{count(defects)} wrong of {count(sample)}" + ("" if whole else f" (95 % {interval(low, high)})")
    # A sample too small to accept by can still hold more wrong labels than the whole plan would allow.
    limit = plan or (planned if planned and defects > planned.number else None)
    if limit is None:
        if severe:
            return f"**Rejected**: {count(severe)} severe, where none may be; {found}."
        return f"**Not assessed**: {found}. {_undecided(planned, batch, sample)}"
    verdict = judged(Plan(sample, min(limit.number, sample), batch.lot), defects, severe)
    allowed = f"at most {limit.number} may be" if limit.number else "none may be"
    if verdict.accepted:
        _, bad = batch.whole
        return f"**Accepted**: {found}, {allowed}. A batch at {bad:.4g} passes so {_often(limit.accepts(bad))}."
    if verdict.over:
        by = ", by one" if verdict.by_one else ""
        text = f"**Rejected{by}**: {found}, {allowed}." + (" Failed by one is failed." if by else "")
        return text + (f" The {count(severe)} severe among them reject it alone." if severe else "")
    return f"**Rejected**: {count(severe)} severe, where none may be. But for that: {found}, {allowed}."


def _undecided(planned: Plan | None, batch: _Batch, sample: int) -> str:
    _, bad = batch.whole
    chance = _often(Plan(sample, 0, batch.lot).accepts(bad))
    text = f"Even without a wrong one among {count(sample)}, a batch at {bad:.4g} would pass {chance}."
    return text + (f" The plan asks for {count(planned.sample)}." if planned else "")


def _often(chance: float) -> str:
    """`in 0.956 of cases`; always and never are exact."""
    return {1.0: "always", 0.0: "never"}.get(chance, f"in {rate(chance)} of cases")


def _severe(sample: int, batch: _Batch) -> str:
    if sample == batch.lot or not sample:
        return "Severe labels: acceptance number 0."
    return (
        f"Severe labels: acceptance number 0; none among {count(sample)} still allows a rate of"
        f" {rate(most_missed(sample))} (exact one-sided 95 % bound)."
    )


def _curve(plan: Plan, batch: _Batch) -> list[dict[str, Any]]:
    """The operating curve from half the AQL to twice the LTPD."""
    good, bad = batch.whole
    wanted = [good / 2, good, (good + bad) / 2, bad, 1.5 * bad, 2 * bad]
    if batch.lot is not None:
        wanted = [round(share * batch.lot) / batch.lot for share in wanted]
    return [
        {
            "rate": share,
            "share": f"{share:.4g}",
            "wrong": None if batch.lot is None else round(share * batch.lot),
            "accepted": plan.accepts(share),
        }
        for share in sorted({share for share in wanted if 0 < share < 1})
    ]


PLAN_ACCEPTANCE = ToolSpec(
    name="plan_acceptance",
    summary="Acceptance sampling of a batch of labels: how many to check, how many wrong to allow, the verdict.",
    topic="acceptance plans and the verdict on a batch of labels",
    arguments=PlanAcceptance,
    run=_plan_acceptance,
    examples=(
        Example("acceptance plan for a batch of 2000 labels", {"lot": 2000}),
        Example("how many labels of a lot of 800 do we check, aql 1 %, ltpd 5 %",
                {"lot": 800, "aql": 0.01, "ltpd": 0.05}),
        Example("the batch has 4 wrong out of 132 checked, pass or fail?", {"sample": 132, "defects": 4}),
        Example("aceptance sampling with aql .02", {"aql": 0.02}),
        Example("we checked 200 of 5000 labels and found 3 errors, accept the lot?",
                {"lot": 5000, "sample": 200, "defects": 3}),
        Example("one severe error in the sample, is the batch rejected", {"severe": 1}),
        Example("operating curve of checking 50 labels a batch", {"sample": 50}),
        Example("lot 1200 ltpd 8 %", {"lot": 1200, "ltpd": 0.08}),
        Example("acceptance number for a sample of 80", {"sample": 80}),
        Example("do we reject batch with 2 wrong labels in 125", {"sample": 125, "defects": 2}),
        Example("150 labels checked, 2 wrong and 1 of them severe, verdict?",
                {"sample": 150, "defects": 2, "severe": 1}),
        Example("inspection plan for the annotators' batches of 500, accept up to 1% errors",
                {"lot": 500, "aql": 0.01}),
        Example("how strict is it to allow no error in 30 labels", {"sample": 30}),
        Example("does the vendors delivery of 10000 labels pass with 5 defects in 130",
                {"lot": 10000, "sample": 130, "defects": 5}),
        Example("qa sample size for label batches, we reject above 3 % wrong", {"ltpd": 0.03}),
        Example("lot of 3000 labels, accept at 1.5 %, reject at 6 %", {"lot": 3000, "aql": 0.015, "ltpd": 0.06}),
        Example("we audited 80 of a batch of 600 and 3 were wrong", {"lot": 600, "sample": 80, "defects": 3}),
        Example("how many to inspect in a delivery of 2500, aql 1 %", {"lot": 2500, "aql": 0.01}),
        Example("batch of 900, 5 errors in 110, accepted?", {"lot": 900, "sample": 110, "defects": 5}),
        Example("1 severe defect among 100 labels checked", {"sample": 100, "severe": 1}),
        Example("sampling plan for lots of 1500 with ltpd 4 %", {"lot": 1500, "ltpd": 0.04}),
        Example("how many defects may a sample of 80 have at aql 1 %", {"sample": 80, "aql": 0.01}),
        Example("vendor lot of 2000, found 7 wrong in 150, take it or not", {"lot": 2000, "sample": 150, "defects": 7}),
        Example("how much of a batch of 700 must i check, reject at 5 %", {"lot": 700, "ltpd": 0.05}),
    ),
    needs="nothing",
)  # fmt: skip
