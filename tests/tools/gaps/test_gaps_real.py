"""`find_gaps` on real, text-free predictions: the variants and the planted hole in the training counts are found."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.clock import START
from tests.tools.asked import asking
from tools.gaps.find import find_gaps
from tools.gaps.report import Gaps
from tools.importers.dataset import DatasetImport, import_dataset
from tools.importers.predictions import import_predictions
from tools.importers.request import Columns, PredictionsImport, ScoredModel
from tools.store.session import writing
from tools.store.tables import Model

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
PREDICTIONS, TRAINING = REAL / "banking_security_predictions.csv", REAL / "banking_train_counts.csv"
pytestmark = pytest.mark.skipif(not PREDICTIONS.is_file(), reason="the real data are not here")


@pytest.fixture
def gaps(engine: Engine, tmp_path: Path) -> Gaps:
    """The gaps of the first model, whose training set lacks most rows of three intents."""
    columns = Columns(("item_id", "variant"), "gold", ("variant", "intent", "length"), "item_id")
    model = ScoredModel("security", "v1", "score_v1_word_gap")
    wanted = PredictionsImport(PREDICTIONS, (model,), columns, "banking", "1", threshold=0.5)
    import_predictions(engine, tmp_path, wanted, lambda: START, "ana")
    counts = DatasetImport(
        file=TRAINING, name="training", version="1", kind="train", slices=("intent",), label="gold", count="train_v1"
    )
    import_dataset(engine, tmp_path, counts)
    with writing(engine) as session:
        session.get_one(Model, model.id).trained_on = "training@1"
    return find_gaps(asking(engine, tmp_path), "security v1", "banking 1")


def counted() -> Counter[tuple[str, str, bool]]:
    """The positives by variant, intent and decision, counted row by row."""
    with PREDICTIONS.open(encoding="utf-8") as file:
        return Counter(
            (row["variant"], row["intent"], float(row["score_v1_word_gap"]) >= 0.5)
            for row in csv.DictReader(file)
            if row["gold"] == "1"
        )


def test_perturbed_variants_and_the_hole_in_training_are_found(gaps: Gaps) -> None:
    """Each variant against its own plain items; the intent with the fewest training rows as coverage."""
    found = {finding.gap.name: finding for finding in gaps.established}
    rows = counted()
    for variant in ("spaced", "leet", "homoglyph"):
        gap = next(gap for gap in (found[variant].gap, found[variant].also) if gap and gap.metric == "recall")
        hits = sum(n for (name, _, called), n in rows.items() if name == variant and called)
        assert (gap.slice.k, gap.slice.n, gap.rest.k, gap.rest.n) == (hits, 400, 350, 400)
        assert found[variant].cause == "robustness"
    hole = found["card_swallowed"]
    assert (hole.gap.slice.k, hole.gap.slice.n) == (rows["clean", "card_swallowed", True], 40)
    assert hole.cause == "coverage"
    assert hole.diagnosis.speaks_for[0].text.startswith("10 training items")
    # Seven rows of one item are not seven items.
    assert all(finding.gap.slice.n <= 40 for finding in gaps.findings if "intent" in finding.gap.filters)
