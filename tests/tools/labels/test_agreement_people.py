"""`label_agreement` and people: raters stay unnamed, judges are compared, figures of misaligned rows not quoted."""

import json
from typing import Any

import numpy as np
import pytest

from tests.tools.asked import ask
from tests.tools.labels.labels_asked import Give, give, two
from tests.tools.labels.labels_made import RATERS, Rows, made
from tests.tools.stats import slow_agreement as slow
from tools.errors import Refusal
from tools.labels.agreement import LABEL_AGREEMENT
from tools.results import Result

__all__ = ["give"]


def everything(result: Result) -> str:
    """All of a result in one text."""
    return json.dumps(result.model_dump(mode="json"), ensure_ascii=False)


def test_r9_no_answer_names_a_rater(give: Give) -> None:
    """Not in a headline, a row, a caveat or a suggestion; the spread is given without names."""
    call = give(made(600).rows)
    for arguments in ({}, {"group_by": ["language"]}, {"filters": {"language": ["es"]}}):
        text = everything(ask(LABEL_AGREEMENT, call, **arguments))
        assert not [rater for rater in RATERS if rater in text]
    assert "Spread, unnamed (R9): pair by pair 0." in ask(LABEL_AGREEMENT, call).headline


@pytest.mark.parametrize("arguments", [{"group_by": ["rater"]}, {"filters": {"annotator": ["rater_1"]}}])
def test_r9_by_rater_is_refused(give: Give, arguments: dict[str, Any]) -> None:
    """It goes to the person, the mentor and the lead."""
    with pytest.raises(Refusal, match="their mentor and lead") as caught:
        ask(LABEL_AGREEMENT, give(made().rows), **arguments)
    assert caught.value.rule == "R9"


def test_r9_few_raters_have_no_spread_and_a_lone_one_no_gold(give: Give) -> None:
    """Where the lowest of few would be known, or a slice is one person's work, it is not shown."""
    rows = [row | {"surface": "comment"} for row in made().rows]
    alone = [row | {"surface": "profile"} | dict.fromkeys(RATERS[1:]) for row in rows if row["rater_1"]][:60]
    rows += [row | {"item": f"lone{number}"} for number, row in enumerate(alone)]
    call = give(rows)
    by = {row["slice"]: row for row in ask(LABEL_AGREEMENT, call, group_by=["surface"]).rows}
    assert by["profile"]["gold_n"] is None
    assert by["comment"]["gold_n"]
    headline = ask(LABEL_AGREEMENT, call, filters={"surface": ["profile"]}).headline
    assert "no item of raters 1 has labels of two raters" in headline
    assert "one rater alone labelled here (R9)" in headline
    few = ask(
        LABEL_AGREEMENT,
        give(two([("0", "0", 60), ("0", "1", 9), ("1", "1", 40)]), ("A", "B"), version="2"),
        labels="raters 2",
    )
    assert "Spread" not in few.headline


def judged(shift: int) -> Rows:
    """Three people and a good judge; its column moved down by so many rows."""
    draw = np.random.default_rng(8)
    truth = draw.random(300) < 0.4
    columns = {name: np.where(draw.random(300) < 0.06, ~truth, truth) for name in ("A", "B", "C", "judge")}
    columns["judge"] = np.roll(columns["judge"], shift)
    return [
        {
            "item": f"i{at:04d}",
            "truth": str(int(truth[at])),
            **{name: str(int(said[at])) for name, said in columns.items()},
        }
        for at in range(300)
    ]


def test_a_judge_is_compared_with_the_majority_of_the_people(give: Give) -> None:
    """k of n by hand, beside how far the people agree among themselves; it is no rater itself."""
    rows = judged(0)
    result = ask(LABEL_AGREEMENT, give(rows, ("A", "B", "C", "judge"), judge="judge"))
    k = sum(row["judge"] == max("01", key=[row["A"], row["B"], row["C"]].count) for row in rows)
    assert f"**Judge judge** says what the majority of people says: {k / 300:.3f} ({k} of 300 items;" in result.headline
    people = [[int(row[name]) for name in "ABC"] for row in rows]
    assert result.rows[0]["value"] == pytest.approx(slow.percent(people))
    assert f"People among themselves: {slow.percent(people):.3f}." in result.headline


def test_a_judge_at_chance_with_sane_margins_is_flagged_and_not_quoted(give: Give) -> None:
    """Its rows were joined to the wrong items: no figure of it stands anywhere."""
    rows = judged(1)
    for row in rows:
        row["half"] = "first" if int(row["item"][1:]) < 150 else "second"
    call = give(rows, ("A", "B", "C", "judge"), judge="judge")
    result = ask(LABEL_AGREEMENT, call)
    assert "**Not quoted: the judge judge and the people agree no better than chance" in result.headline
    assert "Judge judge" not in result.headline
    assert all(row["judge_k"] is None for row in ask(LABEL_AGREEMENT, call, group_by=["half"]).rows)


def test_gold_joined_to_the_wrong_items_is_not_quoted(give: Give) -> None:
    """The same for the majority against gold."""
    rows = judged(0)
    moved = [row | {"truth": rows[at - 1]["truth"]} for at, row in enumerate(rows)]
    headline = ask(LABEL_AGREEMENT, give(moved, ("A", "B", "C", "judge"), judge="judge")).headline
    assert "Not quoted: the majority and gold agree no better than chance" in headline
    assert "The majority says what gold says" not in headline


def test_one_person_and_a_judge_are_answered_too(give: Give) -> None:
    """There is no agreement of people then, only that of the judge."""
    result = ask(LABEL_AGREEMENT, give(judged(0), ("A", "judge"), judge="judge"))
    assert result.headline.startswith("**Judge judge** says what the majority of people says: 0.")
    assert result.rows == ()


def test_vendors_are_compared_where_the_labels_know_them(give: Give) -> None:
    """Labels equal to gold, k of n by vendor; not where a vendor has one rater only (R9)."""
    rows = made().rows
    vendors = {rater: "vendor-a" if place < 4 else "vendor-b" for place, rater in enumerate(RATERS)}
    headline = ask(LABEL_AGREEMENT, give(rows, traits={"vendors": vendors})).headline
    for vendor in ("vendor-a", "vendor-b"):
        mine = [rater for rater, of in vendors.items() if of == vendor]
        given = [
            row[r] == row["truth"] for row in rows for r in mine if row[r] is not None and row["truth"] is not None
        ]
        assert f"{vendor} {sum(given)} of {len(given)}, " in headline
    lone = vendors | {"rater_6": "vendor-c"}
    assert (
        "by vendor"
        not in ask(LABEL_AGREEMENT, give(rows, version="2", traits={"vendors": lone}), labels="raters 2").headline
    )
