"""R14: a figure leaves for a slide with its counts, interval, run, date and caveat, or not at all."""

import pytest

from bot.agent.copying import asks_to_copy
from tests.agent.desks import Desk


def test_r14_a_copy_line_holds_the_figure_and_its_sources(desk: Desk) -> None:
    """The same figure as the answer before, on one line, with model, dataset, gold version, threshold and run."""
    first = desk.ask("precision of bullying-text v7 on german", thread="slide")
    assert first.choices[-1] == "copy line"
    copied = desk.ask("copy line", thread="slide")
    (line,) = [part for part in copied.text.splitlines() if not part.startswith("```")]
    assert line.startswith("Precision 0.")
    for part in ("bullying-text v7", "golden 2026-10", "gold 6", "guideline 4.3", "threshold 0.35", "run ", "enriched"):
        assert part in line, part
    again, before = copied.results[0], first.results[0]
    assert (again.headline, again.rows, again.provenance) == (before.headline, before.rows, before.provenance)
    assert "**" not in line


def test_a_copy_line_of_nothing_is_no_answer(desk: Desk) -> None:
    """Where no question was asked before, there is nothing to copy."""
    assert desk.ask("copy line", thread="empty").results == ()


@pytest.mark.parametrize(
    "text", ["copy line", "Copy line please", "a line to copy", "copy that", "give me the copy line"]
)
def test_asking_for_the_line_is_understood(text: str) -> None:
    """However it is put."""
    assert asks_to_copy(text)


@pytest.mark.parametrize("text", ["copy the golden set", "recall of v7", "which line of the guideline", ""])
def test_other_copies_are_not(text: str) -> None:
    """Nothing else is taken for it."""
    assert not asks_to_copy(text)
