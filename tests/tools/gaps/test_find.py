"""`find_gaps` on the sample: every planted cause is found, the small slice is not believed, and nothing else is."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tools.asked import ask, certainty
from tests.tools.sample.shipped import pair, planted
from tools.errors import SetupError, ToolError
from tools.gaps.causes import CAUSES
from tools.gaps.fields import Subject, fields_of, suite_runs
from tools.gaps.find import FIND_GAPS, find_gaps
from tools.gaps.findings import search
from tools.gaps.ranking import Weights, read_weights
from tools.gaps.report import Finding, Gaps, joined
from tools.resolution import Missing
from tools.results import Result
from tools.sample import folder
from tools.workspace import Call

JULY, OCTOBER = "golden 2026-07", "golden 2026-10"
# What to ask for each planted cause, and where its recall or FPR stands in planted.yaml.
ASKED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "coverage-hi-latn": ("bullying-text v7", OCTOBER, ("recall",)),
    "label-noise-pt": ("bullying-text v7", OCTOBER, ("recall",)),
    "robustness-leetspeak": ("bullying-text v7", OCTOBER, ("bullying-text@v7", "leetspeak", "recall")),
    "stale-gold-profile": ("bullying-text v7", JULY, ("fpr_profile", "golden@2026-07")),
    "threshold-challenge-video-v4": ("challenge-video v4", OCTOBER, ("operating", "recall")),
    "drift-recent-challenges": ("challenge-video v5-rc1", OCTOBER, ("recall_golden_2026_10", "0-30d")),
}
SMALL = "small-n-tl-live-title"


def told(identifier: str) -> dict[str, Any]:
    """A planted cause as planted.yaml has it."""
    (found,) = [cause for cause in planted()["causes"] if cause["id"] == identifier]
    result: dict[str, Any] = found
    return result


def slice_of(identifier: str) -> dict[str, list[str]]:
    """The planted slice; the policy is the model's own."""
    return {name: values for name, values in told(identifier)["slice"].items() if name != "policy"}


def about(gaps: Gaps, where: dict[str, list[str]]) -> Finding:
    """The one finding of a slice."""
    (found,) = [finding for finding in gaps.findings if finding.gap.filters == where]
    return found


def test_every_planted_cause_is_asked_for_here() -> None:
    """A new one must be added above."""
    assert ASKED.keys() | {SMALL} == {cause["id"] for cause in planted()["causes"]}


@pytest.mark.parametrize("identifier", ASKED)
def test_a_planted_cause_is_found_and_named_first(call: Call, identifier: str) -> None:
    """The very slice, its counts, its cause, an action and a method card; the evidence names its numbers."""
    model, dataset, path = ASKED[identifier]
    finding = about(find_gaps(call, model, dataset), slice_of(identifier))
    assert finding.gap.established
    assert finding.diagnosis.causes[0].name == told(identifier)["cause"]
    figures = told(identifier)["signature"]
    for key in path:
        figures = figures[key]
    k, n = pair(figures)
    right = k if finding.gap.metric == "recall" else n - k
    assert (finding.gap.slice.k, finding.gap.slice.n) == (right, n)
    assert all(re.search(r"\d|vendor", action) for action in finding.actions[:1])
    assert finding.diagnosis.speaks_for


def test_drift_is_found_for_the_version_in_production_as_well(call: Call) -> None:
    """Although its threshold hides most of its recall."""
    finding = about(find_gaps(call, "challenge-video v4", OCTOBER), {"age": ["0-30d"]})
    assert finding.cause == "drift"


EVIDENCE = {
    "coverage-hi-latn": ["64 training items with 9 positives", "(330/354)"],
    "label-noise-pt": ["0.035 (21/600)", "0.155 (31/200)", "0.148 (124/840)", "0.644 (232/360)", "0.432 (79/183)"],
    "stale-gold-profile": ["0.070 (27/388)", "0.912 (498/546)"],
    "threshold-challenge-video-v4": ["0.0023 (7/3,072)", "0.985"],
    "drift-recent-challenges": ["0.941 (48/51)"],
}


@pytest.mark.parametrize("identifier", EVIDENCE)
def test_the_evidence_carries_the_figures_of_the_plant(call: Call, identifier: str) -> None:
    """For and against, as planted.yaml has them, in the row."""
    model, dataset, _ = ASKED[identifier]
    result = ask(FIND_GAPS, call, model=model, dataset=dataset)
    (row,) = [row for row in result.rows if row["values"] == slice_of(identifier)]
    text = f"{row['for']}; {row['against']}"
    assert [figure for figure in EVIDENCE[identifier] if figure not in text] == []


def test_the_small_slice_is_not_established(call: Call) -> None:
    """It is named with its counts and with how many positives would tell; no cause is made up for it."""
    finding = about(find_gaps(call, "bullying-text v7", OCTOBER), slice_of(SMALL))
    assert not finding.gap.established
    assert finding.cause == "not established"
    assert (finding.gap.slice.k, finding.gap.slice.n) == pair(told(SMALL)["signature"]["recall"])
    assert re.search(r"collect \d+ more positives before acting", finding.actions[0])


ESTABLISHED = {
    ("bullying-text v7", OCTOBER): {"leetspeak", "pt", "hi-Latn"},
    ("bullying-text v7", JULY): {"leetspeak", "pt", "profile"},
    ("challenge-video v4", OCTOBER): {"all", "0-30d"},
    ("challenge-video v4", JULY): {"all"},
    ("challenge-video v5-rc1", OCTOBER): {"0-30d"},
    ("challenge-video v5-rc1", JULY): set(),
    ("bullying-text v8-rc1", OCTOBER): {"hi-Latn"},
}


@pytest.mark.parametrize("of", ESTABLISHED, ids=" on ".join)
def test_nothing_that_was_not_planted_is_established(call: Call, of: tuple[str, str]) -> None:
    """Neither another slice nor a crossing of a planted one."""
    assert {finding.gap.name for finding in find_gaps(call, *of).established} == ESTABLISHED[of]


def test_decisions_dealt_out_at_random_hardly_ever_show_a_weak_slice(call: Call) -> None:
    """Two hundred times the decisions of v7 are dealt anew among its items: at most one in twenty finds anything.

    They are dealt among the positives and among the negatives of each set, so that rates stay and slices mean nothing.
    """
    gaps = find_gaps(call, "bullying-text v7", OCTOBER)
    fields = fields_of(gaps.subject, {}, suite_runs(gaps.subject))
    draw, false = np.random.default_rng(20_261_120), 0
    for _ in range(200):
        dealt = [
            replace(f, decisions=replace(f.decisions, right=draw.multivariate_hypergeometric(f.decisions.n, total)))
            for f, total in ((f, int(f.decisions.right.sum())) for f in fields)
        ]
        false += bool(search(dealt).established)
    assert false <= 10


def test_a_slice_is_judged_alike_whether_it_was_asked_about_or_not(call: Call) -> None:
    """The same tests, so the same p-values and the same causes."""
    whole = find_gaps(call, "bullying-text v7", OCTOBER)
    for name in ("pt", "hi-Latn", "es"):
        where = {"language": [name]}
        assert about(find_gaps(call, "bullying-text v7", OCTOBER, where), where) == about(whole, where)


def test_a_slice_without_a_gap_is_said_to_have_none(call: Call) -> None:
    """With its figures, not with silence."""
    result = ask(FIND_GAPS, call, model="bullying-text v7", filters={"language": ["de"]})
    assert "No weak slice is shown" in result.headline
    assert "no gap of its own is shown" in result.headline
    assert re.search(r"de: recall 0\.\d+ \(\d+/\d+; 95 %", result.headline)


def test_what_a_slice_is_part_of_is_told_when_the_part_is_asked_about(call: Call) -> None:
    """Portuguese comments: Portuguese is weak."""
    result = ask(FIND_GAPS, call, model="bullying-text v7", filters={"language": ["pt"], "surface": ["comment"]})
    assert [row["slice"] for row in result.rows] == ["pt"]
    assert "pt · comment" in result.headline


def test_every_source_of_an_answer_stands_under_it(call: Call) -> None:
    """The runs on the set and on the suite, the training set and the rater labels, each once (R14)."""
    result = ask(FIND_GAPS, call, model="bullying-text v7", dataset=OCTOBER)
    assert [source.dataset for source in result.provenance] == [OCTOBER, "evasion 2", "train 2026-06", "raters 2026-09"]
    for source in result.provenance:
        assert source.gold_version
        assert source.guideline_version
        assert source.as_of
    for source in result.provenance[:2]:
        assert (source.model, source.threshold) == ("bullying-text v7", 0.35)
        assert source.run


def test_evidence_from_other_versions_is_sourced_too(call: Call) -> None:
    """The other versions of the model, and the set before (R14)."""
    result = ask(FIND_GAPS, call, model="challenge-video v4", dataset=OCTOBER)
    runs = {(source.model, source.dataset) for source in result.provenance if source.run}
    assert runs == {
        ("challenge-video v3", OCTOBER), ("challenge-video v4", OCTOBER), ("challenge-video v5-rc1", OCTOBER),
        ("challenge-video v4", JULY),
    }  # fmt: skip


QUESTIONS: dict[str, dict[str, Any]] = {
    "october": {"model": "bullying-text v7"},
    "july": {"model": "bullying-text v7", "dataset": JULY},
    "threshold": {"model": "challenge-video v4"},
    "suite": {"model": "bullying-text v7", "dataset": "evasion 2"},
    "nothing": {"model": "challenge-video v5-rc1", "dataset": JULY},
    "slice": {"model": "bullying-text v7", "filters": {"language": ["tl"]}},
}


def answers(call: Call, question: str) -> Result:
    """The result of one of these questions."""
    return ask(FIND_GAPS, call, **QUESTIONS[question])


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_rate_is_rounded_to_certainty(call: Call, question: str) -> None:
    """Neither in the list nor in the evidence (R18); the numbers of the list are not rates."""
    result = answers(call, question)
    lines = [re.sub(r"^\d+\. ", "", line) for line in result.headline.splitlines()]
    texts = [*lines, *(row[key] for row in result.rows for key in ("for", "against", "action"))]
    assert [found for text in texts if (found := certainty(text))] == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_rater_is_named(call: Call, question: str) -> None:
    """A vendor may be, a person's labels are nobody's business here (R9)."""
    assert re.search(r"\br-\d\d\b", answers(call, question).model_dump_json()) is None


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_four_factors_stand_in_columns_and_no_score_does(call: Call, question: str) -> None:
    """Harm, exposure, gap at least and fixability; their product ranks what is established, and is not shown."""
    result = answers(call, question)
    shown = {column.key for column in result.columns}
    assert not result.rows or {"harm", "exposure", "at_least", "fixability"} < shown
    orders = [
        row["harm"] * row["exposure"] * max(0, row["at_least"]) * row["fixability"]
        for row in result.rows
        if row["verdict"] == "established"
    ]
    assert orders == sorted(orders, reverse=True)
    verdicts = [row["verdict"] for row in result.rows]
    assert verdicts == sorted(verdicts)
    assert [row["rank"] for row in result.rows] == list(range(1, len(result.rows) + 1))


def test_a_slice_that_lacks_both_is_one_finding(call: Call) -> None:
    """Recall and false alarms of the same slice have one cause and one action; other slices stay apart."""
    whole = find_gaps(call, "bullying-text v7", OCTOBER)
    pt, hindi = (about(whole, {"language": [name]}) for name in ("pt", "hi-Latn"))
    alarms = replace(pt, gap=replace(pt.gap, metric="fpr"))
    assert joined([pt, hindi, alarms]) == [replace(pt, also=alarms.gap), hindi]


def test_how_many_were_tested_is_said(call: Call) -> None:
    """In the first line, as the p-values are adjusted for them."""
    gaps = find_gaps(call, "bullying-text v7", OCTOBER)
    assert gaps.tested > 100
    assert f"of {gaps.tested} tested" in answers(call, "october").headline


def test_at_most_so_many_slices_as_asked_for_are_shown(call: Call) -> None:
    """And it is said that there are more."""
    result = ask(FIND_GAPS, call, model="bullying-text v7", limit=2)
    assert len(result.rows) == 2
    assert "Left out here, further down: 3 more." in result.caveats


def test_a_weakness_of_the_whole_model_is_hinted_at_from_a_slice(call: Call) -> None:
    """Whoever asks about German learns that the threshold is off."""
    result = ask(FIND_GAPS, call, model="challenge-video v4", filters={"language": ["de"]})
    assert any("threshold of the whole model looks off" in caveat for caveat in result.caveats)


def test_the_team_decides_what_harm_weighs(own_call: Call) -> None:
    """In weights.yaml; false alarms that weigh more come first."""
    path = own_call.workspace.root / "weights.yaml"
    before = [finding.gap.name for finding in find_gaps(own_call, "bullying-text v7", JULY).established]
    path.write_text("harm: {recall: 0.05, fpr: 1.0}\npolicies: {dangerous-challenges: {fpr: 0.2}}\n", "utf-8")
    after = [finding.gap.name for finding in find_gaps(own_call, "bullying-text v7", JULY).established]
    assert before[-1] == after[0] == "profile"
    assert set(before) == set(after)
    assert read_weights(own_call.workspace.root).harm_of("dangerous-challenges", "fpr") == 0.2


BAD_WEIGHTS = {
    "harm: [": "cannot be read",
    "harm: {recall: 7}": "harm.recall",
    "harms: {}": "harms",
    "fixability: {luck: 0.5}": "unknown causes: luck",
}


@pytest.mark.parametrize("text", BAD_WEIGHTS)
def test_weights_that_mean_nothing_are_refused(tmp_path: Path, text: str) -> None:
    """With the line to mend."""
    (tmp_path / "weights.yaml").write_text(text, "utf-8")
    with pytest.raises(SetupError, match=re.escape(BAD_WEIGHTS[text])):
        read_weights(tmp_path)


def test_the_weights_of_the_sample_are_the_defaults() -> None:
    """The file is there to be edited; until then it changes nothing."""
    shipped, default = read_weights(folder()), Weights()
    assert shipped.harm == default.harm
    for cause in CAUSES.values():
        assert shipped.fixability_of(cause) == default.fixability_of(cause) == cause.fixability


def test_without_a_run_it_says_what_to_ask_for(call: Call) -> None:
    """A set that the model was not evaluated on."""
    with pytest.raises(ToolError, match="has not been evaluated"):
        find_gaps(call, "bullying-text v8-rc1", "evasion 2")


def test_without_a_model_it_asks_which(call: Call) -> None:
    """Two are in production."""
    with pytest.raises(Missing) as caught:
        find_gaps(call)
    assert len(caught.value.nearest) == 2


def test_a_slice_without_items_is_an_error(call: Call) -> None:
    """The other policy's items are not this model's."""
    with pytest.raises(ToolError, match="No item of golden 2026-10"):
        find_gaps(call, "bullying-text v7", OCTOBER, {"policy": ["dangerous-challenges"], "language": ["de"]})


def test_asking_again_with_the_resolved_query_gives_the_same(call: Call) -> None:
    """That is what a follow-up changes."""
    first = answers(call, "slice")
    again = ask(FIND_GAPS, call, **first.query)
    assert again.model_dump(exclude={"defaults"}) == first.model_dump(exclude={"defaults"})


def test_a_set_of_dependent_items_is_searched_with_their_design_effect(own_call: Call) -> None:
    """The evasion suite as if nobody knew of its plain items: five rows of one base item are not five items."""
    subject = find_gaps(own_call, "bullying-text v7", "evasion 2").subject
    dimensions = {name: values for name, values in subject.dataset.dimensions.items() if name != "technique"}
    blind = replace(subject, dataset=replace(subject.dataset, dimensions=dimensions))
    assert all(1 < field.effect <= 5 for field in fields_of(blind, {}, []))
    assert all(field.effect == 1 for field in fields_of(subject, {}, []))


def test_the_subject_of_a_report_is_what_was_resolved(call: Call) -> None:
    """In a notebook: the model, the set and the run behind the numbers."""
    subject = find_gaps(call, "v7", "golden").subject
    assert isinstance(subject, Subject)
    assert (subject.model.label, subject.dataset.label) == ("bullying-text v7", OCTOBER)
    assert len(FIND_GAPS.examples) >= 18
