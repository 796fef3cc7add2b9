"""What `workspace.yaml` says is what the files hold."""

import hashlib
import re

import numpy as np
import onnxruntime as ort
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.tools.sample.shipped import columns, registry
from tools.sample import folder

DATASETS = [f"{entry['name']}@{entry['version']}" for entry in registry()["datasets"]]
MODELS = [f"{entry['name']}@{entry['version']}" for entry in registry()["models"]]
FIELDS = 16


def test_everything_shipped_stays_under_four_megabytes() -> None:
    """Data, models, registry and code of the sample together."""
    files = [path for path in folder().rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 4_000_000


def test_every_shipped_data_and_model_file_is_registered() -> None:
    """No file lies beside the registry, and none is missing."""
    named = {entry["path"] for kind in ("datasets", "label_sets") for entry in registry()[kind]}
    named |= {entry["artifact"] for entry in registry()["models"]}
    found = {
        path.relative_to(folder()).as_posix() for part in ("data", "models") for path in (folder() / part).iterdir()
    }
    assert found == named


@pytest.mark.parametrize("dataset", registry()["datasets"], ids=DATASETS)
def test_a_dataset_file_matches_its_digest_and_rows(dataset: dict[str, str]) -> None:
    """The digest is the file's SHA-256."""
    content = (folder() / dataset["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == dataset["digest"]
    assert pq.read_metadata(folder() / dataset["path"]).num_rows == dataset["rows"]


def test_the_rater_labels_match_their_registry_and_hold_no_text_but_ids_and_declared_values() -> None:
    """Digest, rows, three ratings an item, raters as opaque names, and items that the golden set has (R1, R7)."""
    (labels,) = registry()["label_sets"]
    path = folder() / labels["path"]
    assert path.stat().st_size <= 60_000
    assert hashlib.sha256(path.read_bytes()).hexdigest() == labels["digest"]
    table = pq.read_table(path)
    assert table.column_names == ["item_id", labels["gold"], *labels["raters"], *labels["dimensions"]]
    assert 1_200 <= len(table) == labels["rows"] <= 1_800
    assert all(re.fullmatch(r"r-\d\d", rater) for rater in labels["raters"])
    given = np.array([[value is not None for value in table[rater].to_pylist()] for rater in labels["raters"]])
    assert set(given.sum(axis=0).tolist()) == {3}
    assert all(set(table[rater].to_pylist()) == {0, 1, None} for rater in labels["raters"])
    gold = columns(labels["dataset"])
    held = dict(zip(gold["item_id"].tolist(), gold["label"].tolist(), strict=True))
    assert [held[item] for item in table["item_id"].to_pylist()] == table[labels["gold"]].to_pylist()
    assert len(set(table["item_id"].to_pylist())) == len(table)
    for name, declared in labels["dimensions"].items():
        assert set(table[name].to_pylist()) == set(declared)
    assert labels["traits"]["vendors"].keys() == set(labels["raters"])


@pytest.mark.parametrize("model", registry()["models"], ids=MODELS)
def test_a_model_file_matches_its_digest_and_takes_features(model: dict[str, str]) -> None:
    """Input `features` [N, 16], output `probabilities` [N, 2] that sum to one."""
    path = folder() / model["artifact"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == model["sha256"]
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    assert [(put.name, put.type, put.shape[1]) for put in session.get_inputs()] == [("features", "tensor(float)", 16)]
    assert [(put.name, put.type) for put in session.get_outputs()] == [("probabilities", "tensor(float)")]
    output = session.run(None, {"features": np.linspace(-2, 2, 48, dtype=np.float32).reshape(3, 16)})[0]
    assert output.shape == (3, 2)
    assert np.allclose(output.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("dataset", registry()["datasets"], ids=DATASETS)
def test_no_column_holds_text_but_ids_and_declared_values(dataset: dict[str, object]) -> None:
    """R1: a string is an opaque id or one of the declared values of a dimension; the rest are numbers."""
    schema = pq.read_schema(folder() / str(dataset["path"]))
    dimensions = dataset["dimensions"]
    assert isinstance(dimensions, dict)
    strings = {field.name for field in schema if not pa.types.is_primitive(field.type)}
    assert strings == {"item_id", *dimensions} | ({"cluster"} if "cluster" in dataset else set())
    values = columns(f"{dataset['name']}@{dataset['version']}")
    for name in strings & {"item_id", "cluster"}:
        assert all(re.fullmatch(r"(it|cl)_[0-9a-f]{12}", value) for value in values[name].tolist())
    for name, declared in dimensions.items():
        assert set(values[name].tolist()) == set(declared)


@pytest.mark.parametrize("dataset", registry()["datasets"], ids=DATASETS)
def test_ids_are_unique_and_a_row_group_is_a_shard_of_one_policy(dataset: dict[str, str]) -> None:
    """A shard holds about 1,000 rows of one policy, and whole clusters."""
    file = pq.ParquetFile(folder() / dataset["path"])
    seen: set[str] = set()
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        assert 700 <= len(table) <= 1300
        assert len(set(table["policy"].to_pylist())) == 1
        clusters = set(table["cluster"].to_pylist()) if "cluster" in dataset else set(table["item_id"].to_pylist())
        assert not clusters & seen
        seen |= clusters
    ids = columns(f"{dataset['name']}@{dataset['version']}")["item_id"]
    assert len(set(ids.tolist())) == file.metadata.num_rows


def test_every_policy_has_a_previous_a_prod_and_a_candidate_model() -> None:
    """The aliases name exactly one version a policy, and thresholds have at most four decimals."""
    for policy in registry()["policies"]:
        models = [model for model in registry()["models"] if model["policy"] == policy["id"]]
        assert sorted(alias for model in models for alias in model["aliases"]) == ["candidate", "previous", "prod"]
        assert all(round(model["threshold"], 4) == model["threshold"] for model in models)
        assert all(model["trained_on"] in DATASETS for model in models)


def test_the_default_dataset_is_registered() -> None:
    """A question without a dataset has an answer; without a model it is asked back, as two are in production."""
    assert registry()["defaults"] == {"dataset": "golden@2026-10"}
    assert registry()["defaults"]["dataset"] in DATASETS


@pytest.mark.parametrize("dataset", registry()["datasets"], ids=DATASETS)
def test_a_card_fills_every_field_or_says_unknown(dataset: dict[str, dict[str, str]]) -> None:
    """All sixteen Croissant RAI fields are there, none empty."""
    assert len(dataset["card"]) == FIELDS
    assert all(isinstance(text, str) and text for text in dataset["card"].values())


def test_golden_sets_share_items_with_the_same_numbers() -> None:
    """A shared item is the same item in both versions; each main language has 60 positives, Tagalog 50."""
    old, new = columns("golden@2026-07"), columns("golden@2026-10")
    features = registry()["datasets"][1]["features"]
    where = {item: row for row, item in enumerate(old["item_id"].tolist())}
    shared = [(where[item], row) for row, item in enumerate(new["item_id"].tolist()) if item in where]
    assert len(shared) > 3000
    before, after = (np.array(rows) for rows in zip(*shared, strict=True))
    for name in [*features, "policy", "language", "surface", "technique", "source"]:
        assert np.array_equal(old[name][before], new[name][after])
    for policy in ("bullying", "dangerous-challenges"):
        positives = new["language"][(new["policy"] == policy) & (new["label"] == 1)]
        counts = {language: int((positives == language).sum()) for language in set(positives.tolist())}
        assert counts.pop("tl") == 50
        assert len(counts) == 7
        assert min(counts.values()) >= 60


def test_no_golden_or_evasion_item_was_trained_on() -> None:
    """Train and evaluation sets are disjoint."""
    trained = set(columns("train@2026-06")["item_id"].tolist())
    for dataset in ("golden@2026-07", "golden@2026-10", "evasion@2"):
        assert not trained & set(columns(dataset)["item_id"].tolist())
