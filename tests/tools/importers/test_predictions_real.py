"""Real, text-free predictions of two models, where they lie: what comes in is what a plain reading counts."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.tools.importers.conftest import Predict
from tools.catalog import load
from tools.errors import SetupError
from tools.importers.request import ScoredModel
from tools.slices import load_slices

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "banking_security_predictions.csv"
SLICES = ("variant", "intent", "length")
MODELS = (ScoredModel("security", "v1", "score_v1_word_gap"), ScoredModel("security", "v2", "score_v2_char"))
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the real, text-free data are not on this machine")


def test_two_models_over_seven_variants_are_counted_as_the_file_says(predict: Predict, engine: Engine) -> None:
    """The check values of the file's description, and every variant against a plain reading."""
    runs = predict(
        file=FILE, models=MODELS, ids=("item_id", "variant"), slices=SLICES, cluster="item_id", threshold=0.5
    )
    (dataset,) = load(engine).datasets
    assert (dataset.rows, dataset.traits["clusters"]) == (21_560, 3_080)
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for run, model, clean in zip(runs, MODELS, ((350, 400, 49, 2_680), (372, 400, 72, 2_680)), strict=True):
        counted = Counter((row["variant"], row["gold"], float(row[model.score or ""]) >= 0.5) for row in rows)
        for cut in load_slices(engine, run.run, {}, ["variant"]):
            found = cut.histogram.at(0.5)
            (variant,) = cut.values
            assert (found.tp, found.fn) == (counted[variant, "1", True], counted[variant, "1", False])
            assert (found.fp, found.tn) == (counted[variant, "0", True], counted[variant, "0", False])
            if variant == "clean":
                assert (found.tp, found.tp + found.fn, found.fp, found.fp + found.tn) == clean


def test_the_variants_of_an_item_are_duplicates_unless_said_otherwise(predict: Predict) -> None:
    """One of them alone is a set of its own; the undeclared columns of words are refused."""
    with pytest.raises(SetupError, match=r"undeclared text column\(s\) intent, length, variant"):
        predict(file=FILE, models=MODELS, ids="item_id", slices=())
    with pytest.raises(SetupError, match=r"18,480 duplicate id\(s\) \(the first is row 2\)"):
        predict(file=FILE, models=MODELS, ids="item_id", slices=SLICES)
    runs = predict(file=FILE, models=MODELS, ids="item_id", slices=SLICES[1:], where="variant=clean")
    assert [run.rows for run in runs] == [3_080, 3_080]
