"""`dataset_stats`: the counts of the files, by any dimension, with what they do not say."""

from itertools import product

import pytest

from tests.tools.asked import ask
from tests.tools.sample import shipped
from tools.datasets import DATASET_STATS, THIN
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
