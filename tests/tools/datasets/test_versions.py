"""`compare_datasets`: members, labels, leaks and drift, against the files; what is not known is not claimed."""

import json
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from tests.tools.asked import ask, asking, certainty
from tests.tools.imported import imported, items, named
from tests.tools.sample import shipped
from tools.datasets.item_differences import FOLDER
from tools.datasets.versions import COMPARE_DATASETS
from tools.errors import SetupError, ToolError
from tools.results import Result
from tools.stats.drift import drift
from tools.stats.intervals import wilson
from tools.workspace import Call, Workspace

OLD, NEW, TRAIN = "golden@2026-07", "golden@2026-10", "train@2026-06"
DIMENSIONS = ("policy", "language", "surface", "technique", "source", "age")


def by_id(name: str) -> dict[str, dict[str, Any]]:
    """The items of a shipped dataset, by id: label and dimensions."""
    columns = shipped.columns(name)
    kept = ("label", *DIMENSIONS)
    return {
        item: {key: columns[key][at].item() if key == "label" else str(columns[key][at]) for key in kept}
        for at, item in enumerate(columns["item_id"].tolist())
    }


def row(result: Result, key: str, value: str) -> dict[str, Any]:
    """The one row of a value."""
    (found,) = [line for line in result.rows if line[key] == value]
    return found


def caveat(result: Result, words: str) -> str:
    """The one caveat with these words."""
    (found,) = [line for line in result.caveats if words in line]
    return found


@pytest.fixture
def bare(engine: Engine, tmp_path: Path) -> Call:
    """An empty workspace."""
    (tmp_path / "root").mkdir()
    return asking(engine, tmp_path / "root")


def put(call: Call, name: str, columns: dict[str, Any], **wanted: Any) -> None:
    """Import a dataset into a bare workspace."""
    imported(call.workspace.engine, call.workspace.root, name, columns, **wanted)


def test_the_planted_relabelling_is_found(call: Call) -> None:
    """On every surface of bullying the shared items and those judged anew are the planted figures."""
    planted = shipped.cause("stale-gold-profile")
    figures = {"profile": planted["labels_profile"], **planted["labels_elsewhere"]}
    result = ask(COMPARE_DATASETS, call, filters={"policy": ["bullying"]}, group_by=["surface"])
    assert {line["slice"]: (line["shared"], line["relabelled"], line["up"], line["down"]) for line in result.rows} == {
        name: (found["shared_items"], found["differ"], found["from_0_to_1"], found["from_1_to_0"])
        for name, found in figures.items()
    }
    assert (figures["profile"]["shared_items"], figures["profile"]["differ"]) == (388, 27)
    assert result.rows[0]["slice"] == "profile"


def test_the_whole_is_told_with_the_place_of_it(call: Call) -> None:
    """Asked without a slice, the answer names where labels changed most, and under which gold and guideline."""
    result = ask(COMPARE_DATASETS, call)
    assert "Densest in policy bullying, surface profile: 27 of 388;" in result.headline
    assert "gold 5 → 6, guideline 4.2 → 4.3" in result.headline


@pytest.mark.parametrize("by", ["surface", "language", "source"])
def test_members_and_labels_are_those_of_the_files(call: Call, by: str) -> None:
    """Shared, added, removed and relabelled, as sets of ids give them."""
    old, new = by_id(OLD), by_id(NEW)
    both = old.keys() & new.keys()
    counts = {
        "shared": Counter(new[item][by] for item in both),
        "added": Counter(new[item][by] for item in new.keys() - both),
        "removed": Counter(old[item][by] for item in old.keys() - both),
        "relabelled": Counter(new[item][by] for item in both if old[item]["label"] != new[item]["label"]),
    }
    result = ask(COMPARE_DATASETS, call, dataset="golden 2026-10", other="golden 2026-07", group_by=[by])
    for name, expected in counts.items():
        assert {line["slice"]: line[name] for line in result.rows} == {
            line["slice"]: expected[line["slice"]] for line in result.rows
        }
    changed = sum(counts["relabelled"].values())
    low, high = wilson(changed, len(both))
    assert f"{len(both):,} items in both, {len(new) - len(both):,} added, {len(old) - len(both):,} removed" in (
        result.headline
    )
    assert f"**{changed} of {len(both):,} shared items carry another label** ({changed / len(both):.3f}, 95 %" in (
        result.headline
    )
    assert f"{high:.3f}" in result.headline
    assert low < changed / len(both) < high


@pytest.mark.parametrize("name", DIMENSIONS)
def test_composition_is_compared_with_the_shared_items_counted_once(call: Call, name: str) -> None:
    """PSI, its chance level, distance and p are those of the counts; a dimension in which items moved counts twice."""
    old, new = by_id(OLD), by_id(NEW)
    values = shipped.entry("datasets", NEW)["dimensions"][name]
    shared = old.keys() & new.keys()
    stayed = [item for item in shared if old[item][name] == new[item][name]]
    both = Counter(new[item][name] for item in stayed) if len(stayed) == len(shared) else Counter[str]()
    sides = (Counter(item[name] for item in old.values()), Counter(item[name] for item in new.values()), both)
    before, after, common = (np.array([side[value] for value in values]) for side in sides)
    expected = drift(before, after, common)
    found = row(ask(COMPARE_DATASETS, call), "dimension", name)
    assert found["psi"] == pytest.approx(expected.psi)
    assert found["ceiling"] == pytest.approx(expected.ceiling)
    assert found["js"] == pytest.approx(expected.js)
    assert found["value"] == values[expected.moved]
    assert found["p"] >= expected.p * (1 - 1e-9)  # adjusted
    assert (len(stayed) < len(shared)) == (name == "age")


def test_a_change_of_composition_is_told_and_noise_is_not(call: Call) -> None:
    """Age moved; the five dimensions that were drawn alike show no change, whatever their index."""
    result = ask(COMPARE_DATASETS, call)
    assert {line["dimension"] for line in result.rows if line["verdict"] == "no change shown"} == {*DIMENSIONS} - {
        "age"
    }
    assert result.rows[0]["dimension"] == "age"
    assert "Composition: age (PSI 0.241, moderate change); no change shown in 5 dimensions." in result.headline
    assert "1,825 of the 3,974 shared items have another age now." in result.caveats


def test_prevalence_is_compared_with_an_interval(call: Call) -> None:
    """k of n on both sides, the difference, and no claim where it is within chance."""
    old, new = (shipped.columns(name)["label"] for name in (OLD, NEW))
    headline = ask(COMPARE_DATASETS, call).headline
    assert f"({int(old.sum()):,}/{len(old):,}) → " in headline
    assert f"({int(new.sum()):,}/{len(new):,}): " in headline
    assert "to +0.011), no change shown." in headline


def test_train_and_golden_are_checked_for_a_leak(call: Call) -> None:
    """By id, with the number of ids that were looked at; near duplicates are not claimed to be none."""
    result = ask(COMPARE_DATASETS, call, dataset="golden", other="train")
    assert "**No item of golden 2026-10 is in train 2026-06** (none of 7,226 ids)." in result.headline
    assert "Near duplicates not assessed" in caveat(result, "near-duplicate groups")
    assert caveat(result, "told by id")
    assert ask(COMPARE_DATASETS, call, dataset="train", other="golden").headline == result.headline


def test_a_leak_is_counted_by_id_and_by_near_duplicate(bare: Call) -> None:
    """Seven ids of the golden set are in training, and thirty more items share a group with a training item."""
    put(bare, "learn@1", items(named(0, 200), [0, 1] * 100, copy=[f"g{n}" for n in range(200)]), kind="train",
        near_duplicate="copy")  # fmt: skip
    groups = [f"g{n}" for n in range(193, 200)] + [f"g{n}" for n in range(30)] + [f"h{n}" for n in range(63)]
    put(bare, "gold@1", items(named(193, 293), [0, 1] * 50, copy=groups), near_duplicate="copy")
    headline = ask(COMPARE_DATASETS, bare, dataset="gold", other="learn").headline
    assert "**7 of 100 items of gold 1 are in learn 1** (0.070, counted by id)." in headline
    assert "37 of 100 items of gold 1 share a near-duplicate group with learn 1." in headline


def test_groups_hashed_with_different_keys_are_not_compared(bare: Call) -> None:
    """Nothing in common would be no news: it is not assessed, and said why."""
    copies = [f"g{number}" for number in range(40)]
    put(bare, "learn@1", items(named(0, 40), [0, 1] * 20, copy=copies), kind="train", near_duplicate="copy")
    (bare.workspace.root / "import.key").unlink()
    put(bare, "gold@1", items(named(50, 90), [0, 1] * 20, copy=copies), near_duplicate="copy")
    result = ask(COMPARE_DATASETS, bare, dataset="gold", other="learn")
    assert "share a near-duplicate group" not in result.headline
    assert caveat(result, "hashed with different keys").startswith("Near duplicates not assessed")


def test_of_counts_alone_only_the_composition_is_compared(bare: Call) -> None:
    """And it is said that no more is known."""
    counts = {"policy": ["p"] * 4, "language": ["en", "en", "es", "es"], "label": [0, 1, 0, 1]}
    put(bare, "learn@1", counts | {"n": [900, 100, 400, 100]}, kind="train", count="n")
    put(bare, "learn@2", counts | {"n": [900, 100, 80, 20]}, kind="train", count="n", as_of=date(2030, 1, 1))
    result = ask(COMPARE_DATASETS, bare, dataset="learn 2")
    assert "Of learn 1 and learn 2 only counts are known" in result.headline
    assert "relabelled is not assessed" in result.headline
    assert row(result, "dimension", "language")["verdict"] == "large change"
    by = ask(COMPARE_DATASETS, bare, dataset="learn 2", group_by=["language"])
    assert [(line["slice"], line["before"], line["after"], line["relabelled"]) for line in by.rows] == [
        ("en", 1000, 1000, None),
        ("es", 500, 100, None),
    ]


def test_two_ages_of_one_set_are_two_periods(call: Call) -> None:
    """The older ones come before; no item is in both, and age itself is not compared."""
    columns = shipped.columns(NEW)
    result = ask(COMPARE_DATASETS, call, dataset="golden", filters={"age": ["0-30d", "181d+"]})
    n, m = (int((columns["age"] == age).sum()) for age in ("181d+", "0-30d"))
    assert f"**golden 2026-10, age 181d+ against 0-30d: {n:,} and {m:,} items.**" in result.headline
    assert "age" not in {line["dimension"] for line in result.rows}
    assert "no change shown in 5 dimensions" in result.headline
    assert len(result.provenance) == 1


@pytest.mark.parametrize(
    ("arguments", "expected", "default"),
    [
        ({}, (NEW, OLD), "compared with golden 2026-07"),
        ({"dataset": "golden 2026-07"}, (NEW, OLD), "compared with golden 2026-10"),
        ({"dataset": "golden 2026-07", "other": "golden 2026-10"}, (NEW, OLD), None),
        ({"other": "golden 2026-10"}, (NEW, OLD), "compared with golden 2026-07"),
        ({"dataset": "golden 2026-07", "other": "train"}, (OLD, TRAIN), None),
    ],
)
def test_what_is_left_out_is_the_version_before(
    call: Call, arguments: dict[str, Any], expected: tuple[str, str], default: str | None
) -> None:
    """Or the one after where there is none before; the later set is told against the earlier one, and it is said."""
    result = ask(COMPARE_DATASETS, call, **arguments)
    assert (result.query["dataset"], result.query["other"]) == tuple(name.replace("@", " ") for name in expected)
    assert [line for line in result.defaults if line.startswith("compared")] == ([default] if default else [])


@pytest.mark.parametrize("arguments", [{"dataset": "train"}, {"dataset": "golden 2026-10", "other": "golden 2026-10"}])
def test_with_nothing_to_compare_with_it_is_asked(call: Call, arguments: dict[str, Any]) -> None:
    """A set alone of its name, or twice the same: the others are offered."""
    with pytest.raises(ToolError, match="with which other set") as caught:
        ask(COMPARE_DATASETS, call, **arguments)
    assert "evasion 2" in caught.value.nearest


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        ({"other": "trian"}, "train 2026-06"),
        ({"dataset": "goldne"}, "golden 2026-10"),
        ({"group_by": ["surfaec"]}, "surface"),
        ({"filters": {"language": ["spansh"]}}, "es"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(call: Call, arguments: dict[str, Any], nearest: str) -> None:
    """Of sets, dimensions and values."""
    with pytest.raises(ToolError) as caught:
        ask(COMPARE_DATASETS, call, **arguments)
    assert nearest in caught.value.nearest[:5]


def test_r16_another_gold_is_said(call: Call) -> None:
    """Figures on the two golden sets are not comparable; between train and golden nobody would compare them."""
    assert "not comparable" in caveat(ask(COMPARE_DATASETS, call), "Gold 5 and gold 6")
    assert not any("not comparable" in line for line in ask(COMPARE_DATASETS, call, other="train").caveats)


def test_r16_labels_that_changed_under_the_same_gold_are_a_trap(bare: Call) -> None:
    """It is named: nobody can tell which of the two is that gold."""
    put(bare, "gold@1", items(named(0, 100), [0] * 60 + [1] * 40), as_of=date(2026, 1, 1))
    put(bare, "gold@2", items(named(0, 100), [0] * 55 + [1] * 45), as_of=date(2026, 2, 1))
    result = ask(COMPARE_DATASETS, bare, dataset="gold")
    assert "**5 of 100 shared items carry another label**" in result.headline
    assert "5 became positive, none negative; gold 1, guideline 1.2" in result.headline
    assert "what changed them is not recorded" in caveat(result, "Both sets say gold 1")


def test_of_several_classes_it_is_told_which_became_which(bare: Call) -> None:
    """By name, so that another order of the classes is no change."""
    old = ["a"] * 30 + ["b"] * 30 + ["c"] * 40
    new = ["b"] * 4 + ["a"] * 26 + ["c"] + ["b"] * 29 + ["c"] * 40
    put(bare, "gold@1", items(named(0, 100), old), classes=("a", "b", "c"), as_of=date(2026, 1, 1))
    put(bare, "gold@2", items(named(0, 100), new), classes=("c", "b", "a"), as_of=date(2026, 2, 1))
    result = ask(COMPARE_DATASETS, bare, dataset="gold", group_by=["language"])
    assert "**5 of 100 shared items carry another label**" in result.headline
    assert "a → b 4, b → c 1" in result.headline
    assert "Prevalence" not in result.headline
    assert result.rows[0]["mostly"] == "a → b"


def test_labels_of_different_vocabularies_are_not_compared(bare: Call) -> None:
    """Said, not guessed."""
    put(bare, "gold@1", items(named(0, 50), ["x", "y"] * 25), classes=("x", "y"), as_of=date(2026, 1, 1))
    put(bare, "gold@2", items(named(0, 50), [0, 1] * 25), as_of=date(2026, 2, 1))
    result = ask(COMPARE_DATASETS, bare, dataset="gold")
    assert "another label" not in result.headline
    assert caveat(result, "no vocabulary in common")


def test_r18_a_few_items_are_not_assessed(bare: Call) -> None:
    """Under twenty on one side: neither prevalence nor composition is judged."""
    put(bare, "gold@1", items(named(0, 200), [0, 1] * 100, ["en"] * 190 + ["es"] * 10), as_of=date(2026, 1, 1))
    put(bare, "gold@2", items(named(0, 15), [0, 1] * 7 + [0], ["en"] * 2 + ["es"] * 13), as_of=date(2026, 2, 1))
    result = ask(COMPARE_DATASETS, bare, dataset="gold")
    assert "not assessed, under 20 items" in result.headline
    assert "Composition: not assessed." in result.headline
    assert row(result, "dimension", "language")["psi"] is None


@pytest.mark.parametrize(
    "arguments",
    [{}, {"other": "train"}, {"dataset": "evasion", "other": "golden"}, {"filters": {"surface": ["profile"]}}],
)
def test_r18_no_headline_claims_a_certainty(call: Call, arguments: dict[str, Any]) -> None:
    """No 0 %, no 100 %."""
    assert certainty(ask(COMPARE_DATASETS, call, **arguments).headline) is None


def test_items_in_clusters_are_not_taken_for_independent_ones(call: Call) -> None:
    """Five variants of an item are one: a change of age that five times the items would show is not shown."""
    result = ask(COMPARE_DATASETS, call, dataset="evasion", other="golden 2026-07")
    assert caveat(result, "Items of evasion 2 come in clusters")
    assert row(result, "dimension", "age")["verdict"] == "no change shown"
    assert row(result, "dimension", "technique")["verdict"] == "large change"


def test_dimensions_that_one_set_lacks_are_named(bare: Call) -> None:
    """And grouping by one is refused."""
    put(bare, "gold@1", items(named(0, 50), [0, 1] * 25), as_of=date(2026, 1, 1))
    put(bare, "gold@2", items(named(0, 50), [0, 1] * 25, surface=["s"] * 50), slices=("policy", "language", "surface"),
        as_of=date(2026, 2, 1))  # fmt: skip
    assert caveat(ask(COMPARE_DATASETS, bare, dataset="gold"), "in one set only: surface")
    with pytest.raises(ToolError, match="dimension of gold 1"):
        ask(COMPARE_DATASETS, bare, dataset="gold", group_by=["surface"])


def test_a_slice_that_a_set_has_not_got_is_said(bare: Call) -> None:
    """The value is known, the crossing is empty."""
    languages = ["en"] * 25 + ["es"] * 25
    policies = {"policy": ["p"] * 25 + ["q"] * 25}
    put(bare, "gold@1", items(named(0, 50), [0, 1] * 25, languages, **policies), as_of=date(2026, 1, 1))
    put(bare, "gold@2", items(named(0, 50), [0, 1] * 25, languages, **policies), as_of=date(2026, 2, 1))
    with pytest.raises(ToolError, match="has no item with language es, policy p"):
        ask(COMPARE_DATASETS, bare, dataset="gold", filters={"policy": ["p"], "language": ["es"]})


def test_r14_both_sets_are_the_source(call: Call) -> None:
    """Each with its gold, guideline and day."""
    sources = ask(COMPARE_DATASETS, call).provenance
    assert [(one.dataset, one.gold_version, one.guideline_version, one.as_of) for one in sources] == [
        ("golden 2026-07", "5", "4.2", "2026-07-31"),
        ("golden 2026-10", "6", "4.3", "2026-10-31"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [{}, {"other": "train"}, {"filters": {"age": ["0-30d", "181d+"]}}, {"group_by": ["surface"], "other": "evasion"}],
)
def test_the_query_means_the_same_again(call: Call, arguments: dict[str, Any]) -> None:
    """A follow-up changes one part of it and nothing else."""
    first = ask(COMPARE_DATASETS, call, **arguments)
    again = ask(COMPARE_DATASETS, call, **first.query)
    assert again.model_dump(exclude={"defaults"}) == first.model_dump(exclude={"defaults"})


def test_the_files_are_read_once(own_call: Call, own_sample: Workspace) -> None:
    """What was kept answers when the files are gone; it holds counts and no id (R7), and rubbish is computed anew."""
    shutil.rmtree(own_sample.root / FOLDER, ignore_errors=True)  # the shared workspace may have been asked before
    first = ask(COMPARE_DATASETS, own_call)
    (kept,) = (own_sample.root / FOLDER).iterdir()
    text = kept.read_text("utf-8")
    assert not any(item in text for item in list(by_id(NEW))[:500])
    kept.write_text("{}", "utf-8")
    assert ask(COMPARE_DATASETS, own_call) == first
    assert json.loads(kept.read_text("utf-8")) == json.loads(text)
    for path in (own_sample.root / "data").glob("golden-*.parquet"):
        path.unlink()
    assert ask(COMPARE_DATASETS, own_call) == first


def test_a_file_that_is_not_the_registered_one_is_not_compared(own_call: Call, own_sample: Workspace) -> None:
    """The operator is told which."""
    shutil.rmtree(own_sample.root / FOLDER, ignore_errors=True)
    path = own_sample.root / "data" / "golden-2026-07.parquet"
    path.write_bytes((own_sample.root / "data" / "golden-2026-10.parquet").read_bytes())
    with pytest.raises(SetupError, match="golden 2026-07 has changed since it was registered"):
        ask(COMPARE_DATASETS, own_call)
    assert not (own_sample.root / FOLDER).exists()
