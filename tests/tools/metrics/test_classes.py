"""`class_metrics`: each number is scikit-learn's on the items, of two classes and of more."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support
from sqlalchemy import Engine

from tests.clock import START
from tests.tools.asked import ask, asking, certainty
from tests.tools.sample import shipped
from tools.catalog import load
from tools.errors import ToolError
from tools.evals.cells import cell_key
from tools.metrics.classes import CLASS_METRICS
from tools.metrics.query import QUERY_METRICS
from tools.runs import evaluated
from tools.stats.intervals import wilson
from tools.store.session import writing
from tools.store.tables import ConfusionCell, Dataset, Model, Run
from tools.workspace import Call

V7 = shipped.run("bullying-text@v7", "golden@2026-10")
Classes = NDArray[np.int64]
CLASSES = ["none", "insult", "threat", "exclusion", "never seen"]
DRAW = np.random.default_rng(12)
GOLD = DRAW.choice(4, 900, p=[0.6, 0.2, 0.15, 0.05])
CALLED = np.where(DRAW.random(900) < 0.7, GOLD, DRAW.integers(0, 4, 900))
LANGUAGE = DRAW.choice(["en", "es"], 900)


def stored(engine: Engine, root: Path, gold: Classes, called: Classes, **traits: object) -> Call:
    """A run of several classes, as an import leaves it: confusion cells, no histogram."""
    dataset = {
        "id": "gold@1", "name": "gold", "version": "1", "kind": "golden", "path": "", "digest": "d", "rows": len(gold),
        "features": [], "dimensions": {"language": ["en", "es"]}, "gold_version": "3", "guideline_version": "1.2",
        "counts_of": "items", "as_of": date(2026, 10, 31), "card": {}, "classes": CLASSES, "traits": dict(traits),
    }  # fmt: skip
    model = {
        "id": "topic@v1", "name": "topic", "version": "v1", "policy": "bullying", "aliases": ["prod"], "artifact": "",
        "sha256": "", "threshold": 0.5, "guideline_version": "1.2", "trained_on": None, "released": date(2026, 1, 1),
    }  # fmt: skip
    with writing(engine) as session:
        session.add_all([Dataset(**dataset), Model(**model)])
    catalog = load(engine)
    parameters = evaluated(catalog.models[0], catalog.datasets[0])
    run = Run(
        id="r1", model_id="topic@v1", dataset_id="gold@1", threshold=0.5, parameters=parameters, status="done",
        rows=len(gold), shards=1, error=None, requested_by="ana", created_at=START, finished_at=START,
    )  # fmt: skip
    cells = [
        ConfusionCell(
            run_id="r1", cell=cell_key({"language": language}), values={"language": language}, gold=a, predicted=b,
            n=int(n),
        )
        for language in ("en", "es")
        for (a, b), n in np.ndenumerate(
            confusion_matrix(gold[language == LANGUAGE], called[language == LANGUAGE], labels=range(5))
        )
        if n
    ]  # fmt: skip
    with writing(engine) as session:
        session.add(run)
        session.flush()
        session.add_all(cells)
    return asking(engine, root)


@pytest.fixture
def several(engine: Engine, tmp_path: Path) -> Call:
    """900 items of four classes."""
    return stored(engine, tmp_path / "root", GOLD, CALLED)


def test_each_class_has_its_precision_recall_and_f1(several: Call) -> None:
    """With k, n and interval; the worst class first; what its items were called beside it."""
    result = ask(CLASS_METRICS, several, model="topic v1")
    found = {row["class"]: row for row in result.rows}
    precision, recall, f1, _ = precision_recall_fscore_support(GOLD, CALLED)
    assert set(found) == set(CLASSES[:4])
    table = confusion_matrix(GOLD, CALLED)
    for number, name in enumerate(CLASSES[:4]):
        row = found[name]
        assert (row["precision"], row["recall"], row["f1"]) == pytest.approx(
            (precision[number], recall[number], f1[number]), abs=1e-12
        )
        assert (row["recall_low"], row["recall_high"]) == wilson(row["recall_k"], row["recall_n"])
        assert (row["precision_low"], row["precision_high"]) == wilson(row["precision_k"], row["precision_n"])
        assert row["f1_low"] < row["f1"] < row["f1_high"]
        assert row["called"] == {CLASSES[other]: int(n) for other, n in enumerate(table[number]) if n}
    assert [row["f1"] for row in result.rows] == sorted(row["f1"] for row in result.rows)


def test_means_and_accuracy_are_those_of_scikit_learn(several: Call) -> None:
    """Macro over the classes that occur, weighted, and micro, which is accuracy."""
    headline = ask(CLASS_METRICS, several, model="topic v1").headline
    right = int((GOLD == CALLED).sum())
    assert f"**Accuracy {right / 900:.3f}** ({right} of 900 items;" in headline
    assert "also micro F1" in headline
    for kind in ("macro", "weighted"):
        precision, recall, f1, _ = precision_recall_fscore_support(GOLD, CALLED, average=kind)
        line = next(line for line in headline.split("\n") if line.startswith(f"**{kind.capitalize()}**"))
        assert f"F1 {f1:.3f} (95 %" in line
        assert f"recall {recall:.3f} (95 %" in line
        assert f"precision {precision:.3f} (95 %" in line


def test_the_most_confused_pairs_are_named(several: Call) -> None:
    """Of the items of which class, how many were called which, with interval."""
    table = confusion_matrix(GOLD, CALLED)
    np.fill_diagonal(table, 0)
    gold, called = np.unravel_index(table.argmax(), table.shape)
    k, n = int(table.max()), int((gold == GOLD).sum())
    low, high = wilson(k, n)
    expected = f"Most confused: {CLASSES[gold]} called {CLASSES[called]} {k} of {n} (95 % {low:.3f}-{high:.3f});"
    assert expected in ask(CLASS_METRICS, several, model="topic v1").headline


def test_a_filter_keeps_its_items_alone(several: Call) -> None:
    """Counts are summed over the cells that pass, then divided."""
    result = ask(CLASS_METRICS, several, model="topic v1", filters={"language": ["es"]})
    kept = LANGUAGE == "es"
    expected = f1_score(GOLD[kept], CALLED[kept], average="macro")
    assert f"F1 {expected:.3f} (95 %" in result.headline
    assert result.headline.startswith("topic v1 on language es: ")
    assert result.query["filters"] == {"language": ["es"]}


def test_what_does_not_occur_and_what_is_rare_is_said(several: Call) -> None:
    """A class without items is in no mean; one with few is marked."""
    caveats = ask(CLASS_METRICS, several, model="topic v1", filters={"language": ["es"]}).caveats
    assert "1 of 5 classes do not occur here and are in no mean." in caveats
    few = int(((GOLD == 3) & (LANGUAGE == "es")).sum())
    assert few < 30
    assert "Low support, read with care (under 30 items): exclusion." in caveats


def test_r14_a_run_of_classes_has_a_source_and_no_threshold(several: Call) -> None:
    """Its decisions are classes, not scores at a threshold."""
    (source,) = ask(CLASS_METRICS, several, model="topic v1").provenance
    assert (source.model, source.dataset, source.run, source.threshold) == ("topic v1", "gold 1", "r1", None)
    assert (source.gold_version, source.guideline_version) == ("3", "1.2")


def test_clusters_and_weights_that_are_not_allowed_for_are_named(engine: Engine, tmp_path: Path) -> None:
    """Rather than an interval that is too narrow without a word."""
    call = stored(engine, tmp_path / "root", GOLD, CALLED, clusters=120, weighted=True)
    caveats = ask(CLASS_METRICS, call, model="topic v1").caveats
    assert "The set has 120 clusters of dependent items: these intervals are too narrow." in caveats
    assert "The items' weights are not applied here: these are plain counts." in caveats


def test_r18_no_class_without_an_error_is_called_perfect(engine: Engine, tmp_path: Path) -> None:
    """Accuracy and means are then “at least”."""
    call = stored(engine, tmp_path / "root", GOLD, GOLD)
    headline = ask(CLASS_METRICS, call, model="topic v1").headline
    assert certainty(headline) is None, headline
    assert headline.count("at least 0.") == 7
    assert "Most confused" not in headline


def test_binary_metrics_of_several_classes_lead_here(several: Call) -> None:
    """There is no recall as such; what to ask instead stands in the error."""
    with pytest.raises(ToolError, match="gold 1 has 5 classes") as caught:
        ask(QUERY_METRICS, several, model="topic v1", metrics=["recall"])
    assert caught.value.nearest == ("confusion matrix of topic v1 on gold 1",)


def test_of_two_classes_the_table_has_four_counts(call: Call) -> None:
    """Counted again from the shipped files, at the operating threshold."""
    result = ask(CLASS_METRICS, call, model="bullying-text v7", dataset="golden 2026-10")
    (tp, positives), (fp, negatives) = V7.share(1), V7.share(0)
    assert result.rows == (
        {"gold": "positive", "flagged": tp, "not_flagged": positives - tp, "n": positives},
        {"gold": "negative", "flagged": fp, "not_flagged": negatives - fp, "n": negatives},
    )
    assert f"**{tp} flagged, {positives - tp} missed**" in result.headline
    low, high = wilson(tp, positives)
    assert (
        f"**Recall {tp / positives:.3f}** ({tp} of {positives} positives; 95 % {low:.3f}-{high:.3f})."
        in result.headline
    )
    called = (V7.score.astype(np.float64) >= 0.35).astype(int)
    macro = f1_score(V7.columns["label"], called, average="macro")
    assert f"**Macro F1 {macro:.3f}** (95 % " in result.headline
    assert f"**Accuracy {(V7.columns['label'] == called).mean():.3f}** (" in result.headline
    assert result.provenance[0].threshold == 0.35
    assert any("enriched" in caveat for caveat in result.caveats)


def test_a_slice_without_items_is_said_of_both_kinds(call: Call, several: Call) -> None:
    """No table of noughts."""
    with pytest.raises(ToolError, match="No item of golden 2026-10 with policy dangerous-challenges"):
        ask(
            CLASS_METRICS,
            call,
            model="bullying-text v7",
            dataset="golden 2026-10",
            filters={"policy": ["dangerous-challenges"]},
        )
    with writing(several.workspace.engine) as session:
        session.query(ConfusionCell).filter(ConfusionCell.cell == cell_key({"language": "es"})).delete()
    with pytest.raises(ToolError, match="No item of gold 1 with language es"):
        ask(CLASS_METRICS, several, model="topic v1", filters={"language": ["es"]})
