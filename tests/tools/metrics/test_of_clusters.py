"""`query_metrics` on sets whose rows depend on each other, or carry weights."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from tests.tools.asked import ask, asking
from tests.tools.bench import POLICY, Columns, furnished
from tests.tools.runs_made import done
from tools.evals.identity import predictions_folder
from tools.metrics.query import QUERY_METRICS
from tools.registry import register
from tools.stats.intervals import wilson
from tools.workspace import Call

CLUSTERS, SIZE = 90, 7


def rows(seed: int = 3) -> Columns:
    """90 items in seven variants each: label and language are the item's, and its variants score nearly alike."""
    draw = np.random.default_rng(seed)
    label = np.repeat((draw.random(CLUSTERS) < 0.5).astype(np.int8), SIZE)
    level = np.repeat(draw.normal(0, 0.25, CLUSTERS), SIZE)
    score = np.clip(0.4 + 0.3 * label + level + draw.normal(0, 0.03, label.size), 0, 1).astype(np.float32)
    return {
        "item_id": [f"i{number:05d}" for number in range(label.size)],
        "label": label, "not_old": 1 - score, "old": score, "not_new": 1 - score, "new": score,
        "policy": [POLICY] * label.size, "language": np.repeat(draw.choice(["en", "es"], CLUSTERS), SIZE),
    }  # fmt: skip


def cluster() -> list[str]:
    """The item that a row is a variant of."""
    return [f"c{number // SIZE:03d}" for number in range(CLUSTERS * SIZE)]


def made(engine: Engine, root: Path, **more: list[str] | NDArray[np.float64]) -> Call:
    """A bench of these rows with more columns, evaluated."""
    bench = furnished(root, rows() | more)
    register(engine, bench.root, bench.registry)
    done(engine, bench.root)
    return asking(engine, bench.root)


@pytest.fixture
def clustered(engine: Engine, tmp_path: Path) -> Call:
    """Rows with the column `cluster`."""
    return made(engine, tmp_path / "root", cluster=cluster())


def test_intervals_allow_for_clusters_and_say_so(clustered: Call) -> None:
    """The value and k/n are those of the rows; the interval is far wider than of as many independent ones."""
    result = ask(QUERY_METRICS, clustered, model="echo v1", metrics=["recall", "f1"])
    (row,) = result.rows
    columns = rows()
    flagged, gold = columns["old"] >= 0.5, columns["label"] == 1
    k, n = int((flagged & gold).sum()), int(gold.sum())
    assert (row["recall"], row["recall_k"], row["recall_n"]) == (k / n, k, n)
    low, high = wilson(k, n)
    assert row["recall_high"] - row["recall_low"] > 1.6 * (high - low)
    assert row["recall_effective"] < n / 2
    assert f"({k} of {n} positives; effective n {round(row['recall_effective'])}; 95 %" in result.headline
    assert f"Intervals allow for {CLUSTERS} clusters of items that depend on each other." in result.caveats


def test_the_interval_is_that_of_resampled_clusters(clustered: Call) -> None:
    """End points within 15 % of the width of 4,000 resampled sets of clusters."""
    (row,) = ask(QUERY_METRICS, clustered, model="echo v1", metrics=["recall"]).rows
    columns = rows()
    flagged, gold = columns["old"] >= 0.5, columns["label"] == 1
    hits = (flagged & gold).reshape(CLUSTERS, SIZE).sum(1)
    positives = gold.reshape(CLUSTERS, SIZE).sum(1)
    again = np.random.default_rng(1).integers(0, CLUSTERS, (4_000, CLUSTERS))
    low, high = np.quantile(hits[again].sum(1) / positives[again].sum(1), [0.025, 0.975])
    assert (row["recall_low"], row["recall_high"]) == pytest.approx((low, high), abs=0.15 * (high - low))


def test_slices_and_metrics_of_scores_allow_for_clusters_too(clustered: Call) -> None:
    """By language from their own clusters; AUC about, and it is said that it is about."""
    result = ask(QUERY_METRICS, clustered, model="echo v1", metrics=["recall"], group_by=["language"])
    for row in result.rows:
        low, high = wilson(row["recall_k"], row["recall_n"])
        assert row["recall_high"] - row["recall_low"] > 1.4 * (high - low)
    auc = ask(QUERY_METRICS, clustered, model="echo v1", metrics=["auc"])
    assert any("for metrics of scores by the design effect of accuracy, about" in caveat for caveat in auc.caveats)
    live = ask(QUERY_METRICS, clustered, model="echo v1", metrics=["precision"], prevalence=0.01)
    assert live.rows[0]["precision_live_low"] < live.rows[0]["precision_live"] < live.rows[0]["precision_live_high"]


def test_weighted_items_give_weighted_values(engine: Engine, tmp_path: Path) -> None:
    """The sum of weights decides; k/n stay counts of items, and both are called what they are."""
    weight = np.where(np.arange(CLUSTERS * SIZE) % 3, 0.5, 4.25)
    call = made(engine, tmp_path / "root", weight=weight)
    result = ask(QUERY_METRICS, call, model="echo v1", metrics=["recall", "mcc", "auc"])
    (row,) = result.rows
    columns = rows()
    flagged, gold = columns["old"] >= 0.5, columns["label"] == 1
    assert row["recall"] == pytest.approx(weight[flagged & gold].sum() / weight[gold].sum())
    assert (row["recall_k"], row["recall_n"]) == (int((flagged & gold).sum()), int(gold.sum()))
    assert row["recall_low"] < row["recall"] < row["recall_high"]
    assert any(
        caveat == "Items are weighted: values are the weighted ones, k/n the plain counts; metrics of scores are not"
        " weighted."
        for caveat in result.caveats
    )


def test_without_predictions_the_clusters_are_named_as_not_allowed_for(clustered: Call) -> None:
    """The counts still answer; the doubt stands beside them."""
    for file in predictions_folder(clustered.workspace.root).rglob("*.parquet"):
        file.unlink()
    result = ask(QUERY_METRICS, clustered, model="echo v1", metrics=["recall"])
    assert result.rows[0]["recall_k"]
    said = f"The predictions are no longer kept, so the set's {CLUSTERS} clusters are not allowed for."
    assert said in result.caveats
