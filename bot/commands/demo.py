"""`steward demo`: the whole line once: set-up, a proposal, its approval, the run, six questions, then a chat."""

import sys

from sqlalchemy import select

from bot.agent.question import Question
from bot.commands.asking import converse
from bot.home import NOT_RUN, create, is_sample
from bot.settings import Settings, load
from bot.team import FILE
from bot.terminal import bars, console, follow, show
from bot.wiring import Steward, opened
from tools.errors import SetupError
from tools.runs import list_entries
from tools.store.session import reading
from tools.store.tables import Proposal

ASKER, APPROVER = "ana", "eli"
LAUNCH = "run the evasion suite on bullying-text v8-rc1, ping me when done"
QUESTIONS = (
    "recall for bullying-text v7 on the oct golden set?",
    "hows it on tagalog?",
    "v8-rc1 vs prod: what got worse?",
    "v8-rc1 on leetspeak in the evasion suite, recall",
    "how many training examples per language do we have for bullying?",
    "adult asks a kid what school they go to, no other context. which label?",
)


def run_demo() -> None:
    """Play the demo on STEWARD_HOME, setting the sample workspace up first where it is missing."""
    settings = load()
    if (settings.home / FILE).exists() and not is_sample(settings.home):
        raise _elsewhere(settings)  # before the sample is set up among a team's own data
    _step("The sample workspace: a fictional platform, opaque items, really trained classifiers")
    with bars() as tell:
        create(settings, sample=True, tell=tell)
    with opened(settings) as steward:
        missing = {ASKER, APPROVER} - {person.id for person in steward.team().people}
        if missing:
            raise _elsewhere(settings)
        _step(f"An evaluation, asked for in a sentence by {ASKER}")
        _ask(steward, LAUNCH)
        _launch(steward)
        _step("Six questions, follow-up included")
        for question in QUESTIONS:
            _ask(steward, question)
        if sys.stdin.isatty() and sys.stdout.isatty():
            _step("Your turn")
            converse(steward, ASKER)


def _elsewhere(settings: Settings) -> SetupError:
    return SetupError(f"{settings.home} is not the sample workspace. Play the demo with another STEWARD_HOME.")


def _ask(steward: Steward, question: str) -> None:
    console.print(f"\n[bold cyan]{ASKER}>[/bold cyan] {question}", highlight=False)
    show(steward.answer(Question(question, ASKER, "terminal:demo", surface="terminal")))


def _launch(steward: Steward) -> None:
    """Approve what was proposed as a second person, and watch the run; at a second demo it is done already."""
    statement = select(Proposal).where(Proposal.status == "pending").order_by(Proposal.created_at.desc())
    with reading(steward.engine) as session:
        waiting = [p for p in session.scalars(statement) if (p.arguments["model"], p.arguments["dataset"]) == NOT_RUN]
    proposal = next(iter(waiting), None)
    unfinished = [r for r in list_entries(steward.engine, *NOT_RUN) if r.status in ("queued", "running")]
    if proposal is None and unfinished:
        console.print("[dim]It was approved in an earlier demo that was cut off; it goes on where it was.[/dim]")
        follow(steward, unfinished[0].id)
        return
    if proposal is None:
        console.print("[dim]That evaluation was run in an earlier demo; the same question joins the same run.[/dim]")
        return
    _step(f"{APPROVER} presses Approve; the run is durable, shard by shard")
    decision = steward.decide(proposal.id, "approve", APPROVER)
    console.print(decision.sentence, highlight=False, markup=False)
    if decision.run_id:
        follow(steward, decision.run_id)


def _step(title: str) -> None:
    console.rule(f"[bold]{title}[/bold]", align="left")
