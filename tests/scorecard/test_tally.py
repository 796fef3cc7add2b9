"""The tally: each thing counted apart, by group, over runs; and the table that people read."""

from rich.console import Console

from bot.scorecard import Scored, by_group, tally
from bot.scorecard.table import misses, score_table, totals, unknown_tools
from tests.scorecard.entries import answered, entry, metrics, refused, scored

ASKED = entry("recall of a v1", metrics(model="a v1"))
REFUSED = entry("show me", {"kind": "refusal"}, group="refusal", line=2)


def worse() -> list[Scored]:
    """One of three right: a wrong model with a number of nowhere, a reading offered, a refusal."""
    offered = scored(entry("recall?", metrics(model="a v1")), refused(), 30, offered="recall of a v1?")
    return [scored(ASKED, answered("Recall 0.5.", model="b v1"), 10), offered, scored(REFUSED, refused(), 2)]


def better() -> list[Scored]:
    """Two of three right."""
    return [scored(ASKED, answered(model="a v1"), 20), *worse()[1:]]


def test_each_thing_is_counted_apart() -> None:
    """Tool, arguments, offers, refusals, numbers and time."""
    found = tally([worse()])
    assert (found.questions, found.right, found.offered) == (3, 1, 1)
    assert (found.tools, found.tool) == (2, 1)
    assert (found.refusals, found.refused) == (1, 1)
    assert (found.checked, found.grounded) == (1, 0)
    assert (found.median_ms, found.max_ms) == (10, 30)


def test_runs_are_pooled_and_their_spread_is_kept() -> None:
    """The worst run is what a floor is held against."""
    found = tally([better(), worse()])
    assert (found.runs, found.questions, found.right) == (2, 6, 3)
    assert (found.fewest, found.most) == (1, 2)
    assert found.worst == 1 / 3


def test_groups_come_in_the_order_of_the_file_and_add_up() -> None:
    """No question is lost."""
    groups = by_group([better(), worse()])
    assert list(groups) == ["metric", "refusal"]
    assert sum(found.questions for found in groups.values()) == 6
    assert groups["metric"].right == 1
    assert (groups["refusal"].tools, groups["refusal"].checked) == (0, 0)


def test_the_table_fits_a_terminal_of_eighty_columns() -> None:
    """A hundred questions asked four times, a slow model: nothing is cut off."""
    asked = entry("x", metrics(), group="significance")
    many = [scored(asked, refused(), 60_000), *(scored(asked, answered(), 8_000) for _ in range(99))]
    console = Console(width=80)
    with console.capture() as printed:
        console.print(score_table("questions.yaml, planner", [many] * 4))
    lines = printed.get().splitlines()
    assert "…" not in printed.get()
    assert max(map(len, lines)) <= 80
    assert [word for word in ("significance", "396/400", "99-99", "8000", "60000") if word not in printed.get()] == []


def test_the_totals_say_what_a_report_needs() -> None:
    """Shares with their counts; no certainty that is not there."""
    said = totals([worse()])
    assert "Right at first 1 of 3 (0.333)" in said
    assert "with offered readings 2 of 3 (0.667)" in said
    assert "refused 1 of 1" in said
    assert "grounded in 0 of 1" in said
    assert "runs" not in said
    assert "From 1 to 2 right in 2 runs." in totals([better(), worse()])


def test_misses_name_line_question_and_what_was_given() -> None:
    """The run as well, where there are several; a number without a source is a miss of its own."""
    lines = list(misses([worse()]))
    assert lines[0] == "line 1, metric: recall of a v1 -> model 'b v1' instead of 'a v1'"
    assert lines[1] == "line 1, metric: recall of a v1 -> without a source: 0.5"
    assert lines[2].endswith("; offered: recall of a v1?")
    assert len(lines) == 3
    assert list(misses([better(), worse()]))[1].startswith("run 2, line 1")


def test_tools_that_are_not_there_are_named() -> None:
    """So that a misspelt tool is not taken for a planner's fault."""
    assert unknown_tools([worse()], frozenset({"query_metrics"})) == []
    assert unknown_tools([worse()], frozenset({"describe"})) == ["query_metrics"]
