"""The public names of the ring, and what importing it costs."""

import subprocess
import sys

import knowledge


def test_the_public_names_are_these() -> None:
    """Others import from `knowledge` alone; a change here is a change of the interface."""
    assert sorted(knowledge.__all__) == [
        "AddReport",
        "Edition",
        "Embedder",
        "Found",
        "Hit",
        "Knowledge",
        "KnowledgeError",
        "LIBRARY",
        "Loaded",
        "PLAYBOOK",
        "Passage",
        "Status",
        "Term",
        "UnknownNameError",
    ]
    assert all(hasattr(knowledge, name) for name in knowledge.__all__)


def test_importing_the_ring_loads_no_heavy_library() -> None:
    """NumPy, the ONNX runtime and Chroma are imported when vectors are first used, not before."""
    heavy = ("numpy", "onnxruntime", "chromadb", "tokenizers", "bs4", "markdownify", "mammoth", "pypdf", "watchfiles")
    code = f"import sys, knowledge; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
