"""`check_proportion`: a claim is answered by its bound, a difference by interval and test, and traps are named."""

import re
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.asked import ask
from tools.errors import ToolError
from tools.results import Result
from tools.sampling.proportions import CHECK_PROPORTION, percent
from tools.workspace import Call

NOTHING = cast(Call, None)  # nothing of the workspace is needed: what is asked about stands in the question


def check(**arguments: Any) -> Result:
    """The answer."""
    return ask(CHECK_PROPORTION, NOTHING, **arguments)


def test_seventeen_of_seventeen_is_answered_as_in_the_rule_book() -> None:
    """The bound first, then what may be said, then what more items would show (R18)."""
    result = check(k=17, n=17)
    assert result.headline == (
        "Not as 100 %. 17 of 17 is compatible with anything above **81.6 %** (95 %). Say “no misses in 17 items”, or"
        " wait: 60 without a miss would show 94 %."
    )
    assert "Low support: 17 items." in result.caveats
    assert any("one-sided" in caveat and "0.162" in caveat for caveat in result.caveats)


def test_no_miss_of_sixty_says_which_bound_it_means() -> None:
    """Wilson's two-sided 6 %, and the exact one-sided 4.9 % beside it."""
    result = check(k=0, n=60)
    assert "below **6 %**" in result.headline
    assert any("exact one-sided" in caveat and "0.049" in caveat for caveat in result.caveats)


@given(st.integers(2, 2_000), st.booleans(), st.none() | st.floats(0.01, 0.99))
def test_all_or_nothing_is_never_called_certain(n: int, all_right: bool, target: float | None) -> None:
    """No headline says 0 or 100 % of what the sample shows, but as what it is not (R18)."""
    headline = check(k=n if all_right else 0, n=n, target=target).headline
    said = headline.replace("Not as 100 %.", "").replace("Not as 0 %.", "")
    assert re.search(r"(?<![\d.])(?:0|100) ?%", said) is None, headline


@pytest.mark.parametrize(
    ("k", "n", "target", "verdict"),
    [
        (17, 17, 0.95, "**Not shown**: 17 of 17 has the lower bound **81.6 %** (95 %), target 95 %. 73 without a miss"),
        (73, 73, 0.95, "**Shown**: 73 of 73 has the lower bound **95 %**"),
        (40, 50, 0.95, "**Missed**: 40 of 50 is 80 % (95 % 67 % to 88.8 %), all of it below the target 95 %."),
        (57, 60, 0.9, "**Not shown**: 57 of 60 has the lower bound **86.3 %** (95 %), target 90 %. 139 at this share"),
        (3, 200, 0.02, "**Not shown**: 3 of 200 has the upper bound **4.3 %** (95 %), target 2 %."),
        (3, 2_000, 0.02, "**Shown**: 3 of 2,000 has the upper bound **0.44 %**"),
    ],
)
def test_a_target_is_shown_not_shown_or_missed(k: int, n: int, target: float, verdict: str) -> None:
    """By the bound that looks at it; a target under one half is a limit from above, which is printed."""
    result = check(k=k, n=n, target=target)
    assert result.headline.startswith(verdict)
    side = "the least" if target >= 0.5 else "the most"
    assert any(side in default for default in result.defaults)


def test_what_is_asked_to_show_a_target_does_show_it() -> None:
    """73 without a miss for 95 %; the exact one-sided bound takes 59, and the answer says so."""
    result = check(target=0.95)
    assert result.headline.startswith("**73 without a miss** show 95 %")
    assert "59" in result.caveats[0]
    assert check(k=73, n=73, target=0.95).headline.startswith("**Shown**")
    assert check(k=72, n=72, target=0.95).headline.startswith("**Not shown**")


def test_a_missing_number_of_hits_is_taken_for_all_and_printed() -> None:
    """“17 items and no miss” names one number."""
    result = check(n=17)
    assert result.defaults[0] == "17 of 17, as no miss was named"
    assert result.headline == check(k=17, n=17).headline


def test_two_shares_are_compared_with_interval_and_test() -> None:
    """Ten points apart in 50 items each is no difference shown, and 199 a side would show it."""
    result = check(k=45, n=50, other_k=40, other_n=50)
    assert result.headline == (
        "**No difference shown**: 45 of 50 against 40 of 50 is **+0.100** (95 % -0.043 to +0.242; p 0.219). If it is as"
        " large as it looks, 199 on each side would show it."
    )
    assert [(row["k"], row["n"]) for row in result.rows] == [(45, 50), (40, 50)]
    assert check(k=950, n=1_000, other_k=900, other_n=1_000).headline.startswith("**Shown to be higher**")
    assert check(k=900, n=1_000, other_k=950, other_n=1_000).headline.startswith("**Shown to be lower**")


def test_a_comparison_names_its_traps() -> None:
    """The same items want a paired test, and one pair of many wants an adjusted p-value."""
    caveats = " ".join(check(k=9, n=10, other_k=7, other_n=10).caveats)
    assert "paired test" in caveats
    assert "adjusted" in caveats
    assert "Low support: 10 and 10 items." in caveats


def test_a_second_share_may_leave_out_what_it_shares() -> None:
    """“45 against 40 of 50”; but not how many it is."""
    result = check(k=45, n=50, other_k=40)
    assert result.headline == check(k=45, n=50, other_k=40, other_n=50).headline
    assert result.defaults[0] == "the other one out of 50 as well"
    with pytest.raises(ToolError, match="How many of the other 60"):
        check(k=45, n=50, other_n=60)


def test_three_red_of_forty_slices_names_the_trap() -> None:
    """Two would come by chance alone; a share that is no count of red slices gets no such note."""
    (caveat,) = check(k=3, n=40).caveats
    assert "2 are expected by chance alone, and 3 or more come up in 0.323 of cases" in caveat
    assert check(k=30, n=40).caveats == ()
    assert check(k=3, n=40, target=0.1).caveats == ()


@pytest.mark.parametrize(("k", "n"), [(3, 2), (61, 60)])
def test_more_than_all_is_refused(k: int, n: int) -> None:
    """With both numbers in the sentence."""
    with pytest.raises(ToolError, match=f"{k} of {n} is no share"):
        check(k=k, n=n)
    with pytest.raises(ToolError, match=f"{k} of {n} is no share"):
        check(k=1, n=2, other_k=k, other_n=n)


@pytest.mark.parametrize("arguments", [{}, {"k": 17}, {"k": 17, "target": 0.9}])
def test_without_a_whole_the_question_is_asked_back(arguments: dict[str, float]) -> None:
    """With two ways to say it."""
    with pytest.raises(ToolError, match="How many of how many") as caught:
        check(**arguments)
    assert caught.value.nearest


@pytest.mark.parametrize("example", CHECK_PROPORTION.examples, ids=lambda example: example.ask)
def test_an_answer_can_be_asked_again(example: Any) -> None:
    """Each example is answered, and its resolved query gives the same answer."""
    first = check(**example.arguments)
    again = check(**first.query)
    assert again.model_dump(exclude={"defaults"}) == first.model_dump(exclude={"defaults"})
    assert first.defaults


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.8157, "81.6 %"),
        (0.9398, "94 %"),
        (0.0049, "0.49 %"),
        (0.99996, ">99.9 %"),
        (0.0001, "<0.1 %"),
        (1.0, "100 %"),
    ],
)
def test_a_percentage_is_never_rounded_to_a_certainty(share: float, text: str) -> None:
    """Only what is exactly all or nothing is called that (R18)."""
    assert percent(share) == text
