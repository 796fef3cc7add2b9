"""Which items to label: a budget spread over bands of a model's score, with weights and a random floor."""

from typing import Any

import numpy as np

from tools.errors import ToolError
from tools.resolution import Resolver, provenance
from tools.results import Column, Result
from tools.slices import load_slices
from tools.stats.formats import count
from tools.stats.stratified import FLOOR, Allocation, Stratum, allocate, score_bands
from tools.workspace import Call

OF = 100_000  # items of traffic whose bands are shown
FEWEST_LABELS = 20


def plan_by_score(items: int, model_name: str, prevalence: float | None, call: Call) -> Result:
    """The plan for a labelling budget, from the scores of the model's run on the default dataset.

    Raises:
        ToolError: no such model or run, scores of one class only, or a budget too small to spread.
    """
    resolver = Resolver(call)
    model = resolver.model(model_name)
    dataset = resolver.dataset(None)
    run = resolver.run(model, dataset)
    if items < FEWEST_LABELS:
        raise ToolError(f"{count(items)} labels cannot be spread over the score; plan at least {FEWEST_LABELS}.")
    scores = load_slices(call.workspace.engine, run.id, {}, [])
    if not scores or not scores[0].histogram.positives.any() or not scores[0].histogram.negatives.any():
        raise ToolError(
            f"{dataset.label} has no scores of both classes for {model.label}, so no rate by score is known."
        )
    plan = allocate(score_bands(scores[0].histogram, model.threshold, prevalence), items, finite=False)
    caveats = [
        "Label each band's items drawn at random within it, and weight each by the last column; on your own traffic the"
        " weight is items in the band / labels in it.",
        "If live items score otherwise than this set's, the weighted share stays right; only its error differs.",
    ]
    if prevalence is None:
        resolver.defaults.append(f"prevalence {plan.rate:.3g}, this set's own")
        caveats.append("This set is enriched: name the live prevalence for the split of live traffic.")
    return Result(
        tool="plan_sample",
        headline=_headline(plan, plan.rate if prevalence is None else prevalence),
        columns=(
            Column(key="band", label="score"),
            Column(key="volume", label=f"of {count(OF)}", unit="count"),
            Column(key="labels", label="labels", unit="count"),
            Column(key="random", label="random", unit="count"),
            Column(key="weight", label="each stands for"),
        ),
        rows=tuple(_row(stratum, last=stratum is plan.strata[-1]) for stratum in plan.strata),
        provenance=(provenance(model, dataset, run, model.threshold),),
        caveats=tuple(caveats),
        defaults=(*resolver.defaults, f"a random floor of {FLOOR:g}"),
        query={
            "items": items, "model": model.label, "prevalence": prevalence, "rate": None, "half_width": None,
            "difference": None,
        },
    )  # fmt: skip


def _headline(plan: Allocation, prevalence: float) -> str:
    """What the plan is expected to tell, against as many labels drawn without regard to the score."""
    return (
        f"**{count(plan.labels)} labels over {len(plan.strata)} score bands, {count(plan.random)} of them at random.**"
        f" At a prevalence of {prevalence:.3g} its standard error is then {_digits(plan.standard_error)}, against"
        f" {_digits(plan.simple_error)} of as many drawn blindly; those would have to be {count(round(plan.worth))}."
    )


def _digits(error: float) -> str:
    """Two significant digits without an exponent: an error of a rare share has no third decimal."""
    return np.format_float_positional(error, precision=2, fractional=False, trim="-")


def _row(stratum: Stratum, *, last: bool) -> dict[str, Any]:
    band = stratum.band
    weight = stratum.weight * OF
    return {
        "band": f"{band.low:g} to {'' if last else 'below '}{band.high:g}",
        "low": band.low,
        "high": band.high,
        "volume": round(band.volume * OF),
        "rate": band.rate,
        "labels": stratum.sample,
        "random": stratum.random,
        "probability": 1 / weight,
        "weight": f"{weight:,.1f}" if weight < 100 else count(round(weight)),
    }
