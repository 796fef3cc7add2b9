"""Which restatements of a result count as its own, number by number (R15, R17, R18)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agent.middleware.grounding import ungrounded

QUESTION = "recall of bullying-text v7 at .3, only n > 60? Is it above 0.88?"
RESULT = (
    "**Recall 0.912** (456 of 500 positives; 95 % 0.884-0.934), difference -0.090 (-0.140 to +0.010), p <0.001."
    " 4,210 items. **Privacy and unsafe contact 4.3, section 3.2**\n> A request for a minor's school by an account that"
    " presents as adult is labelled PRV-2 where no relationship is stated.\n"
    "`bullying-text v7 · golden 2026-10 (gold 6, guideline 4.3) · threshold 0.35`\nFPR 0.996"
)


@pytest.mark.parametrize(
    "draft",
    [
        "Recall is 0.912.",
        "Recall is .912.",
        "About 0.91.",
        "91.2 % of them are caught.",
        "91% of them, 91 percent.",
        "456 of 500, or 456/500.",
        "Between 0.884 and 0.934 (95 %).",
        "0.884-0.934",
        "It fell by 9 % points, that is -0.09.",
        "The difference is -9 %.",
        "The difference is \N{MINUS SIGN}0.090.",
        "4210 items, as a table says 4,210.",
        "At the threshold 0.3 and above n of 60, as you asked.",
        "FPR is 99.6 %.",
        "v7 on golden 2026-10, label PRV-2, section 3.2.",
        "“A request for a minor's school by an account that presents as adult”",
        "> A request for a minor's school by an account that presents as adult is labelled PRV-2",
        "It got better, with no number at all.",
    ],
)
def test_what_the_results_say_may_be_restated(draft: str) -> None:
    """A number as written, rounded to two decimals, as a percentage; a quote in its own words."""
    assert ungrounded(draft, [QUESTION, RESULT]) == []


@pytest.mark.parametrize(
    ("draft", "piece"),
    [
        ("Recall is 0.913.", "0.913"),
        ("Recall is 91.3 %.", "91.3 %"),
        ("Recall is 0.912 %.", "0.912 %"),
        ("Recall rose by +0.09.", "+0.09"),
        ("457 of 500 positives.", "457"),
        ("4.210 items.", "4.210"),
        ("FPR is 100 %.", "100 %"),
        ("FPR is 100 percent.", "100 percent"),
        ("Label it PRV-3.", "PRV-3"),
        ("The candidate v8-rc1 is meant.", "v8-rc1"),
        ("Seventeen items were missed.", "Seventeen"),
        ("It doubled.", "doubled"),
        ("Half of them.", "Half"),
        ("> Every request for an address is labelled the same.", "Every request for an address is labelled the same."),
        ("The rule says “no label applies where both are adults”.", "no label applies where both are adults"),
        ("Arabic digits: ٩١٢", "٩١٢"),
        ("In 2024 it was better.", "2024"),
    ],
)
def test_what_the_results_do_not_say_is_found(draft: str, piece: str) -> None:
    """A wrong digit, a wrong sign, a share called a percentage, a rate rounded to all, another label, made-up words."""
    assert piece in ungrounded(draft, [QUESTION, RESULT])


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_count_is_grounded_only_by_itself(said: int, shown: int) -> None:
    """Of two counts, written with or without separators, only the same one passes."""
    assert (ungrounded(f"{said} items", [f"{shown:,} items"]) == []) == (said == shown)


@given(st.integers(1, 999), st.integers(1, 999))
def test_a_percentage_is_grounded_only_by_its_share(said: int, shown: int) -> None:
    """A percentage with one decimal passes for the share it comes from and for no other of three decimals."""
    found = ungrounded(f"{said / 10:.1f} %", [f"recall {shown / 1000:.3f}"])
    whole = round(shown / 10)
    assert (found == []) == (said == shown or (said % 10 == 0 and said // 10 == whole and whole not in (0, 100)))
