"""The terminal as a surface: answers as Markdown, cards with their facts, progress on long work."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.agent.answer import Answer
from bot.wiring import Steward
from tools.results import ProposalCard

if TYPE_CHECKING:
    from bot.home import Tell

console = Console()
notes = Console(stderr=True)


def show(answer: Answer) -> None:
    """Print an answer; what it offers next is listed below it."""
    console.print(Markdown(_broken(answer.text)))
    for proposal in answer.proposals:
        show_card(proposal)
    if answer.choices and not answer.proposals:
        console.print("[dim]You could ask: " + " · ".join(map(escape, answer.choices[:3])) + "[/dim]", highlight=False)


def _broken(markdown: str) -> str:
    """The text with its line breaks kept, as Slack keeps them: Markdown would run the lines of a paragraph together."""
    return re.sub(r"(?<=[^\n|])\n(?=[^\n|>`\-#])", "  \n", markdown)


def show_card(card: ProposalCard) -> None:
    """Print a proposal with exactly what would be done."""
    lines = [f"[bold]{escape(name)}[/bold]  {escape(value)}" for name, value in card.facts.items()]
    second = "Someone else must approve it. " if card.needs_second_person else ""
    lines.append(f"[dim]{second}Expires {card.expires}. Approve: steward eval approve {card.id}[/dim]")
    console.print(Panel("\n".join(lines), title=escape(f"Proposed: {card.title}"), expand=False), highlight=False)


def follow(steward: Steward, run: str) -> bool:
    """Show a run's progress until it ends; returns whether it was done. Ctrl-C leaves it to the next start."""
    in_charge = steward.jobs.start()
    steward.jobs.nudge()
    with bars() as tell:
        while True:
            state = steward.progress(run)
            tell("evaluation", state.done, max(1, state.total))
            if state.status in ("done", "failed"):
                break
            time.sleep(0.05 if in_charge else 0.5)
    console.print(Markdown(state.sentence))
    return state.status == "done"


@contextmanager
def bars() -> Iterator["Tell"]:
    """Progress bars on the error stream, one a kind of work."""
    with Progress(
        TextColumn("{task.description:<28}"), BarColumn(24), TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(), console=notes, transient=False,
    ) as progress:  # fmt: skip
        tasks = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield tell
