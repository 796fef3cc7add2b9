"""`query_metrics` at a stated prevalence: what an enriched set says of live traffic, and what it cannot say."""

import pytest
from sklearn.metrics import average_precision_score

from tests.tools.asked import ask
from tests.tools.sample import shipped
from tools.metrics.query import QUERY_METRICS
from tools.workspace import Call

V7 = shipped.run("bullying-text@v7", "golden@2026-10")
GOLDEN = {"model": "bullying-text v7", "dataset": "golden 2026-10"}


def precision(prevalence: float, **slice_: str) -> float:
    """By Bayes, from the counts of the shipped files."""
    (tp, positives), (fp, negatives) = V7.share(1, **slice_), V7.share(0, **slice_)
    recall, fpr = tp / positives, fp / negatives
    return prevalence * recall / (prevalence * recall + (1 - prevalence) * fpr)


@pytest.mark.parametrize(
    ("prevalence", "said"), [(0.01, "1 %"), (0.001, "0.1 %"), (0.005, "0.5 %"), (1 / 3, "33.33 %")]
)
def test_precision_is_said_for_this_set_and_for_the_stated_prevalence(call: Call, prevalence: float, said: str) -> None:
    """First what was counted, then about what it would be, each with its interval; the row has both."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["precision"], prevalence=prevalence)
    tp, fp = V7.share(1)[0], V7.share(0)[0]
    expected = precision(prevalence)
    assert f"**Precision {tp / (tp + fp):.3f}** ({tp} of {tp + fp} flagged items;" in result.headline
    assert f"At {said} live prevalence it would be about **{expected:.3f}" in result.headline
    (row,) = result.rows
    assert row["precision_live"] == pytest.approx(expected, abs=1e-12)
    assert row["precision_live_low"] < expected < row["precision_live_high"]
    assert result.query["prevalence"] == prevalence


def test_what_is_assumed_is_said_and_the_warning_of_an_enriched_set_is_not_said_twice(call: Call) -> None:
    """The prevalence of the set stands beside the condition under which the figure holds."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["precision"], prevalence=0.01)
    share = V7.share(1)[1] / (V7.share(1)[1] + V7.share(0)[1])
    assert result.caveats == (
        f"Re-weighted from positives and negatives of this set (prevalence {share:.3f}): it holds if those of live"
        " traffic score alike.",
    )


def test_what_does_not_depend_on_prevalence_is_left_as_it_is(call: Call) -> None:
    """And it is said, so that nobody takes the number for a re-weighted one."""
    plain = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall", "fpr", "auc"])
    found = ask(QUERY_METRICS, call, **GOLDEN, metrics=["recall", "fpr", "auc"], prevalence=0.01)
    assert found.headline == plain.headline
    assert found.rows == plain.rows
    assert found.caveats == ("Recall, false positive rate and AUC do not depend on prevalence.",)


def test_slices_are_ordered_by_what_they_would_be_there(call: Call) -> None:
    """Each language by Bayes from its own counts; k/n are those of this set; the weakest comes first."""
    asked = {"metrics": ["precision"], "group_by": ["language"], "prevalence": 0.01}
    result = ask(QUERY_METRICS, call, **GOLDEN, **asked)
    values = [row["precision_live"] for row in result.rows]
    assert values == sorted(values)
    for row in result.rows:
        language = row["slice"]
        (tp, _), (fp, _) = V7.share(1, language=language), V7.share(0, language=language)
        assert row["precision_live"] == pytest.approx(precision(0.01, language=language), abs=1e-12)
        assert (row["precision_k"], row["precision_n"]) == (tp, tp + fp)
    assert [column.label for column in result.columns] == ["language", "Precision", "k/n", "at 1 %", "95 %"]
    assert f"Weakest language: {result.rows[0]['slice']}, precision at 1 % {values[0]:.3f}." in result.headline


def test_average_precision_is_that_of_weighted_items(call: Call) -> None:
    """As scikit-learn weighs them; few negatives are named as the reason to go by the lower bound."""
    gold, score = V7.columns["label"], V7.score
    own = gold.mean()
    weight = [0.01 / own if label else 0.99 / (1 - own) for label in gold]
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["average_precision"], prevalence=0.01)
    expected = average_precision_score(gold, score, sample_weight=weight)
    assert result.rows[0]["average_precision_live"] == pytest.approx(expected, abs=2e-3)
    assert len(result.caveats) == 1
    rare = ask(QUERY_METRICS, call, **GOLDEN, metrics=["average_precision"], prevalence=0.0005)
    assert f"{V7.share(0)[1]:,} negatives cannot show which of many more would score highest" in rare.caveats[1]


def test_r18_no_false_positive_is_no_perfect_precision_in_live_traffic(call: Call) -> None:
    """A slice without a false alarm says “at least”, with the bound of its negatives."""
    clear = round(float(V7.score[V7.where(0, language="tl")].max()) + 1e-4, 4)
    asked = {"metrics": ["precision"], "prevalence": 0.01, "threshold": clear, "filters": {"language": ["tl"]}}
    result = ask(QUERY_METRICS, call, **GOLDEN, **asked)
    row = result.rows[0]
    assert row["precision_live"] == 1.0
    assert f"it would be **at least {row['precision_live_low']:.3f}" in result.headline
    assert "about" not in result.headline


def test_without_both_labels_nothing_is_foretold(call: Call) -> None:
    """At a threshold that nothing reaches there is no precision, here or there."""
    result = ask(QUERY_METRICS, call, **GOLDEN, metrics=["precision"], prevalence=0.01, threshold=1.0)
    assert "At 1 % live prevalence it cannot be said" in result.headline
    assert result.rows[0]["precision_live"] is None


@pytest.mark.parametrize("prevalence", [0, 1, -0.01, 13])
def test_a_prevalence_of_none_or_all_is_no_argument(call: Call, prevalence: float) -> None:
    """A share of positives lies between."""
    with pytest.raises(ValueError, match="prevalence"):
        ask(QUERY_METRICS, call, **GOLDEN, prevalence=prevalence)
