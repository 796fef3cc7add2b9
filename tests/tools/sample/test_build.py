"""The data follow from the seed: drawing again gives the shipped file, byte for byte where the writer is the same."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.tools.sample.shipped import columns, entry, registry
from tools.sample import datasets, folder, raters
from tools.sample.items import DIMENSIONS, FEATURES
from tools.sample.shards import write


def test_drawing_the_evasion_suite_again_gives_the_shipped_items(tmp_path: Path) -> None:
    """Ids, labels, numbers and dimensions are those of the shipped file."""
    built = datasets.evasion()
    shipped = columns("evasion@2")
    assert np.array_equal(built.items.item_id, shipped["item_id"])
    assert np.array_equal(built.items.label, shipped["label"])
    assert np.array_equal(built.items.features, np.stack([shipped[name] for name in FEATURES], axis=1))
    assert np.array_equal(built.items.age(built.as_of), shipped["age"])
    for name in [*DIMENSIONS][:-1]:
        assert np.array_equal(getattr(built.items, name), shipped[name])
    for name in ("one", "two"):
        write(tmp_path / name, built.items, built.as_of)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_drawing_the_rater_labels_again_gives_the_shipped_ones(tmp_path: Path) -> None:
    """Every item, label and dimension; the bytes too where the writer is the same."""
    raters.write(tmp_path / "again.parquet", raters.rated())
    (entered,) = registry()["label_sets"]
    again, shipped = (pq.read_table(path) for path in (tmp_path / "again.parquet", folder() / entered["path"]))
    assert again.equals(shipped)


def test_numbers_lie_on_their_grid() -> None:
    """Every feature is a multiple of 1/32, so float32 holds it exactly on every machine."""
    for name in FEATURES:
        scaled = columns("golden@2026-10")[name] * 32
        assert np.array_equal(scaled, np.round(scaled))


def test_reading_the_sample_needs_nothing_of_the_extra() -> None:
    """Whoever only uses the sample never imports scikit-learn, skl2onnx or anything heavier than pathlib."""
    heavy = "{'sklearn', 'skl2onnx', 'numpy'}"
    code = f"import sys, tools.sample; tools.sample.folder(); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_model_trained_again_operates_at_the_registered_threshold() -> None:
    """The oldest bullying model, which trains in a moment; needs the extra `sample`."""
    pytest.importorskip("skl2onnx")
    from tools.sample.recipes import recipes
    from tools.sample.training import train

    (recipe,) = [recipe for recipe in recipes() if recipe.key == ("bullying-text", "v6")]
    trained = train(recipe, datasets.train().items)
    assert trained.threshold == entry("models", "bullying-text@v6")["threshold"]
