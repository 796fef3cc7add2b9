"""No library reports to its maker: not from the container, not from a person's own machine (R2).

What a library written in C does is seen by no audit hook of Python, so the trace it leaves in the home folder is looked
for: the ONNX runtime, from 1.29, keeps an identifier of the machine and a queue of events there before it sends them.
"""

from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from tests.project.processes import python

REPORTS = Version(version("onnxruntime")) >= Version("1.29")

SCORE = """
from hashlib import sha256
from tools.evals.predictor import OnnxPredictor
from tools.sample import folder
model = next((folder() / "models").glob("*.onnx"))
OnnxPredictor(model, sha256(model.read_bytes()).hexdigest())
"""
EMBED = """
from knowledge.index.embeddings import load
embedder = load().embedder
assert embedder is not None
embedder.embed_query("anything")
"""


def left(home: Path) -> list[str]:
    """The files in a home folder."""
    return sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())


@pytest.mark.skipif(not REPORTS, reason="the ONNX runtime that is pinned reports nothing")
def test_the_trace_is_seen_where_a_library_leaves_one(tmp_path: Path) -> None:
    """Imported with nothing set, the runtime starts a queue of events: the other tests look at the right place."""
    python("-c", "import onnxruntime", home=tmp_path)
    assert any("onnxruntime" in name for name in left(tmp_path))


def test_the_containers_switch_turns_it_off(tmp_path: Path) -> None:
    """The variable that the Dockerfile sets is the one the runtime obeys."""
    python("-c", SCORE, home=tmp_path, ORT_DISABLE_TELEMETRY="1")
    assert left(tmp_path) == []


@pytest.mark.parametrize("code", [SCORE, EMBED], ids=["scoring", "embedding"])
def test_nothing_is_left_for_the_makers_of_a_library(code: str, tmp_path: Path) -> None:
    """Scoring items and embedding a question leave no identifier and no events behind."""
    python("-c", code, home=tmp_path)
    assert left(tmp_path) == []
