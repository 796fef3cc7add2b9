"""Each planted cause shows in the shipped files, computed again from them, and nothing else stands out."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binomtest, false_discovery_control, fisher_exact, mannwhitneyu

from tests.tools.sample.shipped import Run, cause, columns, entry, pair, planted, registry, run

GOLD = "golden@2026-10"
MODELS = [f"{model['name']}@{model['version']}" for model in registry()["models"]]


def rate(hits: tuple[int, int]) -> float:
    """k / n."""
    return hits[0] / hits[1]


def paired(before: Run, after: Run, **values: str) -> tuple[int, int, float]:
    """Positives only one of two models finds, and the exact McNemar p."""
    rows = before.where(1, **values)
    lost, won = int((before.called & ~after.called & rows).sum()), int((after.called & ~before.called & rows).sum())
    return lost, won, binomtest(lost, lost + won).pvalue if lost + won else 1.0


@pytest.mark.parametrize("model", MODELS)
def test_the_overall_figures_are_those_written_down(model: str) -> None:
    """Recall, FPR and AUC of every model on the newest golden set."""
    told, scored = planted()["overall"][model], run(model, GOLD)
    assert scored.share(1) == pair(told["recall"])
    assert scored.share(0) == pair(told["fpr"])
    positives, negatives = scored.score[scored.where(1)], scored.score[scored.where(0)]
    auc = mannwhitneyu(positives, negatives).statistic / len(positives) / len(negatives)
    assert auc == pytest.approx(told["auc"], abs=1e-4)
    assert auc > 0.95


def test_production_models_read_like_real_classifiers() -> None:
    """At the threshold of the rule: recall about .84-.92, FPR 1.5-4 %; a newer version is not a worse model."""
    v7 = run("bullying-text@v7", GOLD)
    assert 0.84 <= rate(v7.share(1)) <= 0.92
    assert 0.015 <= rate(v7.share(0)) <= 0.04
    for family in ("bullying-text", "challenge-video"):
        aucs = [planted()["overall"][model]["auc"] for model in MODELS if model.startswith(family)]
        assert all(older < newer for older, newer in pairwise(aucs))


def test_coverage_recall_is_low_where_training_items_are_few_and_labels_agree() -> None:
    """hi-Latn: 64 training items, recall clearly under that of the other languages, gold versions agree."""
    told, v7, train = cause("coverage-hi-latn"), run("bullying-text@v7", GOLD), columns("train@2026-06")
    k, n = v7.share(1, language="hi-Latn")
    others = (v7.share(1)[0] - k, v7.share(1)[1] - n)
    assert ((k, n), others) == (pair(told["recall"]), pair(told["recall_other_languages"]))
    assert rate(others) - k / n > 0.1
    assert fisher_exact([[k, n - k], [others[0], others[1] - others[0]]]).pvalue < 0.05
    mine = (train["policy"] == "bullying") & (train["language"] == "hi-Latn")
    assert int(mine.sum()) == told["training_items"] < 100
    agreement = told["labels_between_gold_5_and_6"]
    assert agreement["differ"] / agreement["shared_items"] < 0.03


def test_label_noise_recall_is_low_though_training_items_are_many() -> None:
    """pt: 800 training items, but one vendor labels a quarter as many positive as everyone else."""
    told, v7, train = cause("label-noise-pt"), run("bullying-text@v7", GOLD), columns("train@2026-06")
    assert v7.share(1, language="pt") == pair(told["recall"])
    assert rate(v7.share(1, language="pt")) < rate(pair(told["recall_other_languages"])) - 0.1
    pt = (train["policy"] == "bullying") & (train["language"] == "pt")
    vendor = train["source"] == "vendor-b"
    for name, rows in (("vendor_b_pt", pt & vendor), ("others_pt", pt & ~vendor)):
        assert (train["label"][rows].sum(), rows.sum()) == pair(told[f"training_prevalence_{name}"])
    assert pt.sum() == told["training_items"] >= 800
    assert train["label"][pt & vendor].mean() < 0.3 * train["label"][pt & ~vendor].mean()


def test_robustness_leetspeak_drops_on_the_same_items_and_the_candidate_mends_some() -> None:
    """Paired by cluster: v7 loses most leetspeak variants and few others; v8-rc1 loses fewer."""
    told = cause("robustness-leetspeak")
    recalls = {}
    for model in ("bullying-text@v7", "bullying-text@v8-rc1"):
        scored = run(model, "evasion@2")
        for technique, figures in told[model].items():
            assert scored.share(1, technique=technique) == pair(figures["recall"])
            assert scored.share(0, technique=technique) == pair(figures["fpr"])
            recalls[model, technique] = rate(scored.share(1, technique=technique))
    old, new = "bullying-text@v7", "bullying-text@v8-rc1"
    assert recalls[old, "none"] - recalls[old, "leetspeak"] > 0.5
    assert recalls[old, "leetspeak"] + 0.2 < recalls[new, "leetspeak"] < recalls[new, "none"] - 0.1
    assert min(recalls[old, technique] for technique in ("homoglyph", "spacing", "emoji")) > recalls[old, "none"] - 0.08


def test_evasion_variants_share_label_and_dimensions_with_their_base_item() -> None:
    """Every cluster holds each technique once, one label, one language."""
    suite = columns("evasion@2")
    order = np.lexsort((suite["technique"], suite["cluster"]))
    clusters = {
        name: suite[name][order].reshape(-1, 5) for name in ("cluster", "technique", "label", "language", "age")
    }
    for name in ("cluster", "label", "language", "age"):
        assert (clusters[name] == clusters[name][:, :1]).all()
    assert {tuple(row) for row in clusters["technique"]} == {("emoji", "homoglyph", "leetspeak", "none", "spacing")}


def test_stale_gold_differs_on_profiles_alone_and_in_one_direction() -> None:
    """Bullying profiles: gold 5 calls negative what gold 6 calls positive; the model sides with gold 6."""
    told, old, new = cause("stale-gold-profile"), columns("golden@2026-07"), columns("golden@2026-10")
    labels = dict(zip(old["item_id"].tolist(), old["label"].tolist(), strict=True))
    bullying = new["policy"] == "bullying"
    for surface in ("profile", "comment", "caption", "live-title"):
        rows = bullying & (new["surface"] == surface)
        both = [
            (labels[item], label)
            for item, label in zip(new["item_id"][rows].tolist(), new["label"][rows].tolist(), strict=True)
            if item in labels
        ]
        differ = sum(before != after for before, after in both)
        figures = told["labels_profile"] if surface == "profile" else told["labels_elsewhere"][surface]
        assert (len(both), differ) == (figures["shared_items"], figures["differ"])
        assert (differ / len(both) > 0.05) == (surface == "profile")
    assert told["labels_profile"]["from_1_to_0"] == 0
    before, after = (run("bullying-text@v7", dataset) for dataset in ("golden@2026-07", GOLD))
    assert rate(before.share(0, surface="profile")) > 3 * rate(after.share(0, surface="profile"))


def test_threshold_is_off_while_the_curve_is_fine() -> None:
    """challenge-video v4: at .81 it finds little over half, at the rule's threshold as much as its neighbours."""
    told, v4 = cause("threshold-challenge-video-v4"), run("challenge-video@v4", GOLD)
    assert entry("models", "challenge-video@v4")["threshold"] == told["operating"]["threshold"] == 0.81
    assert v4.share(1) == pair(told["operating"]["recall"])
    other = Run(v4.columns, v4.score, told["by_rule"]["threshold"])
    assert (other.share(1), other.share(0)) == (pair(told["by_rule"]["recall"]), pair(told["by_rule"]["fpr"]))
    assert rate(other.share(1)) - rate(v4.share(1)) > 0.25
    assert rate(other.share(0)) < 0.04


@pytest.mark.parametrize("model", ["challenge-video@v3", "challenge-video@v4", "challenge-video@v5-rc1"])
def test_drift_shows_in_the_newest_items_of_the_newest_set_alone(model: str) -> None:
    """0-30d: recall falls for every version in 2026-10, not in 2026-07."""
    old, new = run(model, "golden@2026-07"), run(model, GOLD)
    recent, all_new = new.share(1, age="0-30d"), new.share(1)
    rest = (all_new[0] - recent[0], all_new[1] - recent[1])
    assert fisher_exact([[recent[0], recent[1] - recent[0]], [rest[0], rest[1] - rest[0]]]).pvalue < 0.001
    assert rate(old.share(1, age="0-30d")) > rate(old.share(1)) - 0.05


def test_drift_figures_are_those_written_down() -> None:
    """Recall by age, in both golden sets."""
    told = cause("drift-recent-challenges")
    for dataset, name in ((GOLD, "recall_golden_2026_10"), ("golden@2026-07", "recall_golden_2026_07")):
        scored = run(told["measured_on"], dataset)
        assert {age: scored.share(1, age=age) for age in told[name]} == {age: pair(f) for age, f in told[name].items()}


def test_small_n_looks_bad_without_establishing_anything() -> None:
    """tl live-title: 14-17 positives, a low recall whose 95 % interval still holds the overall recall."""
    told, v7 = cause("small-n-tl-live-title"), run("bullying-text@v7", GOLD)
    k, n = v7.share(1, language="tl", surface="live-title")
    assert (k, n) == pair(told["recall"])
    assert 14 <= n <= 17
    overall = rate(v7.share(1))
    interval = binomtest(k, n).proportion_ci(method="wilson")
    assert interval.low < overall < interval.high
    assert k / n < overall - 0.1
    rest = (v7.share(1)[0] - k, v7.share(1)[1] - n)
    assert fisher_exact([[k, n - k], [rest[0], rest[1] - rest[0]]]).pvalue > 0.05


def test_the_candidate_is_better_overall_and_on_es_but_worse_on_hi_latn() -> None:
    """Paired on the same items; over all languages still significant after Benjamini-Hochberg."""
    told = cause("candidate-trade")
    before, after = run("bullying-text@v7", GOLD), run("bullying-text@v8-rc1", GOLD)
    lost, won, p = paired(before, after)
    assert won > lost
    assert p < 0.05
    assert p == pytest.approx(told["overall"]["paired_positives"]["p"], abs=1e-6)
    assert binomtest(*_false_positives(before, after)).pvalue > 0.05
    languages = sorted(set(before.columns["language"].tolist()))
    results = {language: paired(before, after, language=language) for language in languages}
    adjusted = dict(zip(languages, false_discovery_control([results[name][2] for name in languages]), strict=True))
    assert results["es"][1] > results["es"][0]
    assert results["hi-Latn"][0] > results["hi-Latn"][1]
    assert adjusted["es"] < 0.05
    assert adjusted["hi-Latn"] < 0.05
    for name in ("es", "hi-Latn"):
        assert results[name][:2] == tuple(
            told[name]["paired_positives"][side] for side in ("only_before", "only_after")
        )


def test_no_unplanted_slice_of_the_production_model_stands_out() -> None:
    """One dimension at a time, with the planted languages left out: nothing survives Benjamini-Hochberg."""
    v7 = run("bullying-text@v7", GOLD)
    known = np.isin(v7.columns["language"], ["hi-Latn", "pt", "es"]) | (v7.columns["technique"] == "leetspeak")
    rows = v7.where(1) & ~known
    values = []
    for dimension in ("language", "surface", "source", "age"):
        for value in sorted(set(v7.columns[dimension][rows].tolist())):
            inside = v7.columns[dimension] == value
            table = [
                [int((v7.called & rows & part).sum()), int((~v7.called & rows & part).sum())]
                for part in (inside, ~inside)
            ]
            values.append(fisher_exact(table).pvalue)
    assert len(values) >= 14
    assert min(false_discovery_control(values)) > 0.05


def _false_positives(before: Run, after: Run) -> tuple[int, int]:
    """Discordant false positives: of one model alone, and of either alone."""
    rows = before.where(0)
    lost, won = int((before.called & ~after.called & rows).sum()), int((after.called & ~before.called & rows).sum())
    return lost, lost + won
