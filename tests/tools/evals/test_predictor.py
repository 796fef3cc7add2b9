"""An ONNX model says what it says, in order; anything that is not such a model is refused before a score is kept."""

from pathlib import Path

import numpy as np
import pytest

from tests.tools.onnx_file import gather
from tests.tools.sample import shipped
from tools.errors import SetupError
from tools.evals.items_file import digest
from tools.evals.predictor import BATCH, OnnxPredictor
from tools.sample import folder


def _predictor(path: Path, content: bytes) -> OnnxPredictor:
    path.write_bytes(content)
    return OnnxPredictor(path, digest(path))


def test_scores_come_back_in_order_across_batches(tmp_path: Path) -> None:
    """More rows than a batch holds, and one more; the second column is the score."""
    features = np.random.default_rng(1).random((BATCH + 1, 2), np.float32)
    scores = _predictor(tmp_path / "m.onnx", gather([0, 1], 2)).scores(features)
    assert scores.dtype == np.float32
    assert np.array_equal(scores, features[:, 1])


def test_nothing_to_score_is_no_score(tmp_path: Path) -> None:
    """A shard may hold no item of the policy."""
    assert _predictor(tmp_path / "m.onnx", gather([0, 1], 2)).scores(np.zeros((0, 2), np.float32)).shape == (0,)


def test_a_shipped_classifier_scores_as_onnx_runtime_says() -> None:
    """To the bit."""
    expected = shipped.run("challenge-video@v5-rc1", "golden@2026-07")
    names = shipped.entry("datasets", "golden@2026-07")["features"]
    features = np.stack([expected.columns[name] for name in names], axis=1).astype(np.float32)
    entry = shipped.entry("models", "challenge-video@v5-rc1")
    assert np.array_equal(OnnxPredictor(folder() / entry["artifact"], entry["sha256"]).scores(features), expected.score)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no onnx at all", "cannot be loaded as ONNX"),
        (b"", "cannot be loaded as ONNX"),
        (gather([0, 1], 2)[:-30], "cannot be loaded as ONNX"),
        (gather([0, 1], 2, output="label"), "has no output `probabilities`"),
    ],
    ids=["text", "nothing", "cut off", "another output"],
)
def test_a_file_that_is_no_such_model_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """When it is opened, with what to do."""
    with pytest.raises(SetupError, match=message):
        _predictor(tmp_path / "m.onnx", content)


@pytest.mark.parametrize("content", [gather([1], 2), gather([1, 0, 1], 2), gather([1], 2, flat=True)])
def test_a_model_that_does_not_give_two_columns_is_refused(tmp_path: Path, content: bytes) -> None:
    """What a model declares of its columns is not reliable, so what it gives is looked at."""
    with pytest.raises(SetupError, match="two columns"):
        _predictor(tmp_path / "m.onnx", content).scores(np.zeros((3, 2), np.float32))


def test_a_model_that_was_exchanged_is_refused(tmp_path: Path) -> None:
    """By its SHA-256, before it is loaded."""
    (tmp_path / "m.onnx").write_bytes(gather([0, 1], 2))
    with pytest.raises(SetupError, match="not the one that was registered"):
        OnnxPredictor(tmp_path / "m.onnx", "0" * 64)
    with pytest.raises(SetupError, match=r"none\.onnx is missing"):
        OnnxPredictor(tmp_path / "none.onnx", "0" * 64)


def test_a_dataset_with_other_features_is_refused(tmp_path: Path) -> None:
    """It says how many the model takes and how many there are."""
    with pytest.raises(SetupError, match="takes 2 features, the dataset has 3"):
        _predictor(tmp_path / "m.onnx", gather([0, 1], 2)).scores(np.zeros((4, 3), np.float32))


@pytest.mark.parametrize("score", [-1e-6, 1.0001, float("nan"), float("inf"), float("-inf")])
def test_a_score_that_is_no_probability_is_refused(tmp_path: Path, score: float) -> None:
    """One of many is enough."""
    features = np.full((10, 2), 0.5, np.float32)
    features[7, 1] = score
    with pytest.raises(SetupError, match="not between 0 and 1"):
        _predictor(tmp_path / "m.onnx", gather([0, 1], 2)).scores(features)


def test_the_ends_of_the_scale_are_scores(tmp_path: Path) -> None:
    """0 and 1 exactly."""
    features = np.array([[1, 0], [0, 1]], np.float32)
    assert _predictor(tmp_path / "m.onnx", gather([0, 1], 2)).scores(features).tolist() == [0.0, 1.0]
