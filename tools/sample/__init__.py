"""The sample workspace: a fictional short-video platform, "Lumo", as opaque ids, numbers and labels; no content.

`workspace.yaml` registers two policies, six trained classifiers (ONNX), four datasets and a set of rater labels
(Parquet), and five people.
`planted.yaml` states which causes of weakness stand in them, with figures. `build.py` makes all of it from a seed.
"""

from pathlib import Path


def folder() -> Path:
    """The folder that holds `workspace.yaml`; every path in that file is relative to it."""
    return Path(__file__).resolve().parent
