"""The decision table: each row by itself, two rows at once, and what is never claimed."""

import pytest

from tools.gaps.actions import ACTIONS
from tools.gaps.causes import CAUSES, NOT_ESTABLISHED, TABLE, UNKNOWN, Cause, Fact, FactName, diagnose


def fact(name: FactName, holds: bool | None = True) -> Fact:
    """A fact with a text of its own."""
    return Fact(name, holds, f"{name} is {holds}")


def named(*facts: Fact) -> list[str]:
    """The causes of an established gap with these facts."""
    return [cause.name for cause in diagnose(facts).causes]


ROWS: dict[str, tuple[list[Fact], list[str]]] = {
    "few training items, agreement fine": ([fact("few_training"), fact("raters_disagree", False)], ["coverage"]),
    "few training items, agreement not known": ([fact("few_training"), fact("raters_disagree", None)], ["coverage"]),
    "training fine, raters disagree": (
        [fact("few_training", False), fact("raters_disagree")],
        ["label noise or unclear rule"],
    ),
    "training fine, one source labels oddly": (
        [fact("few_training", False), fact("source_odd")],
        ["label noise or unclear rule"],
    ),
    "raters agree with each other, not with gold": (
        [fact("gold_disputed"), fact("raters_disagree", False)],
        ["stale gold"],
    ),
    "gold was changed since": ([fact("relabelled"), fact("gold_disputed", None)], ["stale gold"]),
    "plain fine, variant drops": ([fact("variant_drops"), fact("few_training", False)], ["robustness"]),
    "fine at a threshold of its own": ([fact("own_threshold")], ["threshold"]),
    "the model is fine at another threshold": ([fact("other_threshold")], ["threshold"]),
    "the newest items, and fine before": ([fact("recent"), fact("fine_before")], ["drift"]),
    "the newest items, after training": (
        [fact("recent"), fact("fine_before", None), fact("after_training")],
        ["drift"],
    ),
    "one vendor drives it": (
        [fact("source_odd"), fact("vendor_off")],
        ["label noise or unclear rule", "training of raters"],
    ),
    "few training items, and its own threshold would do": (
        [fact("own_threshold"), fact("few_training")],
        ["coverage", "threshold"],
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_table_names_its_cause(row: str) -> None:
    """What the aggregates show -> the likely cause; where two fit, both, in the order of the table."""
    facts, causes = ROWS[row]
    assert named(*facts) == causes
    assert named(*reversed(facts)) == causes


NOT_ENOUGH: dict[str, list[Fact]] = {
    "nothing is known": [],
    "everything is fine": [fact(name, False) for name in ("few_training", "raters_disagree", "own_threshold")],
    "few training items, but raters disagree too little is known": [fact("few_training", None)],
    "the newest items were no better before": [fact("recent"), fact("fine_before", False)],
    "older items": [fact("recent", False), fact("fine_before")],
    "a vendor differs from gold, but training knows nothing of it": [fact("vendor_off"), fact("source_odd", None)],
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_ENOUGH)
def test_without_its_evidence_no_cause_is_named(what: str) -> None:
    """It is said that the cause is not known from what is stored; a fact that is not known counts for nothing."""
    assert diagnose(NOT_ENOUGH[what]).causes == (UNKNOWN,)


def test_raters_who_disagree_exclude_coverage_and_stale_gold() -> None:
    """Where people do not agree, neither more items nor another gold helps first."""
    assert named(fact("few_training"), fact("raters_disagree")) == ["label noise or unclear rule"]
    assert named(fact("gold_disputed"), fact("raters_disagree")) == ["label noise or unclear rule"]


def test_evidence_is_kept_for_and_against_and_what_is_not_known() -> None:
    """A true fact of a cause that fits speaks for it; a false one against others; one not known is missing."""
    found = diagnose(
        [fact("few_training"), fact("raters_disagree", False), fact("gold_disputed", None), fact("recent")]
    )
    assert [fact.name for fact in found.speaks_for] == ["few_training"]
    assert [fact.name for fact in found.speaks_against] == ["raters_disagree"]
    assert [fact.name for fact in found.missing] == ["gold_disputed"]


@pytest.mark.parametrize("cause", [*TABLE, UNKNOWN, NOT_ESTABLISHED], ids=lambda cause: cause.name)
def test_every_cause_has_an_action_a_method_card_and_a_fixability(cause: Cause) -> None:
    """And rests on something, unless it says that nothing is known."""
    assert cause.name in ACTIONS
    assert cause.card
    assert 0 < cause.fixability <= 1
    assert (cause in TABLE) == bool(cause.needs or cause.any_of)
    assert CAUSES[cause.name] is cause


def test_every_action_is_of_a_cause() -> None:
    """Nothing is left over."""
    assert ACTIONS.keys() == CAUSES.keys()
