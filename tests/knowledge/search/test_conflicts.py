"""Conflicts: two sections that do not say the same are found, and two that only look like it are not."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from knowledge.search.conflicts import Conflict, conflicts, marked

# The first 20 and 22 pairs were written before the search for conflicts was tuned on them, the other 12 and 12 after:
# of those it found 9 and none wrongly; what it misses there says the same in other words.
CONFLICTING = (
    ("Level 3 goes to the severe queue within one hour.", "Level 3 items go to the severe queue within 24 hours."),
    (
        "The owner answers a disagreement ticket within five working days.",
        "A disagreement ticket is answered by the owner within ten working days.",
    ),
    ("Each golden item gets three blind labels.", "A golden item gets two blind labels before adjudication."),
    (
        "A certificate needs gold accuracy of at least 90 %.",
        "Gold accuracy of at least 85 % is needed for a certificate.",
    ),
    ("The double-label share never falls below 5 %.", "The double-label share never falls below 10 %."),
    ("Exposure data is deleted after 12 months.", "Exposure data is deleted after 6 months."),
    ("A proposal expires after 24 hours.", "Proposals expire after 48 hours."),
    (
        "A slice with fewer than 60 positives is not assessed.",
        "A slice with fewer than 30 positives is not assessed in a gate.",
    ),
    ("The delta set has 20 items.", "The delta set after a rule change has 40 items."),
    (
        "Recall on severe labels is at least .80 at the lower bound.",
        "At the lower bound, recall on severe labels is at least .75.",
    ),
    ("The person on call answers within 15 minutes.", "The person on call answers within half an hour."),
    ("Nobody labels for more than four hours a day.", "Nobody labels more than six hours a day."),
    ("Cards are due 7 days after a clarification.", "After a clarification the cards are due after 14 days."),
    ("The quiz asks five cards a day.", "The quiz asks ten cards a day, mixed over areas."),
    ("A train set needs Krippendorff's alpha of at least .70.", "Krippendorff's alpha of a train set is at least .67."),
    ("Near-duplicates are at most 2 % of a set.", "At most 5 % of a set are near-duplicates."),
    ("Appeals are decided within three days.", "Appeals are decided within one week."),
    (
        "The evasion suite is not worse than 2 points at fixed FPR.",
        "The evasion suite is not worse than 5 points at fixed FPR.",
    ),
    ("Einspruch wird innerhalb von 5 Tagen beantwortet.", "Ein Einspruch wird innerhalb von 10 Tagen beantwortet."),
    ("Items are assigned in batches of 1,000 items.", "Items are assigned in batches of 500 items."),
)
CONFLICTING_LATER = (
    (
        "The QA lead reviews rejected batches within three working days.",
        "Rejected batches are reviewed by the QA lead within five working days.",
    ),
    ("Golden sets are enriched to at most 15 % positives.", "Golden sets are enriched to at most 25 % positives."),
    (
        "A mentor accompanies at most four newcomers at any time, and at most three people share a desk.",
        "A mentor accompanies at most six people.",
    ),
    ("Retention of evaluation answers is 30 days.", "Evaluation answers are kept for 90 days."),
    ("Each area has 30 scenario cards.", "Every area has 40 scenario cards."),
    (
        "If nobody answers after 15 minutes, the second person on call is reached.",
        "The second person on call is reached if nobody answers after 30 minutes.",
    ),
    ("Breaks last at least 10 minutes and are paid.", "Breaks last at least 5 minutes."),
    ("Two approvers are needed for a run above the cost limit.", "A run above the cost limit needs three approvers."),
    ("Blind gold items are 3 % of every batch.", "Of every batch, 5 % are blind gold items."),
    ("Opt-outs take effect within one day.", "An opt-out takes effect within one hour."),
    (
        "An escalated item is acknowledged within 30 minutes by the team.",
        "The team acknowledges escalated items within two hours.",
    ),
    ("Demeaning a named minor is BUL-2.", "Demeaning a named minor is BUL-3."),
)
AGREEING = (
    (
        "Level 3 goes to the severe queue within one hour.",
        "Severe labels have their own queue with a limit of one hour.",
    ),
    ("A proposal expires after 24 hours.", "A proposal expires after one day."),
    ("The owner answers within five working days.", "Within ten working days the owner gives a clarification."),
    ("A train item carries at least one annotation.", "A golden item carries three annotations."),
    ("A train set needs at least 300 positives per policy.", "A golden set needs at least 60 positives per policy."),
    ("The share is 100 % for the first 10 working days.", "The share is 20 % for the next 20 working days."),
    (
        "Adjudication happens within two working days, for severe labels within one.",
        "Adjudication of severe labels happens within one working day.",
    ),
    (
        "Nobody labels for more than four hours a day.",
        "In the severe queue nobody labels for more than two hours a day.",
    ),
    ("The person on call answers within 15 minutes.", "The escalation team confirms receipt within one hour."),
    ("Rates are shown from 20 items on.", "A slice is assessed from 60 positives on."),
    ("A batch with 2 % defects passes in 96 % of draws.", "A batch with 8 % defects passes in 10 % of draws."),
    (
        "For recall .90 with a half-width of 3 points 385 positives are needed.",
        "For recall .95 with a half-width of 2 points 457 positives are needed.",
    ),
    ("Check-ins happen on day 3.", "Check-ins happen on day 10."),
    ("The drill has four questions.", "The quiz has five questions."),
    ("Version 4.3 is in force from 2026-10-01.", "Version 4.2 is in force from 2026-03-01."),
    ("Interns start at 45 minutes a day.", "Annotators start at 90 minutes a day."),
    ("Group figures are shown only for 10 people or more.", "Rates are shown only for 20 people or more."),
    ("At 90 % accuracy the kappa of 120 items is .75.", "With 20 items the half-width of the kappa is .33."),
    (
        "Contact is BUL-2 from the second time on within seven days.",
        "Contact is BUL-3 from the fifth time on within seven days.",
    ),
    ("Appeals are decided within three days.", "Urgent appeals are decided within one day."),
    ("A level 3 item is decided within one working day.", "A level 2 item is decided within five working days."),
    ("Vendor batches hold 500 items.", "Staff batches hold 1,000 items."),
    ("Reviews take two days.", "Audits take two weeks."),
    (
        "A rejected batch is relabelled within five working days.",
        "An accepted batch is released within one working day.",
    ),
    ("The first reminder is sent after 3 days.", "The second reminder is sent after 7 days."),
    ("Precision at 1 % prevalence is .259.", "Precision at 0.1 % prevalence is .034."),
    ("Training takes ten working days in the bullying area.", "Training takes five working days in the goods area."),
    ("Records of decisions are kept for 12 months.", "Records of exposure are kept for 3 months."),
    ("A rating needs two raters in English.", "A rating needs three raters in Hindi."),
    ("Interval half-width is 3 points for recall.", "Interval half-width is 5 points for precision."),
    ("A named minor excluded twice is BUL-2.", "A named minor excluded once is BUL-1."),
    (
        "Contact by an adult with a minor for a school trip is PRV-0.",
        "Contact by an adult with a minor for a private trip is PRV-2.",
    ),
    ("The report is sent at most one day after the freeze.", "The report is sent at least one hour after the freeze."),
    ("Interns see at most 50 items a day.", "Interns see at most 250 items a week."),
)


@dataclass(frozen=True)
class Said:
    """A section of a version of a document, without all that a conflict does not look at."""

    section: str
    text: str
    standing: str = "in force"
    version: str = "1.0"
    collection: str = "guidelines"
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def document_id(self) -> str:
        return self.section.partition("/")[0]

    @property
    def name(self) -> str:
        return f"Rule {self.section}"


def found(first: str, second: str) -> list[Conflict[Said]]:
    return conflicts([Said("first/1", first), Said("second/1", second)])


@pytest.mark.parametrize(("first", "second"), CONFLICTING)
def test_two_clauses_about_the_same_with_other_numbers_are_in_conflict(first: str, second: str) -> None:
    """Both sentences are handed out word for word, in the order of the sections (R17)."""
    (conflict,) = found(first, second)
    assert (conflict.first_says, conflict.second_says) == (first, second)
    assert conflict.about


def test_most_conflicts_in_sentences_it_was_not_made_for_are_found() -> None:
    """Precision was chosen over recall: 9 of 12."""
    assert sum(bool(found(*pair)) for pair in CONFLICTING_LATER) >= 9


@pytest.mark.parametrize(("first", "second"), AGREEING)
def test_numbers_about_different_things_or_the_same_number_in_other_words_are_no_conflict(
    first: str, second: str
) -> None:
    assert found(first, second) == []


def test_a_factor_set_with_two_labels_is_a_conflict() -> None:
    """The order of the factors and those that are none do not matter; a factor changed by `with` does."""
    one = "- {actor: adult, act: asks, claims: none} is PRV-2; with claims: teacher it is PRV-0."
    assert found(one, "- {act: asks, actor: adult} is PRV-1.")
    assert found(one, "- {actor: adult, act: asks, claims: teacher} is PRV-1.")
    assert found(one, "- {actor: adult, act: asks} is PRV-2.") == []
    assert found(one, "- {actor: minor, act: asks} is PRV-1.") == []
    assert found(one, "- {actor: adult, act: asks} is BUL-1.") == []


def test_the_authors_mark_comes_first_and_quotes_the_rules() -> None:
    """`<!-- conflicts: b/2 -->` shows both sections whatever their words (R17); one that is not here is left out."""
    first = Said("a/1", "Open goods are fine. More.", marks={"conflicts": "b/2, c/9"})
    second = Said("b/2", "Goods need a seal. More.")
    (conflict,) = conflicts([second, first])
    assert (conflict.first, conflict.second) == (first, second)
    assert (conflict.first_says, conflict.second_says) == ("Open goods are fine.", "Goods need a seal.")
    assert marked(first.marks) == ("b/2", "c/9")


def test_a_pair_marked_on_both_sides_is_named_once() -> None:
    first = Said("a/1", "One.", marks={"conflicts": "b/2"})
    second = Said("b/2", "Two.", marks={"conflicts": "a/1"})
    assert len(conflicts([first, second])) == 1


def test_versions_of_one_document_are_not_in_conflict() -> None:
    """A newer version differs from an older one by intent; what is not in force contradicts nothing."""
    old, new = "A proposal expires after 24 hours.", "A proposal expires after 48 hours."
    assert conflicts([Said("a/1", old, version="1.0"), Said("a/1", new, version="2.0")]) == []
    assert conflicts([Said("a/1", old, standing="superseded"), Said("b/1", new)]) == []
    assert conflicts([Said("a/1", old), Said("a/2", new)]) != []


def test_a_section_that_states_both_numbers_tells_the_cases_apart() -> None:
    both = "A proposal expires after 24 hours. A proposal of a lead expires after 48 hours."
    assert found(both, "A proposal expires after 48 hours.") == []


@pytest.mark.parametrize(
    "text", ["", "   ", "{" * 100_000, "1 " * 200_000, "at least " * 60_000, "x" * 1_000_000, "{a: b} is " * 50_000]
)
def test_hostile_text_costs_no_time_and_no_error(text: str) -> None:
    started = time.perf_counter()
    assert found(text, text) == []
    assert time.perf_counter() - started < 2


def test_a_digit_that_is_part_of_a_name_is_no_number() -> None:
    """`v3 items` are not three items, and section 3.2 hours are not hours."""
    assert found("The open v3 items count as golden.", "The open v4 items count as golden.") == []
    assert found("See section 3.2 items of the golden set.", "See section 3.4 items of the golden set.") == []


def test_other_scripts_do_no_harm() -> None:
    assert found("申し立ては3日以内に処理する。", "申し立ては5日以内に処理する。") == []
    assert found("Жалоба рассматривается за ٣ дня.", "Жалоба рассматривается за ² дня.") == []


def test_five_sections_cost_less_than_five_milliseconds() -> None:
    """An answer looks for conflicts among the sections it found; the best of five runs with texts not seen before."""
    taken = []
    for run in range(5):
        texts = [f"Run {run}.{at}. " + " ".join(first for first, _ in CONFLICTING[at::5]) for at in range(5)]
        sections = [Said(f"d{at}/1", text) for at, text in enumerate(texts)]
        started = time.perf_counter()
        conflicts(sections)
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.005
