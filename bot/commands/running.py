"""The work behind `steward eval`."""

import typer
from rich.markdown import Markdown
from sqlalchemy import select

from bot.agent.rendering import render
from bot.agent.toolbelt import run_tool
from bot.agent.turn import Turn
from bot.approvals import Verdict
from bot.commands.asking import who
from bot.settings import load
from bot.terminal import console, follow, show_card
from bot.wiring import opened
from tools import proposals
from tools.errors import Refusal
from tools.launches import PROPOSE_EVAL
from tools.runs import LIST_RUNS, list_entries
from tools.store.session import reading
from tools.store.tables import Proposal
from tools.workspace import Call, Caller


def run_propose(model: str, dataset: str, asker: str) -> None:
    """Propose, under the same checks as in a chat."""
    with opened(load()) as steward:
        name = who(steward, asker)
        person = steward.team().person(name)
        caller = Caller(person.id if person else name, frozenset[str](person.roles if person else ()))
        turn = Turn(Call(steward.workspace, caller), f"{model} {dataset}", person is not None, outsiders=False)
        try:
            result = run_tool(PROPOSE_EVAL, {"model": model, "dataset": dataset}, turn)
        except Refusal as refusal:
            steward.audit.append(caller.person, "private", "propose", {"surface": "terminal", "refused": refusal.rule})
            raise
        made = [result.proposal.id] if result.proposal else []
        steward.audit.append(caller.person, "private", "propose", {"surface": "terminal", "proposals": made})
        console.print(Markdown(render(result)))
        if result.proposal:
            show_card(result.proposal)


def run_decide(proposal: str, verdict: Verdict, asker: str) -> None:
    """Decide a proposal; an approved run is followed to its end."""
    with opened(load()) as steward:
        decision = steward.decide(proposal, verdict, who(steward, asker))
        console.print(decision.sentence, highlight=False, markup=False)
        if decision.run_id:
            if not follow(steward, decision.run_id):
                raise typer.Exit(1)
        elif decision.status in ("forbidden", "unknown", "expired"):
            raise typer.Exit(2)


def run_list() -> None:
    """Proposals that wait, then runs."""
    with opened(load()) as steward:
        for entry in list_entries(steward.engine):
            if entry.status in ("queued", "running"):
                follow(steward, entry.id)
        proposals.expire(steward.engine, steward.now())
        with reading(steward.engine) as session:
            waiting = list(session.scalars(select(Proposal).where(Proposal.status == "pending")))
        for row in waiting:
            show_card(proposals.card(row))
        call = Call(steward.workspace, Caller("terminal", frozenset({"viewer"})))
        console.print(Markdown(render(LIST_RUNS.run(LIST_RUNS.arguments(), call))))
