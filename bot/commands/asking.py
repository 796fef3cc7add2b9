"""`steward ask` and `steward chat`."""

import secrets
import sys

from rich.markup import escape

from bot.access.escalation import needs_escalation
from bot.agent.question import Question
from bot.settings import load
from bot.terminal import console, follow, notes, show
from bot.wiring import Steward, escalation, opened
from tools.results import ProposalCard
from tools.runs import list_entries


def run_ask(question: str, *, as_json: bool, thread: str, person: str) -> None:
    """Ask one question; without a thread the question stands alone."""
    home = None
    try:
        settings = load()
        home = settings.home
        with opened(settings) as steward:
            steward.expect_question()
            asked = f"terminal:{thread or secrets.token_hex(6)}"
            answer = steward.answer(Question(question, who(steward, person), asked, surface="terminal"))
    except Exception:
        if not needs_escalation(question):
            raise
        answer = escalation(home)  # whatever else is broken (R22)
    if as_json:
        sys.stdout.write(answer.model_dump_json(indent=2) + "\n")
    else:
        show(answer)


def run_chat(*, thread: str, person: str) -> None:
    """A conversation until `exit`, Ctrl-D or Ctrl-C."""
    with opened(load()) as steward:
        steward.expect_question()
        resume(steward)
        converse(steward, who(steward, person), thread)


def resume(steward: Steward) -> None:
    """Approved runs that were cut off go on in the background, where no other process has them in charge."""
    unfinished = [run.id for run in list_entries(steward.engine) if run.status in ("queued", "running")]
    if unfinished and steward.jobs.start():
        console.print(f"[dim]Unfinished evaluations go on: {', '.join(unfinished)}.[/dim]", highlight=False)


def converse(steward: Steward, asker: str, thread: str = "") -> None:
    """The loop of a chat: each line a question, each card with its buttons."""
    name = f"terminal:{thread or secrets.token_hex(6)}"
    console.print(f"[dim]You are {escape(asker)}. “help” lists what to ask, “exit” leaves.[/dim]", highlight=False)
    while True:
        try:
            text = console.input("[bold]> [/bold]")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if text.strip().lower() in ("exit", "quit", "bye"):
            return
        with notes.status("thinking"):
            answer = steward.answer(Question(text, asker, name, surface="terminal"))
        show(answer)
        for proposal in answer.proposals:
            press(steward, proposal, asker)


def press(steward: Steward, proposal: ProposalCard, asker: str) -> None:
    """The buttons of a card: one key press decides, an empty line leaves the proposal standing."""
    try:
        key = console.input("[bold]a[/bold] approve · [bold]r[/bold] reject · Enter leaves it: ").strip().lower()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return
    if key not in ("a", "r", "approve", "reject"):
        return
    decision = steward.decide(proposal.id, "approve" if key.startswith("a") else "reject", asker)
    console.print(decision.sentence, highlight=False, markup=False)
    if decision.run_id and decision.status == "approved":
        follow(steward, decision.run_id)


def who(steward: Steward, person: str) -> str:
    """The person at this terminal: named, set, or the first of the team."""
    people = steward.team().people
    return person or steward.settings.person or (people[0].id if people else "")
