"""Scoring: what a shipped classifier says about items, computed by ONNX Runtime."""

import numpy as np
import onnxruntime as ort

from tools.sample.items import Column


def scores(model: bytes, features: Column) -> Column:
    """The probability of a violation for each row of features, shape (n,)."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    probabilities: Column = session.run(["probabilities"], {"features": features.astype(np.float32)})[0]
    return probabilities[:, 1]
