"""`steward eval`: propose, approve, reject and list evaluations from a terminal."""

from typing import Annotated

import typer

from bot.commands.failures import friendly

app = typer.Typer(no_args_is_help=True, help="Evaluations: propose, approve, reject, list.")

Person = Annotated[str, typer.Option("--as", metavar="PERSON", help="Who does it; default: as in ask.")]


@app.command()
@friendly
def propose(
    model: Annotated[str, typer.Argument(help="A model and version, such as “bullying-text v8-rc1”.")],
    dataset: Annotated[str, typer.Argument(help="A dataset and version, such as “evasion 2”.")],
    person: Person = "",
) -> None:
    """Propose an evaluation; it runs once a person has approved it.

    Example: steward eval propose "bullying-text v8-rc1" "evasion 2"
    """
    from bot.commands.running import run_propose

    run_propose(model, dataset, person)


@app.command()
@friendly
def approve(
    proposal: Annotated[str, typer.Argument(help="The id on the card.")],
    person: Person = "",
) -> None:
    """Approve a proposal and follow the run to its result.

    Example: steward eval approve 5f1c9a0b7e3d2846
    """
    from bot.commands.running import run_decide

    run_decide(proposal, "approve", person)


@app.command()
@friendly
def reject(
    proposal: Annotated[str, typer.Argument(help="The id on the card.")],
    person: Person = "",
) -> None:
    """Reject a proposal.

    Example: steward eval reject 5f1c9a0b7e3d2846
    """
    from bot.commands.running import run_decide

    run_decide(proposal, "reject", person)


@app.command("list")
@friendly
def list_all() -> None:
    """List proposals that wait, and evaluations, newest first; unfinished ones go on first.

    Example: steward eval list
    """
    from bot.commands.running import run_list

    run_list()
