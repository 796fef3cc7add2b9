"""Importing a dataset: what comes in is what was in the file, nothing else comes in, and nothing half."""

import json
import stat
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, select

from tests.tools.asked import ask, asking
from tests.tools.state import state
from tools.catalog import DatasetEntry, load
from tools.datasets.cards import FIELDS
from tools.datasets.stats import DATASET_STATS
from tools.datasets.versions import COMPARE_DATASETS
from tools.errors import SetupError
from tools.evals.items_file import open_items
from tools.importers.dataset import DatasetImport, ImportedDataset, import_dataset
from tools.importers.keyed import FILE as KEY
from tools.registry import verify
from tools.sample.cards import FIELDS as SAMPLE_FIELDS
from tools.store.session import reading
from tools.store.tables import DatasetCell

REAL = Path(__file__).resolve().parents[4] / "shared" / "data"
real_data = pytest.mark.skipif(not REAL.is_dir(), reason="the real, text-free data are not on this machine")
Columns = dict[str, list[Any]]
NO_GROUPS: dict[str, Any] = {"cluster": None, "weight": None, "near_duplicate": None}


def columns(n: int = 40) -> Columns:
    """A small file: ids, labels, two slices, a group, a weight and a number that belongs to nobody."""
    return {
        "item": [f"x-{number:04d}" for number in range(n)],
        "gold": [int(number % 4 == 0) for number in range(n)],
        "language": [("en", "es", "hi-Latn")[number % 3] for number in range(n)],
        "age": [("181d+", "0-30d", "31-90d")[number % 3] for number in range(n)],
        "copy": [f"hash{number // 3}" if number < 30 else "" for number in range(n)],
        "user": [f"user-{number // 2}@example" for number in range(n)],
        "weight": [1.5] * n,
        "score": [0.25] * n,
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty data root."""
    path = tmp_path / "root"
    path.mkdir()
    return path


def written(folder: Path, content: Columns, suffix: str = ".parquet") -> Path:
    """The columns as a file of this kind."""
    path = folder / f"items{suffix}"
    table = pa.table({name: pa.array(values) for name, values in content.items()})
    if suffix == ".parquet":
        pq.write_table(table, path)
    elif suffix == ".csv":
        pa_csv.write_csv(table, path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()), "utf-8")
    return path


def wanted(file: Path, **changed: Any) -> DatasetImport:
    """An import of everything in `columns`."""
    given: dict[str, Any] = {
        "file": file, "name": "gold", "version": "1", "kind": "golden", "slices": ("language", "age"), "ids": ("item",),
        "label": "gold", "cluster": "user", "weight": "weight", "near_duplicate": "copy", "gold_version": "7",
        "guideline_version": "4.4", "as_of": date(2026, 11, 1),
    }  # fmt: skip
    return DatasetImport(**given | changed)


def put(engine: Engine, root: Path, content: Columns | None = None, suffix: str = ".parquet", **changed: Any) -> (
    ImportedDataset
):  # fmt: skip
    """Write a file beside the root and import it."""
    file = written(root.parent, columns() if content is None else content, suffix)
    return import_dataset(engine, root, wanted(file, **changed))


def entry(engine: Engine, id: str = "gold@1") -> DatasetEntry:
    """A registered dataset."""
    (found,) = [one for one in load(engine).datasets if one.id == id]
    return found


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
def test_the_cells_are_those_of_the_file(database: Engine, root: Path, suffix: str) -> None:
    """Counts by slice and label, whatever the file's kind; every dimension with its values, numbers in order."""
    made = put(database, root, suffix=suffix)
    rows = columns()
    expected = Counter(zip(rows["language"], rows["age"], rows["gold"], strict=True))
    with reading(database) as session:
        cells = session.scalars(select(DatasetCell)).all()
    assert {(one.values["language"], one.values["age"], one.label): one.n for one in cells} == expected
    assert made == ImportedDataset("gold@1", "gold 1", 40, len(expected), new=True)
    found = entry(database)
    assert found.dimensions == {"language": ["en", "es", "hi-Latn"], "age": ["0-30d", "31-90d", "181d+"]}
    assert (found.rows, found.kind, found.gold_version, found.guideline_version) == (40, "golden", "7", "4.4")
    assert (found.as_of, found.classes, found.features) == (date(2026, 11, 1), ("0", "1"), ())
    assert verify(database, root) == []


def test_the_file_holds_ids_labels_slices_and_groups_and_nothing_else(engine: Engine, root: Path) -> None:
    """Labels as small integers, groups as hashes; the score that nobody named stayed where it was."""
    put(engine, root)
    path = open_items(root, entry(engine)).path
    assert path == (root / "datasets" / "gold-1.parquet").resolve()
    table = pq.read_table(path)
    assert table.column_names == ["item_id", "label", "language", "age", "cluster", "weight", "near_duplicate"]
    assert table.schema.field("label").type == pa.int8()
    assert table.column("item_id").to_pylist() == columns()["item"]
    assert table.column("near_duplicate").null_count == 10


def test_r7_no_group_keeps_its_name(engine: Engine, root: Path) -> None:
    """Neither users nor media hashes are in any file or row; equal ones stay equal, different ones different."""
    put(engine, root)
    held = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    text = "\n".join(state(engine, root).rows)
    for name in {*columns()["user"], *columns()["copy"]} - {""}:
        assert name.encode() not in held
        assert name not in text
    table = pq.read_table(root / "datasets" / "gold-1.parquet")
    for column, given in (("cluster", "user"), ("near_duplicate", "copy")):
        pairs = set(zip(table.column(column).to_pylist(), columns()[given], strict=True))
        assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})


def test_r7_the_hash_depends_on_a_key_that_stays_here(engine: Engine, root: Path, tmp_path: Path) -> None:
    """Another home makes other groups of the same file; the key is readable by its owner alone and made once."""
    put(engine, root)
    key = root / KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_text("utf-8")
    first = pq.read_table(root / "datasets" / "gold-1.parquet").column("near_duplicate").to_pylist()
    put(engine, root, version="2")
    assert key.read_text("utf-8") == before
    assert pq.read_table(root / "datasets" / "gold-2.parquet").column("near_duplicate").to_pylist() == first
    other = tmp_path / "other" / "root"
    other.mkdir(parents=True)
    put(engine, other, version="3")
    assert not set(pq.read_table(other / "datasets" / "gold-3.parquet").column("near_duplicate").to_pylist()) & set(
        filter(None, first)
    )


def test_a_damaged_key_is_not_replaced(engine: Engine, root: Path) -> None:
    """Groups imported before would silently have nothing in common with those imported after."""
    (root / KEY).write_text("short", "utf-8")
    with pytest.raises(SetupError, match=r"import\.key in the data folder is damaged"):
        put(engine, root)
    assert entry_ids(engine) == []


def entry_ids(engine: Engine) -> list[str]:
    """The registered datasets."""
    return [one.id for one in load(engine).datasets]


def test_clusters_weights_and_near_duplicates_are_counted(engine: Engine, root: Path) -> None:
    """Ten groups of three near duplicates; an item without a group is in none."""
    put(engine, root)
    traits = entry(engine).traits
    assert (traits["clusters"], traits["weighted"], traits["near_duplicates"]) == (20, True, True)
    assert (traits["near_duplicate_groups"], traits["near_duplicate_items"]) == (10, 30)
    result = ask(DATASET_STATS, asking(engine, root), dataset="gold 1")
    assert any("share a group with another: 30 (0.750), in 10 groups" in line for line in result.caveats)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_the_same_again_changes_nothing(database: Engine, root: Path, suffix: str) -> None:
    """Also from another kind of file, with the rows in another order, a day later."""
    put(database, root)
    before = state(database, root)
    turned = {name: values[::-1] for name, values in columns().items()}
    made = put(database, root, turned, suffix, as_of=None)
    assert (made.new, made.rows) == (False, 40)
    assert state(database, root) == before


def test_r16_other_content_under_the_same_version_is_refused(engine: Engine, root: Path) -> None:
    """One label more is another dataset; nothing of it is kept."""
    put(engine, root)
    before = state(engine, root)
    relabelled = columns() | {"gold": [1, *columns()["gold"][1:-1], 1]}
    with pytest.raises(SetupError, match=r"gold 1 is registered with other content.* new --version"):
        put(engine, root, relabelled)
    assert state(engine, root) == before


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({"kind": "suite"}, "--kind"),
        ({"gold_version": "8"}, "--gold-version"),
        ({"guideline_version": "5"}, "--guideline"),
        ({"as_of": date(2026, 12, 1)}, "--as-of"),
    ],
)
def test_r16_the_same_items_under_another_gold_are_refused(
    engine: Engine, root: Path, changed: dict[str, Any], option: str
) -> None:
    """Answers that were given name the version: it keeps meaning what it meant."""
    put(engine, root)
    before = state(engine, root)
    with pytest.raises(SetupError, match=f"another {option}"):
        put(engine, root, **changed)
    assert state(engine, root) == before


BAD: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "an unknown text column (R1)": ({"comment": ["see you there"] * 40}, {}, r"undeclared text column\(s\) comment"),
    "two unknown text columns": ({"a": ["x"] * 40, "b": ["y"] * 40}, {}, r"undeclared text column\(s\) a, b"),
    "content as a slice (R1)": (
        {"language": ["come to my house at five"] * 40}, {}, r"Column language of items\.parquet holds more than",
    ),
    "an address as a slice": ({"language": ["en"] * 39 + ["a@b"]}, {}, r"in 1 row \(the first is row 40\)"),
    "text as an id (R1)": ({"item": [f"see you {n}" for n in range(40)]}, {}, "Column item .* not opaque in 40 rows"),
    "an address as an id (R7)": ({"item": [f"u{n}@mail" for n in range(40)]}, {}, "is not opaque in 40 rows"),
    "duplicate ids": ({"item": [f"x-{n // 2}" for n in range(40)]}, {}, r"Column item .* has 20 duplicate id\(s\)"),
    "a missing id": ({"item": [None] + [f"x-{n}" for n in range(39)]}, {}, r"has no id in 1 row .* row 1\)"),
    "a label outside the vocabulary": ({"gold": [0] * 38 + [2, 3]}, {}, r"outside the vocabulary in 2 rows .*39\)"),
    "a missing label": ({"gold": [0] * 39 + [None]}, {}, r"Column gold of .* has no label in 1 row"),
    "a weight that is no number": ({"weight": [1.0] * 39 + [float("nan")]}, {}, "weight .* has NaN or infinity in 1"),
    "a weight of nothing": ({"weight": [1.0] * 39 + [0.0]}, {}, "Column weight .* lies outside"),
    "a missing cluster": ({"user": ["u"] * 39 + [""]}, {}, "Column user .* has no cluster in 1 row"),
    "too many values of a slice": (
        {name: [values[0]] * 1_001 for name, values in columns().items()}
        | {"item": [f"x{n}" for n in range(1_001)], "language": [f"l{n}" for n in range(1_001)]},
        {}, "Column language .* different values; a slice has at most 1,000",
    ),
    "a column that is not there": ({}, {"slices": ("langauge",)}, r"has no column langauge\. It has: language"),
    "a column for two things": ({}, {"label": "language"}, r"Column\(s\) language are named for two things"),
    "a slice with a name of ours": ({"score": ["x"] * 40}, {"slices": ("score",)}, "--slices cannot be called score"),
    "a name that leads elsewhere": ({}, {"name": "../../gold"}, "--name must be at most 64"),
    "a version with a space": ({}, {"version": "2026 10"}, "--version must be"),
    "an unknown kind": ({}, {"kind": "holdout"}, "--kind is one of train, golden, suite"),
    "one class": ({}, {"classes": ("0",)}, "--classes needs 2 to 127"),
    "a class that is a sentence": ({}, {"classes": ("no", "yes it is")}, "A label of --classes is one word"),
    "twice the same class": ({}, {"classes": ("0", "0")}, "different labels"),
    "no row": ({}, {"where": "language=xx"}, "has no rows with language as asked"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_will_not_do_is_refused_whole(engine: Engine, root: Path, what: str) -> None:
    """The sentence names column, row and count, and no value of the file; nothing is written, not even a key."""
    spoiled, changed, message = BAD[what]
    with pytest.raises(SetupError, match=message) as caught:
        put(engine, root, columns() | spoiled, **changed)
    said = str(caught.value)
    values = {str(value) for name in spoiled for value in spoiled[name] if value is not None and len(str(value)) > 2}
    assert not any(value in said for value in values)
    assert entry_ids(engine) == []
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_text_columns_of_something_else_can_stand_beside(engine: Engine, root: Path) -> None:
    """An import of predictions knows the column of its decisions; it is neither read nor refused."""
    put(engine, root, columns() | {"called": ["yes"] * 40}, beside=("called",))
    assert "called" not in pq.read_table(root / "datasets" / "gold-1.parquet").column_names


def test_only_rows_asked_for_come_in(engine: Engine, root: Path) -> None:
    """`--where` keeps one value of a column."""
    made = put(engine, root, where="language=es", slices=("age",))
    assert made.rows == columns()["language"].count("es")


def test_several_columns_make_one_id(engine: Engine, root: Path) -> None:
    """Variants of one item: the id is the item and the variant."""
    twice = {name: values * 2 for name, values in columns().items()} | {"variant": ["plain"] * 40 + ["leet"] * 40}
    with pytest.raises(SetupError, match="duplicate"):
        put(engine, root, twice, slices=("language",), beside=("age", "variant"))
    made = put(engine, root, twice, ids=("item", "variant"), slices=("language",), beside=("age",))
    assert made.rows == 80


def test_classes_are_stored_by_their_place(engine: Engine, root: Path) -> None:
    """The vocabulary is kept with the dataset; three classes are counted by name."""
    labels = [("none", "mild", "severe")[number % 3] for number in range(40)]
    put(engine, root, columns() | {"gold": labels}, classes=("none", "mild", "severe"))
    assert entry(engine).classes == ("none", "mild", "severe")
    result = ask(DATASET_STATS, asking(engine, root), dataset="gold 1")
    assert {row["class"]: row["items"] for row in result.rows} == Counter(labels)
    assert "3 classes, the largest none (14), the smallest" in result.headline


def test_counts_come_in_without_items(database: Engine, root: Path) -> None:
    """Rows of one cell are summed, empty cells are known as values; only the composition can be asked."""
    counts: Columns = {"language": ["en", "en", "es", "es", "tl"], "gold": [0, 1, 0, 0, 1], "n": [30, 10, 5, 7, 0]}
    made = put(database, root, counts, slices=("language",), count="n", **NO_GROUPS)
    found = entry(database)
    assert (made.rows, made.cells, found.path) == (52, 3, "")
    assert found.dimensions == {"language": ["en", "es", "tl"]}
    with reading(database) as session:
        cells = {(one.values["language"], one.label): one.n for one in session.scalars(select(DatasetCell))}
    assert cells == {("en", 0): 30, ("en", 1): 10, ("es", 0): 12}
    assert put(database, root, counts, slices=("language",), count="n", **NO_GROUPS).new is False
    assert verify(database, root) == []
    assert "Empty: 1 of 3 (tl)." in ask(
        DATASET_STATS, asking(database, root), dataset="gold 1", group_by=["language"]
    ).headline  # fmt: skip


@pytest.mark.parametrize(
    ("n", "message"),
    [
        ([3, -1], "Column n of .* lies outside"),
        ([3, 1.5], "Column n of .* is no whole number in 1 row"),
        ([3, None], "Column n of .* has no number in 1 row"),
        ([0, 0], "counts no item at all"),
    ],
)
def test_counts_that_are_none_are_refused(engine: Engine, root: Path, n: list[float], message: str) -> None:
    """Below zero, broken, missing, or nothing at all."""
    counts: Columns = {"language": ["en", "es"], "gold": [0, 1], "n": n}
    with pytest.raises(SetupError, match=message):
        put(engine, root, counts, slices=("language",), count="n", **NO_GROUPS)
    assert entry_ids(engine) == []


def test_counts_have_no_groups(engine: Engine, root: Path) -> None:
    """Said before the file is opened."""
    with pytest.raises(SetupError, match="leave out --cluster, --weight, --near-duplicate"):
        put(engine, root, count="score")


def test_a_card_has_croissants_fields_and_says_what_is_unknown(engine: Engine, root: Path, tmp_path: Path) -> None:
    """All sixteen, the unknown ones as such; a better card is taken over, the items stay."""
    card = tmp_path / "card.yaml"
    card.write_text("dataBiases: Enriched.\nannotationsPerItem: 3\ndataCollection: [Random, Flagged]\n", "utf-8")
    put(engine, root, card=card)
    held = entry(engine).card
    assert tuple(held) == FIELDS == SAMPLE_FIELDS
    assert (held["dataBiases"], held["annotationsPerItem"]) == ("Enriched.", "3")
    assert held["dataCollection"] == "Random; Flagged"
    assert held["dataLimitations"] == "unknown"
    card.write_text("dataBiases: None known.\n", "utf-8")
    assert put(engine, root, card=card).new is False
    assert entry(engine).card["dataBiases"] == "None known."
    put(engine, root)
    assert entry(engine).card["dataBiases"] == "None known."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dataBias: x", r"no Croissant RAI card has: dataBias \(nearest: dataBiases\)"),
        ("- a", "must be a list of fields"),
        ("dataBiases: {a: b}", "The field dataBiases of card.yaml must be a text"),
        ("dataBiases: [", "cannot be read as YAML"),
        (f"dataBiases: {'x' * 2_001}", "has 2,001 characters"),
    ],
)
def test_a_card_that_is_none_is_refused(engine: Engine, root: Path, tmp_path: Path, text: str, message: str) -> None:
    """The field is named; nothing is registered."""
    card = tmp_path / "card.yaml"
    card.write_text(text, "utf-8")
    with pytest.raises(SetupError, match=message):
        put(engine, root, card=card)
    assert entry_ids(engine) == []


@pytest.mark.parametrize(("name", "version"), [("gold-1", "2"), ("Gold", "1-2")])
def test_two_datasets_never_share_a_file_or_a_name(engine: Engine, root: Path, name: str, version: str) -> None:
    """`gold-1` 2 and `gold` 1-2 would be the same file; `Gold` and `gold` the same word."""
    put(engine, root, version="1-2")
    with pytest.raises(SetupError, match="could not be told from gold 1-2"):
        put(engine, root, name=name, version=version)


def test_what_is_imported_can_be_asked_and_compared(engine: Engine, root: Path) -> None:
    """The next version shares items with it; groups of one key are compared."""
    put(engine, root)
    later = columns(60)
    put(engine, root, {name: values[20:] for name, values in later.items()}, version="2", as_of=date(2026, 12, 1))
    result = ask(COMPARE_DATASETS, asking(engine, root), dataset="gold 2")
    assert "**gold 1 → gold 2: 20 items in both, 20 added, 20 removed.**" in result.headline
    assert "No shared item carries another label (none of 20" in result.headline


@real_data
def test_the_planted_gap_in_the_real_counts_is_seen(engine: Engine, root: Path) -> None:
    """Three intents of the first training set lack about 80 % of their items: they are what moved most."""
    for version, count in (("v1", "train_v1"), ("full", "train_full")):
        file = REAL / "banking_train_counts.csv"
        import_dataset(
            engine, root,
            DatasetImport(file, "bank", version, "train", ("intent",), label="gold", count=count),
        )  # fmt: skip
    table = pa_csv.read_csv(REAL / "banking_train_counts.csv")
    assert entry(engine, "bank@v1").rows == sum(table.column("train_v1").to_pylist())
    result = ask(COMPARE_DATASETS, asking(engine, root), dataset="bank v1", other="bank full", group_by=["intent"])
    lost = {
        row["intent"] for row in table.to_pylist() if row["train_v1"] < 0.5 * row["train_full"]
    }  # fmt: skip
    assert {row["slice"] for row in result.rows[: len(lost)]} == lost
    assert len(lost) == 3
    assert "small change" in result.headline


@real_data
def test_the_real_predictions_are_a_dataset_of_clusters(engine: Engine, root: Path) -> None:
    """21,560 rows, seven variants of each of 3,080 items; 13 % are positive."""
    file = REAL / "banking_security_predictions.csv"
    request = DatasetImport(
        file, "bank", "1", "suite", ("variant", "length"), ids=("item_id", "variant"), label="gold", cluster="item_id",
        beside=("intent",),
    )  # fmt: skip
    assert import_dataset(engine, root, request).rows == 21_560
    assert entry(engine, "bank@1").traits["clusters"] == 3_080
    result = ask(DATASET_STATS, asking(engine, root), dataset="bank 1", group_by=["variant"])
    assert {(row["items"], row["positives"]) for row in result.rows} == {(3_080, 400)}
    assert "All 21,560 items come in 3,080 clusters" in "\n".join(result.caveats)
