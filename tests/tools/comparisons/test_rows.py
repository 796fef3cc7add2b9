"""All metrics of a comparison, computed again by scikit-learn, and by brute force where items come in clusters."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    fbeta_score,
    matthews_corrcoef,
    precision_score,
    roc_auc_score,
)
from sqlalchemy import Engine

from tests.tools.asked import ask, asking
from tests.tools.bench import Bench, items
from tests.tools.runs_made import done
from tests.tools.sample import shipped
from tools.comparisons.compare import COMPARE_MODELS
from tools.registry import register
from tools.results import Result
from tools.stats.joint_units import clustered_mcnemar
from tools.stats.paired import mcnemar
from tools.workspace import Call

SIDES = {"model": "bullying-text v8-rc1", "baseline": "bullying-text v7", "dataset": "golden 2026-10"}
EVASION = {"model": "bullying-text v7", "baseline": "bullying-text v6", "dataset": "evasion 2"}
DECIDED = {
    "precision": precision_score,
    "accuracy": accuracy_score,
    "f1": f1_score,
    "f2": lambda y, d: fbeta_score(y, d, beta=2),
    "f0.5": lambda y, d: fbeta_score(y, d, beta=0.5),
    "mcc": matthews_corrcoef,
    "balanced_accuracy": balanced_accuracy_score,
    "flagged_rate": lambda y, d: float(np.mean(d)),
}
SCORED = {"auc": roc_auc_score, "brier": brier_score_loss}


def _rows(result: Result, metric: str) -> dict[str, dict[str, Any]]:
    return {row["slice"]: row for row in result.rows if row["metric"] == metric}


def _runs(arguments: dict[str, str]) -> list[shipped.Run]:
    names = [arguments[side].replace(" ", "@") for side in ("model", "baseline")]
    return [shipped.run(name, arguments["dataset"].replace(" ", "@")) for name in names]


@pytest.mark.parametrize("metric", [*DECIDED, *SCORED])
def test_every_metric_equals_scikit_learn_in_every_slice(call: Call, metric: str) -> None:
    """Both values of both versions by language; the difference is theirs and lies within its interval."""
    result = ask(COMPARE_MODELS, call, **SIDES, metrics=[metric], group_by=["language"])
    rows, runs = _rows(result, metric), _runs(SIDES)
    languages = sorted(set(runs[0].columns["language"].tolist()))
    assert sorted(rows) == languages
    for language in languages:
        there = np.equal(runs[0].columns["language"], language)
        label = runs[0].columns["label"][there]
        values = []
        for run in runs:
            score = run.score[there].astype(np.float64)
            of = SCORED.get(metric)
            values.append(of(label, score) if of else DECIDED[metric](label, score >= run.threshold))
        row = rows[language]
        assert (row["candidate"], row["baseline"]) == pytest.approx(tuple(values), abs=1e-12)
        assert row["difference"] == pytest.approx(values[0] - values[1], abs=1e-12)
        assert row["low"] <= row["difference"] <= row["high"]


def test_the_discordant_items_of_accuracy_are_those_one_version_alone_gets_right(call: Call) -> None:
    """Over both labels, and McNemar of just these in the headline."""
    headline = ask(COMPARE_MODELS, call, **SIDES, metrics=["accuracy"], filters={"language": ["es"]}).headline
    runs = _runs(SIDES)
    there = np.equal(runs[0].columns["language"], "es")
    mine, other = ((run.called[there] == (run.columns["label"][there] == 1)) for run in runs)
    only = int((mine & ~other).sum()), int((other & ~mine).sum())
    assert f"{only[0]} right only v8-rc1, {only[1]} right only v7, p {mcnemar(*only):.3f}" in headline


def _discordant(label: int, **values: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of the sample's evasion suite, by cluster: items only the candidate flags less those of the baseline; all."""
    runs = _runs(EVASION)
    rows = runs[0].where(label, **values)
    gap = runs[0].called[rows].astype(int) - runs[1].called[rows].astype(int)
    _, cluster = np.unique(runs[0].columns["cluster"][rows], return_inverse=True)
    return np.bincount(cluster, gap).astype(np.int64), np.bincount(cluster)


def test_variants_of_one_item_are_one_cluster(call: Call) -> None:
    """The evasion suite has five rows an item: the test tosses clusters, the answer says so, support is of clusters."""
    result = ask(COMPARE_MODELS, call, **EVASION, metrics=["recall"], group_by=["technique"])
    gaps, sizes = _discordant(1)
    assert f"p {clustered_mcnemar(gaps.astype(float)):.3f}" in result.headline
    (caveat,) = [caveat for caveat in result.caveats if "clusters" in caveat]
    assert f"Items come in {len(sizes)} clusters, so whole clusters are tested and counted" in caveat
    assert "Obuchowski 1998" in caveat
    for technique, row in _rows(result, "recall").items():
        assert row["clusters"] == len(_discordant(1, technique=technique)[1])


def test_the_cluster_test_of_a_slice_is_an_exact_toss(call: Call) -> None:
    """Two techniques together: two rows a cluster, every sum of tosses listed by convolution."""
    techniques = ["homoglyph", "leetspeak"]
    headline = ask(COMPARE_MODELS, call, **EVASION, metrics=["recall"], filters={"technique": techniques}).headline
    gaps = sum(np.bincount(
        np.unique(_runs(EVASION)[0].columns["cluster"], return_inverse=True)[1][rows],
        _runs(EVASION)[0].called[rows].astype(int) - _runs(EVASION)[1].called[rows].astype(int),
        minlength=343,
    ) for rows in (_runs(EVASION)[0].where(1, technique=name) for name in techniques))  # fmt: skip
    chances = np.array([1.0])
    for size in np.abs(np.asarray(gaps)[np.asarray(gaps) != 0]).astype(int):
        step = np.zeros(2 * size + 1)
        step[[0, -1]] = 0.5
        chances = np.convolve(chances, step)
    reach = np.abs(np.arange(chances.size) - chances.size // 2) >= abs(np.asarray(gaps).sum())
    p = chances[reach].sum()
    assert f"p {'<0.001' if p < 0.001 else f'{p:.3f}'}" in headline


def test_copies_do_not_make_a_change_significant(engine: Engine, bench: Bench) -> None:
    """Each item six times in one cluster: more rows, the same evidence; without the cluster column it looks real."""
    base = items(60)
    base["policy"] = ["bullying"] * 60
    repeated = {name: np.repeat(np.asarray(values), 6) for name, values in base.items()}
    copied = {**repeated, "item_id": [f"i{number}" for number in range(360)]}
    bench.dataset("1", base)
    bench.dataset("2", copied)
    bench.dataset("3", {**copied, "cluster": np.repeat([f"c{number}" for number in range(60)], 6)})
    register(engine, bench.root, bench.registry)
    found = []
    for version in "123":
        for model in ("echo@v1", "echo@v2"):
            done(engine, bench.root, model, f"gold@{version}")
        result = ask(
            COMPARE_MODELS, asking(engine, bench.root), model="echo v2", baseline="echo v1", dataset=f"gold {version}",
            metrics=["accuracy"], group_by=["policy"],
        )  # fmt: skip
        found.append(result.rows[0])
    alone, naive, clustered = found
    assert alone["p"] > 0.2  # the test would say nothing otherwise
    assert naive["p"] < alone["p"] / 2
    assert clustered["p"] == pytest.approx(alone["p"], abs=1e-9)
    assert clustered["high"] - clustered["low"] == pytest.approx(alone["high"] - alone["low"], rel=0.1)
    assert (clustered["n"], clustered["clusters"]) == (360, 60)


def test_weights_move_the_values_and_are_said(engine: Engine, bench: Bench) -> None:
    """An item of weight 3 counts as three; k/n stays a count, and metrics of scores are left out."""
    columns = items()
    weight = np.where(np.asarray(columns["language"]) == "en", 3.0, 1.0)
    bench.dataset("1", {**columns, "weight": weight})
    register(engine, bench.root, bench.registry)
    for model in ("echo@v1", "echo@v2"):
        done(engine, bench.root, model)
    result = ask(
        COMPARE_MODELS, asking(engine, bench.root), model="echo v2", baseline="echo v1", metrics=["recall", "auc"],
        group_by=["policy"],
    )  # fmt: skip
    positive = np.equal(columns["policy"], "bullying") & np.equal(columns["label"], 1)
    flagged = np.asarray(columns["new"]).astype(float) >= 0.45
    (row,) = result.rows
    assert row["candidate"] == pytest.approx(np.average(flagged[positive], weights=weight[positive]))
    assert row["candidate_k"] == int(flagged[positive].sum())
    assert "Left out, no paired test for it: AUC." in result.caveats
    assert any(caveat.startswith("Rates, intervals and p-values are weighted") for caveat in result.caveats)
    assert f"({row['candidate_k']}/" not in result.headline
