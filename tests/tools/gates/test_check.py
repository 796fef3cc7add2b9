"""`check_gates`: each rule decided as it is written, from figures counted again here; nothing blended or approved."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray
from scipy.stats import binomtest
from sqlalchemy import Engine

from tests.tools.asked import ask, asking, certainty
from tests.tools.bench import LANGUAGES, POLICY, Bench, furnished
from tests.tools.gates.gates_made import RULE, write_gate
from tests.tools.runs_made import done
from tests.tools.sample import shipped
from tools.errors import ToolError
from tools.gates.check import CHECK_GATES
from tools.gates.rules import FILE
from tools.registry import register
from tools.resolution import Missing
from tools.results import Result
from tools.stats.histogram import BINS
from tools.stats.intervals import wilson
from tools.workspace import Call

RC1, V7, V6 = (shipped.run(f"bullying-text@{version}", "golden@2026-10") for version in ("v8-rc1", "v7", "v6"))


def _rows(result: Result, rule: str) -> dict[str, dict[str, Any]]:
    return {row["slice"]: row for row in result.rows if row["rule"] == rule}


def _made(
    engine: Engine, root: Path, label: NDArray[Any], old: NDArray[Any], new: NDArray[Any], *, both: bool = True
) -> tuple[Bench, Call]:
    """A bench on which `echo v1` (prod) has the scores `old` and `echo v2` has `new`."""
    old, new = old.astype(np.float32), new.astype(np.float32)
    columns = {
        "item_id": [f"i{at}" for at in range(label.size)], "label": label.astype(np.int8), "not_old": 1 - old,
        "old": old, "not_new": 1 - new, "new": new, "policy": [POLICY] * label.size,
        "language": [LANGUAGES[at % 2] for at in range(label.size)],
    }  # fmt: skip
    bench = furnished(root, columns)
    register(engine, bench.root, bench.registry)
    for model in ("echo@v1", "echo@v2") if both else ("echo@v2",):
        done(engine, bench.root, model)
    return bench, asking(engine, bench.root)


def _hits(n: int, caught: int, negatives: int = 60) -> tuple[NDArray[Any], NDArray[Any]]:
    """Labels and scores: `caught` of n positives score .9, the rest and all negatives .1."""
    label = np.r_[np.ones(n), np.zeros(negatives)]
    score = np.full(label.size, 0.1)
    score[:caught] = 0.9
    return label, score


def test_recall_is_decided_at_its_lower_bound_by_language(call: Call) -> None:
    """Counted again with NumPy; a language under 60 positives is not assessed and says how many are missing (R18)."""
    result = ask(CHECK_GATES, call, model="bullying-text v8-rc1", gate="release")
    rows = _rows(result, "recall by language")
    assert set(rows) == set(RC1.columns["language"].tolist())
    for language, row in rows.items():
        k, n = RC1.share(1, language=language)
        if n < 60:
            assert row["outcome"] == "not assessed"
            assert row["found"] == f"{n} positives, {60 - n} short of 60"
            assert row["value"] is None
            continue
        low, high = wilson(k, n)
        assert (row["k"], row["n"], row["low"], row["high"]) == (k, n, low, high)
        assert row["outcome"] == ("pass" if low >= 0.8 else "fail")
        assert row["found"] == f"{k / n:.3f} ({k}/{n}; {low:.3f}-{high:.3f})"
    assert rows["tl"]["outcome"] == "not assessed"
    assert rows["hi-Latn"]["outcome"] == "fail"
    assert result.headline.startswith(
        "**Gate release: fail** for bullying-text v8-rc1 against bullying-text v7; 5 rules: 1 fail, 3 not assessed,"
    )
    assert "hi-Latn 0.529 (36/68;" in result.headline


def test_a_rise_is_tested_on_the_same_items_and_adjusted_by_holm(call: Call) -> None:
    """SciPy's exact tests over the assessed languages, stepped down by hand."""
    result = ask(CHECK_GATES, call, model="challenge-video v5-rc1")
    new, old = (shipped.run(f"challenge-video@{version}", "golden@2026-10") for version in ("v5-rc1", "v4"))
    raw: dict[str, tuple[float, int, int]] = {}
    for language in sorted(set(new.columns["language"].tolist())):
        if new.share(1, language=language)[1] >= 60:
            at = new.where(0, language=language)
            mine, theirs = new.called[at], old.called[at]
            only_new, only_old = int((mine & ~theirs).sum()), int((theirs & ~mine).sum())
            raw[language] = binomtest(only_new, only_new + only_old).pvalue, only_new, only_old
    adjusted, worst = {}, 0.0
    for step, (language, found) in enumerate(sorted(raw.items(), key=lambda pair: pair[1][0])):
        worst = max(worst, min(1.0, found[0] * (len(raw) - step)))
        adjusted[language] = worst
    rows = _rows(result, "FPR by language")
    assert {name for name, row in rows.items() if row["outcome"] != "not assessed"} == set(raw)
    for language, (_, only_new, only_old) in raw.items():
        row = rows[language]
        assert row["p"] == pytest.approx(adjusted[language])
        assert row["value"] == pytest.approx((only_new - only_old) / new.share(0, language=language)[1])
        assert row["outcome"] == ("fail" if only_new > only_old and adjusted[language] < 0.05 else "pass")
    assert "fail" in {row["outcome"] for row in rows.values()}


def test_the_evasion_suite_is_read_at_the_same_false_positive_rate(call: Call) -> None:
    """Each model at its own lowest threshold within 5 % on clean items; differences are those of NumPy."""
    result = ask(CHECK_GATES, call, model="bullying-text v7")
    sides = {version: shipped.run(f"bullying-text@{version}", "evasion@2") for version in ("v7", "v6")}
    called = {}
    for version, run in sides.items():
        clean, score = run.where(0, technique="none"), run.score.astype(np.float64)
        cuts = np.arange(BINS + 1) / BINS
        kept = [cut for cut in cuts if (score[clean] >= cut).mean() <= 0.05]
        called[version] = score >= kept[0]
        (source,) = [s for s in result.provenance if (s.model, s.dataset) == (f"bullying-text {version}", "evasion 2")]
        assert source.threshold is not None
        assert ((score >= source.threshold) == called[version]).all()
    rows = _rows(result, "evasion")
    assert set(rows) == {"none", "leetspeak", "homoglyph", "spacing", "emoji"}
    for technique, row in rows.items():
        at = sides["v7"].where(1, technique=technique)
        change = called["v7"][at].mean() - called["v6"][at].mean()
        assert row["value"] == pytest.approx(change)
        assert row["low"] < change < row["high"]
        assert row["outcome"] == ("pass" if change >= -0.02 else "fail")
    assert any(
        caveat.startswith("evasion: decided at the point; the interval also allows") for caveat in result.caveats
    )


def test_a_missing_run_is_not_assessed_and_can_be_asked_for(call: Call) -> None:
    """It neither passes nor fails; what to type is suggested."""
    result = ask(CHECK_GATES, call, model="bullying-text v8-rc1")
    (row,) = _rows(result, "evasion").values()
    assert (row["outcome"], row["found"]) == (
        "not assessed",
        "bullying-text v8-rc1 has not been evaluated on evasion 2",
    )
    assert result.suggestions == ("run evasion 2 on bullying-text v8-rc1",)


def test_the_assistant_signs_nothing(call: Call) -> None:
    """The approver is named; there is no card, and nothing to press (R12)."""
    result = ask(CHECK_GATES, call, model="bullying-text v7")
    assert result.headline.endswith("To be signed by @owner-models; I compute, I do not approve.")
    assert result.proposal is None
    assert CHECK_GATES.effect == "read"


def test_every_figure_says_where_it_comes_from(call: Call) -> None:
    """Both sides, both sets, each with its run and threshold (R14); both sides share a gold version (R16)."""
    result = ask(CHECK_GATES, call, model="bullying-text v7")
    assert [(s.model, s.dataset) for s in result.provenance] == [
        (model, dataset)
        for dataset in ("golden 2026-10", "evasion 2")
        for model in ("bullying-text v7", "bullying-text v6")
    ]
    assert all(None not in source.model_dump().values() for source in result.provenance)
    rows = _rows(result, "same gold version")
    assert {name: (row["outcome"], row["found"]) for name, row in rows.items()} == {
        "golden 2026-10": ("pass", "gold 6"),
        "evasion 2": ("pass", "gold 5"),
    }


def test_the_one_in_production_is_held_against_the_version_before(call: Call) -> None:
    """A model is no baseline of its own, and the one taken is printed."""
    assert "baseline bullying-text v6" in ask(CHECK_GATES, call, model="bullying-text v7").defaults
    assert "baseline bullying-text v7" in ask(CHECK_GATES, call, model="bullying-text v6").defaults


def test_without_a_model_the_candidates_are_offered(call: Call) -> None:
    """A gate is for what is to be released."""
    with pytest.raises(Missing) as caught:
        ask(CHECK_GATES, call)
    assert caught.value.nearest == ("bullying-text v8-rc1", "challenge-video v5-rc1")


@pytest.mark.parametrize(("caught", "outcome"), [(55, "pass"), (54, "fail")])
def test_sixty_positives_decide_as_the_guideline_computes(
    engine: Engine, tmp_path: Path, caught: int, outcome: str
) -> None:
    """55 of 60 has a lower bound of .819 and passes .80, 54 of 60 has .799 and does not (Evaluation gate, 2.2)."""
    label, score = _hits(60, caught)
    bench, call = _made(engine, tmp_path / "root", label, score, score)
    write_gate(bench.root, RULE)
    result = ask(CHECK_GATES, call, model="echo v2")
    assert _rows(result, "recall")["all"]["outcome"] == outcome
    assert result.headline.startswith(f"**Gate release: {outcome}** for echo v2; 1 rule: 1 {outcome}.")
    write_gate(bench.root, RULE | {"decided_by": "point"})
    assert _rows(ask(CHECK_GATES, call, model="echo v2"), "recall")["all"]["outcome"] == "pass"


def test_one_positive_short_is_not_assessed_whatever_it_shows(engine: Engine, tmp_path: Path) -> None:
    """59 of 59: the floor comes first; lowered for the rule, it is a bound that is shown and not 100 % (R18)."""
    label, score = _hits(59, 59)
    bench, call = _made(engine, tmp_path / "root", label, score, score)
    write_gate(bench.root, RULE)
    result = ask(CHECK_GATES, call, model="echo v2")
    assert result.headline.startswith("**Gate release: not assessed**")
    assert _rows(result, "recall")["all"]["found"] == "59 positives, 1 short of 60"
    write_gate(bench.root, RULE | {"min_positives": 17})
    result = ask(CHECK_GATES, call, model="echo v2")
    assert _rows(result, "recall")["all"]["found"].startswith("≥ 0.939 (59/59; ")
    assert certainty(result.headline.split("\n")[1]) is None
    assert result.headline.startswith("**Gate release: pass**")


def test_a_gate_fails_before_it_is_not_assessed_before_it_passes(engine: Engine, tmp_path: Path) -> None:
    """One failing rule fails it; a severe one that is not assessed holds it back, a normal one does not."""
    label, score = _hits(100, 95)
    bench, call = _made(engine, tmp_path / "root", label, score, score)
    passing, failing = RULE, RULE | {"name": "harder", "at_least": 0.99}
    open_ = RULE | {"name": "by language", "each": ["language"], "min_positives": 70}
    for rules, outcome in (
        ((passing,), "pass"),
        ((passing, open_), "not assessed"),
        ((passing, open_ | {"severity": "normal"}), "pass"),
        ((passing, open_, failing), "fail"),
        ((passing, failing | {"severity": "normal"}), "fail"),
    ):
        write_gate(bench.root, *rules)
        assert ask(CHECK_GATES, call, model="echo v2").headline.startswith(f"**Gate release: {outcome}**")


def test_an_upper_bound_is_kept_at_the_upper_end(engine: Engine, tmp_path: Path) -> None:
    """No false alarm of 60 still allows 6 %: at most .05 fails at the bound, .07 passes."""
    label, score = _hits(60, 60)
    bench, call = _made(engine, tmp_path / "root", label, score, score)
    rule = {"name": "fpr", "metric": "fpr", "at_most": 0.05}
    for limit, outcome in ((0.05, "fail"), (0.07, "pass")):
        write_gate(bench.root, rule | {"at_most": limit})
        row = _rows(ask(CHECK_GATES, call, model="echo v2"), "fpr")["all"]
        assert (row["outcome"], row["high"]) == (outcome, wilson(0, 60)[1])


def test_an_allowed_regression_is_kept_at_the_bound_or_at_the_point(engine: Engine, tmp_path: Path) -> None:
    """Two of 100 positives lost: .02 worse at the point, more than that at the bound; better is never worse."""
    label, score = _hits(100, 90)
    lost = np.where(np.arange(score.size) < 2, 0.1, score)
    bench, call = _made(engine, tmp_path / "root", label, score, lost)
    rule = {"name": "recall", "metric": "recall", "max_regression": 0.02}
    for decided_by, outcome in (("bound", "fail"), ("point", "pass")):
        write_gate(bench.root, rule | {"decided_by": decided_by})
        row = _rows(ask(CHECK_GATES, call, model="echo v2"), "recall")["all"]
        assert (row["outcome"], row["baseline_k"], row["k"]) == (outcome, 90, 88)
    (row,) = _rows(ask(CHECK_GATES, call, model="echo v1"), "recall").values()
    assert (row["outcome"], row["found"]) == ("not assessed", "there is no baseline to compare with")


def test_a_false_positive_rate_gets_worse_upwards(engine: Engine, tmp_path: Path) -> None:
    """Ten new false alarms of 60 fail both kinds of rule, ten fewer pass."""
    label, score = _hits(60, 60)
    noisy = np.where(np.arange(score.size) >= score.size - 10, 0.9, score)
    bench, call = _made(engine, tmp_path / "root", label, score, noisy)
    regress = {"name": "regress", "metric": "fpr", "max_regression": 0.02}
    rise = {"name": "rise", "metric": "fpr", "not_significantly_worse": True}
    write_gate(bench.root, regress, rise)
    result = ask(CHECK_GATES, call, model="echo v2")
    assert [_rows(result, name)["all"]["outcome"] for name in ("regress", "rise")] == ["fail", "fail"]
    assert _rows(result, "rise")["all"]["p"] == pytest.approx(binomtest(10, 10).pvalue)
    write_gate(bench.root, regress, rise, baseline="v2")
    result = ask(CHECK_GATES, call, model="echo v1")
    assert [_rows(result, name)["all"]["outcome"] for name in ("regress", "rise")] == ["pass", "pass"]


def test_a_run_on_other_gold_is_not_compared(engine: Engine, tmp_path: Path) -> None:
    """The set was registered anew and only the candidate evaluated on it: not assessed, not a number (R16)."""
    label, score = _hits(80, 78)
    bench, call = _made(engine, tmp_path / "root", label, score, score)
    flipped = label.copy()
    flipped[:5] = 0
    again = furnished(
        bench.root,
        {
            "item_id": [f"i{at}" for at in range(label.size)], "label": flipped.astype(np.int8),
            "not_old": (1 - score).astype(np.float32), "old": score.astype(np.float32),
            "not_new": (1 - score).astype(np.float32), "new": score.astype(np.float32),
            "policy": [POLICY] * label.size, "language": [LANGUAGES[at % 2] for at in range(label.size)],
        },
    )  # fmt: skip
    register(engine, again.root, again.registry)
    done(engine, again.root, "echo@v2")
    write_gate(bench.root, {"name": "recall", "metric": "recall", "max_regression": 0.02})
    result = ask(CHECK_GATES, call, model="echo v2")
    assert {row["outcome"] for row in result.rows} == {"not assessed"}
    assert _rows(result, "same gold version")["gold 1"]["outcome"] == "not assessed"


def test_two_gates_are_asked_about_and_an_unknown_one_has_a_neighbour(engine: Engine, tmp_path: Path) -> None:
    """One alone is taken and printed."""
    label, score = _hits(60, 60)
    bench, call = _made(engine, tmp_path / "root", label, score, score)
    write_gate(bench.root, RULE)
    assert "gate release" in ask(CHECK_GATES, call, model="echo v2").defaults
    assert ask(CHECK_GATES, call, model="echo v2", gate="Release gate").defaults == ()
    content = yaml.safe_load((bench.root / FILE).read_text())
    content["gates"].append(content["gates"][0] | {"name": "weekly"})
    (bench.root / FILE).write_text(yaml.safe_dump(content))
    with pytest.raises(Missing, match="release or weekly"):
        ask(CHECK_GATES, call, model="echo v2")
    with pytest.raises(ToolError, match="I don't know a gate “weakly”") as caught:
        ask(CHECK_GATES, call, model="echo v2", gate="weakly")
    assert caught.value.nearest[0] == "weekly"


def test_a_query_can_be_asked_again_and_its_rows_hold_what_is_drawn(call: Call) -> None:
    """The resolved call gives the same answer; every column has its value in each row."""
    first = ask(CHECK_GATES, call, model="v7")
    again = ask(CHECK_GATES, call, **first.query)
    assert again.model_dump(exclude={"defaults"}) == first.model_dump(exclude={"defaults"})
    assert all({column.key for column in first.columns} <= row.keys() for row in first.rows)
