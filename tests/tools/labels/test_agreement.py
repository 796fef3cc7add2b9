"""`label_agreement`: the figure that is right to read, from the labels as imported; raters stay unnamed."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.clock import Clock
from tests.tools.asked import ask, asking, certainty
from tests.tools.bench import Bench
from tests.tools.labels.labels_asked import Give, give, two
from tests.tools.labels.labels_made import CLASSES, RATERS, Rows, made, write
from tests.tools.stats import slow_agreement as slow
from tools.errors import ToolError
from tools.importers.label_request import LabelColumns, LabelsImport
from tools.importers.labels import import_labels
from tools.labels.agreement import LABEL_AGREEMENT
from tools.labels.lines import FLOOR
from tools.resolution import Missing
from tools.results import Result
from tools.stats.intervals import wilson

__all__ = ["give"]


def said(rows: Rows, **where: str) -> list[list[int]]:
    """The labels of each item as indexes, whoever gave them."""
    return [
        [CLASSES.index(row[rater]) for rater in RATERS if row[rater] is not None]
        for row in rows
        if all(row[name] == value for name, value in where.items())
    ]


def value(result: Result, measure: str) -> float:
    """A coefficient of the table."""
    found = next(row["value"] for row in result.rows if row["measure"] == measure)
    assert isinstance(found, float)
    return found


TRAP = [("0", "0", 957), ("0", "1", 20), ("1", "0", 20), ("1", "1", 3)]


def test_kappa_near_nothing_beside_96_percent_agreement_is_explained(give: Give) -> None:
    """The trap is named: percent agreement and AC1 first, why kappa has no room, and where to look."""
    result = ask(LABEL_AGREEMENT, give(two(TRAP), ("A", "B")))
    first, second, why, rare, *_ = result.headline.split("\n")
    low, high = wilson(960, 1000)
    assert first == (
        f"**Percent agreement 0.960** (95 % {low:.3f}-{high:.3f}; both raters agree on 960 of 1,000 items)."
    )
    assert second.startswith("**Gwet's AC1 0.958** (95 % ")
    assert why.startswith("Read these two. 0.977 of the labels are “0”, so agreement by chance is already 0.955")
    assert "kappa of 0.110 has no room" in why
    assert rare == (
        "On the rarest label, “1”, all agree on 3 of the 43 items where anyone used it: that is the place to look."
    )
    assert [row["measure"] for row in result.rows] == [
        "percent agreement", "Gwet's AC1", "Cohen's kappa", "Krippendorff's alpha", "agreement by chance",
    ]  # fmt: skip


def test_without_a_dominant_label_alpha_stands_beside_the_agreement(give: Give) -> None:
    """With two raters it is Cohen's kappa."""
    result = ask(LABEL_AGREEMENT, give(made().rows))
    assert result.headline.split("\n")[1].startswith("**Krippendorff's alpha 0.")
    assert [row["measure"] for row in result.rows][1:3] == ["Krippendorff's alpha", "Fleiss' kappa"]
    pair = ask(LABEL_AGREEMENT, give(two([("0", "0", 60), ("0", "1", 9), ("1", "1", 40)]), ("A", "B"), version="2"))
    assert pair.headline.split("\n")[1].startswith("**Cohen's kappa 0.8")


def test_the_figures_are_those_of_the_labels(give: Give) -> None:
    """Computed once more from the definitions: whole, filtered, by slice."""
    rows = made().rows
    call = give(rows)
    whole = ask(LABEL_AGREEMENT, call)
    some = ask(LABEL_AGREEMENT, call, filters={"language": ["spanish"]})
    for result, items in ((whole, said(rows)), (some, said(rows, language="es"))):
        assert value(result, "percent agreement") == pytest.approx(slow.percent(items))
        assert value(result, "Krippendorff's alpha") == pytest.approx(slow.krippendorff(items, 3))
        assert value(result, "Fleiss' kappa") == pytest.approx(slow.fleiss(items, 3))
        assert value(result, "Gwet's AC1") == pytest.approx(slow.gwet(items, 3))
    by = ask(LABEL_AGREEMENT, call, group_by=["language", "surface"])
    assert [row["agreement"] for row in by.rows] == sorted(row["agreement"] for row in by.rows)
    for row in by.rows:
        language, surface = row["slice"].split(" · ")
        items = said(rows, language=language, surface=surface)
        assert row["items"] == len(items)
        assert row["agreement"] == pytest.approx(slow.percent(items))
        assert row["ac"] == pytest.approx(slow.gwet(items, 3))
        assert row["alpha"] == pytest.approx(slow.krippendorff(items, 3))
        assert row["all_agree"] == sum(len(set(labels)) == 1 for labels in items)
    assert len(by.rows) == 4


def test_the_majority_and_single_labels_are_counted_against_gold(give: Give) -> None:
    """k of n by hand; ties are left out and said, items without gold do not count."""
    rows = made(error=0.5).rows
    result = ask(LABEL_AGREEMENT, give(rows))
    right = decided = ties = 0
    taken: dict[tuple[str, str], int] = {}
    of: dict[str, int] = {}
    for row in rows:
        labels = [row[rater] for rater in RATERS if row[rater] is not None]
        if row["truth"] is None:
            continue
        votes = sorted((labels.count(name) for name in CLASSES), reverse=True)
        best = max(CLASSES, key=labels.count)
        tied = votes[0] == votes[1]
        ties, decided, right = ties + tied, decided + (not tied), right + (not tied and best == row["truth"])
        of[row["truth"]] = of.get(row["truth"], 0) + len(labels)
        for label in labels:
            if label != row["truth"]:
                taken[row["truth"], label] = taken.get((row["truth"], label), 0) + 1
    assert f"({right} of {decided} items;" in result.headline
    assert f"{ties} without a majority left out" in result.headline
    (gold, other), most = max(taken.items(), key=lambda pair: (pair[1], pair[0]))
    assert most == max(taken.values())
    assert f"“{gold}” for “{other}” in {most} of {of[gold]}, " in result.headline


def test_the_answer_says_where_it_comes_from_and_what_it_assumed(give: Give) -> None:
    """R14: the label set, guideline and date; a default is printed; the query is what a follow-up changes."""
    call = give(made().rows, guideline_version="4.3", version="2026-09")
    result = ask(LABEL_AGREEMENT, call, group_by=["lang"], filters={"surface": ["live titles"]})
    (source,) = result.provenance
    assert (source.dataset, source.guideline_version, source.as_of) == ("raters 2026-09", "4.3", "2026-11-20")
    assert result.defaults == ("raters 2026-09",)
    assert result.query == {
        "labels": "raters 2026-09", "filters": {"surface": ["live-title"]}, "group_by": ["language"],
    }  # fmt: skip
    assert ask(LABEL_AGREEMENT, call, labels="raters 2026-09").defaults == ()


def test_few_items_are_not_assessed(give: Give) -> None:
    """Under twenty: counts and their interval, no coefficient anywhere."""
    result = ask(LABEL_AGREEMENT, give(two([("0", "0", 9), ("1", "1", 3), ("0", "1", 2)]), ("A", "B")))
    low, high = wilson(12, 14)
    assert result.headline.startswith("**Not assessed: 14 items with two raters are too few**")
    assert f"All agree on 0.857 (12 of 14 items; 95 % {low:.3f}-{high:.3f})." in result.headline
    assert "appa" not in result.headline
    assert result.rows == ()


def test_a_wide_interval_says_how_many_items_it_would_take(give: Give) -> None:
    """Thirty items: the half-width, and the number for five points."""
    call = give(two([("0", "0", 14), ("1", "1", 9), ("0", "1", 4), ("1", "0", 3)]), ("A", "B"))
    result = ask(LABEL_AGREEMENT, call)
    kappa = next(row for row in result.rows if row["measure"] == "Cohen's kappa")
    half = (kappa["high"] - kappa["low"]) / 2
    needed = round(30 * (half / 0.05) ** 2, -2)
    assert result.caveats[0] == (
        f"Low support: on 30 items Cohen's kappa is uncertain by ±{half:.3f}; about {needed:,.0f} items would bring"
        " that to ±0.050."
    )


def test_small_slices_are_named_and_come_last(give: Give) -> None:
    """Counts are shown, AC1 and alpha are not."""
    rows = made(300).rows
    for number, row in enumerate(rows):
        row["surface"] = "profile" if number < FLOOR - 1 else row["surface"]
    result = ask(LABEL_AGREEMENT, give(rows), group_by=["surface"])
    last = result.rows[-1]
    assert (last["slice"], last["assessed"], last["ac"], last["alpha"]) == ("profile", False, None, None)
    assert f"Not assessed, under {FLOOR} items with two raters: profile." in result.caveats
    assert "profile" not in result.headline


def test_slices_of_one_class_show_no_alpha_and_say_why(give: Give) -> None:
    """People agree there, alpha collapses: it is left out, not shown as a failure."""
    rows = two([("0", "0", 285), ("0", "1", 8), ("1", "0", 7)])
    for row in rows:
        row["surface"] = "comment"
    more = two([("0", "0", 70), ("1", "1", 60), ("0", "1", 9)])
    rows += [row | {"item": f"x{number}", "surface": "profile"} for number, row in enumerate(more)]
    result = ask(LABEL_AGREEMENT, give(rows, ("A", "B")), group_by=["surface"])
    by = {row["slice"]: row for row in result.rows}
    assert by["comment"]["alpha"] is None
    assert by["comment"]["ac"] > 0.9
    assert by["profile"]["alpha"] > 0.8
    assert any(caveat.startswith("No alpha where one label has over 90 %") for caveat in result.caveats)
    assert any("comment. Read agreement and AC1." in caveat for caveat in result.caveats)


def test_r18_agreement_without_exception_is_no_certainty(give: Give) -> None:
    """On 40 items, of both labels or of one: the bound is shown, in the headline and by slice."""
    both = give(two([("no", "no", 25), ("yes", "yes", 15)]), ("A", "B"))
    one = give(two([("no", "no", 40)]), ("A", "B"), version="2", classes=("no", "yes"))
    low, _ = wilson(40, 40)
    for call, labels in ((both, "raters 1"), (one, "raters 2")):
        headline = ask(LABEL_AGREEMENT, call, labels=labels).headline
        assert certainty(headline) is None, headline
        assert f"Percent agreement at least {low:.3f}" in headline
    assert "alpha" not in ask(LABEL_AGREEMENT, one, labels="raters 2").headline.split("\n")[0]


def test_ordered_classes_have_ordinal_coefficients(give: Give) -> None:
    """AC2 and ordinal alpha, and called so."""
    rows = made().rows
    result = ask(LABEL_AGREEMENT, give(rows, ordinal=True, classes=CLASSES))
    assert value(result, "Krippendorff's alpha, ordinal") == pytest.approx(
        slow.krippendorff(said(rows), 3, ordinal=True)
    )
    assert value(result, "Gwet's AC2") == pytest.approx(slow.gwet(said(rows), 3, ordinal=True))


def test_items_of_one_rater_are_left_out_and_said(give: Give) -> None:
    """They say nothing of agreement."""
    rows = made().rows
    for row in rows[:50]:
        asked = [rater for rater in RATERS if row[rater] is not None]
        row |= dict.fromkeys(asked[1:])
    result = ask(LABEL_AGREEMENT, give(rows))
    assert "50 item(s) with one rater only say nothing of agreement and are left out." in result.caveats
    assert value(result, "percent agreement") == pytest.approx(slow.percent(said(rows[50:])))


def test_without_gold_the_most_disputed_labels_are_named(give: Give) -> None:
    """Items on which both were used, by hand."""
    rows = [{name: given for name, given in row.items() if name != "truth"} for row in made(error=0.5).rows]
    headline = ask(LABEL_AGREEMENT, give(rows, gold="")).headline
    used = [{row[rater] for rater in RATERS if row[rater] is not None} for row in rows]
    counts = {(a, b): sum({a, b} <= labels for labels in used) for a in CLASSES for b in CLASSES if a != b}
    assert any(f"Most disputed: “{a}” with “{b}”, on {n} of the " in headline for (a, b), n in counts.items()
               if n == max(counts.values()))  # fmt: skip
    assert "gold" not in headline


def test_without_labels_the_command_that_imports_them_is_said(engine: Engine, tmp_path: Path) -> None:
    """Nothing is registered yet."""
    with pytest.raises(ToolError, match=r"steward import labels FILE --item"):
        ask(LABEL_AGREEMENT, asking(engine, tmp_path))


def test_the_newest_version_is_meant_unless_names_differ(give: Give) -> None:
    """Two versions: the newer; two names: ask which."""
    give(made().rows, version="1")
    call = give(made(seed=5).rows, version="2")
    assert ask(LABEL_AGREEMENT, call).query["labels"] == "raters 2"
    assert ask(LABEL_AGREEMENT, call, labels="raters 1").query["labels"] == "raters 1"
    call = give(made(seed=6).rows, name="judges")
    with pytest.raises(Missing, match="Which rater labels") as caught:
        ask(LABEL_AGREEMENT, call)
    assert set(caught.value.nearest) == {"raters 1", "raters 2", "judges 1"}


def test_labels_are_found_by_their_dataset(engine: Engine, registered: Bench, tmp_path: Path) -> None:
    """`gold 1` means the labels of its items; gold and guideline are its."""
    items: Rows = [{"id": f"i{number:05d}", "A": 1, "B": number % 2} for number in range(60)]
    file = write(tmp_path / "labels.parquet", items)
    wanted = LabelsImport(file, LabelColumns("id", ("A", "B")), dataset="gold@1")
    import_labels(engine, registered.root, wanted, Clock())
    result = ask(LABEL_AGREEMENT, asking(engine, registered.root), labels="gold 1", group_by=["language"])
    (source,) = result.provenance
    assert (source.dataset, source.gold_version, source.guideline_version) == ("raters 1 of gold 1", "3", "1.2")
    assert {row["slice"] for row in result.rows} == {"en", "es"}


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        ({"labels": "ratres 1"}, "raters 1"),
        ({"group_by": ["langage"]}, "language"),
        ({"filters": {"surface": ["live-titel"]}}, "live-title"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(give: Give, arguments: dict[str, Any], nearest: str) -> None:
    """First of at most five."""
    with pytest.raises(ToolError) as caught:
        ask(LABEL_AGREEMENT, give(made().rows), **arguments)
    assert caught.value.nearest[0] == nearest


def test_a_slice_without_labels_is_said(give: Give) -> None:
    """Each value exists, no item has both."""
    rows = [row for row in made().rows if (row["language"], row["surface"]) != ("es", "comment")]
    with pytest.raises(ToolError, match="no labelled item with language es, surface comment"):
        ask(LABEL_AGREEMENT, give(rows), filters={"language": ["es"], "surface": ["comment"]})


def test_the_examples_teach_the_planner() -> None:
    """Enough of them, all different, each with arguments the tool takes."""
    asks = [example.ask for example in LABEL_AGREEMENT.examples]
    assert len(asks) == len(set(asks)) >= 18
    for example in LABEL_AGREEMENT.examples:
        LABEL_AGREEMENT.arguments(**example.arguments)
