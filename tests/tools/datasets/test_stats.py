"""`dataset_stats`: the counts of the files, by any dimension, with what they do not say."""

from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.tools.asked import ask, asking
from tests.tools.imported import imported, items, named
from tests.tools.sample import shipped
from tools.datasets.stats import DATASET_STATS, THIN
from tools.errors import ToolError
from tools.resolution import Missing
from tools.stats.intervals import wilson
from tools.workspace import Call, Caller, Workspace

SETS = ["train@2026-06", "golden@2026-07", "golden@2026-10", "evasion@2"]


def _said(name: str) -> str:
    return name.replace("@", " ")


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("dimension", ["policy", "language", "surface", "technique", "source", "age"])
def test_counts_by_a_dimension_are_those_of_the_file(call: Call, name: str, dimension: str) -> None:
    """Items and positives of every value that occurs, largest first; shares add up to one."""
    columns = shipped.columns(name)
    result = ask(DATASET_STATS, call, dataset=_said(name), group_by=[dimension])
    values = columns[dimension]
    expected = {
        value: (int((values == value).sum()), int(columns["label"][values == value].sum()))
        for value in sorted(set(values.tolist()))
    }
    assert {row["slice"]: (row["items"], row["positives"]) for row in result.rows} == expected
    assert [row["items"] for row in result.rows] == sorted((n for n, _ in expected.values()), reverse=True)
    assert sum(row["share"] for row in result.rows) == pytest.approx(1)
    for row in result.rows:
        assert row["prevalence"] == row["positives"] / row["items"]


@pytest.mark.parametrize("name", SETS)
def test_the_headline_counts_the_whole(call: Call, name: str) -> None:
    """Items, positives, prevalence and its interval."""
    label = shipped.columns(name)["label"]
    n, k = len(label), int(label.sum())
    low, high = wilson(k, n)
    assert ask(DATASET_STATS, call, dataset=_said(name)).headline == (
        f"**{_said(name)} has {n:,} items**; {k:,} are positive (prevalence {k / n:.3f}, 95 % {low:.3f}-{high:.3f})."
    )


def test_a_filtered_slice_is_counted_within_its_whole(call: Call) -> None:
    """Two dimensions at once, and its share."""
    columns = shipped.columns("train@2026-06")
    mine = (columns["language"] == "pt") & (columns["source"] == "vendor-b")
    n, k = int(mine.sum()), int(columns["label"][mine].sum())
    filters = {"language": ["portuguese"], "source": ["vendor-b"]}
    result = ask(DATASET_STATS, call, dataset="train", filters=filters)
    assert f"has {n:,} items with language pt, source vendor-b**" in result.headline
    assert f"({n / len(mine):.3f} of its {len(mine):,}); {k:,} are positive" in result.headline
    assert result.rows == ()


def test_slices_too_thin_for_a_gate_are_named(call: Call) -> None:
    """Under 60 positives, all of them and no other."""
    result = ask(DATASET_STATS, call, dataset="golden 2026-10", group_by=["language", "source"])
    thin = [row["slice"] for row in result.rows if row["positives"] < THIN]
    assert 0 < len(thin) < len(result.rows)
    assert f"Fewer than {THIN} positives, too few for a gate: {', '.join(thin)}." in result.caveats


def test_an_enriched_set_is_called_that(call: Call) -> None:
    """Its prevalence is not that of live traffic; a train set is another matter."""
    assert any("enriched" in caveat for caveat in ask(DATASET_STATS, call, dataset="evasion").caveats)
    assert not any("enriched" in caveat for caveat in ask(DATASET_STATS, call, dataset="train").caveats)


@pytest.mark.parametrize("name", SETS)
def test_the_counts_say_where_they_come_from(call: Call, name: str) -> None:
    """Dataset, gold and guideline version, date (R14)."""
    entry = shipped.entry("datasets", name)
    (source,) = ask(DATASET_STATS, call, dataset=_said(name)).provenance
    assert (source.dataset, source.as_of) == (_said(name), entry["as_of"])
    assert (source.gold_version, source.guideline_version) == (entry["gold_version"], entry["guideline_version"])


def test_a_name_without_version_is_the_newest_and_says_so(call: Call) -> None:
    """The default is printed."""
    result = ask(DATASET_STATS, call, dataset="golden")
    assert result.defaults == ("golden 2026-10",)
    assert result.query["dataset"] == "golden 2026-10"


def test_no_dataset_and_no_default_is_asked_about(sample: Workspace) -> None:
    """With all there are to choose from."""
    bare = Call(Workspace(sample.engine, sample.root, sample.knowledge, sample.now), Caller("ana", frozenset()))
    with pytest.raises(Missing, match="Which dataset do you mean") as caught:
        ask(DATASET_STATS, bare)
    assert set(caught.value.nearest) == {_said(name) for name in SETS}


def test_a_slice_without_items_is_said(call: Call) -> None:
    """Each value exists, no item has all of them."""
    columns = shipped.columns("evasion@2")
    names = ("policy", "language", "source", "age", "surface")
    there = set(zip(*(columns[name].tolist() for name in names), strict=True))
    every = product(*(sorted(set(columns[name].tolist())) for name in names))
    absent = next(values for values in every if values not in there)
    filters = {name: [value] for name, value in zip(names, absent, strict=True)}
    with pytest.raises(ToolError, match=r"evasion 2 has no item with age "):
        ask(DATASET_STATS, call, dataset="evasion", filters=filters)


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        ({"dataset": "trian"}, "train 2026-06"),
        ({"dataset": "train", "group_by": ["sorce"]}, "source"),
        ({"dataset": "evasion", "filters": {"technique": ["leetspaek"]}}, "leetspeak"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(call: Call, arguments: dict[str, object], nearest: str) -> None:
    """First of at most five."""
    with pytest.raises(ToolError) as caught:
        ask(DATASET_STATS, call, **arguments)
    assert caught.value.nearest[0] == nearest
    assert len(caught.value.nearest) <= 5


def test_a_value_of_another_set_is_unknown_in_this_one(call: Call) -> None:
    """The evasion suite has no romanised Hindi, so it is not offered either."""
    with pytest.raises(ToolError, match="language in evasion 2") as caught:
        ask(DATASET_STATS, call, dataset="evasion", filters={"language": ["hindi"]})
    assert set(caught.value.nearest) <= set(shipped.entry("datasets", "evasion@2")["dimensions"]["language"])


def _imported(engine: Engine, root: Path, columns: dict[str, Any], **wanted: Any) -> Call:
    root.mkdir()
    imported(engine, root, "gold@1", columns, **wanted)
    return asking(engine, root)


@pytest.mark.parametrize(("name", "by"), [("golden@2026-10", ["language"]), ("train@2026-06", ["language", "source"])])
def test_imbalance_is_a_ratio_and_an_effective_number(call: Call, name: str, by: list[str]) -> None:
    """Largest over smallest; one over the chance that two random items are in the same slice."""
    columns = shipped.columns(name)
    sizes = Counter(zip(*(columns[dimension].tolist() for dimension in by), strict=True)).values()
    effective = sum(sizes) ** 2 / sum(size**2 for size in sizes)
    result = ask(DATASET_STATS, call, dataset=_said(name), group_by=by)
    assert f": ratio {max(sizes) / min(sizes):.2f}; effective number {effective:.2f} of " in result.headline


def test_empty_cells_of_a_crossing_are_named(call: Call) -> None:
    """Of all that the values make; and how many of all are under what the standard asks."""
    columns = shipped.columns("evasion@2")
    there = set(zip(columns["language"].tolist(), columns["age"].tolist(), strict=True))
    values = shipped.entry("datasets", "evasion@2")["dimensions"]
    absent = [pair for pair in product(values["language"], values["age"]) if pair not in there]
    headline = ask(DATASET_STATS, call, dataset="evasion", group_by=["language", "age"]).headline
    cells = len(values["language"]) * len(values["age"])
    assert (f"Empty: {len(absent)} of {cells}" in headline) == bool(absent)
    positives = Counter(
        zip(columns["language"].tolist(), columns["age"].tolist(), columns["label"].tolist(), strict=True)
    )
    under = sum(positives[language, age, 1] < 100 for language, age in product(values["language"], values["age"]))
    assert f"Under 100 positives: {under} of {cells}." in headline  # the shipped standard for suites


def test_an_empty_cell_is_among_the_cells(engine: Engine, tmp_path: Path) -> None:
    """Each value occurs, one crossing does not."""
    columns = items(named(0, 80), [0, 1] * 40, ["en"] * 40 + ["es"] * 40) | {"policy": ["p"] * 60 + ["q"] * 20}
    asked = _imported(engine, tmp_path / "root", columns)
    headline = ask(DATASET_STATS, asked, dataset="gold", group_by=["policy", "language"]).headline
    assert "Largest p · en (40), smallest q · es (20): ratio 2.00; effective number 2.67 of 4." in headline
    assert "Empty: 1 of 4 (q · en)." in headline
    assert f"Under {THIN} positives: 4 of 4." in headline


def test_the_age_of_items_is_told(call: Call) -> None:
    """As shares at the day of the set; not where age is asked for anyway."""
    ages = shipped.columns("golden@2026-10")["age"]
    (line,) = [caveat for caveat in ask(DATASET_STATS, call, dataset="golden").caveats if "Age of items" in caveat]
    assert line.startswith("Age of items at 2026-10-31: 0-30d ")
    for age in ("0-30d", "31-90d", "91-180d", "181d+"):
        assert f"{age} {(ages == age).mean():.3f}" in line
    assert not any("Age of items" in caveat for caveat in ask(DATASET_STATS, call, group_by=["age"]).caveats)


def test_near_duplicates_are_told_where_they_are_known(engine: Engine, tmp_path: Path, call: Call) -> None:
    """Items that share a group with another, of all; without groups nothing is claimed."""
    copies = [f"g{number // 2}" for number in range(10)] + [f"alone{number}" for number in range(30)]
    asked = _imported(
        engine, tmp_path / "root", items(named(0, 40), [0, 1] * 20, copy=copies), near_duplicate="copy"
    )  # fmt: skip
    told = "\n".join(ask(DATASET_STATS, asked, dataset="gold").caveats)
    assert "Near duplicates: of all 40 items, those that share a group with another: 10 (0.250), in 5 groups." in told
    assert not any("Near duplicates" in caveat for caveat in ask(DATASET_STATS, call).caveats)


def test_items_in_clusters_have_a_wider_interval(call: Call) -> None:
    """The suite's 3,430 items are 686 base items: the interval of its prevalence is that of so many."""
    label = shipped.columns("evasion@2")["label"]
    low, high = wilson(round(int(label.sum()) / 5), 686)
    (line,) = [caveat for caveat in ask(DATASET_STATS, call, dataset="evasion").caveats if "clusters" in caveat]
    assert line == (
        "All 3,430 items come in 686 clusters: counting a cluster as one item, the interval of the prevalence is"
        f" {low:.3f}-{high:.3f}."
    )


def test_several_classes_are_counted_by_name(engine: Engine, tmp_path: Path) -> None:
    """Overall a row a class, by slice how many there are and the largest; no prevalence is made up."""
    labels = ["none"] * 50 + ["mild"] * 30 + ["severe"] * 5 + ["none"] * 15
    columns = items(named(0, 100), labels, ["en"] * 85 + ["es"] * 15)
    asked = _imported(engine, tmp_path / "root", columns, classes=("none", "mild", "severe", "other"))
    whole = ask(DATASET_STATS, asked, dataset="gold")
    assert (
        "4 classes, the largest none (65), the smallest severe (5): ratio 13.00; 1 without an item." in whole.headline
    )
    assert [(row["class"], row["items"]) for row in whole.rows] == [
        ("none", 65), ("mild", 30), ("severe", 5), ("other", 0),
    ]  # fmt: skip
    by = ask(DATASET_STATS, asked, dataset="gold", group_by=["language"])
    assert [(row["slice"], row["classes"], row["largest"]) for row in by.rows] == [
        ("en", 3, "none 0.588"),
        ("es", 1, "none 1"),
    ]
    assert not any("prevalence" in row or "positives" in row for row in (*whole.rows, *by.rows))


def test_too_many_thin_slices_are_counted_not_listed(engine: Engine, tmp_path: Path) -> None:
    """Fifty names would say less than their number."""
    columns = items(named(0, 100), [0, 1] * 50, [f"l{number // 2}" for number in range(100)])
    asked = _imported(engine, tmp_path / "root", columns)
    caveats = ask(DATASET_STATS, asked, dataset="gold", group_by=["language"]).caveats
    assert f"Fewer than {THIN} positives, too few for a gate: 50 slices." in caveats
