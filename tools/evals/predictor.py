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
        self._name, source = path.name, self._session.get_inputs()[0]
        self._input, self._width = source.name, source.shape[-1] if source.shape else None
        outputs = {output.name: output for output in self._session.get_outputs()}
        if "probabilities" not in outputs:
            raise SetupError(f"The model file {path.name} has no output `probabilities`. Export it with one.")
        # scikit-learn's default export gives a list of maps. A declared shape is not to be relied on, so the columns
        # are looked at when there are scores.
        if outputs["probabilities"].type != "tensor(float)":
            raise self._misshapen()

    def scores(self, features: Features) -> Scores:
        """Probability of the positive class, float32 (n,).

        Raises:
            SetupError: the features are not as many as the model takes, or a score is not a number in [0, 1]; nothing
                of the batch is kept.
        """
        if isinstance(self._width, int) and features.shape[1] != self._width:
            raise SetupError(
                f"The model {self._name} takes {self._width} features, the dataset has {features.shape[1]}."
                " Register the dataset that belongs to it."
            )
        parts = [
            self._session.run(["probabilities"], {self._input: features[at : at + BATCH]})[0]
            for at in range(0, len(features), BATCH)
        ]
        if any(part.shape[1:] != (2,) for part in parts):
            raise self._misshapen()
        scores: Scores = np.concatenate([part[:, 1] for part in parts] or [np.zeros(0)]).astype(np.float32)
        if not np.all((scores >= 0) & (scores <= 1)):
            raise SetupError(f"The model {self._name} gave a score that is not between 0 and 1. Export it again.")
        return scores

    def _misshapen(self) -> SetupError:
        return SetupError(
            f"The output `probabilities` of {self._name} must be float numbers in two columns (n, 2). Export it so."
        )
