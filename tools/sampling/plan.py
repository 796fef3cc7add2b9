"""`plan_sample`: how many items to label for what is to be known or shown, and which ones."""

from tools.arguments import Arguments, Difference, ExpectedRate, HalfWidth, Items, ModelName, Prevalence
from tools.results import Result
from tools.sampling.score_plans import plan_by_score
from tools.sampling.sizes import (
    HALF_WIDTH,
    RATE,
    RELATIVE,
    SizeAnswer,
    size_for_difference,
    size_for_prevalence,
    size_for_width,
    usual_sizes,
    what_items_bring,
)
from tools.spec import Example, ToolSpec
from tools.workspace import Call


class PlanSample(Arguments):
    """How many items to label: for an interval, a difference, a prevalence; or how to spread a number of labels."""

    rate: ExpectedRate = None
    half_width: HalfWidth = None
    difference: Difference = None
    prevalence: Prevalence = None
    items: Items = None
    model: ModelName = None


def _plan_sample(arguments: PlanSample, call: Call) -> Result:
    """What is given decides what is asked, in this order: a difference, a width, a budget for a model, a prevalence."""
    asked = arguments
    plain = asked.difference is None and asked.half_width is None and asked.rate is None
    if plain and asked.items is not None and asked.model is not None:
        return plan_by_score(asked.items, asked.model, asked.prevalence, call)
    defaults: list[str] = []
    expected = asked.rate
    width = asked.half_width
    if asked.difference is not None:
        expected = _or_default(expected, RATE, "expected rate", defaults)
        answer = size_for_difference(expected, asked.difference, asked.prevalence, asked.items)
        if width is not None:
            defaults.append("the difference only; ask for the half-width alone")
    elif _of_prevalence(asked):
        assert asked.prevalence is not None
        # Not kept in the query: at another prevalence, a follow-up means a fifth of that one.
        within = _or_default(width, float(f"{asked.prevalence * RELATIVE:.3g}"), "half-width", defaults)
        answer = size_for_prevalence(asked.prevalence, within, asked.items)
    elif width is not None or (expected is not None and asked.items is None):
        expected = _or_default(expected, RATE, "expected rate", defaults)
        width = _or_default(width, HALF_WIDTH, "half-width", defaults)
        answer = size_for_width(expected, width, asked.prevalence, asked.items)
    elif asked.items is not None:
        expected = _or_default(expected, RATE, "expected rate", defaults)
        answer = what_items_bring(asked.items, expected, asked.prevalence)
    else:
        answer = usual_sizes()
    return _result(answer, defaults, asked, expected, width)


def _of_prevalence(asked: PlanSample) -> bool:
    """Whether the prevalence itself is to be known: no rate is expected, and the half-width, if any, is below it."""
    if asked.prevalence is None or asked.rate is not None:
        return False
    if asked.half_width is None:
        return asked.items is None
    return asked.half_width < asked.prevalence


def _or_default(given: float | None, usual: float, what: str, defaults: list[str]) -> float:
    if given is None:
        defaults.append(f"{what} {usual:g}")
        return usual
    return given


def _result(
    answer: SizeAnswer, defaults: list[str], asked: PlanSample, expected: float | None, width: float | None
) -> Result:  # fmt: skip
    return Result(
        tool="plan_sample",
        headline=answer.headline,
        columns=answer.columns,
        rows=answer.rows,
        caveats=answer.caveats,
        defaults=(*defaults, *answer.defaults),
        query={
            "rate": expected, "half_width": width, "difference": asked.difference, "prevalence": asked.prevalence,
            "items": asked.items, "model": asked.model,
        },
    )  # fmt: skip


PLAN_SAMPLE = ToolSpec(
    name="plan_sample",
    summary="How many items to label to know a rate, show a difference or estimate a prevalence; which ones to label.",
    topic="how many items to label, and which",
    arguments=PlanSample,
    run=_plan_sample,
    examples=(
        Example("how many positives do I need to know recall to within 3 points", {"half_width": 0.03}),
        Example("sample size for recall .95 +-2 points", {"rate": 0.95, "half_width": 0.02}),
        Example("how many items to detect a 2 point difference between two models", {"difference": 0.02}),
        Example("what sample size do we need"),
        Example("how many random items to estimate a prevalence of 1 %", {"prevalence": 0.01}),
        Example("i can label 500 items for bullying-text v7, which ones",
                {"items": 500, "model": "bullying-text v7"}),
        Example("plan a labelling budget of 1000 over the scores of challenge-video v4 at 0.5 % prevalence",
                {"items": 1000, "model": "challenge-video v4", "prevalence": 0.005}),
        Example("how big must the golden set be for an expected precision of 80 %, give or take 5 points",
                {"rate": 0.8, "half_width": 0.05}),
        Example("we can label 300, how exact will recall be", {"items": 300}),
        Example("samplesize to see a drop of 5 points from 90 %", {"rate": 0.9, "difference": 0.05}),
        Example("how much data to collect for +-1 point", {"half_width": 0.01}),
        Example("are 200 positives enough for plus minus 3 points", {"items": 200, "half_width": 0.03}),
        Example("how many items must I draw at 2 % prevalence to measure a recall of 85 %",
                {"rate": 0.85, "prevalence": 0.02}),
        Example("how many labels for a prevalence of 0.2 % within 0.05 points",
                {"prevalence": 0.002, "half_width": 0.0005}),
        Example("stratified sample by score with 800 labels, challenge-video v4",
                {"items": 800, "model": "challenge-video v4"}),
        Example("how many would i need to tell 1 point apart", {"difference": 0.01}),
        Example("power analysis for 3 points between candidate and baseline", {"difference": 0.03}),
        Example("budget of 400 labels, prevalence about 5 %, what do I get", {"items": 400, "prevalence": 0.05}),
        Example("how many positives if recall is around 97 %", {"rate": 0.97}),
        Example("how should we pick 600 live items to label so that bullying-text v7 can be judged",
                {"items": 600, "model": "bullying-text v7"}),
        Example("how many negatives for an fpr around 2 % known to +-1 point", {"rate": 0.02, "half_width": 0.01}),
        Example("n to distinguish .85 from .9", {"rate": 0.85, "difference": 0.05}),
        Example("data needed for a recall interval of +-2 points", {"half_width": 0.02}),
        Example("i have money for 900 annotations, where do i spend them", {"items": 900}),
        Example("draw 400 items by the scores of v8-rc1", {"items": 400, "model": "bullying-text v8-rc1"}),
        Example(
            "which 1000 items to label to judge challenge-video v5-rc1",
            {"items": 1000, "model": "challenge-video v5-rc1"},
        ),
        Example("sample for an expected precision of .7 with +-4 points", {"rate": 0.7, "half_width": 0.04}),
        Example("what do 250 labels buy us", {"items": 250}),
        Example("how many items until a gain of 4 points is visible", {"difference": 0.04}),
        Example("size of a random sample for a prevalence of 0.5 %", {"prevalence": 0.005}),
        Example("what n do we need for +-2 points", {"half_width": 0.02}),
        Example(
            "how many live items to measure a prevalence around 1 % to +-0.2 points",
            {"prevalence": 0.01, "half_width": 0.002},
        ),
        Example("how many labels to compare two models at a difference of 3 points", {"difference": 0.03}),
    ),
)  # fmt: skip
