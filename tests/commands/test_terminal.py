"""What the terminal draws: answers, cards, progress; text of people is text, not markup."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from bot import terminal
from bot.agent.answer import Answer
from bot.terminal import bars, show, show_card
from tests.agent.desks import Desk
from tools.results import ProposalCard

CARD = ProposalCard(
    id="3f2a9c", kind="evaluation", title="Evaluate lorem [v8] on ipsum",
    facts={"Model": "lorem [bold]v8[/bold]", "Items": "3,430"}, needs_second_person=True,
    expires="2026-11-21 10:00 UTC",
)  # fmt: skip


@contextmanager
def screen() -> Iterator[io.StringIO]:
    """What the two consoles of the terminal write meanwhile, on a wide screen without colours."""
    written = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        # Consoles of its own: a file set on the shared ones would stay, for they follow the process's streams.
        for name in ("console", "notes"):
            patch.setattr(terminal, name, Console(file=written, width=200, stderr=name == "notes"))
        yield written


def test_a_card_shows_the_exact_facts_and_the_command_that_approves_it() -> None:
    """Every fact as it stands, brackets included, whether a colleague is needed, until when, and how."""
    with screen() as written:
        show_card(CARD)
    text = written.getvalue()
    for part in ("Evaluate lorem [v8] on ipsum", "lorem [bold]v8[/bold]", "3,430", "2026-11-21 10:00 UTC"):
        assert part in text
    assert "Someone else must approve it" in text
    assert "steward eval approve 3f2a9c" in text


def test_choices_are_listed_unless_a_card_waits() -> None:
    """At most three, as written, with brackets that are no markup; below a card nothing else is offered."""
    answer = Answer(
        id="a", kind="clarify", text="Which?", choices=("one [/bold]", "two", "three", "four"), model="planner"
    )
    with screen() as written:
        show(answer)
    assert "You could ask: one [/bold] · two · three" in " ".join(written.getvalue().split())
    assert "four" not in written.getvalue()
    with screen() as written:
        show(answer.model_copy(update={"proposals": (CARD,)}))
    assert "You could ask" not in written.getvalue()


@pytest.mark.parametrize("text", ["[/bold]", "[link=x]", "**open", "| a |\n| - |", "```", "<b>x</b>", "\u202e"])
def test_any_text_can_be_shown(text: str) -> None:
    """Markup that does not close or means something to the terminal raises nothing."""
    with screen() as written:
        show(Answer(id="a", kind="answer", text=text, choices=(text,), model="planner"))
    assert written.getvalue()


def test_a_table_keeps_its_numbers(shared_desk: Desk) -> None:
    """Each rate of a result by slice is on the screen as it is in the answer."""
    answer = shared_desk.ask("recall of bullying-text v7 by language")
    with screen() as written:
        show(answer)
    for row in answer.results[0].rows:
        assert f"{row['recall']:.3f}" in written.getvalue()


def test_progress_counts_each_kind_of_work() -> None:
    """One bar a kind of work, with how far it is of how much, even when told out of order."""
    with screen() as written, bars() as tell:
        for what, done, total in (("lorem", 0, 4), ("ipsum", 1, 2), ("lorem", 4, 4), ("lorem", 3, 9)):
            tell(what, done, total)
    assert "3/9" in written.getvalue()
    assert "1/2" in written.getvalue()


def test_the_consoles_are_apart() -> None:
    """Answers go to the output, progress to the error stream, so that answers can be piped."""
    assert isinstance(terminal.console, Console)
    assert not terminal.console.stderr
    assert terminal.notes.stderr
