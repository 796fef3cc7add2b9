"""`query_metrics`: each number is NumPy's on the shipped files, and each says what it rests on."""

from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as sk
from sklearn.metrics import roc_auc_score
from sqlalchemy import Engine

from tests.tools.asked import ask, asking, certainty
from tests.tools.bench import POLICY, Bench, furnished
from tests.tools.runs_made import done
from tests.tools.sample import shipped
from tools.errors import ToolError
from tools.metrics.query import LOW_SUPPORT, QUERY_METRICS
from tools.registry import register
from tools.resolution import Missing
from tools.stats.intervals import wilson
from tools.workspace import Call

V7, GOLDEN = (
    shipped.run("bullying-text@v7", "golden@2026-10"),
    {"model": "bullying-text v7", "dataset": "golden 2026-10"},
)


def test_recall_precision_and_fpr_are_those_of_the_files(call: Call) -> None:
    """k, n and interval in the headline, counted again with PyArrow, ONNX Runtime and NumPy."""
    result = ask(QUERY_METRICS, call, **GOLDEN)
    tp, positives = V7.share(1)
    fp, negatives = V7.share(0)
    low, high = wilson(tp, positives)
    assert result.headline.startswith(
        f"**Recall {tp / positives:.3f}** ({tp} of {positives} positives; 95 % {low:.3f}-{high:.3f})"
        " at the operating threshold 0.35."
    )
    assert f"**Precision {tp / (tp + fp):.3f}** ({tp} of {tp + fp} flagged items;" in result.headline
    assert f"**False positive rate {fp / negatives:.3f}** ({fp} of {negatives:,} negatives;" in result.headline


def test_the_whole_is_one_row_of_data_and_no_table(call: Call) -> None:
    """The headline says it all; a script reads the same numbers from the row."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall", "auc"])
    (row,) = result.rows
    assert result.columns == ()
    tp, positives = V7.share(1)
    assert (row["recall"], row["recall_k"], row["recall_n"]) == (tp / positives, tp, positives)
    assert (row["recall_low"], row["recall_high"]) == wilson(tp, positives)
    assert row["auc"] == pytest.approx(roc_auc_score(V7.columns["label"], V7.score), abs=1e-5)
    assert row["slice"] == "all"


@pytest.mark.parametrize("threshold", [0.0, 0.1234, 0.5, 0.9, 1.0])
def test_another_threshold_is_answered_from_the_same_counts(call: Call, threshold: float) -> None:
    """Any of four decimals, exactly."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["flagged_rate"], threshold=threshold)
    k = int((V7.score.astype(np.float64) >= threshold).sum())
    assert f"({k:,} of {len(V7.score):,} items" in result.headline
    assert f"at the threshold {threshold:g}" in result.headline
    assert result.provenance[0].threshold == threshold
    assert result.query["threshold"] == threshold


def test_a_finer_threshold_is_rounded_and_says_so(call: Call) -> None:
    """Counts are stored for four decimals; a number at another threshold than shown would be a lie."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"], threshold=0.35006)
    assert result.provenance[0].threshold == 0.3501
    assert result.defaults == ("threshold rounded to 0.3501",)


def test_slices_are_counted_before_they_are_divided(call: Call) -> None:
    """By language: k and n of each row are NumPy's, they add up to the whole, and the weakest comes first."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"], group_by=["language"])
    found = {row["slice"]: (row["recall_k"], row["recall_n"]) for row in result.rows}
    languages = sorted(set(V7.columns["language"].tolist()))
    assert found == {language: V7.share(1, language=language) for language in languages}
    assert (sum(k for k, _ in found.values()), sum(n for _, n in found.values())) == V7.share(1)
    values = [row["recall"] for row in result.rows]
    assert values == sorted(values)
    assert f"Weakest language: {result.rows[0]['slice']}, recall {values[0]:.3f}." in result.headline
    for row in result.rows:
        assert row["recall"] == row["recall_k"] / row["recall_n"]
        assert (row["recall_low"], row["recall_high"]) == wilson(row["recall_k"], row["recall_n"])


def test_the_weakest_slice_of_a_rate_that_should_be_low_is_the_highest(call: Call) -> None:
    """For FPR, first is worst as well."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["fpr"], group_by=["surface", "language"])
    values = [row["fpr"] for row in result.rows]
    assert values == sorted(values, reverse=True)
    assert result.rows[0]["slice"].count(" · ") == 1


def test_a_filter_keeps_its_slice_alone(call: Call) -> None:
    """Spoken names of values are understood; two values of a dimension are either of them."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"], filters={"lang": ["hindi", "Spanish"]})
    parts = [V7.share(1, language=language) for language in ("hi-Latn", "es")]
    k, n = (sum(part[at] for part in parts) for at in (0, 1))
    assert f"({k} of {n} positives" in result.headline
    assert "on language es or hi-Latn" in result.headline
    assert result.query["filters"] == {"language": ["es", "hi-Latn"]}


def test_auc_and_f1_are_those_of_scikit_learn(call: Call) -> None:
    """To the three digits shown."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["auc", "f1"])
    tp, fp, positives = V7.share(1)[0], V7.share(0)[0], V7.share(1)[1]
    assert f"**AUC {roc_auc_score(V7.columns['label'], V7.score):.3f}**" in result.headline
    assert f"**F1 {2 * tp / (tp + fp + positives):.3f}**" in result.headline


def test_every_other_metric_is_that_of_scikit_learn(call: Call) -> None:
    """Counted again from the shipped files: at the threshold in force, and from all scores."""
    names = ["balanced_accuracy", "f2", "f0.5", "mcc", "average_precision", "ece", "brier"]
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=names)
    gold, score = V7.columns["label"], V7.score.astype(np.float64)
    called = (score >= 0.35).astype(int)
    band = np.minimum((score * 10).astype(int), 9)
    expected = {
        "balanced_accuracy": sk.balanced_accuracy_score(gold, called),
        "f2": sk.fbeta_score(gold, called, beta=2),
        "f0.5": sk.fbeta_score(gold, called, beta=0.5),
        "mcc": sk.matthews_corrcoef(gold, called),
        "average_precision": sk.average_precision_score(gold, score),
        "ece": np.abs(np.bincount(band, score - gold, 10)).sum() / len(gold),
        "brier": sk.brier_score_loss(gold, score),
    }
    (row,) = result.rows
    assert {name: row[name] for name in names} == pytest.approx(expected, abs=2e-4)
    assert all(row[f"{name}_low"] < row[name] < row[f"{name}_high"] for name in names)
    positives = V7.share(1)[1]
    assert f"from {positives} positives and {V7.share(0)[1]:,} negatives." in result.headline.split("\n")[0]


def test_a_metric_of_all_scores_names_no_threshold(call: Call) -> None:
    """AUC has none; beside a metric that has one, the threshold stands with that."""
    assert "threshold" not in ask(QUERY_METRICS, call, **GOLDEN, metrics=["auc", "brier"]).headline
    lines = ask(QUERY_METRICS, call, **GOLDEN, metrics=["auc", "recall", "fpr"]).headline.split("\n")
    assert ["threshold" in line for line in lines] == [False, True, False]


def test_every_number_says_where_it_comes_from(call: Call) -> None:
    """Model, dataset, run, threshold, gold and guideline version, date (R14)."""
    (source,) = ask(QUERY_METRICS, call, **GOLDEN).provenance
    assert source.run is not None
    assert (source.model, source.dataset) == ("bullying-text v7", "golden 2026-10")
    assert (source.threshold, source.gold_version, source.guideline_version) == (0.35, "6", "4.3")
    assert source.run in source.line()


def test_what_was_left_out_is_printed(call: Call) -> None:
    """Dataset of the channel, model in production: each default is named once."""
    result = ask(QUERY_METRICS, call, metrics=["recall"], filters={"policy": ["bullying"]})
    assert result.defaults == ("bullying-text v7 (prod)", "golden 2026-10")
    assert result.query["model"] == "bullying-text v7"


def test_two_possible_models_are_asked_about(call: Call) -> None:
    """Two policies have one in production; the two are offered."""
    with pytest.raises(Missing, match="Which model do you mean") as caught:
        ask(QUERY_METRICS, call, metrics=["recall"])
    assert (caught.value.what, caught.value.nearest) == ("model", ("bullying-text v7", "challenge-video v4"))


def test_low_support_is_said(call: Call) -> None:
    """Of a slice in the table, and of the whole when it is small itself."""
    grouped = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"], group_by=["language", "surface"])
    small = [row["slice"] for row in grouped.rows if row["recall_n"] < LOW_SUPPORT]
    assert small
    (caveat,) = [caveat for caveat in grouped.caveats if caveat.startswith("Low support, read with care")]
    assert all(name in caveat for name in small)
    assert caveat.count("·") == len(small)
    filters = {"language": ["tagalog"], "surface": ["live titles"]}
    _, n = V7.share(1, language="tl", surface="live-title")
    alone = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"], filters=filters)
    assert f"Low support for recall: {n} positives only; not assessed." in alone.caveats


def test_slices_under_the_asked_support_are_left_out_and_counted(call: Call) -> None:
    """The rest is as without the floor."""
    everything = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"], group_by=["language", "surface"])
    kept = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"], group_by=["language", "surface"], min_support=25)
    assert kept.rows == tuple(row for row in everything.rows if row["recall_n"] >= 25)
    left_out = len(everything.rows) - len(kept.rows)
    assert left_out > 0
    assert f"{left_out} slice(s) with fewer than 25 positives left out." in kept.caveats
    none = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"], group_by=["language"], min_support=10_000)
    assert (none.rows, none.columns) == ((), ())
    assert "No slice has 10000 positives." in none.caveats


def test_precision_never_comes_without_its_caveat(call: Call) -> None:
    """It holds on this set only."""
    assert any("enriched" in caveat for caveat in ask(QUERY_METRICS, call, **GOLDEN, metrics=["precision"]).caveats)
    assert not any("enriched" in caveat for caveat in ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall"]).caveats)


@pytest.fixture
def perfect(engine: Engine, tmp_path: Path) -> Call:
    """17 positives found, 40 negatives left alone, in two languages."""
    label = np.r_[np.ones(17), np.zeros(40)].astype(np.int8)
    score = np.where(label == 1, 0.9, 0.1).astype(np.float32)
    columns = {
        "item_id": [f"i{at}" for at in range(57)], "label": label, "not_old": 1 - score, "old": score,
        "not_new": 1 - score, "new": score, "policy": [POLICY] * 57,
        "language": np.where(np.arange(57) % 3, "en", "es"),
    }  # fmt: skip
    bench = furnished(tmp_path / "root", columns)
    register(engine, bench.root, bench.registry)
    done(engine, bench.root)
    return asking(engine, bench.root)


@pytest.mark.parametrize("text", ["**Recall 1** (17 of 17)", "recall 1.000.", "FPR 0 (", "0.95 → 1 (17/17)", "100 %"])
def test_certainty_would_be_noticed(text: str) -> None:
    """The check below can fail; bounds, counts and versions are none."""
    assert certainty(text)
    assert certainty("**Recall at least 0.816** (17 of 17; 0 of 40; 95 % 0.816-1) v1 0.5, 10 items") is None


METRICS = ["recall", "precision", "fpr", "fnr", "specificity", "accuracy", "f1", "auc"]
METRICS += ["balanced_accuracy", "f2", "f0.5", "mcc", "average_precision"]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("group_by", [[], ["language"]], ids=["whole", "by language"])
def test_a_perfect_sample_is_never_called_certain(perfect: Call, metric: str, group_by: list[str]) -> None:
    """17 of 17 is at least .816, 0 misses at most .184; no metric says 1, 0 or 100 % in the headline (R18)."""
    result = ask(QUERY_METRICS, perfect, model="echo v1", metrics=[metric], group_by=group_by)
    assert certainty(result.headline) is None, result.headline
    words = "at most" if metric in ("fpr", "fnr") else "at least"
    if metric not in ("auc", "average_precision"):
        assert "at the operating threshold 0.5" in result.headline
    assert f"{words} 0." in result.headline.split("\n")[0]
    if group_by:
        assert f"{words} 0." in result.headline.split("\n")[1]


def test_seventeen_of_seventeen_shows_its_bound(perfect: Call) -> None:
    """In the words of the rule book."""
    headline = ask(QUERY_METRICS, perfect, model="echo v1", metrics=["recall"]).headline
    assert headline.startswith("**Recall at least 0.816** (17 of 17 positives, every one in this sample; 95 % 0.816-1)")


def test_a_metric_without_items_is_not_defined(perfect: Call) -> None:
    """At a threshold that nothing reaches there is no precision; it is not zero."""
    result = ask(QUERY_METRICS, perfect, model="echo v1", metrics=["precision"], threshold=0.95)
    assert result.headline.startswith("**Precision: not defined here** (no flagged items)")


@pytest.mark.parametrize("metrics", [["f1"], ["auc", "mcc"]])
def test_low_support_is_that_of_the_rarer_label_where_a_metric_is_no_proportion(
    perfect: Call, metrics: list[str]
) -> None:
    """17 positives among 57 items: the 40 negatives do not help."""
    result = ask(QUERY_METRICS, perfect, model="echo v1", metrics=metrics)
    titles = {"f1": "F1", "auc": "AUC", "mcc": "MCC"}
    assert [caveat for caveat in result.caveats if "Low support" in caveat] == [
        f"Low support for {titles[name]}: 17 positives only; not assessed." for name in metrics
    ]


def test_a_calibration_error_that_chance_explains_is_called_that(perfect: Call, call: Call) -> None:
    """Beside the error, what a perfectly calibrated model would show on as many items; else nothing is said."""
    said = "A perfectly calibrated model would show a calibration error of about"
    small = ask(QUERY_METRICS, perfect, model="echo v1", metrics=["ece"], filters={"language": ["es"]})
    assert small.rows[0]["ece_low"] == 0
    assert any(caveat.startswith(said) for caveat in small.caveats)
    large = ask(QUERY_METRICS, call, **GOLDEN, metrics=["ece"])
    assert large.rows[0]["ece_low"] > 0
    assert not any(caveat.startswith(said) for caveat in large.caveats)


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        ({"model": "bulying-text v7"}, "bullying-text v7"),
        ({"model": "bullying-text v99"}, "bullying-text v7"),
        ({"dataset": "goldn 2026-10"}, "golden 2026-10"),
        ({"metrics": ["recal"]}, "recall"),
        ({"group_by": ["langage"]}, "language"),
        ({"filters": {"surfce": ["comment"]}}, "surface"),
        ({"filters": {"language": ["klingon"]}}, "en"),
        ({"filters": {"surface": ["coment"]}}, "comment"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(call: Call, arguments: dict[str, object], nearest: str) -> None:
    """In the sentence, and as data for a model to repair its call; at most five."""
    with pytest.raises(ToolError, match="I don't know a") as caught:
        ask(QUERY_METRICS, call, **(GOLDEN | arguments))
    assert nearest in caught.value.nearest
    assert caught.value.tried in str(arguments)
    assert 1 <= len(caught.value.nearest) <= 5
    assert all(name in str(caught.value) for name in caught.value.nearest)


def test_what_was_not_evaluated_is_said_with_what_to_ask(own_call: Call) -> None:
    """No number from another run."""
    with pytest.raises(ToolError, match="bullying-text v8-rc1 has not been evaluated on evasion 2 yet"):
        ask(QUERY_METRICS, own_call, model="bullying-text v8-rc1", dataset="evasion 2")


def test_a_slice_without_items_is_said(call: Call) -> None:
    """The other policy's items are not this model's."""
    with pytest.raises(ToolError, match=r"No item of golden 2026-10 with policy dangerous-challenges belongs to"):
        ask(QUERY_METRICS, call, **GOLDEN, filters={"policy": ["dangerous-challenges"]})


def test_no_metric_is_asked_about(call: Call) -> None:
    """An empty list is a question left open."""
    with pytest.raises(ToolError, match="Which metric"):
        ask(QUERY_METRICS, call, **GOLDEN, metrics=[])


def test_a_set_the_model_was_trained_on_is_called_that(engine: Engine, bench: Bench) -> None:
    """First of all caveats."""
    bench.models["v1"].update(trained_on="gold@1")
    register(engine, bench.root, bench.registry)
    done(engine, bench.root)
    result = ask(QUERY_METRICS, asking(engine, bench.root), model="echo v1")
    assert result.caveats[0] == "echo v1 was trained on this set: these numbers flatter it."


def test_a_model_registered_anew_has_no_numbers_until_it_is_evaluated(engine: Engine, bench: Bench) -> None:
    """The run of the file that had its name before is not shown as its own (R14)."""
    register(engine, bench.root, bench.registry)
    done(engine, bench.root)
    bench.model("v1", (bench.root / "models/v2.onnx").read_bytes(), aliases=["prod"])
    register(engine, bench.root, bench.registry)
    with pytest.raises(ToolError, match="has not been evaluated"):
        ask(QUERY_METRICS, asking(engine, bench.root), model="echo v1")
    bench.models["v1"]["threshold"] = 0.6
    done(engine, bench.root)
    register(engine, bench.root, bench.registry)  # a new operating threshold needs no new scores
    assert ask(QUERY_METRICS, asking(engine, bench.root), model="echo v1").provenance[0].threshold == 0.6
