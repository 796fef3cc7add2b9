"""`plan_acceptance`: the plan with its risks, and a verdict that no wish can bend."""

from typing import Any, cast

import pytest
from scipy.stats import binom, hypergeom

from tests.tools.asked import ask
from tools.errors import ToolError
from tools.results import Result
from tools.sampling.acceptance import PLAN_ACCEPTANCE
from tools.stats.formats import rate
from tools.workspace import Call

NOTHING = cast(Call, None)  # nothing of the workspace is needed: what is asked about stands in the question


def plan(**arguments: Any) -> Result:
    """The answer."""
    return ask(PLAN_ACCEPTANCE, NOTHING, **arguments)


def test_the_plan_says_how_many_to_check_and_how_many_to_allow() -> None:
    """Both risks as SciPy has them; what was not said is printed."""
    result = plan()
    good, bad = rate(binom.cdf(3, 132, 0.01)), rate(binom.cdf(3, 132, 0.05))
    assert result.headline == (
        f"**Check 132 labels, accept with at most 3 wrong.** A batch at 0.01 passes in {good} of cases, one at 0.05 in"
        f" {bad} of cases."
    )
    assert result.defaults == (
        "AQL 0.01", "LTPD 0.05", "a batch without end", "producer's risk 0.05, consumer's risk 0.1"
    )  # fmt: skip


def test_the_operating_curve_is_that_of_the_lot() -> None:
    """Every row is SciPy's hypergeometric probability for that many wrong labels in the batch."""
    result = plan(lot=2_000)
    assert result.headline.startswith("**Check 130 labels of 2,000, accept with at most 3 wrong.**")
    assert len(result.rows) >= 5
    for row in result.rows:
        assert row["wrong"] == round(row["rate"] * 2_000)
        assert row["accepted"] == pytest.approx(hypergeom.cdf(3, 2_000, row["wrong"], 130), abs=1e-8)
    accepted = [row["accepted"] for row in result.rows]
    assert accepted == sorted(accepted, reverse=True)


def test_at_the_acceptance_number_a_batch_passes() -> None:
    """With the interval of what was found."""
    result = plan(sample=132, defects=3)
    assert result.headline.startswith("**Accepted**: 3 wrong of 132 (95 % 0.0078-0.065), at most 3 may be.")
    assert not any("drawn again" in caveat for caveat in result.caveats)


def test_failed_by_one_is_failed() -> None:
    """And the answer says what may not be done about it: no second draw, no concession of the bot's (R12, R13)."""
    result = plan(sample=132, defects=4)
    assert result.headline.startswith("**Rejected, by one**: 4 wrong of 132")
    assert "Failed by one is failed." in result.headline
    (rule,) = [caveat for caveat in result.caveats if "concession" in caveat]
    assert "not drawn again" in rule
    assert "I can't grant" in rule


def test_one_severe_label_rejects_whatever_the_others() -> None:
    """Its acceptance number is 0, also where the sample is too small to accept by."""
    assert plan(sample=132, defects=1, severe=1).headline.startswith("**Rejected**: 1 severe, where none may be.")
    assert plan(severe=1).headline.startswith("**Rejected**: 1 severe")
    assert plan(sample=20, defects=1, severe=1).headline.startswith(
        "**Rejected**: 1 severe, where none may be; 1 wrong"
    )
    many = plan(sample=132, defects=9, severe=2).headline
    assert many.startswith("**Rejected**: 9 wrong of 132")
    assert "The 2 severe among them reject it alone." in many


def test_no_severe_label_found_is_no_proof_that_there_is_none() -> None:
    """The answer says what rate none among 132 still allows (R18)."""
    (caveat,) = [caveat for caveat in plan(sample=132, defects=0).caveats if "Severe" in caveat]
    assert "none among 132 still allows a rate of 0.022 (exact one-sided 95 % bound)" in caveat


def test_a_sample_too_small_to_accept_by_is_not_assessed() -> None:
    """20 without a wrong label do not accept a batch; 15 wrong of 20 reject it, as the whole plan would (R18)."""
    result = plan(sample=20, defects=0)
    assert result.headline.startswith("**Not assessed**: 0 wrong of 20")
    assert f"would pass in {rate(0.95**20)} of cases" in result.headline
    assert "The plan asks for 132." in result.headline
    assert plan(sample=20, defects=15).headline.startswith("**Rejected**")
    assert plan(sample=20).headline.startswith("**20 labels are too few.**")


def test_a_smaller_sample_than_the_plans_says_whom_it_harms() -> None:
    """The consumer's risk is kept, so good batches are rejected more often than in 5 %."""
    result = plan(sample=50)
    assert "accept only if every one is right" in result.headline
    assert "rejects too many good batches; 132 would not." in result.headline
    assert any("50 checked where the plan has 132 (at most 3 wrong)" in default for default in result.defaults)


def test_a_batch_that_was_checked_whole_has_no_interval() -> None:
    """Nothing is left to estimate."""
    headline = plan(lot=50, sample=50, defects=2).headline
    assert headline.startswith("**Rejected**: 2 wrong of 50, none may be.")
    assert "95 %" not in headline


@pytest.mark.parametrize(("given", "default"), [({"aql": 0.02}, "LTPD 0.1"), ({"ltpd": 0.03}, "AQL 0.006")])
def test_the_rate_that_is_missing_keeps_its_distance(given: dict[str, float], default: str) -> None:
    """And is printed."""
    assert default in plan(**given).defaults


def test_the_certificate_of_the_rule_book_is_a_plan() -> None:
    """40 severe items, an LTPD of 15 %: at most 2 misses, and 5 % of true-.85 labellers pass."""
    headline = plan(sample=40, ltpd=0.15).headline
    assert headline.startswith("**Check 40 labels, accept with at most 2 wrong.**")
    assert "one at 0.15 in 0.049 of cases" in headline


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"aql": 0.05, "ltpd": 0.05}, "must lie below"),
        ({"aql": 0.05, "ltpd": 0.051}, "Move the two rates apart"),
        ({"lot": 50, "sample": 60}, "do not fit a batch of 50"),
        ({"sample": 5, "defects": 6}, "More wrong labels than the 5"),
    ],
)
def test_numbers_that_cannot_be_are_refused(arguments: dict[str, float], words: str) -> None:
    """With a sentence that says how to mend them."""
    with pytest.raises(ToolError, match=words):
        plan(**arguments)


def test_a_severe_label_counts_as_wrong() -> None:
    """Whoever says 0 wrong and 1 severe means one wrong label, and is told."""
    result = plan(sample=132, defects=0, severe=1)
    assert "1 wrong of 132" in result.headline
    assert "a severe one counts as wrong" in result.defaults


def test_a_verdict_is_on_counts_and_changes_nothing() -> None:
    """Only numbers are taken, so none is on an item (R5); the tool reads, so nothing is granted by it (R12)."""
    fields = PLAN_ACCEPTANCE.arguments.model_fields.values()
    assert {field.annotation for field in fields} <= {int | None, float | None}
    assert PLAN_ACCEPTANCE.effect == "read"


@pytest.mark.parametrize("example", PLAN_ACCEPTANCE.examples, ids=lambda example: example.ask)
def test_an_answer_can_be_asked_again(example: Any) -> None:
    """Each example is answered, and its resolved query gives the same answer."""
    first = plan(**example.arguments)
    again = plan(**first.query)
    assert again.model_dump(exclude={"defaults"}) == first.model_dump(exclude={"defaults"})
    assert first.defaults
