"""What a number of a question is: said by the words beside it, never read twice."""

from itertools import pairwise

import pytest

from bot.agent.understanding.numbers import find_numbers

SAID = {
    "recall at .4": {"threshold": 0.4},
    "recall at 0,35": {"threshold": 0.35},
    "threshold 1": {"threshold": 1},
    "n > 50": {"support": 51},
    "n >= 50": {"support": 50},
    "at least 30 positives": {"support": 30},
    "precision at 1 % prevalence": {"prevalence": 0.01},
    "if only 0.5 % of live traffic is positive": {"prevalence": 0.005},
    "a prevalence of 0.02": {"prevalence": 0.02},
    "when 1 in 1,000 items is positive": {"prevalence": 0.001},
    "which threshold keeps fpr under 2%": {"max_fpr": 0.02},
    "best recall at 1% false positive rate": {"max_fpr": 0.01},
    "fpr <= 0.03": {"max_fpr": 0.03},
    "fpr at 0.3": {"threshold": 0.3},
    "precision of at least 90 percent": {"min_precision": 0.9},
    "95% recall": {"min_recall": 0.95},
    "we can review 400 items a day out of 2 million": {"reviews_per_day": 400, "volume": 2_000_000},
    "3M items per day and 500 reviews per day": {"volume": 3_000_000, "reviews_per_day": 500},
    "a miss costs 10 times a false alarm": {"cost_ratio": 10},
    "one missed item is as bad as 20 false positives": {"cost_ratio": 20},
    "recall of about .9 to +-3 points": {"rate": 0.9, "half_width": 0.03},
    "± 2%": {"half_width": 0.02},
    "detect a 2 point drop": {"difference": 0.02},
    "a difference of 5 points": {"difference": 0.05},
    "we can label 800 items": {"items": 800},
    "a lot of 5,000, AQL 1%, LTPD 5%": {"lot": 5000, "aql": 0.01, "ltpd": 0.05},
    "batch of 800, sampled 75, found 5 wrong, 1 severe": {"lot": 800, "sample": 75, "defects": 5, "severe": 1},
    "17/17": {"k": 17, "n": 17},
    "45 of 50 against 40 of 50": {"k": 45, "n": 50, "other_k": 40, "other_n": 50},
    "52 of 54, target 95%": {"k": 52, "n": 54, "target": 0.95},
    "top 3 gaps": {"limit": 3},
    "the five worst slices": {"limit": 5},
    "and 90?": {"bare": 90},
    "what about 2%": {"percent": 0.02},
    "no number": {},
}


@pytest.mark.parametrize("text", SAID)
def test_the_words_beside_a_number_say_what_it_is(text: str) -> None:
    """Rates as fractions, amounts as they are, `more than` from the next one on."""
    assert {number.kind: pytest.approx(number.value) for number in find_numbers(text)} == SAID[text]


@pytest.mark.parametrize("text", SAID)
def test_no_number_is_read_twice(text: str) -> None:
    """The places of two numbers never overlap, and they come in order."""
    found = find_numbers(text)
    assert all(left.end <= right.start for left, right in pairwise(found))


@pytest.mark.parametrize("text", ["run 20 of 10", "on 2026-10", "bullying-text v7", "it_00017", "1,2,3"])
def test_what_is_no_amount_is_not_taken_for_one(text: str) -> None:
    """More of than there are, dates, versions and ids name nothing by themselves."""
    assert {number.kind for number in find_numbers(text)} <= {"bare"}


def test_a_rate_above_one_hundred_per_cent_is_none() -> None:
    """Nor a threshold outside 0 to 1."""
    assert find_numbers("prevalence of 250 %") == () or {n.kind for n in find_numbers("prevalence of 250 %")} == {
        "bare"
    }


def test_a_long_hostile_text_is_read_in_no_time() -> None:
    """The patterns do not backtrack without end."""
    text = "recall of at least " + "about " * 2_000 + "1 " * 2_000 + "miss " * 500 + "%" * 500
    find_numbers(text)
