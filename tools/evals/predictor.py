"""Predictors turn features into scores. One kind so far: a local ONNX model."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tools.errors import SetupError
from tools.evals.items_file import digest

BATCH = 4_096
Features = NDArray[np.float32]
Scores = NDArray[np.float32]


class Predictor(Protocol):
    """Anything that scores items: features float32 (n, d) -> probability of the positive class, float32 (n,)."""

    def scores(self, features: Features) -> Scores:
        """One score in [0, 1] an item, in order."""
        ...


class OnnxPredictor:
    """An ONNX classifier with the output `probabilities` (n, 2), run on the CPU in batches of 4,096."""

    def __init__(self, path: Path, sha256: str) -> None:
        """Load the model.

        Raises:
            SetupError: the file is missing, is not the registered one (by SHA-256), or is not such a model.
        """
        import onnxruntime

        if not path.is_file():
            raise SetupError(f"The model file {path.name} is missing.", remedy="steward init --sample")
        if digest(path) != sha256:
            raise SetupError(
                f"The model file {path.name} is not the one that was registered. Put the registered file back."
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises its own undocumented types
            raise SetupError(f"The model file {path.name} cannot be loaded as ONNX. Export it again.") from error
        self._input = self._session.get_inputs()[0].name
        if "probabilities" not in {output.name for output in self._session.get_outputs()}:
            raise SetupError(f"The model file {path.name} has no output `probabilities`. Export it with one.")

    def scores(self, features: Features) -> Scores:
        """Probability of the positive class, float32 (n,).

        Raises:
            ValueError: a score is not a number in [0, 1]; nothing of the batch is kept.
        """
        parts = [
            self._session.run(["probabilities"], {self._input: features[at : at + BATCH]})[0][:, 1]
            for at in range(0, len(features), BATCH)
        ]
        scores: Scores = np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)
        if not np.all((scores >= 0) & (scores <= 1)):
            raise ValueError("the model gave scores outside 0 to 1")
        return scores
