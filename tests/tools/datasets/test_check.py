"""`check_dataset`: target and actual of every check; what is not known is not assessed, and never called met."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from tests.tools.asked import ask, asking
from tests.tools.imported import imported, items, named
from tests.tools.sample import shipped
from tools.datasets.check import CHECK_DATASET
from tools.datasets.standards import FILE, Standards, read_standards
from tools.errors import SetupError, ToolError
from tools.results import Result
from tools.sample import folder
from tools.store.session import writing
from tools.store.tables import LabelSet, PatternCell
from tools.workspace import Call

MEASURES = {"completeness", "balance", "representativeness", "currentness", "consistency", "label accuracy"}


@pytest.fixture
def bare(engine: Engine, tmp_path: Path) -> Call:
    """An empty workspace."""
    (tmp_path / "root").mkdir()
    return asking(engine, tmp_path / "root")


def standard(call: Call, **golden: Any) -> None:
    """A standard for golden sets."""
    (call.workspace.root / FILE).write_text(yaml.safe_dump({"golden": golden}), "utf-8")


def put(call: Call, name: str, columns: dict[str, Any], **wanted: Any) -> None:
    """Import a dataset."""
    imported(call.workspace.engine, call.workspace.root, name, columns, **wanted)


def verdicts(result: Result) -> dict[str, str]:
    """The verdict of every check, by its name."""
    return {row["check"]: row["verdict"] for row in result.rows}


def one(result: Result) -> dict[str, Any]:
    """The only check."""
    (row,) = result.rows
    return row


def test_the_shipped_standard_is_one() -> None:
    """It is read without complaint and speaks of all three kinds."""
    found = read_standards(folder())
    assert found is not None
    assert all(found.of(kind) for kind in ("train", "golden", "suite"))
    assert found.of("people") is None


def test_golden_misses_the_standard_where_its_card_says(call: Call) -> None:
    """Tagalog has 50 of 60 positives in either policy: those two cells, with ten more each, and nothing else."""
    result = ask(CHECK_DATASET, call, dataset="golden 2026-10")
    columns = shipped.columns("golden@2026-10")
    cells = Counter(
        (policy, language)
        for policy, language, label in zip(columns["policy"], columns["language"], columns["label"], strict=True)
        if label
    )
    short = {
        f"{policy} · {language} {n} ({60 - n} more positives)" for (policy, language), n in cells.items() if n < 60
    }
    (support,) = [row for row in result.rows if row["check"] == "positives"]
    assert set(support["lacking"]) == short
    assert len(short) == 2
    assert (support["target"], support["actual"]) == ("at least 60 in each of 16 cells", "14 of 16")
    assert [name for name, verdict in verdicts(result).items() if verdict == "not met"] == ["positives"]
    assert "bullying · tl 50 (10 more positives)" in result.headline
    assert "**golden 2026-10 does not meet the standard for golden sets**: of 11 checks 1 not met" in result.headline


def test_what_is_not_known_is_not_assessed(call: Call) -> None:
    """The sample has no near-duplicate groups; its label set is of the older golden set."""
    found = verdicts(ask(CHECK_DATASET, call, dataset="golden 2026-10"))
    assert (found["near duplicates"], found["percent agreement"]) == ("not assessed", "not assessed")


@pytest.mark.parametrize("dataset", ["golden 2026-07", "golden 2026-10", "train 2026-06", "evasion 2"])
def test_every_check_has_a_measure_a_target_and_an_actual(call: Call, dataset: str) -> None:
    """And those that miss come first."""
    result = ask(CHECK_DATASET, call, dataset=dataset)
    assert {row["measure"] for row in result.rows} <= MEASURES
    assert all(row["target"] and row["actual"] for row in result.rows)
    order = [("not met", "not assessed", "met").index(row["verdict"]) for row in result.rows]
    assert order == sorted(order)
    assert not any(rate in f"{result.headline} {result.rows}" for rate in ("1.000", "0.000", "100 %"))


@pytest.mark.parametrize("dataset", ["golden 2026-07", "train 2026-06", "evasion 2"])
def test_labels_under_another_guideline_miss_the_standard(call: Call, dataset: str) -> None:
    """Old versions stay checkable; the version in force is the target."""
    result = ask(CHECK_DATASET, call, dataset=dataset)
    assert verdicts(result)["guideline version"] == "not met"
    assert "Guideline version: 4.2, target 4.3." in result.headline


def test_what_training_lacks_is_said_cell_by_cell(call: Call) -> None:
    """The planted coverage gap is the largest: romanised Hindi has 9 of 60 positives."""
    result = ask(CHECK_DATASET, call, dataset="train")
    (support,) = [row for row in result.rows if row["check"] == "positives"]
    assert support["lacking"][0] == "bullying · hi-Latn 9 (51 more positives)"
    assert verdicts(result)["overlap with golden, suite"] == "met"


def test_r14_the_source_is_named(call: Call) -> None:
    """Dataset, gold, guideline, day, and whose standard it is."""
    result = ask(CHECK_DATASET, call)
    (source,) = result.provenance
    assert (source.dataset, source.gold_version, source.guideline_version, source.as_of) == (
        "golden 2026-10", "6", "4.3", "2026-10-31",
    )  # fmt: skip
    assert "Standard: standard.yaml, golden." in result.caveats
    assert result.defaults == ("golden 2026-10",)


@pytest.mark.parametrize(
    ("labels", "verdict"), [(["0", "1"], "met"), (["1", "0"], "met"), (["0", "1", "2"], "not met"), ([0, 1], "met")]
)
def test_the_label_vocabulary_is_checked_as_a_set(bare: Call, labels: list[Any], verdict: str) -> None:
    """An unquoted 0 is the class 0."""
    put(bare, "gold@1", items(named(0, 20), [0, 1] * 10))
    standard(bare, labels=labels)
    assert one(ask(CHECK_DATASET, bare, dataset="gold"))["verdict"] == verdict


@pytest.mark.parametrize(("low", "high", "verdict"), [(0.2, 0.3, "met"), (0.25, 0.25, "met"), (0.26, 0.5, "not met")])
def test_balance_lies_between_its_bounds(bare: Call, low: float, high: float, verdict: str) -> None:
    """Bounds included."""
    put(bare, "gold@1", items(named(0, 40), [0, 0, 0, 1] * 10))
    standard(bare, balance={"low": low, "high": high})
    found = one(ask(CHECK_DATASET, bare, dataset="gold"))
    assert (found["verdict"], found["actual"]) == (verdict, "0.250 (10/40)")


def test_of_several_classes_each_has_its_share(bare: Call) -> None:
    """And positives, of which there are none, are not assessed."""
    put(bare, "gold@1", items(named(0, 40), ["a"] * 30 + ["b"] * 8 + ["c"] * 2), classes=("a", "b", "c"))
    standard(bare, balance={"low": 0.1, "high": 0.8}, support={"by": ["language"], "items": 30, "positives": 5})
    result = ask(CHECK_DATASET, bare, dataset="gold")
    assert verdicts(result) == {
        "shares of classes": "not met", "positives": "not assessed", "filled cells, language": "met", "items": "met",
    }  # fmt: skip
    assert "Shares of classes: 0.050-0.750" in result.headline


def test_an_empty_cell_is_incomplete(bare: Call) -> None:
    """Each value occurs, their crossing does not; what is lacking in it is everything."""
    put(bare, "gold@1", items(named(0, 40), [0, 1] * 20, ["en"] * 20 + ["es"] * 20, surface=["a"] * 30 + ["b"] * 10),
        slices=("language", "surface"), beside=("policy",))  # fmt: skip
    standard(bare, support={"by": ["language", "surface"], "positives": 5})
    result = ask(CHECK_DATASET, bare, dataset="gold")
    rows = {row["check"]: row for row in result.rows}
    assert rows["filled cells, language × surface"]["lacking"] == ["en · b (empty)"]
    assert rows["filled cells, language × surface"]["actual"] == "3 of 4"
    assert rows["positives"]["lacking"] == ["en · b 0 (5 more positives)"]


def test_the_age_of_items_is_a_share(bare: Call) -> None:
    """Of the named values; a set without ages is not assessed."""
    ages = {"age": ["0-30d"] * 10 + ["181d+"] * 30}
    put(bare, "gold@1", items(named(0, 40), [0, 1] * 20, **ages), slices=("language", "age"), beside=("policy",))
    put(bare, "other@1", items(named(0, 40), [0, 1] * 20))
    for least, verdict in ((0.25, "met"), (0.3, "not met")):
        standard(bare, age={"values": ["0-30d", "31-90d"], "minimum_share": least})
        found = one(ask(CHECK_DATASET, bare, dataset="gold"))
        assert (found["verdict"], found["actual"]) == (verdict, "0.250 (10/40)")
    assert one(ask(CHECK_DATASET, bare, dataset="other"))["verdict"] == "not assessed"


@pytest.mark.parametrize(("most", "verdict"), [(0.3, "met"), (0.29, "not met")])
def test_near_duplicates_are_a_share_of_the_items(bare: Call, most: float, verdict: str) -> None:
    """12 of 40 share a group with another; one alone in its group is no duplicate."""
    groups = [f"g{number // 3}" for number in range(12)] + [f"alone{number}" for number in range(28)]
    put(bare, "gold@1", items(named(0, 40), [0, 1] * 20, copy=groups), near_duplicate="copy")
    standard(bare, near_duplicates={"maximum_share": most})
    found = one(ask(CHECK_DATASET, bare, dataset="gold"))
    assert (found["verdict"], found["actual"]) == (verdict, "0.300 (12/40)")


def test_overlap_with_training_is_counted(bare: Call) -> None:
    """Three ids, and one more item by its near-duplicate group; what there is too much of is said."""
    put(bare, "learn@1", items(named(0, 30), [0, 1] * 15, copy=[f"g{n}" for n in range(30)]), kind="train",
        near_duplicate="copy")  # fmt: skip
    copies = [f"g{n}" for n in (27, 28, 29, 5)] + [f"h{n}" for n in range(36)]
    put(bare, "gold@1", items(named(27, 67), [0, 1] * 20, copy=copies), near_duplicate="copy")
    standard(bare, overlap={"kinds": ["train"], "maximum_items": 1})
    rows = {row["check"]: row for row in ask(CHECK_DATASET, bare, dataset="gold").rows}
    assert rows["overlap with train"]["actual"] == "3 of 40"
    assert rows["overlap with train"]["lacking"] == ["learn 1 (2 to take out)"]
    assert rows["near duplicates in train"]["actual"] == "4 of 40"


def test_an_overlap_that_cannot_be_seen_is_not_assessed(bare: Call) -> None:
    """Of the training set only counts are known: no overlap found is not no overlap."""
    put(bare, "gold@1", items(named(0, 40), [0, 1] * 20))
    standard(bare, overlap={"kinds": ["train"]})
    assert one(ask(CHECK_DATASET, bare, dataset="gold"))["actual"] == "no such set"
    counts = {"policy": ["p"], "language": ["en"], "label": [0], "n": [10]}
    put(bare, "learn@1", counts, kind="train", count="n")
    alone = one(ask(CHECK_DATASET, Call(bare.workspace, bare.caller), dataset="gold"))
    assert (alone["verdict"], alone["actual"]) == ("not assessed", "only counts known")
    put(bare, "learn@2", items(named(100, 120), [0, 1] * 10), kind="train")
    found = ask(CHECK_DATASET, Call(bare.workspace, bare.caller), dataset="gold")
    assert one(found)["verdict"] == "not assessed"
    assert one(found)["actual"] == "0 of 40, 1 unknown"
    assert "Overlap not assessed, only counts known: learn 1." in found.caveats


@pytest.mark.parametrize(
    ("said", "actual", "verdict"),
    [
        ("3, then adjudication", "3 (card)", "met"),
        ("2", "2 (card)", "not met"),
        ("3 for the base item, none for variants", "not one number (card)", "not assessed"),
        ("unknown", "unknown", "not assessed"),
    ],
)
def test_annotations_per_item_are_what_the_card_says(
    bare: Call, tmp_path: Path, said: str, actual: str, verdict: str
) -> None:
    """Only where it says one number."""
    card = tmp_path / "card.yaml"
    card.write_text(yaml.safe_dump({"annotationsPerItem": said}), "utf-8")
    put(bare, "gold@1", items(named(0, 20), [0, 1] * 10), card=card)
    standard(bare, annotations_per_item=3)
    found = one(ask(CHECK_DATASET, bare, dataset="gold"))
    assert (found["actual"], found["verdict"]) == (actual, verdict)


def rated(call: Call, patterns: dict[str, int]) -> None:
    """A label set of the dataset `gold 1`: items by pattern of two classes."""
    with writing(call.workspace.engine) as session:
        labels = LabelSet(
            id="raters@1", name="raters", version="1", dataset_id="gold@1", raters=["r1", "r2", "r3"],
            classes=["0", "1"], ordinal=False, has_gold=False, dimensions={}, rows=sum(patterns.values()), path="",
            digest="0" * 64, guideline_version="1.2", as_of=date(2026, 9, 30), traits={},
        )  # fmt: skip
        session.add(labels)
        session.flush()
        session.add_all(
            PatternCell(label_set_id="raters@1", cell="{}", gold=-1, pattern=pattern, values={}, n=n)
            for pattern, n in patterns.items()
        )


@pytest.mark.parametrize(
    ("patterns", "verdict"),
    [
        ({"2,0": 950, "1,1": 50}, "met"),
        ({"2,0": 600, "1,1": 400}, "not met"),
        ({"2,0": 17, "1,1": 3}, "not assessed"),
        ({"2,0": 17}, "met"),
        ({"2,0": 10}, "not assessed"),
        ({"1,0": 500}, "not assessed"),
    ],
)
def test_r18_agreement_is_judged_by_its_interval(bare: Call, patterns: dict[str, int], verdict: str) -> None:
    """Met at the lower bound, missed at the upper; ten of ten agreeing, or 17 of 20, are too few to tell."""
    put(bare, "gold@1", items(named(0, 20), [0, 1] * 10))
    rated(bare, patterns)
    standard(bare, agreement={"minimum": 0.8})
    found = ask(CHECK_DATASET, bare, dataset="gold")
    assert one(found)["verdict"] == verdict
    assert "1.000" not in one(found)["actual"]


def test_labels_of_every_item_are_counted_instead_of_believed(bare: Call) -> None:
    """Where the label set covers the dataset, the item with the fewest labels decides."""
    put(bare, "gold@1", items(named(0, 20), [0, 1] * 10))
    rated(bare, {"3,0": 15, "1,1": 5})
    standard(bare, annotations_per_item=3)
    found = one(ask(CHECK_DATASET, bare, dataset="gold"))
    assert (found["actual"], found["verdict"]) == ("2 (counted)", "not met")


def test_a_dataset_that_meets_everything_is_said_to(bare: Call) -> None:
    """And one that misses nothing but is not known whole is only not shown to."""
    put(bare, "gold@1", items(named(0, 40), [0, 1] * 20))
    standard(bare, labels=["0", "1"], guideline_version="1.2")
    assert "**gold 1 meets the standard for golden sets**: of 2 checks 2 met." in ask(
        CHECK_DATASET, bare, dataset="gold"
    ).headline  # fmt: skip
    standard(bare, labels=["0", "1"], near_duplicates={"maximum_share": 0.1})
    assert "**gold 1 is not shown to meet" in ask(CHECK_DATASET, bare, dataset="gold").headline


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("golden: {support: {by: [language], positives: 0}}", "golden.support.positives"),
        ("golden: {support: {by: []}}", "golden.support.by"),
        ("golden: {suport: {by: [language]}}", "golden.suport"),
        ("golden: {balance: {low: 5}}", "golden.balance.low"),
        ("golden: {balance: {low: 0.5, high: 0.2}}", "golden.balance"),
        ("golden: {age: {values: [0-30d]}}", "golden.age.minimum_share"),
        ("golden: {overlap: {kinds: [tran]}}", "golden.overlap.kinds.0"),
        ("golden: {guideline_version: 4.3}", "golden.guideline_version"),
        ("golden: {annotations_per_item: many}", "golden.annotations_per_item"),
        ("gold: {}", "gold"),
        ("- golden", "the top"),
    ],
)
def test_a_wrong_standard_is_refused_at_its_field(bare: Call, text: str, where: str) -> None:
    """The operator reads which line to mend, and nothing of what stands there."""
    put(bare, "gold@1", items(named(0, 20), [0, 1] * 10))
    (bare.workspace.root / FILE).write_text(text, "utf-8")
    with pytest.raises(SetupError, match=rf"standard\.yaml is wrong at `{where}`") as caught:
        ask(CHECK_DATASET, bare, dataset="gold")
    assert not any(value in str(caught.value) for value in ("tran`", "many", "suport:"))


def test_what_is_no_yaml_is_refused(bare: Call) -> None:
    """As a whole."""
    put(bare, "gold@1", items(named(0, 20), [0, 1] * 10))
    (bare.workspace.root / FILE).write_text("golden: [", "utf-8")
    with pytest.raises(SetupError, match="cannot be read as YAML"):
        ask(CHECK_DATASET, bare, dataset="gold")


def test_without_a_standard_it_is_said_where_it_goes(bare: Call) -> None:
    """No file, no standard of the kind, or one that asks for nothing."""
    put(bare, "gold@1", items(named(0, 20), [0, 1] * 10))
    with pytest.raises(SetupError, match=r"There is no dataset standard yet: standard\.yaml"):
        ask(CHECK_DATASET, bare, dataset="gold")
    for text, message in (("suite: {}", "has no standard for golden sets"), ("golden: {}", "asks for nothing")):
        (bare.workspace.root / FILE).write_text(text, "utf-8")
        with pytest.raises(ToolError, match=message):
            ask(CHECK_DATASET, bare, dataset="gold")


def test_a_standard_of_nothing_is_a_standard() -> None:
    """Every part may be left out."""
    assert Standards().of("golden") is None
