"""Training: fits a recipe, places its operating threshold on held-out rows, exports it to ONNX."""

import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tools.sample import causes
from tools.sample.items import FEATURES, Column, Items, stack
from tools.sample.population import disguise
from tools.sample.recipes import Recipe
from tools.sample.scoring import scores

THRESHOLD_RULE = (
    "the lowest threshold, in steps of 0.01, that keeps the false-positive rate within the policy's budget (bullying "
    "5 %, dangerous-challenges 2.5 %) on the quarter of the training rows held out from training"
)
_BUDGET = {"bullying": 0.05, "dangerous-challenges": 0.025}
_HELD_OUT_ONE_IN = 4
_OPSET = 17


@dataclass(frozen=True)
class Trained:
    """A finished model: its ONNX bytes, the threshold it operates at and the one the rule gives."""

    recipe: Recipe
    onnx: bytes
    threshold: float
    threshold_by_rule: float


def train(recipe: Recipe, items: Items) -> Trained:
    """Fits a recipe on the training set's rows of its policy."""
    rows = items.take(items.where(policy=recipe.policy))
    held_out = _held_out(rows)
    rng = np.random.default_rng([causes.SEED, 4, zlib.crc32("@".join(recipe.key).encode())])
    seen = _prepared(recipe, rows.take(~held_out), rng)
    pipeline = make_pipeline(StandardScaler(), clone(recipe.learner))
    pipeline.fit(seen.features.astype(np.float64), seen.label)
    converted = convert_sklearn(
        pipeline,
        name="_".join(recipe.key),
        initial_types=[("features", FloatTensorType([None, len(FEATURES)]))],
        options={"zipmap": False},
        target_opset=_OPSET,
    )
    model = _probabilities_alone(converted).SerializeToString()
    check = rows.take(held_out)
    by_rule = _threshold(scores(model, check.features), check.label, _BUDGET[recipe.policy])
    return Trained(recipe, model, causes.MISPLACED_THRESHOLD.get(recipe.key, by_rule), by_rule)


def _probabilities_alone(converted: Any) -> Any:
    """The model without its label output, and without the constants that only the label used."""
    model = select_model_inputs_outputs(converted, outputs="probabilities")
    used = {name for node in model.graph.node for name in node.input}
    kept = [constant for constant in model.graph.initializer if constant.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    return model


def _held_out(items: Items) -> Column:
    """Every fourth row by a hash of its id: the same rows for every recipe."""
    return np.array([zlib.crc32(str(item).encode()) % _HELD_OUT_ONE_IN == 0 for item in items.item_id])


def _prepared(recipe: Recipe, items: Items, rng: np.random.Generator) -> Items:
    """The rows a recipe learns from: filtered, repeated, with disguised copies."""
    share = np.array([recipe.keeps.get(str(language), recipe.share) for language in items.language])
    kept = items.take(rng.random(len(items)) < share)
    parts = [kept]
    for language, times in recipe.repeat.items():
        parts += [kept.take(kept.where(language=language))] * (times - 1)
    for technique, part in recipe.augment.items():
        copies = kept.take((kept.technique == "none") & (rng.random(len(kept)) < part))
        parts.append(disguise(replace(copies, technique=np.full(len(copies), technique))))
    return stack(parts)


def _threshold(probabilities: Column, label: Column, budget: float) -> float:
    """Applies THRESHOLD_RULE."""
    negatives = probabilities[label == 0]
    for hundredths in range(1, 100):
        if np.mean(negatives >= hundredths / 100) <= budget:
            return hundredths / 100
    raise ValueError("no threshold keeps the false positives within the budget")
