"""`plan_sample`: what is given decides what is asked; every size says what it assumes, every plan where it is from."""

from typing import Any, cast

import numpy as np
import pytest

from tests.tools.asked import ask
from tests.tools.sample import shipped
from tools.errors import ToolError
from tools.results import Result
from tools.sampling.plan import PLAN_SAMPLE
from tools.stats.sample_size import size_paired, size_unpaired
from tools.workspace import Call

NOTHING = cast(Call, None)  # sizes come from the question alone; only a plan over scores needs the workspace
V7 = shipped.run("bullying-text@v7", "golden@2026-10")


def size(**arguments: Any) -> Result:
    """The answer to a question about a size."""
    return ask(PLAN_SAMPLE, NOTHING, **arguments)


def test_the_handy_sizes_are_those_of_the_rule_book() -> None:
    """385 positives for .90 +-3 points, 457 for .95 +-2; the expected rate is printed where nobody said it."""
    result = size(half_width=0.03)
    assert result.headline == "**385 positives** for a rate of 0.9 ± 0.03 (95 %)."
    assert "expected rate 0.9" in result.defaults
    assert any("from 388 on" in caveat for caveat in result.caveats)
    assert size(rate=0.95, half_width=0.02).headline.startswith("**457 positives**")


def test_where_the_usual_formula_fails_it_is_not_used() -> None:
    """.99 +-.03 takes 84 and not 43, and the answer says why."""
    result = size(rate=0.99, half_width=0.03)
    assert result.headline.startswith("**84 positives**")
    assert any("43" in caveat and "too few" in caveat for caveat in result.caveats)


def test_at_a_prevalence_positives_become_items() -> None:
    """On average, and to be 95 % sure of them."""
    headline = size(rate=0.9, half_width=0.03, prevalence=0.01).headline
    assert "about 38,500 random items; 41,767 to be 95 % sure of them" in headline


def test_a_difference_prints_the_discordance_it_assumes() -> None:
    """In the headline, the defaults and the table; different items are the other way to show it."""
    result = size(difference=0.02)
    same, apart = size_paired(0.02, 0.09), size_unpaired(0.9, 0.88)
    assert result.headline == (
        f"**{same:,} positives** tried by both models show a difference of 0.02 (0.8 power), if they decide 0.09 of"
        f" them differently. On different items: {apart:,} on each side."
    )
    assert "0.09 decided differently" in result.defaults
    assert {row["discordance"]: row["n"] for row in result.rows}[0.18] == size_paired(0.02, 0.18)


@pytest.mark.parametrize("difference", [0.005, 0.02, 0.1, 0.3, 0.6, 0.89])
def test_any_difference_that_can_be_has_a_size(difference: float) -> None:
    """The discordance assumed is never below the difference it must hold."""
    result = size(difference=difference)
    assert all(row["discordance"] >= difference for row in result.rows)
    assert len(result.rows) >= 2


def test_a_prevalence_alone_is_what_is_to_be_known() -> None:
    """Within a fifth of itself, unless said; so is one with a half-width below it."""
    result = size(prevalence=0.01)
    assert result.headline.startswith("**9,508 random items** for a prevalence of 0.01 ± 0.002 (95 %); about 95")
    assert "half-width 0.002" in result.defaults
    assert size(prevalence=0.01, half_width=0.002).headline == result.headline
    follow_up = size(**(result.query | {"prevalence": 0.001}))
    assert follow_up.headline.startswith("**95,941 random items** for a prevalence of 0.001 ± 0.0002")


def test_a_half_width_that_no_prevalence_can_have_is_of_a_rate() -> None:
    """+-3 points at 1 % prevalence: of a recall, whose positives must be found first."""
    assert size(prevalence=0.01, half_width=0.03).headline.startswith("**385 positives** for a rate of 0.9 ± 0.03")


def test_items_say_what_they_bring() -> None:
    """A half-width, and what no miss among them would still allow; at a prevalence the positives among them."""
    assert size(items=300).headline == (
        "**300 positives** bring a rate of 0.9 to ±0.034 (95 %); without a miss up to 0.0099 may still be missed."
    )
    assert size(items=400, prevalence=0.05).headline.startswith("**400 random items** hold about 20 positives")
    with pytest.raises(ToolError, match="no positive to count on"):
        size(items=5, prevalence=0.01)


@pytest.mark.parametrize(("items", "word"), [(200, "200 are not enough."), (400, "400 are enough.")])
def test_items_are_held_against_a_size(items: int, word: str) -> None:
    """Asked whether they are enough, the answer is a word."""
    assert size(items=items, half_width=0.03).headline.endswith(word)


def test_nothing_given_is_a_table_of_usual_sizes() -> None:
    """With both handy sizes, the bound of no miss in 60, and which bound it is."""
    result = size()
    assert "**385 positives**" in result.headline
    assert "**457**" in result.headline
    assert "60 without a miss still allow 0.049 missed" in result.headline
    assert any("exact one-sided" in caveat for caveat in result.caveats)
    assert len(result.rows) >= 8


def test_a_difference_without_room_is_refused() -> None:
    """From .9 nothing is .96 away."""
    with pytest.raises(ToolError, match=r"no room for a difference of 0\.96"):
        size(difference=0.96)


@pytest.fixture
def spread(call: Call) -> Result:
    """500 labels over the scores of bullying-text v7 at 1 % prevalence."""
    return ask(PLAN_SAMPLE, call, items=500, model="bullying-text v7", prevalence=0.01)


def test_a_plan_over_scores_spends_the_budget_with_a_random_floor(spread: Result) -> None:
    """500 labels, 100 of them at random, each band at least two; weights are the inverse of the probabilities."""
    assert spread.headline.startswith(f"**500 labels over {len(spread.rows)} score bands, 100 of them at random.**")
    assert sum(row["labels"] for row in spread.rows) == 500
    assert sum(row["random"] for row in spread.rows) >= 0.2 * 500
    assert min(row["labels"] for row in spread.rows) >= 2
    assert sum(row["labels"] / row["probability"] for row in spread.rows) == pytest.approx(100_000)
    assert any("random floor" in default for default in spread.defaults)


def test_the_bands_hold_the_models_own_scores(spread: Result) -> None:
    """Volumes counted again with ONNX Runtime and NumPy, weighted to the prevalence; the threshold is an edge."""
    score, label = V7.score.astype(np.float64), V7.columns["label"]
    assert V7.threshold in [row["low"] for row in spread.rows]
    for row in spread.rows:
        within = (score >= row["low"]) & ((score < row["high"]) | (row["high"] == 1.0))
        volume = 0.01 * within[label == 1].mean() + 0.99 * within[label == 0].mean()
        assert row["volume"] == pytest.approx(volume * 100_000, abs=1)


def test_a_plan_over_scores_errs_less_than_a_blind_sample(spread: Result) -> None:
    """Redrawn 4,000 times by its own figures: the standard errors of the headline, with the weights of the table."""
    rng = np.random.default_rng(8)
    labels = np.array([row["labels"] for row in spread.rows])
    weights = np.array([1 / row["probability"] for row in spread.rows]) / 100_000
    found = rng.binomial(labels, [row["rate"] for row in spread.rows], (4_000, len(labels))) @ weights
    blind = (0.01 * 0.99 / 500) ** 0.5
    assert found.std() == pytest.approx(0.0017, rel=0.06)
    assert "standard error is then 0.0017, against 0.0044 of" in spread.headline
    assert blind == pytest.approx(0.0044, abs=5e-5)


def test_a_plan_over_scores_has_its_whole_provenance(spread: Result) -> None:
    """Model, dataset, run, threshold, gold and guideline version, date (R14); the default dataset is printed."""
    (source,) = spread.provenance
    assert (source.model, source.dataset, source.threshold) == ("bullying-text v7", "golden 2026-10", 0.35)
    assert source.run is not None
    assert "golden 2026-10" in spread.defaults
    assert spread.query["model"] == "bullying-text v7"


def test_the_prevalence_of_an_enriched_set_is_printed_and_doubted(call: Call) -> None:
    """Where no live prevalence is named."""
    result = ask(PLAN_SAMPLE, call, items=200, model="challenge-video prod")
    assert any("this set's own" in default for default in result.defaults)
    assert any("enriched" in caveat for caveat in result.caveats)


def test_a_model_is_asked_for_a_budget_only(call: Call) -> None:
    """A size stays a size where the thread is about a model."""
    assert ask(PLAN_SAMPLE, call, half_width=0.03, model="bullying-text v7").headline.startswith("**385 positives**")


def test_a_budget_too_small_to_spread_is_refused(call: Call) -> None:
    """And one for a model that nobody knows."""
    with pytest.raises(ToolError, match="plan at least 20"):
        ask(PLAN_SAMPLE, call, items=10, model="bullying-text v7")
    with pytest.raises(ToolError, match="I don't know a model") as caught:
        ask(PLAN_SAMPLE, call, items=100, model="bulying-text v99")
    assert "bullying-text v7" in caught.value.nearest


@pytest.mark.parametrize("example", PLAN_SAMPLE.examples, ids=lambda example: example.ask)
def test_an_answer_can_be_asked_again(call: Call, example: Any) -> None:
    """Each example is answered, and its resolved query gives the same answer."""
    first = ask(PLAN_SAMPLE, call, **example.arguments)
    again = ask(PLAN_SAMPLE, call, **first.query)
    assert again.model_dump(exclude={"defaults"}) == first.model_dump(exclude={"defaults"})
    assert first.caveats
